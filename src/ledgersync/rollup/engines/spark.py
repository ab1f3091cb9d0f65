"""Apache Spark: the tables stay in the dataset, Spark reads them, only figures come back.

Spark is asked in its own dialect (`spark_sql.py`), with ANSI rules, so that what overflows is an
error and never another number. Where Java or pyspark is absent, one sentence says what to install.
"""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlglot.errors import SqlglotError
from sqlglot.schema import MappingSchema

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.facts.columns import derived_names
from ledgersync.messages import message
from ledgersync.rollup.columns import declared_columns
from ledgersync.rollup.dataset.layout import history_schema, part_schema, table_folder
from ledgersync.rollup.dataset.manifest import Part
from ledgersync.rollup.dataset.read import Dataset
from ledgersync.rollup.definitions import Definitions
from ledgersync.rollup.engines.protocol import EngineName, quality_sql
from ledgersync.rollup.engines.spark_sql import OWN, spark_name, spark_sql
from ledgersync.rollup.engines.tables import MONTHS_SQL, OWN_TABLES, PAST_SPAN, WINDOWS_SQL
from ledgersync.rollup.sql.statements import Statements
from ledgersync.schema import TableKey, TableSchema
from ledgersync.workspace.unitcodes import full_code

_LOCAL = "local[*]"
_SETTINGS = {
    "spark.app.name": "LedgerSync",
    "spark.sql.ansi.enabled": "true",
    # It breaks plans that join a view with another one made from the same table (Spark 4.3).
    "spark.sql.optimizer.excludedRules": (
        "org.apache.spark.sql.catalyst.optimizer.RemoveRedundantAliases"
    ),
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_ARROW = {
    "UTINYINT": pa.int32(),
    "USMALLINT": pa.int32(),
    "BIGINT": pa.int64(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
    "VARCHAR": pa.string(),
}
_SPARK = {"int64": "BIGINT", "int32": "INT", "double": "DOUBLE", "date32[day]": "DATE"}
_SPARK |= {"bool": "BOOLEAN", "string": "STRING", "list<item: string>": "ARRAY<STRING>"}
_SPARK |= {"list<element: string>": "ARRAY<STRING>", "decimal128(18, 2)": "DECIMAL(18, 2)"}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where Spark runs, and whatever else of its configuration was given."""

    master: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


def start(cluster: Cluster) -> Any:
    """A Spark session; raises UsageFault where Java or pyspark is not installed."""
    _require()
    from pyspark.sql import SparkSession

    master = cluster.master or cluster.settings.get("spark.master") or _LOCAL
    settings = {**_SETTINGS, **cluster.settings}
    if master.startswith("local["):
        settings.setdefault("spark.sql.shuffle.partitions", "4")
        settings.setdefault("spark.driver.host", "127.0.0.1")
        settings.setdefault("spark.driver.bindAddress", "127.0.0.1")
    builder = SparkSession.builder.master(master)
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _require() -> None:
    if find_spec("pyspark") is None:
        raise UsageFault(
            message("没有装 pyspark，不能用 Spark 计算。"),
            message("请运行 pip install 'ledgersync[spark]'，或去掉 --engine spark。"),
        )
    home = os.environ.get("JAVA_HOME")
    if not (home and (Path(home) / "bin" / "java").exists()) and shutil.which("java") is None:
        raise UsageFault(
            message("没有装 Java，不能用 Spark 计算。"),
            message(
                "请装 Java 17 或更新版本（Debian：default-jre-headless），或去掉 --engine spark。"
            ),
        )


@dataclass
class SparkStore:
    """The facts of a dataset in a Spark session."""

    statements: Statements
    session: Any
    sources: tuple[TableKey, ...]
    home_units: Mapping[str, str]
    today: date
    units: dict[str, int] = field(default_factory=dict)
    present: set[tuple[str, TableKey]] = field(default_factory=set)
    past: set[TableKey] = field(default_factory=set)
    stale: bool = True  # views are to be made anew, since a table under them was

    @classmethod
    def create(
        cls, statements: Statements, session: Any, today: date, home_units: Mapping[str, str]
    ) -> "SparkStore":
        catalog = statements.definitions.catalog
        sources = tuple((ledger.id, table.id) for ledger, table in catalog.tables())
        store = cls(statements, session, sources, home_units, today)
        for name in OWN_TABLES:
            store.fill(name, [])
        return store

    @property
    def engine(self) -> EngineName:
        return EngineName("spark", str(self.session.version))

    @property
    def definitions(self) -> Definitions:
        return self.statements.definitions

    def unit_key(self, code: str) -> int:
        return self.units.setdefault(full_code(code), len(self.units))

    def load_dataset(self, dataset: Dataset) -> None:
        """Tells Spark where the tables lie; nothing is read yet."""
        self._number_units(dataset)
        for key in self.sources:
            table = self.definitions.catalog.table(*key)
            parts, held = dataset.of(key), dataset.of(key, history=True)
            self.present.update((part.unit, key) for part in parts)
            plain = part_schema(table, (), plain=True)
            self._show(spark_name(*key), self._read(dataset, key, parts, plain), _rows(self, key))
            fields = self.statements.then_fields.get(key, ())
            if fields:
                past = self._read(dataset, key, held, history_schema(table, fields))
                self._show(spark_name("_past", ".".join(key)), past, _history(fields))
            if held:
                self.past.add(key)

    def _number_units(self, dataset: Dataset) -> None:
        codes = sorted(dataset.units)
        homes = [self.unit_key(self.home_units.get(code, code)) for code in codes]
        columns = {"_code": codes, "_number": [self.unit_key(c) for c in codes], "_home": homes}
        types = pa.schema({"_code": pa.string(), "_number": pa.int32(), "_home": pa.int32()})
        frame = self.session.createDataFrame(pa.table(columns, types))
        frame.createOrReplaceTempView("unit_numbers")

    def _read(
        self, dataset: Dataset, key: TableKey, parts: Sequence[Part], schema: pa.Schema
    ) -> Any:
        """A table's parts with the columns of a plain dataset; those that are left out are null."""
        names = ((f.name, _SPARK[str(f.type)]) for f in schema)
        ddl = ", ".join(f"`{name}` {kind}" for name, kind in names)
        if not parts:
            return self.session.createDataFrame([], ddl)
        reader = self.session.read.schema(ddl).option("recursiveFileLookup", "true")
        folder = dataset.folder / table_folder(key, history=parts[0].history)
        whole = not any(bad.ledger == key[0] for bad in dataset.bad)
        paths = [folder] if whole else [dataset.path(part) for part in parts]
        return reader.parquet(*(path.resolve().as_uri() for path in paths))

    def _show(self, name: str, raw: Any, columns: str) -> None:
        raw.createOrReplaceTempView(f"raw__{name}")
        self.session.sql(
            f"SELECT /*+ BROADCAST(n) */ {columns} FROM `raw__{name}` t "
            "JOIN unit_numbers n ON n._code = t._unit"
        ).createOrReplaceTempView(name)
        self.stale = True

    def fill(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        types = OWN_TABLES[table]
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(types)
        arrays = [
            pa.array(column, _ARROW[kind])
            for column, kind in zip(columns, types.values(), strict=True)
        ]
        frame = self.session.createDataFrame(pa.table(arrays, names=list(types)))
        frame.createOrReplaceTempView(spark_name(OWN, table))
        self.stale = True

    def run(self, ledger: str, what: str, sql: str) -> list[tuple[Any, ...]]:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            self._make_views()
            return [tuple(row) for row in self.session.sql(self._spoken(sql)).collect()]
        except (PySparkException, Py4JError, SqlglotError) as error:
            raise self.definitions.sql_fault(ledger, what, error) from error

    def _make_views(self) -> None:
        if self.stale:
            for (schema, name), sql in self._views():
                frame = self.session.sql(self._spoken(sql))
                frame.createOrReplaceTempView(spark_name(schema, name))
            self.stale = False

    def _views(self) -> Iterator[tuple[TableKey, str]]:
        yield (OWN, "windows"), WINDOWS_SQL
        yield (OWN, "months"), MONTHS_SQL
        yield (OWN, "_quality"), quality_sql(self.sources)
        yield from self.statements.views.items()

    def _spoken(self, sql: str) -> str:
        return spark_sql(sql, self._schema)

    @property
    def _schema(self) -> MappingSchema:
        return engine_schema(self.statements)

    def place(self, sheet: Any) -> tuple[str, str]:
        """Rows are not traced here."""
        return "", str(sheet)

    def close(self) -> None:
        """The session may be shared with others of this process, and stays."""


def engine_schema(statements: Statements) -> MappingSchema:
    """The columns of all tables, views and the engine's own, with DuckDB's types."""
    known: dict[str, Any] = {s: dict(t) for s, t in statements.relations.columns.items()}
    quality = {"_source": "UTINYINT", "_unit": "USMALLINT", "_record": "VARCHAR"}
    known[OWN] |= {**OWN_TABLES, "_quality": {**quality, "faulty": "BOOLEAN"}}
    known["_past"] = {
        ".".join(key): {**known[key[0]][key[1]], **PAST_SPAN} for key in statements.then_fields
    }
    return MappingSchema(known, dialect="duckdb")


def _rows(store: SparkStore, key: TableKey) -> str:
    """A table as the queries know it, from what stands in the parts."""
    table = store.definitions.catalog.table(*key)
    today = f"DATE '{store.today.isoformat()}'"
    own = {
        "_source": f"CAST({store.sources.index(key)} AS INT)",
        "_unit": "n._number",
        "_faulty": f"coalesce(t._faulty, false) OR coalesce({today} <= t._faulty_until, false)",
    }
    homes = {name: f"concat(n._home, ':', t.`{name}`)" for name in _home_columns(table)}
    decimals = {
        f.id: f"CAST(t.`{f.id}` AS DECIMAL(18, 6))" for f in table.fields if f.type == "decimal"
    }
    names = (name for name, _, _ in declared_columns(table))
    types = {**own, **homes, **decimals}
    return ", ".join(f"{types.get(name, f't.`{name}`')} AS `{name}`" for name in names)


def _home_columns(table: TableSchema) -> list[str]:
    return [name for f in table.fields if f.privacy == "address" for name in derived_names(f)]


def _history(fields: Sequence[str]) -> str:
    names = ("_record", *PAST_SPAN, *fields)
    return ", ".join(["n._number AS _unit", *(f"t.`{name}`" for name in names)])
