"""A sentence as a value: its Chinese text with named gaps and what fills them, rendered late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeAlias

from ledgersync.dataclass import dataclass
from ledgersync.messages.catalogue import translated
from ledgersync.messages.shell import Placeholder, Word

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    Value: TypeAlias = "str | int | float | Decimal | date | PurePath | Listed | Message"
    Gap: TypeAlias = Value | Iterable[Value]

# what stands between the parts of a list in Chinese → in every other language
_BETWEEN = {"、": ", ", "，": ", ", "；": "; ", "。": ". ", "": ", ", "\n": "\n"}


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence, or a part of one: equal and hashed by what it says, light to make.

    `source` is the Chinese text with gaps (`{name}`, `{amount:,}`, `{file:sh}` for a word of a
    command); a sentence that was stored in
    both languages has its `english` and no gaps. `count` chooses among plurals.
    """

    source: str
    english: str | None = None
    values: tuple[tuple[str, Value], ...] = ()
    count: int | None = None

    @property
    def zh(self) -> str:
        return self.text("zh")

    @property
    def en(self) -> str:
        return self.text("en")

    def filled(self, **values: Gap) -> Message:
        """The same sentence with these gaps filled, too."""
        return replace(self, values=(*self.values, *_filled(values)))

    def of(self, n: int) -> Message:
        """The same sentence about `{n}` things."""
        return replace(self, values=(*self.values, ("n", n)), count=n)

    def text(self, lang: str = "zh") -> str:
        """The sentence in a language; in Chinese where nobody translated it."""
        if self.english is not None:
            return self.english if lang == "en" else self.source
        template = translated(self.source, self.count, lang)
        show = _typed if ":sh}" in template else _shown
        return template.format_map({name: show(value, lang) for name, value in self.values})


@dataclass(frozen=True, slots=True)
class Listed:
    """Several values in a row, with what stands between them in Chinese."""

    items: tuple[Value, ...]
    between: str


_SINGLE = (str, int, Message)


def message(source: str, /, **values: Gap) -> Message:
    """A sentence; Babel finds it by this name, so the text must stand right here."""
    return Message(source, values=_filled(values))


def counted(source: str, /, n: int, **values: Gap) -> Message:
    """A sentence about `{n}` things, of which a language may have a form for one and for many."""
    return Message(source, values=_filled({"n": n, **values}), count=n)


def literal(zh: str, en: str) -> Message:
    """Words that are known in both languages already: stored ones, names, a system's reasons."""
    return Message(zh, en)


def listed(items: Iterable[Value], between: str = "、") -> Message:
    """Values in a row: “甲、乙” in Chinese, “a, b” in English (a list in a gap is one, too)."""
    return Message("{items}", values=(("items", Listed(tuple(items), between)),))


def _filled(values: Mapping[str, Gap]) -> tuple[tuple[str, Value], ...]:
    return tuple([(name, _value(given)) for name, given in values.items()])


def _value(given: Gap) -> Value:
    if isinstance(given, _SINGLE) or not isinstance(given, Iterable):
        return given
    return Listed(tuple(given), "、")


def _typed(value: Value, lang: str) -> object:
    """A name or a path as a word that a shell may take."""
    if isinstance(value, str | PurePath):
        return Word(value)
    shown = _shown(value, lang)
    return Placeholder(shown) if isinstance(shown, str) else shown


def _shown(value: Value, lang: str) -> object:
    if isinstance(value, Message):
        return value.text(lang)
    if isinstance(value, Listed):
        between = value.between if lang == "zh" else _BETWEEN[value.between]
        return between.join(str(_shown(item, lang)) for item in value.items)
    return value
