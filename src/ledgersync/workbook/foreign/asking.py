"""What a person has to say before a list can be taken: as little as possible, nothing guessed."""

from collections.abc import Iterator, Sequence

from ledgersync.messages import message
from ledgersync.schema import FieldSchema
from ledgersync.schema.words import choices_of
from ledgersync.workbook.foreign.columns import Assigned
from ledgersync.workbook.foreign.lists import EMPTY
from ledgersync.workbook.foreign.plan import ColumnPlan, Decisions, Question, TablePlan


def questions_of(
    sheet: str,
    tables: Sequence[TablePlan],
    pair: Sequence[Assigned],
    decisions: Decisions,
) -> list[Question]:
    """Columns that only may be something needed, then required fields that nothing gives."""
    found: list[Question] = []
    for table, assigned in zip(tables, pair, strict=True):
        missing = [
            f
            for f in assigned.missing
            if f.id not in table.filled and decisions.value(sheet, f.id) != EMPTY
        ]
        asked = list(_of_columns(sheet, table, assigned, missing))
        found += asked
        have = {name for q in asked for name in q.proposals}
        found += [_of_value(sheet, table, f) for f in missing if f.id not in have]
    return found


def _of_columns(
    sheet: str, table: TablePlan, assigned: Assigned, missing: Sequence[FieldSchema]
) -> Iterator[Question]:
    """A column whose likeliest fields hold one that is missing."""
    needed = {f.id for f in missing}
    for column in table.columns:
        if column.table == table.table and needed.intersection(column.proposals):
            yield _of_column(sheet, table, assigned, column)


def _of_column(sheet: str, table: TablePlan, assigned: Assigned, column: ColumnPlan) -> Question:
    headers = [assigned.table.by_id[name].header for name in column.proposals]
    return Question(
        sheet, "column", table.table,
        message(
            "工作表“{sheet}”的列“{header}”是哪一项？可能是：{fields}",
            sheet=sheet, header=column.header, fields=headers,
        ),
        column.column, column.header, None, column.proposals,
    )  # fmt: skip


def _of_value(sheet: str, table: TablePlan, missing: FieldSchema) -> Question:
    return Question(
        sheet, "value", table.table,
        message(
            "工作表“{sheet}”里没有必填的〔{field}〕。是哪一列，或者整张表都填什么？",
            sheet=sheet, field=missing.header,
        ),
        header=missing.header, field=missing.id, proposals=choices_of(missing),
    )  # fmt: skip
