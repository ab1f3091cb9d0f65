"""What a person has to say before a list can be taken: as little as possible, nothing guessed."""

from collections.abc import Iterator, Mapping, Sequence

from ledgersync.messages import Message, message
from ledgersync.model import column_letters
from ledgersync.schema import FieldSchema, LedgerSchema
from ledgersync.schema.words import choices_of
from ledgersync.workbook.foreign.assigned import Assigned
from ledgersync.workbook.foreign.columns import likeness_of
from ledgersync.workbook.foreign.lists import EMPTY
from ledgersync.workbook.foreign.plan import ColumnPlan, Decisions, Question, TablePlan
from ledgersync.workbook.read.layout.headers import HeaderColumn

_NEAR = 0.7  # of 1: likeness of a header that is worth a question


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
        partial = assigned.partial
        found += [_of_value(sheet, table, f, f.id in partial) for f in missing if f.id not in have]
    return found


def questions_below(
    ledger: LedgerSchema, sheet: str, best: Assigned, assigned: Mapping[str, Assigned],
    columns: Sequence[HeaderColumn],
) -> Iterator[Question]:  # fmt: skip
    """Columns that no field of the table is, and likely the text that one below cannot do without.

    A register of visits with a column of what was raised, under words that nobody knows.
    """
    heads = {c.index: c for c in columns}
    for table, _, target in ledger.references():
        child = assigned[table.id]
        if target.split(".")[1] != best.table.id or child is best:
            continue
        for at, fields in child.proposals.items():
            first = fields[0]
            free = at not in best.fields and at not in best.repeated and at in heads
            if free and first.required and first.type == "text" and _is_near(first, heads[at]):
                yield Question(
                    sheet, "column", table.id, _which(sheet, heads[at].text, [first.header]),
                    at, heads[at].text, None, (first.id,),
                )  # fmt: skip


def _is_near(wanted: FieldSchema, column: HeaderColumn) -> bool:
    return likeness_of(wanted, column) >= _NEAR


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
        _which(sheet, column.header + _letters(table, column), headers),
        column.column, column.header, None, column.proposals,
    )  # fmt: skip


def _letters(table: TablePlan, column: ColumnPlan) -> str:
    """Which column, where its header stands twice."""
    twice = sum(c.header == column.header for c in table.columns) > 1
    return f"@{column_letters(column.column)}" if twice else ""


def _which(sheet: str, header: str, fields: Sequence[str]) -> Message:
    return message(
        "工作表“{sheet}”的列“{header}”是哪一项？可能是：{fields}",
        sheet=sheet,
        header=header,
        fields=list(fields),
    )


def _of_value(sheet: str, table: TablePlan, missing: FieldSchema, is_partial: bool) -> Question:
    asked = (
        message(
            "工作表“{sheet}”里有的行没有〔{field}〕（分段标题、打勾的列都没有说），这些行都填什么？",
            sheet=sheet, field=missing.header,
        )
        if is_partial
        else message(
            "工作表“{sheet}”里没有必填的〔{field}〕。是哪一列，或者整张表都填什么？",
            sheet=sheet, field=missing.header,
        )
    )  # fmt: skip
    return Question(
        sheet, "value", table.table, asked,
        header=missing.header, field=missing.id, proposals=choices_of(missing),
    )  # fmt: skip
