"""Of a snapshot: the last visit of each person, and when the next visit or review is due."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TypeVar

from ledgersync.checks.cycles import Cycle, cycle_of
from ledgersync.model import Row, Rows, Value
from ledgersync.plugin.record_keys import lookup_key
from ledgersync.schema import Catalog, TableKey, TableSchema
from ledgersync.schema.roles import Register, Subject
from ledgersync.values import shown

K = TypeVar("K")
Touched = Mapping[TableKey, Collection[str]]
"""The records that changed, by table."""


def write_visit_days(
    db: sqlite3.Connection,
    tables: Mapping[TableKey, Rows],
    catalog: Catalog,
    touched: Touched | None,
) -> None:
    """Fills `visited` and `due`; with `touched`, only what follows from these records is new.

    Another visit may be anybody's, so that all people are looked at again after one.
    """
    visits = LastVisits(tables, catalog)
    news = touched is None or any(touched.get(key) for key, _ in catalog.registers())
    if news:
        db.execute("DELETE FROM visited")
        db.executemany(
            "INSERT INTO visited VALUES (?, ?, ?, ?)",
            ((*who, day.isoformat()) for who, day in visits.by_person.items()),
        )
    for key, role in catalog.subjects():
        due = _Due(key[0], catalog.table(*key), role, visits)
        rows, changed = tables.get(key, {}), None if touched is None else touched.get(key, ())
        if changed is not None and (role.reviewed or not news):
            rows = {r: rows[r] for r in changed if r in rows}
        gone = ((key[0], record) for some in (changed or (), rows) for record in some)
        if changed is not None:
            db.executemany("DELETE FROM due WHERE ledger = ? AND record = ?", gone)
        db.executemany("INSERT INTO due VALUES (?, ?, ?)", due.of(rows))


class LastVisits:
    """The last day on which each person was visited: by id, else by name and address."""

    def __init__(self, tables: Mapping[TableKey, Rows], catalog: Catalog) -> None:
        self._tables, self._catalog = tables, catalog

    @cached_property
    def by_person(self) -> dict[tuple[str, str, str], date]:
        """By id number, name and home, each as `lookup_key` makes them."""
        found: dict[tuple[str, str, str], date] = {}
        for key, role in self._catalog.registers():
            _read(found, self._tables.get(key, {}), self._catalog.table(*key), role)
        return found

    @cached_property
    def _by_id(self) -> dict[str, date]:
        days: dict[str, date] = {}
        for (person, _, _), day in self.by_person.items():
            if person:
                _keep_later(days, person, day)
        return days

    @cached_property
    def _by_home(self) -> dict[tuple[str, str], date]:
        days: dict[tuple[str, str], date] = {}
        for (person, name, home), day in self.by_person.items():
            if not person and name and home:
                _keep_later(days, (name, home), day)
        return days

    def of(self, person: str, name: str, home: str) -> date | None:
        """All three as `lookup_key` makes them."""
        found = [self._by_id.get(person) if person else None, self._by_home.get((name, home))]
        return max((day for day in found if day), default=None)


def _read(
    found: dict[tuple[str, str, str], date], rows: Rows, table: TableSchema, role: Register
) -> None:
    at = [table.position[f] for f in (role.id_number, role.address, *role.names)]
    when = table.position[role.date]
    for row in rows.values():
        day = row[when]
        if isinstance(day, date):
            person, home, *names = (lookup_key(shown(row[i])) for i in at)
            _keep_later(found, (person, next(filter(None, names), ""), home), day)


def _keep_later(days: dict[K, date], key: K, day: date) -> None:
    if key not in days or days[key] < day:
        days[key] = day


class _Due:
    """When the people of one table are due."""

    def __init__(self, ledger: str, table: TableSchema, role: Subject, visits: LastVisits) -> None:
        self._ledger, self._table, self._role, self._visits = ledger, table, role, visits

    def of(self, rows: Rows) -> Iterator[tuple[str, str, str]]:
        """From the last visit, of reviews from the last review; else from the beginning."""
        states = (None, *self._role.active, *self._role.grace)
        status = self._table.position[self._role.status]
        for record, row in rows.items():
            if row[status] in states and (day := self._next(row)):
                yield self._ledger, record, day.isoformat()

    def _next(self, row: Row) -> date | None:
        role = self._role
        last = self._value(row, role.reviewed) if role.reviewed else self._visited(row)
        last = last or self._value(row, role.since)
        cycle = self._cycle(self._value(row, role.cycle))
        return cycle.after(last) if isinstance(last, date) and cycle else None

    def _visited(self, row: Row) -> date | None:
        who = (self._role.id_number, self._role.name, self._role.address)
        return self._visits.of(*(lookup_key(shown(self._value(row, f))) for f in who))

    def _value(self, row: Row, field: str) -> Value:
        return row[self._table.position[field]]

    def _cycle(self, value: Value) -> Cycle | None:
        return cycle_of(self._table.by_id[self._role.cycle], value)
