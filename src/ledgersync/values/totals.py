"""A row of totals in our own workbooks: which words tell it, and what stands under them.

Formulas know the same: a row is one of totals for the sheet where it is one for `check`.
"""

import re

from ledgersync.values.text import squeeze

TOTAL_WORDS = ("小计", "合计", "总计", "共计")
_NUMERALS = "一二三四五六七八九十百两"
AMOUNT_BEGINS = f"0123456789-￥¥{_NUMERALS}"
AMOUNT_ENDS = f"0123456789{_NUMERALS}户人元件次个名场条时%"
LONGEST_TOTAL = 12
_WORD = "|".join(TOTAL_WORDS)
_LINE = re.compile(rf".*(?:{_WORD})|(?:{_WORD})[0-9].*", re.DOTALL)


def is_total_line(raw: object) -> bool:
    """`合计`, `第1网格小计：`, `合计28户`."""
    if not isinstance(raw, str):
        return False
    words = squeeze(raw).replace(":", "")
    return len(words) <= LONGEST_TOTAL and bool(_LINE.fullmatch(words))


def is_total_amount(raw: object) -> bool:
    """A number, `1,234.00元`, `三户`: by how it begins and ends, as a formula sees it."""
    return not isinstance(raw, str) or (raw[:1] in AMOUNT_BEGINS and raw[-1:] in AMOUNT_ENDS)
