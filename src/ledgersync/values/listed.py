"""Short lists of a unit (grids, groups, buildings): one thing in all the ways in which it is typed.

`1网格`, `第一网格`, `网格1`, `第01网格` and `１号网格` are one grid. How the unit itself spells it
decides (`known`), else the pattern of the field (`listed = "第{n}网格"`); a name without a number
is one of the list only where the list has it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from ledgersync.schema import FieldSchema
from ledgersync.values.text import squeeze, trim

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_DIGITS |= {c: n for n, c in enumerate("壹贰叁肆伍陆柒捌玖", 1)}
_NUMBER = rf"(\d{{1,3}}|[{''.join(_DIGITS)}十拾百]{{1,5}})"
_OPEN, _CLOSE = r"[(\[【]?", r"[)\]】]?"
_EDGES = "。.,，、;；:："
_ALIKE: tuple[tuple[str, ...], ...] = (
    ("网格", "格"),
    ("村民小组", "居民小组", "小组", "组"),
    ("号楼", "楼栋", "栋", "幢", "座", "楼"),
    ("单元",),
    ("小区",),
    ("片区", "片"),
    ("轮次", "轮"),
)
_NOUNS = tuple(noun for alike in _ALIKE for noun in alike)


class Listing:
    """How one field's values are spelled; values that differ in spelling only come out alike."""

    def __init__(
        self, pattern: str = "", known: tuple[str, ...] = (), prefixes: tuple[str, ...] = ()
    ) -> None:
        self._pattern, self._prefixes = pattern or _pattern_of(known), prefixes
        nouns = _nouns_of(pattern, known)
        self._nouns = tuple(sorted(nouns, key=len, reverse=True))
        self._shapes = _shapes(self._nouns)
        self._known: dict[str, str] = {}
        for value in known:
            self._known.setdefault(self.key(value), value)

    def spelled(self, text: str) -> str:
        """The value as this unit spells it; one that is not of the list stays as it is typed."""
        key = self.key(text)
        if key in self._known:
            return self._known[key]
        if self._pattern and key.startswith("#"):
            return self._pattern.replace("{n}", key[1:])
        return trim(text)

    def key(self, text: str) -> str:
        """What two spellings of one thing have in common: `#1`, or the name without its noun."""
        bare = squeeze(text).strip(_EDGES)
        number = self._number(bare)
        if number is None:
            inside = (bare.removeprefix(p) for p in self._prefixes if bare.startswith(p))
            number = next((n for n in map(self._number, inside) if n is not None), None)
        if number is not None:
            return f"#{number}"
        if bare not in self._nouns:
            bare = bare.removesuffix(next(filter(bare.endswith, self._nouns), ""))
        return bare.casefold()

    def _number(self, bare: str) -> int | None:
        for shape in self._shapes:
            if match := shape.fullmatch(bare):
                return _whole(match[1]) or None
        return None


def listing_of(field: FieldSchema) -> Listing | None:
    """The list that a field's values come from, None for free text."""
    if field.type != "text" or not (field.listed or field.known):
        return None
    return _listing(field.listed, field.known, field.prefixes)


def listing_like(values: Iterable[str]) -> Listing:
    """A list of which nothing is known but its values."""
    return _listing("", tuple(values), ())


@lru_cache(maxsize=256)
def _listing(pattern: str, known: tuple[str, ...], prefixes: tuple[str, ...]) -> Listing:
    return Listing(pattern, known, prefixes)


def one_spelling(values: tuple[str, ...], before: Listing) -> tuple[str, ...]:
    """These values as `before` knows them, each once."""
    return tuple(dict.fromkeys(before.spelled(value) for value in values))


def _pattern_of(known: tuple[str, ...]) -> str:
    """How a list without a pattern writes its numbers: 第1网格 → 第{n}网格."""
    found = (re.fullmatch(r"([^\d{}]*)\d{1,3}([^\d{}]*)", value) for value in known)
    return next((f"{match[1]}{{n}}{match[2]}" for match in found if match), "")


def _nouns_of(pattern: str, known: tuple[str, ...]) -> set[str]:
    """The words beside the number, with all that people call the same thing."""
    texts = [pattern.replace("{n}", "1"), *map(squeeze, known)]
    own = {noun for text in texts for noun in _NOUNS if noun in text}
    return {noun for alike in _ALIKE if own & set(alike) for noun in alike}


def _shapes(nouns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    number = f"{_OPEN}{_NUMBER}{_CLOSE}"
    if not nouns:
        return (re.compile(f"第?{number}号?"),)
    noun = f"(?:{'|'.join(map(re.escape, nouns))})"
    return (
        re.compile(f"第?{number}号?{noun}?"),
        re.compile(f"{noun}第?{number}号?"),
    )


def _whole(text: str) -> int | None:
    """`01` → 1, `十二` → 12, `一百零三` → 103; None for what is no number."""
    if text.isdigit():
        return int(text)
    text = text.replace("拾", "十")
    total = 0
    for unit, size in (("百", 100), ("十", 10)):
        head, found, rest = text.partition(unit)
        if found:
            if head and head not in _DIGITS:
                return None
            total += (_DIGITS[head] if head else 1) * size
            text = rest.lstrip("零〇")
    if text and text not in _DIGITS:
        return None
    return total + (_DIGITS[text] if text else 0)
