"""Cells that are their own value: the common case, told at a glance.

`plain_for` gives a test that is true only where the parser would return the very same text and
say nothing about it; whatever it does not recognise goes the long way. Property tests hold the
two against each other.
"""

import re
from collections.abc import Callable
from datetime import date
from operator import mul

from ledgersync.characters import INVISIBLE
from ledgersync.schema import FieldSchema
from ledgersync.values.identity import birth_date, region_name
from ledgersync.values.several import NO_NAMES, RELATIONS
from ledgersync.values.text import is_garbled

Plain = Callable[[str], object]
_EDGE = rf"\s{INVISIBLE}"
# No edge to trim, no sign that begins a formula, an empty mark, a ditto mark, a quote or an error
# text; nothing that nobody sees inside; no bare number, which may be a look-up that failed.
_FIRST = r"=+\-@＝＋－＠#＃/／无—–NnＮｎ\"'`´’‘“”′″＇＂｀〃〞〟同如上皆均都全，,、↑Dd(（\[【"
_TEXT = re.compile(
    rf"(?![0-9.０-９．]*$)[^{_EDGE}{_FIRST}\ufffd](?:[^\r\v\f\u2028\u2029\x1c-\x1f{INVISIBLE}\ufffd]{{0,2000}}(?<![{_EDGE}]))?"
)
_NAME = re.compile(
    rf"(?![同如][上前下左右]|[皆均都全]同|上同|锟斤拷|烫烫烫|(?:{'|'.join(NO_NAMES | RELATIONS)})$)"
    r"[\u4e00-\u9fff]{2,4}"
)
_CODE = re.compile(r"(?!(?:(?i:ditto|null|none)|TRUE|FALSE)$)[A-Za-z0-9][A-Za-z0-9_-]{3,63}")
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_ID = re.compile(r"[1-9][0-9]{16}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ZEROS = 48 * sum(_WEIGHTS)
_CHECKS = "10X98765432"


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


def _plain_text(text: str) -> object:
    return _TEXT.fullmatch(text) and not is_garbled(text)


class _PlainId:
    """18 characters with a right check digit, a possible birth date and a known county."""

    def __init__(self, today: date) -> None:
        self._today = f"{today:%Y%m%d}"
        self._births: dict[str, bool] = {}
        self._regions: dict[str, bool] = {}

    def __call__(self, text: str) -> bool:
        if not _ID.fullmatch(text):
            return False
        total = sum(map(mul, _WEIGHTS, text.encode())) - _ZEROS
        return _CHECKS[total % 11] == text[17] and self._born(text) and self._known(text[:6])

    def _born(self, text: str) -> bool:
        birth = text[6:14]
        known = self._births.get(birth)
        if known is None:
            known = "19000101" <= birth <= self._today and birth_date(text) is not None
            self._births[birth] = known
        return known

    def _known(self, prefix: str) -> bool:
        known = self._regions.get(prefix)
        if known is None:
            known = self._regions[prefix] = region_name(prefix) is not None
        return known
