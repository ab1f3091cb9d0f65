"""Choices and marks: canonical values, their synonyms, yes and no in all their forms."""

import re
import unicodedata
from dataclasses import dataclass

from ledgersync.schema import FieldSchema
from ledgersync.values.text import HIDDEN, QUOTES, squeeze, trim, typed

_YES = frozenset({"是", "√", "✓", "✔", "☑", "1", "Y", "YES", "有", "TRUE", "T", "对", "同意"})
_NO = frozenset(
    {"否", "0", "N", "NO", "无", "FALSE", "F", "不", "没有", "×", "✗", "✘", "☒", "不同意"}
)
BOOL_WORDS = _YES | _NO
TICKS = frozenset({"√", "✓", "✔", "☑"})
_SEPARATORS = re.compile(r"[、，,;；/\s]+")


@dataclass(frozen=True, slots=True)
class Picked:
    """A choice as read: its canonical value; whether a synonym or a withheld word was typed."""

    value: str
    synonym: bool = False
    responsible: str | None = None


def to_bool(raw: object) -> bool | None:
    """True, False, or None when the cell says neither."""
    text = mark(typed(raw))
    if text in _YES:
        return True
    return False if text in _NO else None


def mark(text: str) -> str:
    """As compared."""
    return _key(text)


class ChoiceReader:
    """Reads one field's choices; built once per field."""

    def __init__(self, field: FieldSchema) -> None:
        self._picks: dict[str, Picked] = {}
        for word, held in field.withheld.items():
            self._picks[_key(word)] = Picked(held.read_as, responsible=held.responsible)
        for value, synonyms in field.choices.items():
            for synonym in synonyms:
                self._picks.setdefault(_key(synonym), Picked(value, synonym=True))
        for value in field.choices:
            self._picks[_key(value)] = Picked(value)

    def one(self, raw: object) -> Picked | None:
        """The choice a cell means, None when it is none of them."""
        return self._picks.get(_key(typed(raw)))

    def several(self, raw: object) -> list[Picked] | None:
        """All choices of a cell without repetition, None when one of them is unknown."""
        whole = self.one(raw)
        if whole is not None:
            return [whole]
        words = [
            w
            for w in _SEPARATORS.split(unicodedata.normalize("NFKC", HIDDEN.sub(" ", typed(raw))))
            if w
        ]
        picks = [self.one(w) for w in words]
        known = [p for p in picks if p is not None]
        if not known or len(known) != len(picks):
            return None
        return list({p.value: p for p in known}.values())


def _key(text: str) -> str:
    return squeeze(trim(text).strip(QUOTES)).upper()
