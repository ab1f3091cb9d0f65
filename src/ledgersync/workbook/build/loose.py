"""The native rules of a field that need nothing but its own cell.

For sheets that are added to workbooks which people made: there are no hidden lists and no defined
names to lean on, so that rules across cells and the check column stay with our own templates.
"""

from ledgersync.schema import FieldSchema
from ledgersync.values.dates import FIRST, LAST
from ledgersync.workbook.build.bounds import MOST_CHARACTERS, least_and_most
from ledgersync.workbook.build.native.numbers import range_words
from ledgersync.workbook.build.words import balloon
from ledgersync.workbook.patch.sheet.validations import Kind, Validation

_KEEP = "保留所填内容吗？"
_ROWS = 'ROW(INDIRECT("A1:A17"))'


def loose_validation(f: FieldSchema, cell: str) -> Validation | None:
    """What is asked and offered in a field's column; `cell` is the column's first one (`B3`)."""
    words = balloon(f)
    rule = _rule(f, cell)
    if rule is None or not rule.fits():
        rule = Validation("none")
    if rule.kind == "none" and not words:
        return None
    return Validation(
        rule.kind, rule.formulas, rule.operator, rule.error, rule.stops, f.header, words
    )


def _rule(f: FieldSchema, cell: str) -> Validation | None:
    if f.choices or f.type == "bool":
        return _list(f)
    if f.type == "id_number":
        return Validation("custom", (_good_id(cell),), error=_asked(f, "的位数或校验位不对"))
    if f.type == "date":
        return _date(f)
    if f.type in ("integer", "decimal", "money"):
        return _number(f)
    if f.type in MOST_CHARACTERS:
        most = MOST_CHARACTERS[f.type]
        error = _asked(f, f"超过{most}个字")
        return Validation("textLength", (str(most),), "lessThanOrEqual", error)
    return None


def _asked(f: FieldSchema, fault: str) -> str:
    return f"〔{f.header}〕{fault}，请核对。{_KEEP}"


def _list(f: FieldSchema) -> Validation | None:
    """A list where a formula can hold it; several words in a cell are never asked about."""
    words = list(f.choices) or ["是", "否"]
    if any("," in word or '"' in word for word in words):
        return None
    error = f"〔{f.header}〕请从下拉列表中选；常用的别称也能识别。{_KEEP}"
    return Validation(
        "list", (f'"{",".join(words)}"',), error=None if f.type == "choices" else error
    )


def _good_id(cell: str) -> str:
    """18 characters with the right check character; old ones of 15 pass."""
    total = f"SUMPRODUCT(MID({cell},{_ROWS},1)*MOD(2^(18-{_ROWS}),11))"
    check = f'MID("10X98765432",MOD({total},11)+1,1)=UPPER(RIGHT({cell}))'
    return f"IF(LEN({cell})=18,{check},LEN({cell})=15)"


def _date(f: FieldSchema) -> Validation:
    last = "TODAY()" if f.not_future else f"DATE({LAST.year},{LAST.month},{LAST.day})"
    first = f"DATE({FIRST.year},{FIRST.month},{FIRST.day})"
    late = "且不晚于今天" if f.not_future else ""
    error = f"〔{f.header}〕应为日期，如 2022-06-01{late}。{_KEEP}"
    return Validation("date", (first, last), "between", error)


def _number(f: FieldSchema) -> Validation:
    kind: Kind = "whole" if f.type == "integer" else "decimal"
    word = "整数" if kind == "whole" else "数字"
    limits = "" if f.min is None and f.max is None else f"，{range_words(f.min, f.max)}"
    formulas = tuple(str(bound) for bound in least_and_most(f))
    error = f"〔{f.header}〕应为{word}{limits}。{_KEEP}"
    return Validation(kind, formulas, "between", error)
