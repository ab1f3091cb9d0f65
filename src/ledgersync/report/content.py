"""What a report says before anybody draws it: typed blocks, in which every figure is known as one.

Writers draw blocks and compute nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from ledgersync.dataclass import dataclass
from ledgersync.rollup.document import plain
from ledgersync.rollup.figures import Number
from ledgersync.rollup.period.months import Period

Role = Literal["value", "numerator", "denominator", "base", "change", "change_rate", "extreme"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as a reader sees it. `against` is the period that a change is counted from.

    `value` is None where only a lower bound is shown (`不少于12`), which is `at_least`.
    """

    text: str
    indicator: str
    period: str
    unit: str
    role: Role
    value: Number | None
    against: str | None = None
    at_least: Number | None = None

    def __str__(self) -> str:
        return self.text


Piece = str | Shown


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure in a file, at its anchor: a cell, a bookmark, the id of an element."""

    shown: Shown
    file: Path
    anchor: str

    def as_json(self, path: str) -> dict[str, Any]:
        """As the contract lists it, the file as `path`."""
        found = {
            "text": self.shown.text,
            "indicator": self.shown.indicator,
            "period": self.shown.period,
            "unit": self.shown.unit,
            "role": self.shown.role,
            "value": plain(self.shown.value),
            "file": path,
            "anchor": self.anchor,
        }
        if self.shown.at_least is not None:
            found["at_least"] = plain(self.shown.at_least)
        return found | ({"against": self.shown.against} if self.shown.against else {})


@dataclass(frozen=True, slots=True)
class Heading:
    """`一、` is level 1, `（一）` level 2."""

    id: str
    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Sentence:
    """One or several sentences that are written or left out together."""

    id: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(map(str, self.pieces))

    def figures(self) -> Iterator[Shown]:
        return (piece for piece in self.pieces if isinstance(piece, Shown))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand in one paragraph."""

    id: str
    sentences: tuple[Sentence, ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(piece for sentence in self.sentences for piece in sentence.pieces)

    @property
    def text(self) -> str:
        return "".join(map(str, self.pieces))


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty field for what only a person can say, with a grey hint."""

    id: str
    hint: str


@dataclass(frozen=True)
class Table:
    """Rows of pieces under their headers; the first column says what each row is of."""

    id: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Piece, ...], ...]
    wide: int = 0  # the column that gets twice the room

    @classmethod
    def of(
        cls,
        name: str,
        title: str,
        heads: Iterable[str],
        rows: Iterable[Sequence[Piece]],
        *,
        wide: int = 0,
    ) -> "Table":
        """Several rows may be of the same."""
        return cls(name, title, tuple(heads), tuple(map(tuple, rows)), wide)


@dataclass(frozen=True)
class Chart:
    """A table that is also drawn: a line per row over the columns, or a bar per row."""

    id: str
    title: str
    kind: Literal["line", "bar"]
    table: Table
    measure: str = ""


Block = Heading | Paragraph | Blank | Table


@dataclass(frozen=True)
class Annex:
    """What stands behind the figures, for workbook and page alike."""

    completeness: tuple[Table, ...]
    quality: tuple[Table, ...]
    meanings: Table
    trends: tuple[Chart, ...] = ()
    places: Table | None = None
    months: Table | None = None


@dataclass(frozen=True)
class Content:
    """A whole document."""

    title: str
    office: str
    period: Period
    made: date
    blocks: tuple[Block, ...]
    notes: tuple[tuple[Piece, ...], ...] = field(default=())

    def paragraphs(self) -> Iterator[Paragraph]:
        return (block for block in self.blocks if isinstance(block, Paragraph))

    def section(self, name: str) -> Sequence[Block]:
        """The blocks beneath a heading of the first level, without it."""
        found: list[Block] = []
        inside = False
        for block in self.blocks:
            if isinstance(block, Heading) and block.level == 1:
                inside = block.id == name
            elif inside:
                found.append(block)
        return found

    def sections(self) -> list[Heading]:
        return [b for b in self.blocks if isinstance(b, Heading) and b.level == 1]
