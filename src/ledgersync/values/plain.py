"""Cells that are their own value: the common case, told at a glance.

`plain_for` gives a test that is true only where the parser would return the very same text and
say nothing about it; whatever it does not recognise goes the long way. Property tests hold the
two against each other.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from itertools import filterfalse

from ledgersync.characters import INVISIBLE
from ledgersync.patterns import pattern_of
from ledgersync.schema import FieldSchema
from ledgersync.values.identity import region_name
from ledgersync.values.several import NO_NAMES, RELATIONS
from ledgersync.values.text import is_garbled, may_be_garbled

Plain = Callable[[str], object]
_EDGE = rf"\s{INVISIBLE}"
# A letter, a figure or a Chinese character first, which stays what it is when it is folded (⓪ is a
# nought, ﹣ a dash), and begins no empty mark, ditto mark or word of other programs; no edge to
# trim, nothing that nobody sees inside; no bare number, which may be a look-up that failed.
_TEXT = pattern_of(
    r"(?=[A-Za-z1-9\u3400-\u4dbf\u4e00-\u9fff])(?![\d.．]*$)[^无NnDd同如上皆均都全]"
    rf"(?:[^\r\v\f\x85\u2028\u2029\x1c-\x1f{INVISIBLE}\ufffd]{{0,2000}}(?<![{_EDGE}]))?"
)
_NAME = pattern_of(
    rf"(?![同如][上前下左右]|[皆均都全]同|上同|锟斤拷|烫烫烫|(?:{'|'.join(NO_NAMES | RELATIONS)})$)"
    r"[\u4e00-\u9fff]{2,4}"
)
_CODE = pattern_of(r"(?!(?:(?i:ditto|null|none)|TRUE|FALSE)$)[A-Za-z0-9][A-Za-z0-9_-]{3,63}")
_PHONE = pattern_of(r"1[3-9][0-9]{9}")
_ID = pattern_of(r"[1-9][0-9]{16}[0-9X]")
_CHECKS = "1X864209753"  # by the first 17 digits as a number of base 13, modulo 11


def plain_for(field: FieldSchema, today: date) -> Plain | None:
    """The test for a field's type, None where every cell needs the parser."""
    if field.type == "id_number":
        return _PlainId(today)
    if field.listed or field.known:
        return None
    if field.type in ("text", "name") and field.words:
        return None  # some are spelled anew
    if field.type == "text":
        return _plain_text
    patterns = {"name": _NAME, "code": _CODE, "phone": _PHONE}
    pattern = patterns.get(field.type)
    return pattern.fullmatch if pattern else None


def odd_texts(plain: Plain, texts: Collection[str]) -> Iterable[str]:
    """The texts of a column that are not plain; where none of them is garbled, none is asked."""
    if isinstance(plain, _PlainId):
        return plain.odd(texts)
    if plain is _plain_text and not may_be_garbled("\n".join(texts)):
        plain = _TEXT.fullmatch
    return filterfalse(plain, texts)


def _plain_text(text: str) -> object:
    return _TEXT.fullmatch(text) and not is_garbled(text)


class _PlainId:
    """18 characters with a right check digit, a possible birth date and a known county."""

    def __init__(self, today: date) -> None:
        self._births = _Births(f"{today:%Y%m%d}")
        self._regions = _Regions()

    def __call__(self, text: str) -> bool:
        return not self.odd([text])

    def odd(self, texts: Iterable[str]) -> list[str]:
        """Those that are none; in one loop, since a column has as many as rows."""
        births, regions = self._births, self._regions
        return [
            text
            for text in texts
            if not (
                _ID.fullmatch(text)
                and _CHECKS[int(text[:17], 13) % 11] == text[17]
                and births[text[6:14]]
                and regions[text[:6]]
            )
        ]


class _Births(dict[str, bool]):
    """Whether eight digits are a birth date, up to a day (as eight digits)."""

    def __init__(self, today: str) -> None:
        super().__init__()
        self._today = today

    def __missing__(self, digits: str) -> bool:
        known = self[digits] = "19000101" <= digits <= self._today and _is_day(digits)
        return known


def _is_day(digits: str) -> bool:
    try:
        return bool(date.fromisoformat(digits))
    except ValueError:
        return False


class _Regions(dict[str, bool]):
    """Whether six digits are a county."""

    def __missing__(self, prefix: str) -> bool:
        known = self[prefix] = region_name(prefix) is not None
        return known
