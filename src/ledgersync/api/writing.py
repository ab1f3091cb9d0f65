"""`to_workbook`: a frame as a ledger workbook with its checks, so that it can go back to staff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledgersync.api.books import catalog_of
from ledgersync.errors import UsageFault
from ledgersync.files import atomic_write
from ledgersync.messages import message
from ledgersync.model import Row
from ledgersync.schema import Catalog, FieldSchema, LedgerSchema, TableSchema
from ledgersync.schema.headers import header_key
from ledgersync.values import CellParser
from ledgersync.workbook.build import RESERVED_ROWS, SheetRows, ledger_workbook, record_ids

if TYPE_CHECKING:
    import pandas as pd

_MASKED = frozenset({"name", "id_number", "phone", "account", "address"})


def to_workbook(
    frame: pd.DataFrame,
    path: str | Path,
    *,
    ledger: str,
    table: str | None = None,
    unit: str = "",
    ledgers: str | Path | None = None,
) -> Path:
    """Writes a frame as a workbook of a ledger, with its checks, lists and empty rows.

    Columns are field ids or headers, values as `read` gives them; an index (or column) `record`
    keeps the records' ids, so that what comes back is merged onto them; a value that differs from
    what is there by then is a conflict for somebody to decide.
    Without `table` it is the one that has all columns. Raises UsageFault
    for a column that no table has, and for masked values, which would overwrite the true ones.

    >>> import pandas as pd
    >>> todo = pd.DataFrame({"户址": ["3号楼2-101"], "下次走访日期": ["2022-07-15"]})
    >>> path = ls.to_workbook(todo, "待走访.xlsx", ledger="visit")
    >>> ls.read(path)["visit.visits"].to_frame()[["household", "next_visit"]].iloc[0].tolist()
    ['3号楼2-101', Timestamp('2022-07-15 00:00:00')]
    """
    from ledgersync.workspace import clock

    catalog, today = catalog_of(ledgers), clock.today()
    found = catalog.ledger(ledger.partition(".")[0])
    schema = _table(found, table or ledger.partition(".")[2], list(map(str, frame.columns)))
    fields = _fields(schema, list(map(str, frame.columns)))
    _refuse_masked(schema, frame, fields)
    target = Path(path)
    rows = SheetRows(tuple(_records(frame, schema, fields, today)), _spare())
    atomic_write(target, _built(found, catalog, schema, rows, unit, today), private=True)
    return target


def _built(
    ledger: LedgerSchema,
    catalog: Catalog,
    schema: TableSchema,
    rows: SheetRows,
    unit: str,
    today: date,
) -> bytes:
    sheets = {t.id: rows if t.id == schema.id else SheetRows((), _spare()) for t in ledger.tables}
    return ledger_workbook(
        ledger, catalog, kind="template", unit=unit, rows=sheets, stamp=None, today=today
    )


def _spare() -> tuple[str, ...]:
    return tuple(islice(record_ids(), RESERVED_ROWS))


def _table(ledger: LedgerSchema, name: str, columns: Sequence[str]) -> TableSchema:
    """The table of this name, else the first that has all columns, else the one that has most."""
    if name:
        found = next((t for t in ledger.tables if name in (t.id, t.sheet)), None)
        if found is None:
            raise UsageFault(
                message("{ledger}里没有名为“{name}”的表。", ledger=ledger.workbook, name=name),
                message("可用的表：{tables}。", tables=[t.id for t in ledger.tables]),
            )
        return found
    return max(ledger.tables, key=lambda t: sum(_field(t, c) is not None for c in columns))


def _field(table: TableSchema, column: str) -> FieldSchema | None:
    return table.by_id.get(column) or table.header_index.get(header_key(column))


def _fields(table: TableSchema, columns: Sequence[str]) -> dict[str, str]:
    """Column by field id. Raises UsageFault for a column that is none, or one field's twice."""
    found: dict[str, str] = {}
    unknown = []
    for column in columns:
        field = _field(table, column)
        if field is not None and field.id not in found:
            found[field.id] = column
        elif column != "record":
            unknown.append(column)
    if unknown:
        raise UsageFault(
            message(
                "“{sheet}”里没有这些列，或写了两次：{names}。", sheet=table.sheet, names=unknown
            ),
            message("请先去掉或改名；可用的列：{fields}。", fields=list(table.field_ids)),
        )
    return found


def _refuse_masked(table: TableSchema, frame: pd.DataFrame, fields: dict[str, str]) -> None:
    """A masked name that goes back to staff would come in as the name."""
    for name, column in fields.items():
        field = table.by_id[name]
        if (
            field.privacy in _MASKED
            and frame[column].astype("string").str.contains("*", regex=False).any()
        ):
            raise UsageFault(
                message("“{header}”这一列是打了码的，写回去会盖掉原来的值。", header=field.header),
                message("请用 table(…, unmask=理由) 取不打码的，或去掉这一列。"),
            )


def _records(
    frame: pd.DataFrame, table: TableSchema, fields: dict[str, str], today: date
) -> Iterator[tuple[str, Row]]:
    count, fresh = len(frame), record_ids()
    columns = []
    for f in table.fields:
        parse = CellParser(f, today)
        raw = [plain(v) for v in frame[fields[f.id]].tolist()] if f.id in fields else []
        columns.append([parse(v).value for v in raw] if raw else [None] * count)
    for record, row in zip(_ids(frame), zip(*columns, strict=True), strict=True):
        yield record or next(fresh), row


def _ids(frame: pd.DataFrame) -> list[str | None]:
    """The record ids that the frame carries."""
    given: list[Any] = [None] * len(frame)
    if frame.index.name == "record":
        given = frame.index.tolist()
    elif "record" in frame.columns:
        given = frame["record"].tolist()
    return [v if isinstance(v, str) and v else None for v in given]


def plain(value: Any) -> Any:
    """What pandas and numpy hold, as a cell holds it: nothing, a day, a text, a number."""
    import pandas as pd

    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value)) or None
    if value is None or pd.isna(value):
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date()
    return value
