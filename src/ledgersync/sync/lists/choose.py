"""Who fits: the records of one table that conditions hold for, in an order that people read."""

from collections.abc import Mapping, Sequence
from datetime import date

from ledgersync.checks.cross import last_visits
from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.messages import Message, message
from ledgersync.model import Row, Rows
from ledgersync.schema import Catalog, LedgerSchema, TableSchema
from ledgersync.sync.lists.asked import Asked, Condition
from ledgersync.sync.lists.conditions import conditions_in
from ledgersync.sync.session import Session


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows that fit, by record; `unknown` are those whose cells do not tell."""

    ledger: LedgerSchema
    table: TableSchema
    conditions: tuple[Condition, ...]
    rows: Rows
    unknown: Rows
    last_visits: Mapping[str, date] | None = None

    @property
    def words(self) -> list[Message]:
        return [c.words for c in self.conditions]


def table_named(catalog: Catalog, name: str) -> tuple[LedgerSchema, TableSchema]:
    """A table by `ledger.table`, its sheet, or its ledger where that has one. Raises UsageFault."""
    wanted, found = name.strip(), []
    for ledger, table in catalog.tables():
        if wanted in (f"{ledger.id}.{table.id}", table.sheet, f"{ledger.workbook}·{table.sheet}"):
            return ledger, table
        if wanted in (ledger.id, ledger.name, ledger.workbook, table.id):
            found.append((ledger, table))
    if found:
        return found[0]
    raise UsageFault(message("没有名为“{name}”的表。", name=name), _meant(catalog, wanted))


def _meant(catalog: Catalog, text: str) -> Message:
    """What to write instead of a table that is none: most likely it is a condition."""
    sheets = [t.sheet for _, t in catalog.tables()]
    known = next((t.sheet for _, t in catalog.tables() if _is_condition(t, text)), None)
    if known is None:
        return message("可用的表：{tables}。", tables=sheets)
    return message(
        "先写表，再写条件：ledgersync export {known:sh} --where {text:sh}；可用的表：{tables}。",
        known=known,
        text=text,
        tables=sheets,
    )


def _is_condition(table: TableSchema, text: str) -> bool:
    """Whether a list of this table may be asked for in these words."""
    visits: dict[str, date] | None = {} if table.subject is not None else None
    try:
        return bool(conditions_in(text, Asked(table, date.max, (), visits)))
    except UsageFault:
        return False


def choose(
    session: Session, ledger: LedgerSchema, table: TableSchema, where: Sequence[str]
) -> Chosen:
    """The records of a table for which every condition holds. Raises UsageFault."""
    state = session.journal.state.rows(ledger.id, table.id)
    visits = _visits(session, ledger, table)
    asked = Asked(table, session.today, grids_in(table, state), visits)
    conditions = tuple(c for text in where for c in conditions_in(text, asked))
    rows: Rows = {}
    unknown: Rows = {}
    for record, row in state.items():
        told = [c.holds(record, row) for c in conditions]
        if False not in told:
            (unknown if None in told else rows)[record] = row
    return Chosen(ledger, table, conditions, _sorted(table, rows), _sorted(table, unknown), visits)


def grids_in(table: TableSchema, rows: Rows) -> list[str]:
    """The grids that occur in a table."""
    at = table.position.get("grid")
    if at is None:
        return []
    return sorted({str(row[at]) for row in rows.values() if isinstance(row[at], str)})


def _visits(session: Session, ledger: LedgerSchema, table: TableSchema) -> dict[str, date] | None:
    if table.subject is None:
        return None
    tables = {
        (known.id, t.id): session.journal.state.rows(known.id, t.id)
        for known, t in session.catalog.tables()
    }
    return last_visits(tables, session.catalog, (ledger.id, table.id), session.today)


def _sorted(table: TableSchema, rows: Rows) -> Rows:
    """By grid, then by address, then as in the ledger; what is empty comes last."""
    at = [table.position[name] for name in ("grid", "address") if name in table.position]

    def place(item: tuple[str, Row]) -> list[tuple[bool, str]]:
        return [(item[1][i] is None, str(item[1][i] or "")) for i in at]

    return dict(sorted(rows.items(), key=place))
