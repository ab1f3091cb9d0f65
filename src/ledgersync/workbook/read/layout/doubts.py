"""What is said of a table's rows and columns beside its values: one function per kind of doubt."""

from dataclasses import dataclass

from ledgersync.errors import Message
from ledgersync.model import Severity
from ledgersync.schema import FieldSchema
from ledgersync.workbook.read.layout.sections import Section
from ledgersync.workbook.read.layout.units import Scale


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding of one table: where it stands on the sheet, which rule, what to do."""

    row: int
    column: int | None
    field: str | None
    rule: str
    severity: Severity
    message: Message


def passed_over(row: int) -> Doubt:
    message = Message(
        "这一行有内容，但不像一条记录，没有读入；如果是记录，请补上日期、姓名、编号等，"
        "如果是说明，请移到表外",
        "This row has entries but does not look like a record and was not read; if it is one, fill "
        "in its date, name or number, if it is a remark, move it out of the table",
    )
    return Doubt(row, None, None, "row.passed_over", "error", message)


def example_passed_over(row: int) -> Doubt:
    message = Message(
        "这一行注明是示例，没有读入；如果是真实记录，请删去“例”“示例”字样",
        "This row says that it is an example and was not read; if it is a record, delete that word",
    )
    return Doubt(row, None, None, "row.passed_over", "warning", message)


def unequal_total(row: int, column: int, field: FieldSchema) -> Doubt:
    message = Message(
        f"合计行的〔{field.header}〕与各行之和不等；合计不读入，请核对各行",
        f"The total of {field.header} does not equal the rows; totals are not read",
    )
    return Doubt(row, column, field.id, "row.passed_over", "warning", message)


def above_the_header(row: int) -> Doubt:
    message = Message(
        "表头上方的这一行像一条记录，没有读入；请移到表头下面",
        "This row above the header looks like a record and was not read; move it below the header",
    )
    return Doubt(row, None, None, "row.passed_over", "error", message)


def section_filled(section: Section, count: int) -> Doubt:
    message = Message(
        f"小标题“{section.value}”已填入下面 {count} 行空着的〔{section.field.header}〕，请核对",
        f"The heading {section.value!r} fills {section.field.header} of {count} rows below",
    )
    field = section.field.id
    return Doubt(section.row, None, field, "row.passed_over", "warning", message)


def section_lost(section: Section) -> Doubt:
    message = Message(
        f"小标题“{section.value}”没有读入：表里没有〔{section.field.header}〕列；请加上这一列，逐行填写",
        f"The heading {section.value!r} was not read: there is no column {section.field.header}; "
        "add it and fill it in row by row",
    )
    return Doubt(section.row, None, section.field.id, "row.passed_over", "error", message)


def unit_of_measure(scale: Scale, row: int, column: int, field: FieldSchema) -> Doubt:
    if scale.factor is None:
        message = Message(
            f"〔{field.header}〕写有几种计量单位（{scale.said}），没有读入；请写明是元还是万元",
            f"{field.header} names several units of measure ({scale.said}) and was not read",
        )
        return Doubt(row, column, field.id, "unit.measure", "error", message)
    shown = f"{scale.factor.normalize():f}" if scale.factor > 1 else "1/60"
    message = Message(
        f"〔{field.header}〕的计量单位是“{scale.said}”，已乘以 {shown} 换算，请核对",
        f"{field.header} is given in {scale.said!r}; it was multiplied by {shown}",
    )
    return Doubt(row, column, field.id, "unit.measure", "warning", message)


def of_csv_row(row: int, rule: str, *, is_mended: bool = True) -> Doubt:
    if rule == "csv.quote":
        message = Message(
            "这一行的引号不配对，已按单独一行读取，请核对各格",
            "The quotes of this row do not match; it was read by itself, look at its cells",
        )
    elif is_mended:
        message = Message(
            "这一行的格数与表头不同，已尽量对齐，请核对各格",
            "This row has another number of cells than the header; look at its cells",
        )
    else:
        message = Message(
            "这一行的格数比表头多，后面各格可能错位，请给带逗号的内容加引号后重新提交",
            "This row has more cells than the header, so that later ones may be out of place; put "
            "texts with commas in quotes",
        )
    return Doubt(row, None, None, rule, "warning" if is_mended else "error", message)
