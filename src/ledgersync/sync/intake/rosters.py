"""A roster in the inbox: read row by row, each member of a household would be a household."""

from pathlib import Path

from ledgersync.messages import Message, message
from ledgersync.model import TableData, WorkbookData
from ledgersync.schema import LedgerSchema
from ledgersync.sync.session import Session

_SHOWN = 12  # rows that a message names


def told_of_roster(
    session: Session, data: WorkbookData, path: Path, file: str, password: str | None
) -> Message | None:
    """What to do with a file whose rows are of two tables, None for one that merges as it is.

    Only where rows of the upper table lack what it needs is the file looked at again.
    """
    if data.stamp is not None or not any(_has_gaps(session, t) for t in data.tables):
        return None
    from ledgersync.workbook.foreign.two import with_two_tables  # few files have such gaps

    both = with_two_tables(data, path, session.workspace.catalog, session.today, password)
    for table in data.tables:
        pair = [t for t in both.tables if t.sheet == table.sheet]
        upper = next((t for t in pair if t.table == table.table), None)
        lower = next((t for t in pair if t.table != table.table), None)
        if upper is None or lower is None or len(upper.rows) >= len(table.rows):
            continue
        rows = sorted(set(table.rows) - set(upper.rows))
        return _told(
            session, session.catalog.ledgers[table.ledger], (upper, lower), rows, file, path
        )
    return None


def _has_gaps(session: Session, table: TableData) -> bool:
    """Rows that lack several things which the table needs, though it has columns for them."""
    needed = [f.id for f in session.catalog.table(table.ledger, table.table).required]
    columns = [table.values[name] for name in needed if name in table.values]
    return any(sum(v is None for v in row) > 1 for row in zip(*columns, strict=True))


def _told(
    session: Session, ledger: LedgerSchema, pair: tuple[TableData, TableData],
    rows: list[int], file: str, path: Path,
) -> Message:  # fmt: skip
    upper, lower = (ledger.by_id[t.table].sheet for t in pair)
    shown = [*map(str, rows[:_SHOWN]), *(["…"] if len(rows) > _SHOWN else [])]
    if any(session.state(ledger).values()):
        return message(
            "{file} 把{upper}和{lower}合在一张表里（第 {rows} 行只有{lower}），逐行合并会把每一行都"
            "当成{upper}，没有合并；原件已存档。{workbook}已有记录，请把两样分开填到副本的“{upper}”"
            "“{lower}”两张工作表里再交。",
            file=file, upper=upper, lower=lower, rows=shown, workbook=ledger.workbook,
        )  # fmt: skip
    return message(
        "{file} 把{upper}和{lower}合在一张表里（第 {rows} 行只有{lower}），逐行合并会把每一行都"
        "当成{upper}，没有合并；原件已存档。下一步：ledgersync adopt {ledger:sh} {path:sh}",
        file=file, upper=upper, lower=lower, rows=shown, ledger=ledger.name,
        path=str(path),
    )  # fmt: skip
