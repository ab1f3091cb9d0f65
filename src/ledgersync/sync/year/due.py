"""Which rows of the primaries go when a year is closed, and which stay.

Rows of the tables that a ledger file calls `yearly` go by their date, with the matter ended where
the file asks for that; others go with the row that they refer to. A row stays as long as one that
stays refers to it, so that nothing in the primary leads nowhere.
"""

from collections.abc import Mapping
from datetime import date

from ledgersync.model import Row, Rows
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.session import Session

Going = dict[str, dict[str, int]]
"""By table: the year of each record that goes."""


def going(session: Session, ledger: LedgerSchema, last: date) -> Going:
    """The records of a ledger that rest after `last`, by table; yearly tables only."""
    rows = session.shown(ledger)
    dated = {t.id: _by_date(t, rows[t.id], last) for t in ledger.tables if t.yearly}
    kept: dict[str, set[str]] = {name: set() for name in dated}
    while True:
        found = _with_followers(session, ledger, rows, _without(dated, kept))
        more = {t: _wanted(ledger, rows, found, t) & found[t].keys() for t in found}
        if not any(more.values()):
            return found
        for name, records in more.items():
            kept[name] |= records


def _by_date(table: TableSchema, rows: Rows, last: date) -> dict[str, int]:
    rule = table.yearly
    if rule is None or rule.date is None:
        return {}
    at = table.position[rule.date]
    return {
        record: day.year
        for record, row in rows.items()
        if isinstance(day := row[at], date) and day <= last and _is_ended(table, row)
    }


def _is_ended(table: TableSchema, row: Row) -> bool:
    ended = table.yearly.ended if table.yearly else None
    return ended is None or row[table.position[ended.field]] in ended.values


def _without(dated: Going, kept: Mapping[str, set[str]]) -> Going:
    return {
        name: {record: year for record, year in records.items() if record not in kept[name]}
        for name, records in dated.items()
    }


def _with_followers(
    session: Session, ledger: LedgerSchema, rows: Mapping[str, Rows], found: Going
) -> Going:
    """Rows whose parent goes, or rests already, go with it."""
    for table in ledger.tables:
        field = table.yearly.follows if table.yearly else None
        ref = table.by_id[field].ref if field else None
        if not (field and ref):
            continue
        parents = _years_by_key(session, ledger, ref, found)
        at = table.position[field]
        found[table.id] = {
            r: parents[row[at]] for r, row in rows[table.id].items() if row[at] in parents
        }
    return found


def _years_by_key(
    session: Session, ledger: LedgerSchema, ref: str, found: Going
) -> dict[object, int]:
    """The year of each parent that goes or rests, by the value that others refer to it with."""
    name, parent, target = ref.split(".")
    if name != ledger.id or parent not in found:
        return {}
    years = {**session.journal.years.resting(ledger.id, parent), **found[parent]}
    rows, at = session.journal.state.rows(ledger.id, parent), ledger.by_id[parent].position[target]
    return {rows[r][at]: year for r, year in years.items() if r in rows and rows[r][at] is not None}


def _wanted(ledger: LedgerSchema, rows: Mapping[str, Rows], found: Going, parent: str) -> set[str]:
    """Records of a table to which rows that stay refer."""
    wanted: set[str] = set()
    for table, f, ref in ledger.references():
        _, name, target = ref.split(".")
        if ref.split(".")[0] != ledger.id or name != parent or table.id not in found:
            continue
        at = table.position[f.id]
        named = {row[at] for r, row in rows[table.id].items() if r not in found[table.id]}
        key = ledger.by_id[parent].position[target]
        wanted |= {r for r, row in rows[parent].items() if row[key] in named and row[key]}
    return wanted
