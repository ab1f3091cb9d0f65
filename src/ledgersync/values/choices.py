"""Choices and marks: canonical values, their synonyms, yes and no in all their forms."""

import re
import unicodedata
from dataclasses import dataclass

from ledgersync.schema import FieldSchema
from ledgersync.values.text import HIDDEN, QUOTES, squeeze, trim, typed

YES_WORDS = frozenset({"是", "√", "✓", "✔", "☑", "1", "Y", "YES", "有", "TRUE", "T", "对", "同意"})
_NO = frozenset(
    {"否", "0", "N", "NO", "无", "FALSE", "F", "不", "没有", "×", "✗", "✘", "☒", "不同意"}
)
BOOL_WORDS = YES_WORDS | _NO
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
    if text in YES_WORDS:
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
        for word, value in field.words.items():
            if value in field.choices:
                self._picks.setdefault(_key(word), Picked(value, synonym=True))
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
        words = _words_of(raw)
        picks = [self.one(w) for w in words]
        known = [p for p in picks if p is not None]
        if not known or len(known) != len(picks):
            return None
        return list({p.value: p for p in known}.values())

    def unknown(self, raw: object) -> list[str]:
        """The words of a cell of several choices that are none of them."""
        return [w for w in _words_of(raw) if self.one(w) is None]


class BoolReader:
    """Reads yes and no, and what else the unit writes for them."""

    def __init__(self, field: FieldSchema) -> None:
        self._own = {_key(w): v == "是" for w, v in field.words.items() if v in ("是", "否")}

    def one(self, raw: object) -> tuple[bool | None, bool]:
        """What a cell says, and whether in a word of the unit's own."""
        found = to_bool(raw)
        if found is not None:
            return found, False
        own = self._own.get(_key(typed(raw)))
        return own, own is not None


def _words_of(raw: object) -> list[str]:
    text = unicodedata.normalize("NFKC", HIDDEN.sub(" ", typed(raw)))
    return [word for word in _SEPARATORS.split(text) if word]


def _key(text: str) -> str:
    return squeeze(trim(text).strip(QUOTES)).upper()
