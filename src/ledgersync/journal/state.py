"""The state of every table: now, and as it was after any revision."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date

from ledgersync.journal.columns import LARGE, ColumnStore, is_outdated
from ledgersync.journal.database.reading import moment
from ledgersync.journal.log import LoggedOperation, RevisionLog
from ledgersync.journal.rows import RowDecoder, decode_record, dumps, encode_row, fitted, is_odd
from ledgersync.merge import KeyReader, Owners, Step
from ledgersync.model import Row, Rows
from ledgersync.schema import Catalog, TableKey, TableSchema
from ledgersync.values import from_json

_AT_ONCE = 4000


class StateTable:
    """Table `record`: a cache of the operations, which `replay` makes again from nothing."""

    def __init__(self, connection: sqlite3.Connection, catalog: Catalog, log: RevisionLog) -> None:
        self._db = connection
        self._catalog = catalog
        self._log = log
        self._columns = ColumnStore(connection)
        self._cache: dict[tuple[str, str], Rows] = {}
        self._owners: dict[tuple[str, str], Owners] = {}
        self._version = -1

    def rows(self, ledger: str, table: str) -> Rows:
        """The records of a table as they are now, by record id; not to be changed."""
        self._forget_if_others_wrote()
        cached = self._cache.get((ledger, table))
        if cached is None:
            cached = self._cache[ledger, table] = self._load(ledger, table)
        return cached

    def owners(self, ledger: str, table: str) -> Owners:
        """Who owns which key among the records as they are now."""
        rows, schema = self.rows(ledger, table), self._catalog.table(ledger, table)
        known = self._owners.get((ledger, table))
        if known is None:
            known = self._owners[ledger, table] = Owners(KeyReader(schema), rows)
        return known

    def _forget_if_others_wrote(self) -> None:
        version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
        if version != self._version:
            self.forget()
            self._version = version

    def _load(self, ledger: str, table: str) -> Rows:
        schema = self._catalog.table(ledger, table)
        with moment(self._db):
            revision = self._columns.revision((ledger, table), schema)
            rows = None if revision is None else self._columns.rows((ledger, table), schema)
            if revision is None or rows is None:
                return self.stored(ledger, table)
            return self._brought_up(ledger, table, rows, revision)

    def stored(self, ledger: str, table: str, among: Sequence[str] | None = None) -> Rows:
        """The records as table `record` has them, or those of them that are among these.

        Decoded some thousand rows at a time, so that the texts are never all in memory.
        """
        decoder, rows = RowDecoder(self._catalog.table(ledger, table)), Rows()
        cursor = self._db.cursor()
        cursor.row_factory = None
        some = "" if among is None else " AND record IN (SELECT value FROM json_each(?))"
        cursor.execute(
            "SELECT record, row, odd FROM record WHERE ledger = ? AND tbl = ?"
            f"{some} ORDER BY rowid",
            (ledger, table, *([] if among is None else [dumps(among)])),
        )
        while stored := cursor.fetchmany(_AT_ONCE):
            rows.update(decoder.many(stored))
        return rows

    def _brought_up(self, ledger: str, table: str, rows: Rows, revision: int) -> Rows:
        """The records of a revision with what was written since; new ones follow in order."""
        written = self._written_since(ledger, table, revision)
        now = self.stored(ledger, table, list(written)) if written else {}
        for record, is_new in written.items():
            if is_new or record not in now:
                rows.pop(record, None)
        rows.update(now)
        return rows

    def _written_since(self, ledger: str, table: str, revision: int) -> dict[str, bool]:
        """Records that were written after a revision, and whether one was added then."""
        found = self._db.execute(
            "SELECT record, max(kind = 'add') FROM operation"
            " WHERE ledger = ? AND revision > ? AND tbl = ? GROUP BY record",
            (ledger, revision, table),
        )
        return {record: bool(is_new) for record, is_new in found.fetchall()}

    def without_columns(self) -> list[TableKey]:
        """The large tables of those loaded whose columns lack too much of what was written."""
        return [key for key, rows in self._cache.items() if self._lacks_columns(key, len(rows))]

    def _lacks_columns(self, key: TableKey, size: int) -> bool:
        if size < LARGE:
            return False
        revision = self._columns.revision(key, self._catalog.table(*key))
        return revision is None or is_outdated(size, len(self._written_since(*key, revision)))

    def keep_columns(self, key: TableKey) -> None:
        """Keeps a table by column as it is now, within a transaction of its own."""
        schema, rows = self._catalog.table(*key), self.rows(*key)
        self._columns.keep(key, schema, rows, self._log.last)

    def rows_at(self, ledger: str, table: str, revision: int) -> Rows:
        """The records as they were after `revision`: today's, with later operations taken back."""
        rows = self.rows(ledger, table)
        later = [o for o in self._log.operations(after=revision, ledger=ledger) if o.table == table]
        return _taken_back(self._catalog.table(ledger, table), rows, later) if later else rows

    def some_at(self, ledger: str, table: str, revision: int, records: Iterable[str]) -> Rows:
        """These of the records that there were after `revision`, in the order that is asked for."""
        rows, wanted = self.rows(ledger, table), dict.fromkeys(records)
        past = {r: rows[r] for r in wanted if r in rows}
        later = self._log.operations(after=revision, ledger=ledger)
        mine = [o for o in later if o.table == table and o.record in wanted]
        if mine:
            past = _taken_back(self._catalog.table(ledger, table), past, mine)
            past = {r: past[r] for r in wanted if r in past}
        return past

    def steps(self, ledger: str, table: str, after: int) -> list[Step]:
        """Every change of a table after a revision, in order, with its author."""
        schema = self._catalog.table(ledger, table)
        authors = {r.id: r.author for r in self._log.revisions(after)}
        found = []
        for o in self._log.operations(after=after, ledger=ledger):
            if o.table == table and (step := _step(schema, o, authors[o.revision])):
                found.append(step)
        return found

    def rows_on(self, ledger: str, table: str, day: date) -> Rows | None:
        """The records at the end of a day, None where the journal does not reach back so far."""
        revision = self._log.revision_on(day.isoformat())
        return self.rows_at(ledger, table, revision) if revision else None

    def write(self, ledger: str, table: str, changed: Rows, removed: Iterable[str]) -> None:
        """Stores changed and new records and drops removed ones."""
        self._db.executemany(
            "INSERT INTO record (ledger, tbl, record, row, odd) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (ledger, tbl, record)"
            " DO UPDATE SET row = excluded.row, odd = excluded.odd",
            [(ledger, table, r, encode_row(row), int(is_odd(row))) for r, row in changed.items()],
        )
        gone = list(removed)
        self._db.executemany(
            "DELETE FROM record WHERE ledger = ? AND tbl = ? AND record = ?",
            [(ledger, table, record) for record in gone],
        )
        cached = self._cache.pop((ledger, table), None)
        owners = self._owners.pop((ledger, table), None)
        if cached is not None:
            now = cached | changed
            for record in gone:
                now.pop(record, None)
            self._cache[ledger, table] = now
            if owners is not None:
                self._owners[ledger, table] = owners.after(now, {*changed, *gone})

    def counts(self) -> dict[str, int]:
        """Records per `ledger.table`."""
        rows = self._db.execute(
            "SELECT ledger || '.' || tbl, count(*) FROM record GROUP BY ledger, tbl ORDER BY 1"
        )
        return {str(name): int(count) for name, count in rows.fetchall()}

    def size(self, ledger: str) -> int:
        """How many records a ledger has."""
        [count] = self._db.execute(
            "SELECT count(*) FROM record WHERE ledger = ?", (ledger,)
        ).fetchone()
        return int(count)

    def is_plain(self, ledger: str) -> bool:
        """No record of a ledger holds a cell that is no value of its field."""
        odd = "SELECT 1 FROM record WHERE ledger = ? AND odd LIMIT 1"
        return self._db.execute(odd, (ledger,)).fetchone() is None

    def forget(self) -> None:
        """Drops what was cached, after a rollback."""
        self._cache.clear()
        self._owners.clear()

    def follow(self, catalog: Catalog) -> None:
        """Works with other fields from now on, and drops what was cached of tables that changed."""
        for ledger, table in [key for key in self._cache if _differ(key, self._catalog, catalog)]:
            del self._cache[ledger, table]
        self._owners.clear()
        self._catalog = catalog

    def table_of(self, record: str) -> tuple[str, str] | None:
        """Ledger and table of a record that exists or ever existed."""
        row = self._db.execute(
            "SELECT ledger, tbl FROM operation WHERE record = ? LIMIT 1", (record,)
        ).fetchone()
        return (row[0], row[1]) if row else None

    def replay(self, ledger: str, table: str) -> Rows:
        """The state made again from the operations alone."""
        schema = self._catalog.table(ledger, table)
        rows: Rows = {}
        for operation in self._log.operations(ledger=ledger):
            if operation.table == table:
                carry_out(schema, rows, operation)
        return rows

    def note_fields(self) -> None:
        """Remembers the field order that rows are stored in."""
        for ledger, table in self._catalog.tables():
            self._db.execute(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)",
                (f"fields:{ledger.id}.{table.id}", dumps(table.field_ids)),
            )

    def is_current_schema(self) -> bool:
        """Rows are stored in the field order of today's schema."""
        stored = self._stored_fields()
        return all(
            stored.get(f"fields:{ledger.id}.{table.id}") == dumps(table.field_ids)
            for ledger, table in self._catalog.tables()
        )

    def _stored_fields(self) -> dict[str, str]:
        return dict(
            self._db.execute("SELECT key, value FROM meta WHERE key LIKE 'fields:%'").fetchall()
        )

    def follow_schema(self) -> None:
        """Brings stored rows into the field order of today's schema, after a TOML changed."""
        stored = self._stored_fields()
        for ledger, table in self._catalog.tables():
            before = stored.get(f"fields:{ledger.id}.{table.id}")
            if before is not None and before != dumps(table.field_ids):
                _reorder(self._db, ledger.id, table, json.loads(before))
                self._columns.drop((ledger.id, table.id))
        self.note_fields()


def _differ(key: TableKey, one: Catalog, other: Catalog) -> bool:
    return one.table(*key).field_ids != other.table(*key).field_ids


def _reorder(db: sqlite3.Connection, ledger: str, table: TableSchema, before: list[str]) -> None:
    position = {name: i for i, name in enumerate(before)}
    order = [position.get(name) for name in table.field_ids]

    def moved(text: str) -> str:
        cells = fitted(json.loads(text), len(before))
        return dumps([None if i is None else cells[i] for i in order])

    key = (ledger, table.id)
    rows = db.execute("SELECT rowid, row FROM record WHERE ledger=? AND tbl=?", key).fetchall()
    db.executemany("UPDATE record SET row=? WHERE rowid=?", [(moved(r[1]), r[0]) for r in rows])


def _taken_back(schema: TableSchema, rows: Rows, later: list[LoggedOperation]) -> Rows:
    past = dict(rows)
    for operation in reversed(later):
        take_back(schema, past, operation)
    return past


def take_back(schema: TableSchema, rows: Rows, operation: LoggedOperation) -> None:
    """Changes `rows` back to what they were before a logged operation."""
    if operation.kind == "add":
        rows.pop(operation.record, None)
    elif operation.kind == "remove":
        rows[operation.record] = decode_record(schema, operation.old)
    elif operation.record in rows:
        row = rows[operation.record]
        rows[operation.record] = _with_cell(schema, row, operation.field or "", operation.old)


def _step(schema: TableSchema, o: LoggedOperation, author: str) -> Step | None:
    """An operation with its values; None for a field that the table has no more."""
    if o.kind != "edit":
        old = decode_record(schema, o.old) if o.kind == "remove" else None
        new = decode_record(schema, o.new) if o.kind == "add" else None
        return Step(o.revision, author, o.record, None, old, new)
    at = schema.position.get(o.field or "")
    if at is None:
        return None
    sides = [from_json(schema.fields[at], json.loads(v) if v else None) for v in (o.old, o.new)]
    return Step(o.revision, author, o.record, at, *sides)


def fits(schema: TableSchema, rows: Rows, operation: LoggedOperation) -> bool:
    """Whether an operation finds in `rows` what it says was there before it."""
    row = rows.get(operation.record)
    if operation.kind == "add" or row is None:
        return operation.kind == "add" and row is None
    if operation.kind == "remove":
        return row == decode_record(schema, operation.old)
    at = schema.position.get(operation.field or "")
    if at is None:  # a field that its ledger has no more
        return True
    return row[at] == from_json(
        schema.fields[at], json.loads(operation.old) if operation.old else None
    )


def carry_out(schema: TableSchema, rows: Rows, operation: LoggedOperation) -> None:
    """Changes `rows` as a logged operation says."""
    if operation.kind == "add":
        rows[operation.record] = decode_record(schema, operation.new)
    elif operation.kind == "remove":
        rows.pop(operation.record, None)
    else:
        row = rows[operation.record]
        rows[operation.record] = _with_cell(schema, row, operation.field or "", operation.new)


def _with_cell(schema: TableSchema, row: Row, field: str, stored: str | None) -> Row:
    i = schema.position.get(field)
    if i is None:
        return row
    value = from_json(schema.fields[i], json.loads(stored) if stored else None)
    return (*row[:i], value, *row[i + 1 :])
