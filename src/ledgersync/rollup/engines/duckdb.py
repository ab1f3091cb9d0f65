"""DuckDB within this process: the rows of all units as tables in memory, one per ledger table.

Nothing that runs in it reaches a file, a network or another database; what does not fit the memory
goes to a temporary folder of the workspace.

Besides its fields a table has, for the engine: `_source` (which table), `_unit`, `_record`,
`_sheet` and `_row` (where the record stands), `_faulty`, `_unread` (the fields whose cells are no
value of theirs); for the SQL of the ledger files:
`<field>_key` of an address (the same number for the same home) and `<field>_months`,
`<field>_days` of a field with cycles.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ledgersync.dataclass import dataclass
from ledgersync.messages import message
from ledgersync.rollup.columns import Numbering, declared_columns
from ledgersync.rollup.dataset.read import Dataset
from ledgersync.rollup.definitions import Definitions
from ledgersync.rollup.engines.parts import PartLoader, TableParts
from ledgersync.rollup.engines.protocol import EngineName, past_name, quality_sql, table_name
from ledgersync.rollup.engines.tables import MONTHS_SQL, OWN_TABLES, WINDOWS_SQL
from ledgersync.rollup.facts import FactColumns, FactTable, UnitFacts
from ledgersync.rollup.faults import indicator_place
from ledgersync.rollup.sql.statements import Statements
from ledgersync.schema import TableKey
from ledgersync.workspace.unitcodes import full_code

MEMORY = "1GB"
SECONDS = 900
Settings = dict[str, str | bool | int | float | list[str]]
_LOCKED: Settings = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a computation may take: memory such as `512MB`, where it spills, how long one takes."""

    memory: str = MEMORY
    scratch: Path | None = None
    seconds: float = SECONDS  # for one statement

    def settings(self) -> Settings:
        folder = str(self.scratch) if self.scratch else ""
        return {**_LOCKED, "memory_limit": self.memory, "temp_directory": folder}


@dataclass
class DuckDBStore:
    """A DuckDB connection with the facts of the units that were loaded."""

    statements: Statements
    connection: duckdb.DuckDBPyConnection
    sources: tuple[TableKey, ...]
    home_units: Mapping[str, str]  # under which unit a merged unit's homes count
    units: dict[str, int] = field(default_factory=dict)  # padded code → `_unit`
    present: set[tuple[str, TableKey]] = field(default_factory=set)
    past: set[TableKey] = field(default_factory=set)
    numbering: Numbering = field(default_factory=Numbering)
    parts: dict[TableKey, TableParts] = field(default_factory=dict)  # of a dataset
    seconds: float = SECONDS

    @classmethod
    def create(
        cls,
        statements: Statements,
        *,
        home_units: Mapping[str, str] | None = None,
        limits: Limits | None = None,
    ) -> "DuckDBStore":
        """An empty store."""
        limits = limits or Limits()
        connection = duckdb.connect(config=limits.settings())
        connection.execute("SET lock_configuration = true")
        catalog = statements.definitions.catalog
        sources = tuple((ledger.id, table.id) for ledger, table in catalog.tables())
        store = cls(statements, connection, sources, home_units or {}, seconds=limits.seconds)
        store._declare_tables()
        store._declare_views()
        return store

    @property
    def engine(self) -> EngineName:
        return EngineName("duckdb", duckdb.__version__)

    @property
    def definitions(self) -> Definitions:
        return self.statements.definitions

    def _declare_tables(self) -> None:
        for name, types in OWN_TABLES.items():
            own = ", ".join(f"{column} {sql}" for column, sql in types.items())
            self.connection.execute(f"CREATE TABLE {name} ({own})")
        self.connection.execute(f"CREATE VIEW windows AS {WINDOWS_SQL}")
        self.connection.execute(f"CREATE VIEW months AS {MONTHS_SQL}")
        self.connection.execute("CREATE SCHEMA _past")
        for schema in self.definitions.catalog:
            self.connection.execute(f'CREATE SCHEMA "{schema.id}"')
        for ledger, table in self.definitions.catalog.tables():
            key = (ledger.id, table.id)
            columns = ", ".join(f'"{name}" {sql}' for name, sql, _ in declared_columns(table))
            self.connection.execute(f"CREATE TABLE {table_name(key)} ({columns})")
            self.connection.execute(
                f"CREATE TABLE {past_name(key)} ({columns}, _from DATE, _until DATE)"
            )
        self.connection.execute(f"CREATE VIEW _quality AS {quality_sql(self.sources)}")

    def _declare_views(self) -> None:
        for (ledger, view), sql in self.statements.views.items():
            try:
                self.connection.execute(f'CREATE VIEW "{ledger}"."{view}" AS {sql}')
            except duckdb.Error as error:
                raise self.definitions.sql_fault(ledger, view, error) from error

    def load(self, facts: Iterable[UnitFacts], today: date) -> None:
        """The units with their rows, which are not copied into the database.

        What is an error for a time only is looked at on `today`.
        """
        found: dict[TableKey, list[pa.Table]] = {}
        for unit in facts:
            for key in self.sources:
                if key in unit.tables:
                    rows = self._rows(unit, key, unit.tables[key], today)
                    found.setdefault(key, []).append(rows)
            self.present.update((full_code(unit.unit.code), key) for key in unit.tables)
            for day, tables in unit.as_of.items():
                for key in self.past_of(tables):
                    rows = self._rows(unit, key, tables[key], today)
                    self._insert(past_name(key), _on_day(rows, day))
            for key in self.past_of(unit.history):
                spans, number = unit.history[key], self.unit_key(unit.unit.code)
                self._insert(past_name(key), self._loader(key, today).past(spans, number))
        for key, parts in found.items():
            self.connection.execute(f"DROP TABLE {table_name(key)}")
            self._show(key, pa.concat_tables(parts))

    def past_of(self, tables: Mapping[TableKey, object]) -> list[TableKey]:
        """The tables of which these tell an earlier state, which is known from now on."""
        known = [key for key in self.sources if key in tables]
        self.past.update(known)
        return known

    def _rows(self, unit: UnitFacts, key: TableKey, rows: FactTable, today: date) -> pa.Table:
        """A table's rows as the database has them."""
        source, number = self.sources.index(key), self.unit_key(unit.unit.code)
        loader, main = self._loader(key, today), unit.files.get(key[0], "")
        columns = FactColumns.of(loader.table, rows, today)
        found = [loader.rows(part, source, number, file or main) for file, part in columns.pieces]
        return pa.concat_tables(found)

    def _loader(self, key: TableKey, today: date) -> PartLoader:
        table = self.definitions.catalog.table(*key)
        return PartLoader(table, self.numbering, self._home_number, today)

    def _insert(self, table: str, arrow: pa.Table) -> None:
        self.connection.register("_incoming", arrow)
        self.connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM _incoming")
        self.connection.unregister("_incoming")

    def load_dataset(self, dataset: Dataset, today: date) -> None:
        """The tables of an exported dataset; a column is read when a statement first asks for it.

        What is read is not copied into the database.
        """
        for number, key in enumerate(self.sources):
            loader, parts = self._loader(key, today), dataset.of(key)
            if parts:
                placed = [(dataset.path(p), p.rows, self.unit_key(p.unit), p.source) for p in parts]
                self.parts[key] = TableParts(loader, number, placed)
                self.connection.execute(f"DROP TABLE {table_name(key)}")
                self._show(key, self.parts[key].table)
            self.present.update((part.unit, key) for part in parts)
            for part in dataset.of(key, history=True):
                spans = pq.read_table(dataset.path(part), partitioning=None)
                self._insert(past_name(key), loader.past(spans, self.unit_key(part.unit)))
                self.past.add(key)

    def _show(self, key: TableKey, rows: pa.Table) -> None:
        """Puts columns in the place of a table; those that are not there are nothing yet."""
        name, there = f"_columns_{self.sources.index(key)}", set(rows.column_names)
        self.connection.register(name, rows)
        columns = (
            f'CAST("{n}" AS {sql}) AS "{n}"' if n in there else f'NULL::{sql} AS "{n}"'
            for n, sql, _ in declared_columns(self.definitions.catalog.table(*key))
        )
        view = (
            f"CREATE OR REPLACE VIEW {table_name(key)} AS SELECT {', '.join(columns)} FROM {name}"
        )
        self.connection.execute(view)

    def _home_number(self, unit: int) -> int:
        code = next(c for c, number in self.units.items() if number == unit)
        return self.unit_key(self.home_units.get(code, code))

    def unit_key(self, code: str) -> int:
        """The number of a unit; a new one when it is not known yet."""
        return self.units.setdefault(full_code(code), len(self.units))

    def run(self, ledger: str, what: str, sql: str) -> list[tuple[Any, ...]]:
        self._read_for(sql)
        stop = Timer(self.seconds, self.connection.interrupt)
        stop.start()
        try:
            return self.connection.execute(sql).fetchall()
        except duckdb.InterruptException as error:
            told = message("{seconds:g} 秒还没有算完，停下了", seconds=self.seconds)
            raise indicator_place(self.definitions.file(ledger), what).fault(told) from error
        except duckdb.Error as error:
            raise self.definitions.sql_fault(ledger, what, error) from error
        finally:
            stop.cancel()

    def _read_for(self, sql: str) -> None:
        """Reads the columns that a statement asks for and that are not here yet."""
        whole, asked = self.statements.asked_by(sql)
        of_all = "_quality" in asked
        for key, parts in self.parts.items():
            wanted = of_all or table_name(key) in whole
            if wanted and parts.read(asked | {"_faulty"} if of_all else asked):
                self._show(key, parts.table)

    def fill(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """Fills one of the engine's own tables anew."""
        self.connection.execute(f"DELETE FROM {table}")
        if not rows:
            return
        columns = {f"c{n}": list(column) for n, column in enumerate(zip(*rows, strict=True))}
        self.connection.register("_incoming", pa.table(columns))
        self.connection.execute(f"INSERT INTO {table} SELECT * FROM _incoming")
        self.connection.unregister("_incoming")

    def place(self, sheet: int) -> tuple[str, str]:
        return self.sheets[sheet]

    @cached_property
    def sheets(self) -> list[tuple[str, str]]:
        return list(self.numbering.sheets)

    def close(self) -> None:
        self.connection.close()


def _on_day(rows: pa.Table, day: date) -> pa.Table:
    """Rows as they were at the end of a day, as a span of that day."""
    days = pa.array([day] * rows.num_rows, pa.date32())
    return rows.append_column("_from", days).append_column("_until", days)
