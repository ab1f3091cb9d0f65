"""Choices and marks: canonical values, their synonyms, yes and no in all their forms."""

from ledgersync.dataclass import dataclass
from ledgersync.patterns import pattern_of
from ledgersync.schema import FieldSchema
from ledgersync.values.text import HIDDEN, QUOTES, squeeze, trim, typed

YES_WORDS = frozenset(
    {"是", "√", "✓", "✔", "☑", "1", "Y", "YES", "有", "TRUE", "T", "对", "同意", "是的", "对的"}
)
_NO = frozenset(
    {"否", "0", "N", "NO", "无", "FALSE", "F", "不", "没有", "×", "✗", "✘", "☒", "不同意", "不是"}
)
BOOL_WORDS = YES_WORDS | _NO
TICKS = frozenset({"√", "✓", "✔", "☑"})
# What people put around a word that is chosen: `①入户`, `√入户`, `入户√`, `入户。`, `去世了`
MARKS_BEFORE = (*"√✓✔☑①②③④⑤⑥⑦⑧⑨⑩",)
STOPS = (*"。｡．.；;，,、､！!",)
MARKS_BEHIND = (*"√✓✔☑了", *STOPS)
_SEPARATORS = pattern_of(r"[、､，,;；/／\s]+")


@dataclass(frozen=True, slots=True)
class Picked:
    """A choice as read: its canonical value; whether a synonym or a withheld word was typed."""

    value: str
    synonym: bool = False
    responsible: str | None = None


def to_bool(raw: object) -> bool | None:
    """True, False, or None when the cell says neither."""
    text = mark(_unstopped(typed(raw)))
    if text in YES_WORDS:
        return True
    return False if text in _NO else None


def mark(text: str) -> str:
    """As compared."""
    return _key(text)


def _unstopped(text: str) -> str:
    bare = trim(trim(text).strip(QUOTES))
    return bare[:-1] if bare[-1:] in STOPS else bare


def undressed(text: str) -> str:
    """A word without the mark before and the one behind it; nothing else of it is touched."""
    bare = trim(trim(text).strip(QUOTES))
    bare = bare[1:] if bare[:1] in MARKS_BEFORE else bare
    return bare[:-1] if bare[-1:] in MARKS_BEHIND else bare


_MOST_FIELDS = 500
_known: dict[int, tuple[FieldSchema, dict[str, Picked]]] = {}


def _picks_of(field: FieldSchema) -> dict[str, Picked]:
    """What each word means, as it is compared; worked out once of a field."""
    known = _known.get(id(field))
    if known is None or known[0] is not field:
        if len(_known) >= _MOST_FIELDS:
            _known.clear()
        known = _known[id(field)] = field, _picks(field)
    return known[1]


def _picks(field: FieldSchema) -> dict[str, Picked]:
    picks: dict[str, Picked] = {}
    for word, held in field.withheld.items():
        picks[_key(word)] = Picked(held.read_as, responsible=held.responsible)
    for value, synonyms in field.choices.items():
        for synonym in synonyms:
            picks.setdefault(_key(synonym), Picked(value, synonym=True))
    for word, value in field.words.items():
        if value in field.choices:
            picks.setdefault(_key(word), Picked(value, synonym=True))
    for value in field.choices:
        picks[_key(value)] = Picked(value)
    for word, meant in list(picks.items()):
        if bare := _key(undressed(word)):
            picks.setdefault(bare, meant)  # 停 of 停了, as formulas compare it
    return picks


class ChoiceReader:
    """Reads one field's choices."""

    def __init__(self, field: FieldSchema) -> None:
        self._picks = _picks_of(field)

    def one(self, raw: object) -> Picked | None:
        """The choice a cell means, None when it is none of them."""
        if not self._picks:
            return None
        text = typed(raw)
        found = self._picks.get(_key(text))
        return self._picks.get(_key(undressed(text))) if found is None else found

    def several(self, raw: object) -> list[Picked] | None:
        """All choices of a cell without repetition, None when one of them is unknown."""
        whole = self.one(raw)
        if whole is not None:
            return [whole]
        picks = [self.one(w) for w in _words_of(raw) if undressed(w)]
        known = [p for p in picks if p is not None]
        if not known or len(known) != len(picks):
            return None
        return list({p.value: p for p in known}.values())

    def unknown(self, raw: object) -> list[str]:
        """The words of a cell of several choices that are none of them."""
        return [w for w in _words_of(raw) if undressed(w) and self.one(w) is None]


class BoolReader:
    """Reads yes and no, and what else the unit writes for them."""

    def __init__(self, field: FieldSchema) -> None:
        self._own = {_key(w): v == "是" for w, v in field.words.items() if v in ("是", "否")}

    def one(self, raw: object) -> tuple[bool | None, bool]:
        """What a cell says, and whether in a word of the unit's own."""
        found = to_bool(raw)
        if found is not None:
            return found, False
        text = typed(raw)
        own = self._own.get(_key(text), self._own.get(_key(_unstopped(text))))
        return own, own is not None


def _words_of(raw: object) -> list[str]:
    return [word for word in _SEPARATORS.split(HIDDEN.sub(" ", typed(raw))) if word]


def _key(text: str) -> str:
    return squeeze(trim(text).strip(QUOTES)).upper()
