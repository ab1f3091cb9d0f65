"""Telephone numbers: mobile, or area code and number; the first one where there are several."""

from ledgersync.workbook.build.expr import replaced, squeezed
from ledgersync.workbook.build.native.field import NativeField

BLANK = "\u00a0"
_BETWEEN = ("或者", "或", "以及", "及", "和", "、", "，", ",", "/", "／", "；", ";", "\\", "｜")
_DECORATION = ("-", "‐", "–", "—", "―", "(", ")", "（", "）", "－", "'", "\u202d", "\u202c")
WRONG_PHONE = "不是有效的手机号或“区号-号码”"


def phone_fault(native: NativeField) -> str:
    """The number before the first separator, else the one before the first blank."""
    separated = replaced(f'SUBSTITUTE({native.cell},CHAR(10),"|")', _BETWEEN, "|")
    first = f'SUBSTITUTE(SUBSTITUTE("#"&{separated},"#|",""),"#","")'
    parts = native.define("s", first)
    trimmed = f"TRIM({replaced(first, ('　', BLANK), ' ')})"
    words = native.define("t", f'SUBSTITUTE({trimmed}," ","|")')
    either = f"OR({_valid(native, 'p', parts)},{_valid(native, 'o', words)})"
    return f'IF(AND({either},NOT({_odd_hyphen(native)})),"",{native.says(WRONG_PHONE)})'


def _valid(native: NativeField, kind: str, parts: str) -> str:
    """A 9 is put in front to keep the zero; then the number lies in a valid block or not."""
    first = f'LEFT(SUBSTITUTE({parts},"|",REPT(" ",60)),60)'
    clean = replaced(squeezed(replaced(first, _DECORATION)), ("+86",))
    number = native.define(kind, f'SUBSTITUTE({clean},"E","?")')
    return f'IFERROR(LOOKUP(VALUE("9"&{number}),LS_tel,LS_tel_ok),0)=1'


def _odd_hyphen(native: NativeField) -> str:
    """At an edge, two together, or elsewhere than behind the three or four digits of an area."""
    dashes = replaced(f"TRIM(ASC({native.cell}))", ("—", "–"), "-")
    t = native.define("y", replaced(replaced(dashes, ("(",)), (")-", ")"), "-"))
    edges = [f'ISNUMBER(FIND({end}(TRIM({native.cell})),"-—–－"))' for end in ("LEFT", "RIGHT")]
    beside = f'IF(ISNUMBER(FIND(MID({t},2,1),"12")),5,4)'
    misplaced = f'OR(MID({t},{beside},1)="-",ISNUMBER(FIND("--",{t})))'
    return f'OR({",".join(edges)},IF(LEFT({t})="0",{misplaced},FALSE))'
