"""Columns of birth dates: no ledger asks for them, and every ledger has dates that look alike.

Known by the header, by the identity numbers of the same rows, or by days too long ago for anything
that an office enters.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from statistics import median

from ledgersync.model import Value
from ledgersync.schema import FieldSchema
from ledgersync.values import CellParser
from ledgersync.values.text import is_blank, squeeze, typed

_WORDS = ("出生", "生日", "生年", "诞生")
_AGREED = 0.6  # of the rows with both: people mistype either
_LONG_AGO = 40  # years: a median older than this is of births
_PLENTY = 3
_SAMPLE = 300


def is_of_births(
    header: str, cells: Sequence[object], ids: Sequence[Sequence[object]], today: date
) -> bool:
    """Whether a column (its cells) holds birth dates; `ids` are columns of identity numbers."""
    days = [_day(c, today) for c in cells[:_SAMPLE]]
    known = [d for d in days if d is not None]
    filled = sum(not is_blank(c) for c in cells[:_SAMPLE])
    if not known or len(known) * 2 < filled:
        return False
    if any(word in header for word in _WORDS):
        return True
    if any(_agrees(days, column) for column in ids):
        return True
    return len(known) >= _PLENTY and today.year - median(d.year for d in known) > _LONG_AGO


def has_ids(cells: Sequence[object]) -> bool:
    """Most filled cells have a birth date where an identity number has it."""
    filled = [c for c in cells[:_SAMPLE] if not is_blank(c)]
    return bool(filled) and sum(born(c) is not None for c in filled) * 2 > len(filled)


def born(raw: object) -> date | None:
    """The birth date inside an identity number of 18 or 15 digits, None where there is none."""
    text = squeeze(typed(raw)) if not is_blank(raw) else ""
    digits = text[6:14] if len(text) == 18 else f"19{text[6:12]}" if len(text) == 15 else ""
    try:
        return datetime.strptime(digits, "%Y%m%d").date() if digits.isdigit() else None
    except ValueError:
        return None


def _agrees(days: Sequence[date | None], ids: Sequence[object]) -> bool:
    pairs = [(d, b) for d, c in zip(days, ids, strict=False) if d and (b := born(c))]
    same = sum((d.year, d.month) == (b.year, b.month) for d, b in pairs)
    return len(pairs) > 1 and same >= _AGREED * len(pairs)


def _day(raw: object, today: date) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if is_blank(raw) or raw is None:
        return None
    value: Value = _parser(today)(raw).value
    return value if isinstance(value, date) else None


@cache
def _parser(today: date) -> CellParser:
    return CellParser(FieldSchema(id="day", header="日期", type="date"), today)
