"""The worksheet functions that look into the workspace: its snapshot answers, nobody waits."""

from datetime import date

from ledgersync.messages import message
from ledgersync.plugin import schemas
from ledgersync.plugin.grid import Answer, Cell, Reply, cell_of, each, refusal, text_of
from ledgersync.plugin.reader import Hit, SnapshotReader, above, current
from ledgersync.plugin.record_keys import lookup_key
from ledgersync.schema import LedgerSchema, TableKey, TableSchema, header_key
from ledgersync.schema.roles import Subject
from ledgersync.values import shown
from ledgersync.values.text import is_blank, typed

_NO_WORKSPACE = refusal(
    "workspace.missing",
    message("这台电脑还没有连上工作区，请运行 ledgersync addin install 或联系台账管理员"),
)
_NOT_FOUND = refusal("lookup.none", message("没有这条记录"))
_AMBIGUOUS = refusal("lookup.ambiguous", message("不止一条记录，请用证号或身份证号查"))


def lookup(ledger: object, key: object, field: object) -> Reply:
    """A field of the record that each key names."""
    reader, schema, table = _place(text_of(ledger))
    if reader is None or not isinstance(schema, LedgerSchema):
        return _NO_WORKSPACE if reader is None else str(schema)
    wanted = header_key(text_of(field))

    def answer(cell: Cell) -> Answer:
        if is_blank(cell):
            return ""
        hits = [
            hit
            for hit in reader.hits(schema.id, typed(cell), table)
            if _position(schema.by_id[hit.table], wanted) is not None
        ]
        if len({hit.record for hit in hits}) > 1:
            return _AMBIGUOUS
        return _value(reader, schema, hits[0], wanted) if hits else _missing(schema, table, wanted)

    return each(key, answer)


def _place(name: str) -> tuple[SnapshotReader | None, LedgerSchema | str, str]:
    """Snapshot, ledger and table id (or none) that `低保` or `低保.低保家庭成员` means."""
    reader = current()
    if reader is None:
        return None, _NO_WORKSPACE, ""
    ledger, _, table = name.partition(".")
    schema = schemas.find_ledger(ledger)
    if isinstance(schema, str) or not table:
        return reader, schema, ""
    found = schemas.find_table(ledger, table)
    return (reader, found, "") if isinstance(found, str) else (reader, schema, found.id)


def _position(table: TableSchema, wanted: str) -> int | None:
    """Where the field of this id or header stands in the table's rows."""
    field = table.by_id.get(wanted) or table.header_index.get(wanted)
    return None if field is None else table.position[field.id]


def _value(reader: SnapshotReader, schema: LedgerSchema, hit: Hit, wanted: str) -> Answer:
    position = _position(schema.by_id[hit.table], wanted)
    assert position is not None
    return cell_of(reader.row(schema.id, hit)[position])


def _missing(schema: LedgerSchema, table: str, wanted: str) -> str:
    tables = [schema.by_id[table]] if table else list(schema.tables)
    if all(_position(t, wanted) is None for t in tables):
        return refusal("field.unknown", message("{workbook}没有这一列", workbook=schema.workbook))
    return _NOT_FOUND


def exists(ledger: object, key: object) -> Reply:
    """Whether each key names a record."""
    reader, schema, table = _place(text_of(ledger))
    if reader is None or not isinstance(schema, LedgerSchema):
        return _NO_WORKSPACE if reader is None else str(schema)

    def answer(cell: Cell) -> Answer:
        return not is_blank(cell) and bool(reader.hits(schema.id, typed(cell), table))

    return each(key, answer)


def last_visit(who: object) -> Reply:
    """The day of the last visit to each person, named by id number or by name."""
    reader = current()
    if reader is None:
        return _NO_WORKSPACE
    return each(who, lambda cell: _last_visit(reader, cell))


def _last_visit(reader: SnapshotReader, cell: Cell) -> Answer:
    if is_blank(cell):
        return ""
    hits = {
        hit.record: (key, role, hit)
        for key, role in _visited(reader)
        for hit in reader.hits(key[0], typed(cell), key[1])
    }
    if len(hits) > 1:
        return _AMBIGUOUS
    name, address = _person(reader, *next(iter(hits.values()), (None, None, None)))
    key = lookup_key(typed(cell))
    found = reader.all(
        "SELECT max(day), count(DISTINCT address) FROM visited WHERE id = ?"
        " OR (id = '' AND name = ? AND address = ?) OR (? AND name = ?)",
        *(key, name, address, not hits, key),
    )
    day, homes = found[0]
    if day is None:
        return refusal("visit.none", message("没有走访记录"))
    return _AMBIGUOUS if not hits and not key[:1].isdigit() and homes > 1 else _day(day)


def _visited(reader: SnapshotReader) -> list[tuple[TableKey, Subject]]:
    """The tables of people whose cycle is one of visits."""
    return [(key, role) for key, role in reader.catalog.subjects() if not role.reviewed]


def _person(
    reader: SnapshotReader, key: TableKey | None, role: Subject | None, hit: Hit | None
) -> tuple[str, str]:
    """Name and address of somebody to be visited, as visits may name them."""
    if key is None or role is None or hit is None:
        return "\0", "\0"
    table = reader.catalog.table(key[0], hit.table)
    row = reader.row(key[0], hit)
    fields = (role.name, role.address)
    name, address = (lookup_key(shown(row[table.position[f]])) for f in fields)
    return (name, address) if name and address else ("\0", "\0")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def due(who: object, ledger: object = None) -> Reply:
    """When each person is to be visited next (重点人员), or a household reviewed (低保)."""
    reader, schema, _ = _place(text_of(ledger) or _first_visited())
    if reader is None or not isinstance(schema, LedgerSchema):
        return _NO_WORKSPACE if reader is None else str(schema)
    return each(who, lambda cell: _due(reader, schema.id, cell))


def _first_visited() -> str:
    """The ledger of people that is meant where none is named."""
    reader = current()
    return next((key[0] for key, _ in _visited(reader)), "") if reader else ""


def _due(reader: SnapshotReader, ledger: str, cell: Cell) -> Answer:
    if is_blank(cell):
        return ""
    records = {hit.record for hit in reader.hits(ledger, typed(cell))}
    if len(records) != 1:
        return _AMBIGUOUS if records else _NOT_FOUND
    found = reader.all("SELECT day FROM due WHERE ledger = ? AND record = ?", ledger, records.pop())
    if not found:
        return refusal("due.none", message("没有周期，或不再在册"))
    return _day(found[0][0])


def conflicts(ledger: object = None) -> Reply:
    """How many conflicts are open, in a ledger or in all."""
    reader = current()
    if reader is None:
        return _NO_WORKSPACE
    name = text_of(ledger)
    schema = schemas.find_ledger(name) if name else None
    if isinstance(schema, str):
        return schema
    wanted = schema.id if schema else ""
    ((count,),) = reader.all(
        "SELECT count(*) FROM conflict WHERE ? = '' OR ledger = ?", wanted, wanted
    )
    return int(count)


def figure(indicator: object, period: object, unit: object = None) -> Reply:
    """A figure of the last roll-up, for each indicator; without a unit the workspace's own.

    What the community has not rolled up itself is looked for where its district has, as long as
    the one's folder lies in the other's.
    """
    reader = current()
    if reader is None:
        return _NO_WORKSPACE
    when, code = text_of(period).upper(), reader.unit_code(text_of(unit))
    known = _figures(reader, when, code)
    for office in above(reader.path):
        known = _figures(office, when, office.unit_code(code)) | known
    missing = _no_figure(reader, when, code)
    return each(
        indicator,
        lambda cell: (
            known.get(_indicator_id(reader, name), missing) if (name := typed(cell).strip()) else ""
        ),
    )


def _figures(reader: SnapshotReader, period: str, unit: str) -> dict[str, Answer]:
    """By indicator, what a roll-up has of a unit; a small count that is hidden as ＊."""
    found = reader.all(
        "SELECT indicator, value, suppressed FROM figure WHERE period = ? AND unit = ?"
        " AND (value IS NOT NULL OR suppressed)",
        *(period, unit),
    )
    return {name: "＊" if hidden else float(value) for name, value, hidden in found}


def _no_figure(reader: SnapshotReader, period: str, unit: str) -> Answer:
    """What is missing, and where it would come from."""
    there = reader.all("SELECT DISTINCT period FROM figure WHERE unit = ? ORDER BY period", unit)
    periods = [text for (text,) in there]
    if period in periods:
        return refusal("figure.missing", message("这一期汇总里没有这个指标的数"))
    if periods:
        told = message("这一期还没有汇总；已有：{periods}", periods="、".join(periods[-6:]))
        return refusal("figure.missing", told)
    return refusal(
        "figure.missing",
        message(
            "这里没有汇总过 {unit} 的数：请在它的工作区运行 ledgersync rollup --period {period}，"
            "或到汇总了它的街道、区的工作区去查",
            unit=unit,
            period=period,
        ),
    )


def _indicator_id(reader: SnapshotReader, name: str) -> str:
    """An indicator by its Chinese name, or the id itself."""
    named = (i.id for schema in reader.catalog for i in schema.indicators if i.name == name)
    return next(named, name)
