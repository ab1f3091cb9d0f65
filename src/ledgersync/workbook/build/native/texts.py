"""Texts, names and codes: what is none, as `ledgersync.values.parse` decides it."""

from ledgersync.workbook.build.expr import POSITIONS, first_of, one_of, squeezed, text
from ledgersync.workbook.build.native.field import NativeField

ERROR_TEXTS: tuple[str, ...] = (
    *("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#CALC!"),
    *("#SPILL!", "#GETTING_DATA"),
)
ERROR_VALUE = "是错误值，请改正或重新填写"
LOOKUP_ZERO = "是 0，多半是公式没有查到，请填写实际内容"
NO_TEXT = "不像姓名或编号（被存成了日期、号码，或含有 * ?），请重新填写"
LOST = "被存成了数字，末几位已丢失，请设为文本后重新录入"
_MOST = 40  # characters of a name that are looked at
# Nothing of this is a letter, and 无 says that there is none; a name of nothing else is none.
_SIGNS = "0123456789无+-/.,:;!#%&()[]{}_=@|\\'\"~^`$、。，；：！（）【】《》“”‘’—–…·〃√×"


def text_fault(native: NativeField) -> str:
    """Error values as text, and 0 that a look-up left behind."""
    t = squeezed(native.cell)
    return first_of(_no_content(native, t), '""')


def name_fault(native: NativeField) -> str:
    """Also masked, numbered or a truth; what looks like a formula is kept as text."""
    t = native.define("x", squeezed(native.cell))
    wrong = native.says(NO_TEXT)
    odd = f"SUMPRODUCT(--ISNUMBER(FIND(LS_odd,{t})))"
    # Five digits in a row: `.12345E0` is a number, with anything else among them it is none.
    long = f'SUMPRODUCT(--ISNUMBER(VALUE("."&MID({t}&"?????",{POSITIONS},5)&"E0")))'
    none = f'IF(OR({odd}+{long}>0,{_all_of(t, _SIGNS)}),{wrong},"")'
    signed = f'IF({_all_of(f"MID({t},2,{_MOST})", "0123456789.,-%")},{wrong},"")'
    first = f'IFERROR(FIND(LEFT({t}),"=@+-"),0)'
    judged = f'CHOOSE(1+INT((1+{first})/2)*(LEN({t})>1),{none},"",{signed})'
    cases = [
        (one_of(f"UPPER({t})", _error_texts(native)), native.says(ERROR_VALUE)),
        (f"OR(ISNUMBER({native.cell}),{_truth(native)})", wrong),
    ]
    return first_of(cases, judged)


def code_fault(native: NativeField) -> str:
    """Also a truth for a code, and a number that lost its last digits."""
    t = squeezed(native.cell)
    lost = f"IF(ISNUMBER({native.cell}),ABS({native.cell})>=1E15,FALSE)"
    cases = [
        *_no_content(native, t),
        (lost, native.says(LOST)),
        (_truth(native), native.says(NO_TEXT)),
    ]
    return first_of(cases, '""')


def _no_content(native: NativeField, cleaned: str) -> list[tuple[str, str]]:
    return [
        (one_of(f"UPPER({cleaned})", _error_texts(native)), native.says(ERROR_VALUE)),
        (one_of(cleaned, ("0", "0.0", "0.00")), native.says(LOOKUP_ZERO)),
    ]


def _error_texts(native: NativeField) -> tuple[str, ...]:
    return (*ERROR_TEXTS, "#N/A") if native.schema.required else ERROR_TEXTS


def _truth(native: NativeField) -> str:
    return f'ISNUMBER(FIND("|"&{native.cell}&"|","|TRUE|FALSE|"))'


def _all_of(expression: str, signs: str) -> str:
    """No character is another one; a 0 stands for what is not there."""
    found = f'FIND(MID({expression}&REPT("0",{_MOST}),{POSITIONS},1),{text(signs)})'
    return f"SUMPRODUCT(--ISERROR({found}))=0"
