"""Dates: serials, 20220601, and the written forms that `ledgersync.values.dates` takes."""

from datetime import date

from ledgersync.values.dates import FIRST, LAST
from ledgersync.workbook.build.expr import replaced, squeezed, text, within
from ledgersync.workbook.build.native.field import NativeField

BLANK = "\u00a0"
_EPOCH = date(1899, 12, 30)
_LOW, _HIGH = (FIRST - _EPOCH).days, (LAST - _EPOCH).days
LAST_SERIAL = str(_HIGH)
_CHINESE = "〇零一二三四五六七八九"
WRONG_DATE = "不是有效的公历日期，请写成 2022-06-01"
FUTURE = "晚于今天"


def date_text(cell: str) -> str:
    """`2022年6月1日`, `2022.6.1 08:30` → `2022-6-1`; `2022年6月` → `2022-6-1`."""
    bare = _trimmed(cell)
    day = f'IF(ISNUMBER(FIND(":",{cell})),LEFT({bare},FIND(" ",{bare}&" ")-1),{bare})'
    month = f'SUBSTITUTE(SUBSTITUTE({day}&"#","月#","-1"),"#","")'
    plain = replaced(replaced(month, ("日", "号")), ("。", "、", "年", "月", "—", "–"), "-")
    return replaced(squeezed(plain), ("/", "."), "-")


def date_fault(native: NativeField) -> str:
    """Defines `v`, the serial; what is no date is an error, caught once.

    Dates in Chinese numerals pass: only `ledgersync check` can read them.
    """
    native.value = native.define("v", _serial(native))
    wrong = native.says(WRONG_DATE)
    future = '""'
    if native.schema.not_future:
        future = f'IF({native.value}>{native.today},{native.says(FUTURE)},"")'
    low = f"IF({_is_serial(native.cell)},{_LOW},1)"
    judged = f"IF({within(native.value, low, str(_HIGH))},{future},{wrong})"
    chinese = f'ISNUMBER(FIND(LEFT(TRIM({native.cell})&"?",1),{text(_CHINESE)}))'
    return f'IFERROR({judged},IF({chinese},"",{wrong}))'


def late(native: NativeField) -> str:
    """The fault of a day to come alone, whatever `native.today` is."""
    fault = native.says(FUTURE)
    return f'IFERROR(IF({native.value}>TODAY(),{fault},""),"")'


def _serial(native: NativeField) -> str:
    """A serial as it is; eight or six digits, or a written date, through DATEVALUE."""
    cell, t = native.cell, native.define("x", native.clean)
    plain = f"ASC({_trimmed(cell)})"
    digits = f'ISNUMBER(FIND(MID({plain}&"0000",5,1),"0123456789"))'
    numeric = f'TEXT({plain}&IF(LEN({plain})=6,"01",""),"0000-00-00")'
    bare = _trimmed(cell)
    month_only = f'AND(LEN({bare})<8,RIGHT({bare},1)<>"月")'
    written = f'{t}&IF({month_only},"-1","")'
    serial = f"DATEVALUE(IF({digits},{numeric},{written}))"
    return f"IF({_is_serial(cell)},{cell},{serial})"


def _trimmed(cell: str) -> str:
    return f"TRIM({replaced(cell, ('　', BLANK), ' ')})"


def _is_serial(cell: str) -> str:
    """A number, and not one that is written like 20220601."""
    return f"IF(ISNUMBER({cell}),{cell}<190001,FALSE)"
