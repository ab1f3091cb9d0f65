"""A row of totals in our own workbooks: which words tell it, and what stands under them.

Formulas know the same: a row is one of totals for the sheet where it is one for `check`.
"""

import re
from collections.abc import Iterable

from ledgersync.patterns import pattern_of
from ledgersync.schema import FieldSchema
from ledgersync.values.text import is_blank, is_empty_mark, squeeze

TOTAL_WORDS = ("小计", "合计", "总计", "共计")
# Columns in which a row of totals has numbers; in others they are a day, an id, a choice.
SUMMED = frozenset({"text", "name", "code", "digits", "integer", "decimal", "money"})
_NUMERALS = "一二三四五六七八九十百两"
AMOUNT_BEGINS = f"0123456789-￥¥{_NUMERALS}"
AMOUNT_ENDS = f"0123456789{_NUMERALS}户人元件次个名场条时%"
LONGEST_TOTAL = 12
_WORD = "|".join(TOTAL_WORDS)
_LINE = pattern_of(rf".*(?:{_WORD})|(?:{_WORD})[0-9].*", re.DOTALL)


def is_total_line(raw: object) -> bool:
    """`合计`, `第1网格小计：`, `合计28户`."""
    if not isinstance(raw, str):
        return False
    words = squeeze(raw).replace(":", "")
    return len(words) <= LONGEST_TOTAL and bool(_LINE.fullmatch(words))


def is_total_amount(raw: object) -> bool:
    """A number, `1,234.00元`, `三户`: by how it begins and ends, as a formula sees it."""
    return not isinstance(raw, str) or (raw[:1] in AMOUNT_BEGINS and raw[-1:] in AMOUNT_ENDS)


def is_total_row(cells: Iterable[tuple[FieldSchema, object]]) -> bool:
    """A word of totals, and beside it nothing but numbers where numbers may be added up."""
    filled = [(f, raw) for f, raw in cells if not is_blank(raw)]
    filled = [(f, raw) for f, raw in filled if not (isinstance(raw, str) and is_empty_mark(raw))]
    others = [(f, raw) for f, raw in filled if not is_total_line(raw)]
    return len(others) < len(filled) and all(
        f.type in SUMMED and is_total_amount(raw) for f, raw in others
    )
