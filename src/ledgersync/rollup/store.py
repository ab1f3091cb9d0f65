"""The rows of all units as DuckDB tables, one per ledger table, in memory.

Besides its fields a table has, for the engine: `_source` (which table), `_unit`, `_record`,
`_sheet` and `_row` (where the record stands), `_faulty`; for the SQL of the ledger files:
`<field>_key` of an address (the same number for the same home) and `<field>_months`,
`<field>_days` of a field with cycles.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import Any

import duckdb
import pyarrow as pa

from ledgersync.model import Row
from ledgersync.rollup.columns import (
    ColumnLoader,
    Numbering,
    Origin,
    arrow_table,
    declared_columns,
)
from ledgersync.rollup.definitions import Definitions, sql_fault
from ledgersync.rollup.facts import FactRow, FactTables, UnitFacts
from ledgersync.rollup.units import full_code
from ledgersync.schema import TableKey

Checkers = Mapping[TableKey, Callable[[Row], bool]]  # whether a row has an error


def table_name(key: TableKey) -> str:
    return f'"{key[0]}"."{key[1]}"'


def past_name(key: TableKey) -> str:
    """The table that holds a table's rows as they were at the end of past days."""
    return f'"_past"."{key[0]}.{key[1]}"'


@dataclass
class FactStore:
    """A DuckDB connection with the facts of the units that were loaded."""

    definitions: Definitions
    connection: duckdb.DuckDBPyConnection
    sources: tuple[TableKey, ...]
    home_units: Mapping[str, str]  # under which unit a merged unit's homes count
    units: dict[str, int] = field(default_factory=dict)  # padded code → `_unit`
    present: set[tuple[str, TableKey]] = field(default_factory=set)
    past: set[TableKey] = field(default_factory=set)
    numbering: Numbering = field(default_factory=Numbering)

    @classmethod
    def create(
        cls,
        definitions: Definitions,
        *,
        home_units: Mapping[str, str] | None = None,
        memory: str | None = None,
    ) -> "FactStore":
        """An empty store; nothing in it can reach a file. `memory`: such as `512MB`."""
        connection = duckdb.connect()
        if memory:
            connection.execute(f"SET memory_limit = '{memory}'")
        prelude = resources.files("ledgersync.rollup") / "prelude.sql"
        connection.execute(prelude.read_text(encoding="utf-8"))
        connection.execute("SET enable_external_access = false")
        sources = tuple((ledger.id, table.id) for ledger, table in definitions.catalog.tables())
        store = cls(definitions, connection, sources, home_units or {})
        store._declare_tables()
        store._declare_sql()
        return store

    def _declare_tables(self) -> None:
        for schema in self.definitions.catalog:
            self.connection.execute(f'CREATE SCHEMA "{schema.id}"')
        for ledger, table in self.definitions.catalog.tables():
            key = (ledger.id, table.id)
            columns = ", ".join(f'"{name}" {sql}' for name, sql, _ in declared_columns(table))
            self.connection.execute(f"CREATE TABLE {table_name(key)} ({columns})")
            self.connection.execute(f"CREATE TABLE {past_name(key)} ({columns}, _as_of DATE)")
        shared = "_source, _unit, _record, _faulty AS faulty"
        parts = (f"SELECT {shared} FROM {table_name(key)}" for key in self.sources)
        self.connection.execute(f"CREATE VIEW _quality AS {' UNION ALL '.join(parts)}")

    def _declare_sql(self) -> None:
        """Macros and views of every ledger; all macros first, since views call them."""
        for schema in self.definitions.catalog:
            for macro in schema.macros:
                head = f'"{schema.id}"."{macro.name}"({", ".join(macro.parameters)})'
                self._run(schema.id, macro.name, f"CREATE MACRO {head} AS {macro.sql}")
        for schema in self.definitions.catalog:
            for view in schema.views:
                head = f'"{schema.id}"."{view.id}"'
                self._run(schema.id, view.id, f"CREATE VIEW {head} AS {view.sql}")

    def _run(self, ledger: str, what: str, sql: str) -> None:
        try:
            self.connection.execute(sql)
        except duckdb.Error as error:
            raise sql_fault(ledger, what, str(error)) from error

    def load(self, facts: Iterable[UnitFacts], checkers: Checkers | None = None) -> None:
        """Adds units with their rows."""
        for unit in facts:
            number = self.unit_number(unit.unit.code)
            sizes = [number, unit.households, unit.residents]
            self.connection.execute("INSERT INTO _units VALUES (?, ?, ?)", sizes)
            self._load_tables(unit, unit.tables, checkers or {}, None)
            self.present.update((full_code(unit.unit.code), key) for key in unit.tables)
            for day, tables in unit.as_of.items():
                self._load_tables(unit, tables, {}, day)

    def load_columns(self, key: TableKey, batches: Iterable[pa.RecordBatch]) -> None:
        """Rows that are columns already: `unit` (code) and any fields of the table.

        They take the place of the table's rows, have no place in a workbook that could be traced,
        and keep no address but its number. They are not copied into the database.
        """
        table = self.definitions.catalog.table(*key)
        loader = ColumnLoader(table, self.numbering, self.unit_number)
        given = pa.concat_tables([loader.batch(batch) for batch in batches])
        name = f"_columns_{self.sources.index(key)}"
        self.connection.register(name, given)
        columns = (
            f'CAST("{n}" AS {sql}) AS "{n}"' if n in given.column_names else f'NULL::{sql} AS "{n}"'
            for n, sql, _ in declared_columns(table)
        )
        view = f"CREATE VIEW {table_name(key)} AS SELECT {', '.join(columns)} FROM {name}"
        self.connection.execute(f"DROP TABLE {table_name(key)}")
        self.connection.execute(view)
        self.present.update((code, key) for code in self.units)

    def unit_number(self, code: str) -> int:
        """The number of a unit; a new one when it is not known yet."""
        return self.units.setdefault(full_code(code), len(self.units))

    def _load_tables(
        self, unit: UnitFacts, tables: FactTables, checkers: Checkers, as_of: date | None
    ) -> None:
        for key, rows in tables.items():
            if key in self.sources:
                self._load_rows(self._origin(unit, key), key, rows, checkers, as_of)

    def _origin(self, unit: UnitFacts, key: TableKey) -> Origin:
        code = full_code(unit.unit.code)
        home_unit = self.unit_number(self.home_units.get(code, code))
        file = unit.files.get(key[0], "")
        return Origin(self.sources.index(key), self.unit_number(code), home_unit, file)

    def _load_rows(
        self,
        origin: Origin,
        key: TableKey,
        rows: Sequence[FactRow],
        checkers: Checkers,
        as_of: date | None,
    ) -> None:
        table = self.definitions.catalog.table(*key)
        arrow = arrow_table(table, rows, origin, self.numbering, checkers.get(key))
        self.connection.register("_incoming", arrow)
        if as_of is None:
            self.connection.execute(f"INSERT INTO {table_name(key)} SELECT * FROM _incoming")
        else:
            insert = f"INSERT INTO {past_name(key)} SELECT *, ? FROM _incoming"
            self.connection.execute(insert, [as_of])
            self.past.add(key)
        self.connection.unregister("_incoming")

    def query(self, ledger: str, what: str, sql: str) -> list[tuple[Any, ...]]:
        """The result of an indicator's SQL; raises SchemaFault naming it when it does not run."""
        try:
            return self.connection.execute(sql).fetchall()
        except duckdb.Error as error:
            raise sql_fault(ledger, what, str(error)) from error

    def fill(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """Fills one of the engine's own tables anew."""
        self.connection.execute(f"DELETE FROM {table}")
        if not rows:
            return
        columns = {f"c{n}": list(column) for n, column in enumerate(zip(*rows, strict=True))}
        self.connection.register("_incoming", pa.table(columns))
        self.connection.execute(f"INSERT INTO {table} SELECT * FROM _incoming")
        self.connection.unregister("_incoming")
