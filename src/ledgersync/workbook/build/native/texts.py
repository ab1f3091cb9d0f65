"""Texts, names and codes: what is none, as `ledgersync.values.parse` decides it."""

from ledgersync.values.several import NO_NAMES
from ledgersync.workbook.build.expr import POSITIONS, first_of, one_of, replaced, squeezed, text
from ledgersync.workbook.build.native.field import NativeField

ERROR_TEXTS: tuple[str, ...] = (
    *("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#CALC!"),
    *("#SPILL!", "#GETTING_DATA"),
)
ERROR_VALUE = "是错误值，请改正或重新填写"
LOOKUP_ZERO = "是 0，多半是公式没有查到，请填写实际内容"
NO_TEXT = "不像姓名或编号（被存成了日期、号码，或含有 * ?），请重新填写"
LOST = "被存成了数字，末几位已丢失，请设为文本后重新录入"
SEVERAL = "里有几个值，不知道该取哪一个，请分开填写"
_MOST = 40  # characters of a name that are looked at
# Nothing of this is a letter, and 无 says that there is none; a name of nothing else is none.
_SIGNS = (
    "0123456789无+-/.,:;!#%&()[]{}_=@|\\'\"~^`$、。，；：！（）【】《》“”‘’—–…·〃√×♥♡★☆●○◎◆◇△▲→←↑↓"
)


def text_fault(native: NativeField) -> str:
    """Error values as text, and 0 that a look-up left behind."""
    return first_of(_no_content(native), '""')


def name_fault(native: NativeField) -> str:
    """Also masked, numbered or a truth; what looks like a formula is kept as text."""
    t = native.define("x", f'SUBSTITUTE({squeezed(native.cell)},"\'","")')
    wrong = native.says(NO_TEXT)
    odd = f"SUMPRODUCT(--ISNUMBER(FIND(LS_odd,{t})))"
    # Five digits in a row: `.12345E0` is a number, with anything else among them it is none.
    long = f'SUMPRODUCT(--ISNUMBER(VALUE("."&MID({t}&"?????",{POSITIONS},5)&"E0")))'
    none = f'IF(OR({odd}+{long}>0,{_all_of(t, _SIGNS)}),{wrong},"")'
    signed = f'IF({_all_of(f"MID({t},2,{_MOST})", "0123456789.,-%")},{wrong},"")'
    first = f'IFERROR(FIND(LEFT({t}),"=@+-"),0)'
    verdict = f'CHOOSE(1+INT((1+{first})/2)*(LEN({t})>1),{none},"",{signed})'
    cases = [
        (_error(native), native.says(ERROR_VALUE)),
        (f"OR(ISNUMBER({native.cell}),{_truth(native)},{one_of(t, sorted(NO_NAMES))})", wrong),
    ]
    return first_of(cases, verdict)


def code_fault(native: NativeField) -> str:
    """Also a truth for a code, a number that lost its last digits, several codes."""
    t = native.define("x", squeezed(native.cell))
    lost = f"IF(ISNUMBER({native.cell}),ABS({native.cell})>=1E15,FALSE)"
    power = f'IF(ISNUMBER(FIND("E+",UPPER({t}))),ISNUMBER(VALUE({t})),FALSE)'
    cases = [
        *_no_content(native),
        (f"OR({lost},{power})", native.says(LOST)),
        (_truth(native), native.says(NO_TEXT)),
        (_several(native), native.says(SEVERAL)),
    ]
    return first_of(cases, '""')


def _several(native: NativeField) -> str:
    """The first two words have one length, and digits in the same places."""
    lines = f'ASC(SUBSTITUTE({native.cell},CHAR(10),"|"))'
    words = replaced(
        lines,
        (
            "､",
            ",",  # what ASC makes of 、
            ";",
            "/",
            " ",
            "或",
            "和",
            "与",
            "及",
        ),
        "|",
    )
    w = native.define("w", f'SUBSTITUTE({words},"||","|")')
    at = native.define("a", f'FIND("|",{w})')
    one, other = f"MID({w},{POSITIONS},1)", f"MID({w},{POSITIONS}+{at},1)"
    digit, beside = (f'ISNUMBER(FIND({c}&"?","0?1?2?3?4?5?6?7?8?9?"))' for c in (one, other))
    unlike = f"SUMPRODUCT(({POSITIONS}<{at})*({digit}<>{beside}))"
    line = f"ISNUMBER(FIND(CHAR(10),{native.cell}))"
    strong = f"SUMPRODUCT(--ISNUMBER(FIND(LS_sep,{native.cell})))+{line}>0"
    number = f"ISNUMBER(FIND(LEFT(TRIM({native.cell})),{text('0123456789')}))"
    least = f"IF({strong},3,IF({number},6,4))"
    any_digit = f"SUMPRODUCT(--ISNUMBER(FIND(LS_digit,{native.cell})))>0"
    same = f'IF(MID({w}&"|",2*{at},1)="|",{unlike}=0,FALSE)'
    return f"IFERROR(IF(AND({any_digit},{at}>{least}),{same},FALSE),FALSE)"


def _no_content(native: NativeField) -> list[tuple[str, str]]:
    return [
        (_error(native), native.says(ERROR_VALUE)),
        (
            one_of(native.cell, ("0", "０", "0.0", "0.00", "'0", " 0", "0 ")),
            native.says(LOOKUP_ZERO),
        ),
    ]


def _error(native: NativeField) -> str:
    garbled = f"SUMPRODUCT(--ISNUMBER(FIND(LS_bad,{native.cell})))>0"
    texts = (*ERROR_TEXTS, "#N/A") if native.schema.required else ERROR_TEXTS
    spaces = replaced(f"ASC({native.cell})", ("　", "\u00a0"), " ")
    return f"OR({garbled},{one_of(f'UPPER(TRIM({spaces}))', texts)})"


def _truth(native: NativeField) -> str:
    return f'ISNUMBER(FIND("|"&{native.cell}&"|","|TRUE|FALSE|"))'


def _all_of(expression: str, signs: str) -> str:
    """No character is another one; a 0 stands for what is not there."""
    found = f'FIND(MID({expression}&REPT("0",{_MOST}),{POSITIONS},1),{text(signs)})'
    return f"SUMPRODUCT(--ISERROR({found}))=0"
