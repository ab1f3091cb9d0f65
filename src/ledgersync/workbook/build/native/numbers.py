"""Amounts and counts: numbers, and `100元`, `1,570.44`, `￥500` typed as text."""

from ledgersync.workbook.build.expr import POSITIONS, one_of, replaced, text, within
from ledgersync.workbook.build.native.field import NativeField

UNITS = (
    *(
        "",
        "元整",
        "元",
        "个小时",
        "个钟头",
        "块钱",
        "块",
        "人次",
        "户次",
        "小时",
        "钟头",
        "口人",
        "个人",
    ),
    *"人户口名位个次场件轮岁项hH",
    *("hr", "hrs"),
)
BLANK = "\u00a0"
_CURRENCY = ("￥", "¥", "第", "人民币", "RMB", "\u200b")
_CHINESE = "首零〇一二两三四五六七八九十百千万亿点壹贰叁肆伍陆柒捌玖拾佰仟"
_NOT_A_NUMBER = {"integer": "应为整数", "decimal": "应为数字", "money": "应为金额（元）"}
_FAR = 10.0**15


def number_text(cell: str) -> str:
    """Without currency; full-width digits made plain, blanks around dropped.

    A blank between digits stays, because `100 200` may be two numbers.
    """
    plain = f"ASC(CLEAN({replaced(cell, _CURRENCY)}))"
    return f"TRIM({replaced(plain, ('　', BLANK), ' ')})"


def number_fault(native: NativeField) -> str:
    """Defines `v`, the number; a value that is none is an error, caught once.

    Chinese numerals pass: whether `五百` is a number only `ledgersync check` can say.
    """
    native.value = native.define("v", _number(native))
    bare = replaced(f"TRIM({native.cell})", ("第", "￥", "人民币"))
    native.later = f'ISNUMBER(FIND(LEFT({bare}&"?",1),{text(_CHINESE)}))'
    wrong = native.says(_NOT_A_NUMBER[native.schema.type])
    verdict = _range(native)
    fault = f'IFERROR({verdict},IF({native.later},"",{wrong}))'
    return f"IF({_odd_commas(native)},{wrong},{fault})"


def _number(native: NativeField) -> str:
    """The number in the cell, or the digits at the front of its text when a unit follows."""
    t = native.define("x", native.clean)
    padded = f'{t}&"{"#" * 40}"'
    found = f'ISNUMBER(FIND(MID({padded},{POSITIONS},1),"0123456789.,"))'
    sign = f'ISNUMBER(FIND(LEFT(TRIM({native.cell})),"+-＋－"))'
    length = native.define("n", f"SUMPRODUCT(--{found})+{sign}")
    # Nothing ends in a point or comma: something is missing behind it.
    front = native.define("d", f'"#"&LEFT({t},{length})&"#"')
    whole = f'SUBSTITUTE({replaced(front, (".#", ",#", "#,"), "?")},"#","")'
    digits = f'VALUE(SUBSTITUTE({whole},",",""))'
    unit = one_of(f"TRIM(MID({t},{length}+1,9))", UNITS)
    typed = f'IF({unit},{digits},VALUE("?"))'
    truth = f'IF(ISLOGICAL({native.cell}),VALUE("?"),{typed})'
    number = f"IF(ISNUMBER({native.cell}),{native.cell},{truth})"
    if native.schema.type == "integer":  # a point makes no number of it, and it is used once
        return f'VALUE(SUBSTITUTE({number},".","?"))'
    return f"ROUND({number},2)" if native.schema.type == "money" else number


def _odd_commas(native: NativeField) -> str:
    """A comma that does not stand before three digits; numbers have none of their own."""
    t, length = native.name("x"), native.name("n")
    apart = f'IFERROR(FIND(".",{t}),{length}+1)-FIND(",",{t})'
    return f'IF(ISTEXT({native.cell}),ISERROR(FIND("|"&IFERROR({apart},4)&"|","|4|8|")),FALSE)'


def _range(native: NativeField) -> str:
    low, high = native.schema.min, native.schema.max
    bounds = (-_FAR if low is None else low, _FAR if high is None else high)
    fits = within(str(native.value), *(repr(int(b) if b == int(b) else b) for b in bounds))
    words = range_words(low, high) if low is not None or high is not None else "不是合理的数"
    return f'IF({fits},"",{native.says(words)})'


def range_words(low: float | None, high: float | None) -> str:
    """`应在 1～30 之间`, `不能小于 0`, `不能大于 24`."""
    if low is None:
        return f"不能大于 {high:.15g}"
    return f"不能小于 {low:.15g}" if high is None else f"应在 {low:.15g}～{high:.15g} 之间"
