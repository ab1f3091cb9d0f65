"""What is said of a table's rows and columns beside its values: one function per kind."""

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, message
from ledgersync.model import Severity
from ledgersync.schema import FieldSchema
from ledgersync.workbook.read.layout.sections import Section
from ledgersync.workbook.read.layout.units import Scale


@dataclass(frozen=True, slots=True)
class TableNote:
    """A finding of one table: where it stands on the sheet, which rule, what to do."""

    row: int
    column: int | None
    field: str | None
    rule: str
    severity: Severity
    message: Message


def passed_over(row: int) -> TableNote:
    text = message(
        "这一行有内容，但不像一条记录，没有读入；如果是记录，请补上日期、姓名、编号等，"
        "如果是说明，请移到表外"
    )
    return TableNote(row, None, None, "row.passed_over", "error", text)


def example_passed_over(row: int) -> TableNote:
    text = message("这一行注明是示例，没有读入；如果是真实记录，请删去“例”“示例”字样")
    return TableNote(row, None, None, "row.passed_over", "warning", text)


def above_the_header(row: int) -> TableNote:
    text = message("表头上方的这一行像一条记录，没有读入；请移到表头下面")
    return TableNote(row, None, None, "row.passed_over", "error", text)


def unequal_total(row: int, column: int, field: FieldSchema) -> TableNote:
    text = message("合计行的〔{field}〕与各行之和不等；合计不读入，请核对各行", field=field.header)
    return TableNote(row, column, field.id, "row.passed_over", "warning", text)


def section_filled(section: Section, count: int) -> TableNote:
    field = section.field
    text = message(
        "小标题“{value}”已填入下面{count}行空着的〔{field}〕，请核对",
        value=section.value,
        count=count,
        field=field.header,
    )
    return TableNote(section.row, None, field.id, "row.passed_over", "warning", text)


def section_lost(section: Section) -> TableNote:
    field = section.field
    text = message(
        "小标题“{value}”没有读入：表里没有〔{field}〕列；请加上这一列，逐行填写",
        value=section.value,
        field=field.header,
    )
    return TableNote(section.row, None, field.id, "row.passed_over", "error", text)


def unit_of_measure(scale: Scale, row: int, column: int, field: FieldSchema) -> TableNote:
    if scale.factor is None:
        text = message(
            "〔{field}〕写有几种计量单位（{unit}），没有读入；请写明是哪一种",
            field=field.header,
            unit=scale.text,
        )
        return TableNote(row, column, field.id, "unit.measure", "error", text)
    if scale.against:
        text = message(
            "〔{field}〕的计量单位有两种说法：“{unit}”和“{other}”，已按前一种读取，请核对",
            field=field.header,
            unit=scale.text,
            other=scale.against,
        )
        return TableNote(row, column, field.id, "unit.measure", "warning", text)
    factor = f"{scale.factor.normalize():f}" if scale.factor > 1 else "1/60"
    text = message(
        "〔{field}〕的计量单位是“{unit}”，已乘以 {factor} 换算，请核对",
        field=field.header,
        unit=scale.text,
        factor=factor,
    )
    return TableNote(row, column, field.id, "unit.measure", "warning", text)


def of_csv_row(row: int, rule: str, *, is_mended: bool = True) -> TableNote:
    if rule == "csv.quote":
        text = message("这一行的引号不配对，已按单独一行读取，请核对各格")
    elif is_mended:
        text = message("这一行的格数与表头不同，已尽量对齐，请核对各格")
    else:
        text = message("这一行的格数比表头多，后面各格可能错位，请给带逗号的内容加引号后重新提交")
    return TableNote(row, None, None, rule, "warning" if is_mended else "error", text)
