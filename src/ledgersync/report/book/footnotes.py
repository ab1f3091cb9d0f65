"""Footnotes of a table: what is said beside many lines stands above them once, with a sign."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field

from ledgersync.dataclass import dataclass


@dataclass
class Footnotes:
    """Signs for the texts of `lines`, in the order in which they come first."""

    lines: Iterable[Sequence[str]]
    numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for texts in self.lines:
            for text in texts:
                self.numbers.setdefault(text, len(self.numbers) + 1)

    def sentences(self) -> Iterator[str]:
        """`① 5/6 个社区，缺：南山社区`."""
        return (f"{sign(number)} {text}" for text, number in self.numbers.items())

    def signs(self, texts: Sequence[str]) -> str:
        """`①③`."""
        return "".join(sign(self.numbers[text]) for text in texts)


def sign(number: int) -> str:
    """`①` to `㊿`, then `(51)`."""
    for first, start in ((1, 0x2460), (21, 0x3251), (36, 0x32B1)):
        length = 20 if first == 1 else 15
        if first <= number < first + length:
            return chr(start + number - first)
    return f"({number})"
