"""Columns that people added: which are carried, how they become fields, what is left out and why.

A column of somebody's own (with a header, with content, not made of formulas) is registered in the
journal once and is a text field of its table from then on. Everything else stays where it is: in
the archived original, or in the primary.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, counted, message
from ledgersync.model import (
    Column,
    Invalid,
    Rows,
    TableData,
    UnknownColumn,
    Value,
    column_letters,
)
from ledgersync.schema import LedgerSchema, TableSchema, active_extras
from ledgersync.schema.extras import PREFIX
from ledgersync.schema.mappings import IGNORED, mapping_name
from ledgersync.sync.session import Session
from ledgersync.values.parse import CELL_LIMIT
from ledgersync.values.text import is_error_text
from ledgersync.workbook.read.layout.headers import HeaderColumn, normal

MOST = 30  # columns that one table takes
LONGEST = 100  # characters of a header
JOINT = "▸"
Found = tuple[UnknownColumn, Sequence[str | None]]


def most_columns(table: TableSchema) -> int:
    """A table with far more columns of people's own than fields would not be recognised again."""
    return min(MOST, 2 * (len(table.fields) - len(table.extras)))


def extra_id(header: str) -> str:
    """The field id of a header; headers that differ in blanks, width or case are one."""
    return PREFIX + header_name(header).casefold()


def header_name(header: str) -> str:
    """A header as mappings name it: parents and leaf, each normalised."""
    return JOINT.join(normal(part) for part in header.split(JOINT))


def header_column(header: str) -> HeaderColumn:
    """A header as the reader sees it, to ask what it means by now."""
    return HeaderColumn(1, tuple(part.strip() for part in header.split(JOINT)), ())


def learn_columns(
    session: Session, ledger: LedgerSchema, tables: Sequence[TableData]
) -> LedgerSchema:
    """Registers the columns that these sheets of a ledger have more; the ledger with all of them.

    Columns without any content are nothing yet.
    """
    for table in session.catalog.ledgers[ledger.id].tables:
        parts = [t for t in tables if (t.ledger, t.table) == (ledger.id, table.id)]
        new = _new_headers(session, ledger, table, parts)
        if new:
            session.journal.register((ledger.id, table.id), new)
    return session.catalog.ledgers[ledger.id]


def _new_headers(
    session: Session, ledger: LedgerSchema, table: TableSchema, parts: Sequence[TableData]
) -> dict[str, str]:
    known = active_extras(table)
    room = most_columns(table) - len(known)
    new: dict[str, str] = {}
    for part in parts:
        for column, texts in _found(part):
            name = mapping_name(ledger.id, table.id, header_name(column.header))
            wanted = session.catalog.mappings.get(name) != IGNORED and any(texts)
            if wanted and _can_be_carried(column) and extra_id(column.header) not in known:
                new.setdefault(extra_id(column.header), " ".join(column.header.split()))
    return dict(list(new.items())[: max(0, room)])


def _found(part: TableData) -> Iterator[Found]:
    return zip(part.unknown_columns, part.extras.values(), strict=True)


def _can_be_carried(column: UnknownColumn, *, formulas: bool = False) -> bool:
    kinds = ("own", "formulas") if formulas else ("own",)
    return column.kind in kinds and bool(header_name(column.header)) and not _is_too_long(column)


def _is_too_long(column: UnknownColumn) -> bool:
    return len(column.header) > LONGEST


def carry(table: TableSchema, part: TableData, *, formulas: bool = False) -> None:
    """Makes columns of registered headers columns of their fields; of several the first.

    Whichever holds something would not do: a primary's own cells, once cleared by a merge, would
    hand the field to the other column, whose content is in no journal. With `formulas` (in a
    primary) a column is its field's still when formulas have taken the place of its texts: they
    count as what they show, and the field needs no second column.
    """
    extras = active_extras(table)
    if not extras or not part.unknown_columns:
        return
    chosen: dict[str, int] = {}
    found = list(_found(part))
    for i, (column, _) in enumerate(found):
        field = extra_id(column.header)
        if field in extras and _can_be_carried(column, formulas=formulas):
            chosen.setdefault(field, i)
    for field, i in chosen.items():
        column, texts = found[i]
        part.values[field] = [extra_value(text) for text in texts]
        part.columns = (*part.columns, Column(field, column.header, column.index))
    _keep_only(part, set(chosen.values()))


def _keep_only(part: TableData, carried: set[int]) -> None:
    """What was not carried stays unknown."""
    left = [n for n in range(len(part.unknown_columns)) if n not in carried]
    names = list(part.extras)
    part.extras = {names[n]: part.extras[names[n]] for n in left}
    part.unknown_columns = tuple(part.unknown_columns[n] for n in left)


def extra_value(text: str | None) -> Value:
    """A cell's text as it stands; an error or an over-long text is no value."""
    if text is None:
        return None
    if len(text) > CELL_LIMIT:
        return Invalid(text, "cell.too_long")
    return Invalid(text, "cell.error") if is_error_text(text) else text


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column with content that was not carried: its first cell, what is said, what it holds."""

    row: int
    column: int
    told: Message
    content: str
    is_entry: bool  # somebody typed it: not formulas, nor what a field held that is no more


def left_out(session: Session, table: TableSchema, part: TableData) -> Iterator[LeftOut]:
    """Columns with content that were not carried, and why."""
    for column, texts in _found(part):
        name = mapping_name(part.ledger, table.id, header_name(column.header))
        gone = name in session.catalog.gone
        if any(texts) and (gone or session.catalog.mappings.get(name) != IGNORED):
            filled = [row for row, text in zip(part.rows, texts, strict=True) if text]
            is_of_all = bool(column.header) and column.kind != "serial"
            row = max(part.header_rows, default=1) if is_of_all else filled[0]
            content = sha256(repr(texts).encode()).hexdigest()[:16]
            reason = message("台账里已没有这一项") if gone else _reason(table, column)
            told = _told(column, len(filled), reason)
            is_entry = column.kind != "formulas" and not gone
            yield LeftOut(row, column.index, told, content, is_entry)


def _told(column: UnknownColumn, filled: int, reason: Message) -> Message:
    shown = message("{letters}列", letters=column_letters(column.index))
    if column.header:
        shown = message("“{header}”", header=column.header)
    return counted(
        "{column}的 {n} 格没有并入：{reason}",
        filled,
        column=shown,
        reason=reason,
    )


def _reason(table: TableSchema, column: UnknownColumn) -> Message:
    """Why, and what to do."""
    if column.kind == "repeated":
        return message("与另一列指同一项，已采用另一列；请把内容并到那一列，删去这一列")
    if column.kind == "serial":
        return message("这一列只放序号；请把文字写到备注或单独的一列")
    if column.kind == "formulas":
        return message("整列是公式")
    if column.kind == "bare" or not header_name(column.header):
        return message("没有表头；请补上表头，不要的清空")
    if _is_too_long(column):
        return counted("表头超过 {n} 个字，请写短", LONGEST)
    if extra_id(column.header) in active_extras(table):
        return message("与另一列的表头相同；请改表头，或把内容并到那一列")
    most = most_columns(table)
    return counted("这张表自己加的列已有 {n} 列，不能再多", most)


def shown_columns(table: TableSchema, rows: Rows) -> tuple[TableSchema, Rows]:
    """A table for a new sheet: of the added columns only those that hold something in these rows.

    The rows fit the table that comes with them.
    """
    if not table.extras:
        return table, rows
    at = [
        i
        for i, f in enumerate(table.fields)
        if not f.is_extra or any(row[i] is not None for row in rows.values())
    ]
    if len(at) == len(table.fields):
        return table, rows
    narrow = table.changed(fields=tuple(table.fields[i] for i in at))
    return narrow, {r: tuple([row[i] for i in at]) for r, row in rows.items()}


def shown_ledger(
    ledger: LedgerSchema, visible: dict[str, Rows]
) -> tuple[LedgerSchema, dict[str, Rows]]:
    """`shown_columns` of every table."""
    shown = {t.id: shown_columns(t, visible[t.id]) for t in ledger.tables}
    if all(shown[t.id][0] is t for t in ledger.tables):
        return ledger, visible
    tables = [table for table, _ in shown.values()]
    return ledger.changed(tables=tuple(tables)), {name: rows for name, (_, rows) in shown.items()}
