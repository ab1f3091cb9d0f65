"""Dates: serials, 20220601, and the written forms that `ledgersync.values.dates` takes."""

from datetime import date

from ledgersync.values.dates import FIRST, LAST
from ledgersync.workbook.build.expr import END, WEEKDAYS, replaced, safe_root, text
from ledgersync.workbook.build.native.field import NativeField

BLANK = "\u00a0"
_EPOCH = date(1899, 12, 30)
_LOW, _HIGH = (FIRST - _EPOCH).days, (LAST - _EPOCH).days
LAST_SERIAL = str(_HIGH)
_CHINESE = "〇零一二三四五六七八九"
_PAD = text("".join(WEEKDAYS))
WRONG_DATE = "不是有效的公历日期，请写成 2022-06-01"
FUTURE = "晚于今天"


def date_text(cell: str) -> str:
    """`2022年6月1日（周三）`, `2022 06 01`, `2022.6.1 08:30` → `2022-6-1`; `2022年6月` too.

    A sign at the end makes it no date; one point there is nothing.
    """
    bare = f'{_trimmed(cell)}&"#"'
    ended = bare
    for end, new in (
        ("月份#", "月#"),
        ("月#", "-1#"),
        ("日#", "#"),
        ("号#", "#"),
        ("。#", "#"),
        (".#", "#"),
    ):
        ended = f'SUBSTITUTE({ended},"{end}","{new}")'
    plain = replaced(ended, ("。", "、", "，", ",", "年", "月", "—", "–"), "-")
    joined = replaced(f"ASC({plain})", ("/", ".", " -", "- "), "-")
    spaced = f'SUBSTITUTE(SUBSTITUTE({joined}," #","#")," ","-")'
    return f'SUBSTITUTE(SUBSTITUTE({spaced},"-#","?"),"#","")'


def date_fault(native: NativeField) -> str:
    """Defines `v`, the serial; what is no date is an error, caught once.

    Dates in Chinese numerals pass: only `ledgersync check` can read them.
    """
    low = f"IF({_is_serial(native.cell)},{_LOW},1)"
    native.value = native.define("v", safe_root(_serial(native), low, str(_HIGH)))
    wrong = native.says(WRONG_DATE)
    future = native.says(FUTURE) if native.schema.not_future else '""'
    verdict = f'IF({native.value}>{native.today},{future},"")'
    first = f'ISNUMBER(FIND(LEFT(TRIM({native.cell})&"?",1),{text(_CHINESE)}))'
    later = f'IF(MID(TRIM({native.cell}),5,1)="年",{_has_numerals(native.cell)},{first})'
    native.later = native.define("c", later)
    return f'IFERROR({verdict},IF({native.later},"",{wrong}))'


def _has_numerals(cell: str) -> str:
    """`2022年六月`, `2022年6月十日`: a year in figures, and numerals behind it."""
    return f"SUMPRODUCT(--ISNUMBER(FIND(LS_numeral,{cell})))>0"


def late(native: NativeField) -> str:
    """The fault of a day to come alone, whatever `native.today` is."""
    fault = native.says(FUTURE)
    return f'IFERROR(IF({native.value}>TODAY(),{fault},""),"")'


def _serial(native: NativeField) -> str:
    """A serial as it is; digits alone, or a written date, through DATEVALUE."""
    cell, t = native.cell, native.define("x", native.clean)
    spaces = replaced(f"ASC({cell})", ("　", BLANK), " ")
    bare = native.define("b", f"""TRIM(SUBSTITUTE({spaces},"'",""))""")
    digits = f'ISNUMBER(FIND(MID({bare}&"0000",5,1),"0123456789"))'
    eight = f'{bare}&IF(LEN({bare})=6,"01","")'
    numeric = f'IF(LEN({cell})=5,VALUE({cell}),DATEVALUE(TEXT({eight},"0000-00-00")))'
    shown = f"TRIM({cell})"
    month_only = f'AND(LEN({bare})<8,ISERROR(FIND(" ",{shown})),ISERROR(FIND("月",{cell})))'
    swapped = f'IFERROR(FIND("月",{cell})<FIND("年",{cell}),FALSE)'
    written = f'DATEVALUE({t}&IF({month_only},"-1",IF({swapped},"?","")))'
    return f"IF({_is_serial(cell)},{cell},IF({digits},{numeric},{written}))"


def _trimmed(cell: str) -> str:
    """The day alone: no weekday or time behind it, no apostrophe before it."""
    alone = f'LEFT({cell},SUMPRODUCT(MIN(FIND(LS_week,TRIM({cell})&"{END}"&{_PAD})))-1)'
    lined = f'SUBSTITUTE({alone},CHAR(10)," ")'
    unseen = replaced(lined, ("'", "\u200b"))
    bare = f"TRIM({replaced(unseen, ('　', BLANK), ' ')})"
    timed = f'TRIM(SUBSTITUTE({cell},"T"," "))'
    has_time = f'ISNUMBER(FIND(":",SUBSTITUTE({cell},"点",":")))'
    return f'IF({has_time},LEFT({timed},FIND(" ",{timed}&" ")-1),{bare})'


def _is_serial(cell: str) -> str:
    """A number, and not one that is written like 20220601."""
    return f"IF(ISNUMBER({cell}),{cell}<190001,FALSE)"
