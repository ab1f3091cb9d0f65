"""A real Spark beside the embedded engine: the same rows for everything that is declared.

One session answers all comparisons; the tests are shown as skipped where Java or pyspark is absent.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlglot.schema import MappingSchema

from ledgersync.rollup.dataset.read import Dataset
from ledgersync.rollup.engine import Engine, Found
from ledgersync.rollup.engines import FactStore
from ledgersync.rollup.engines.duckdb import DuckDBStore
from ledgersync.rollup.engines.spark import Cluster, SparkStore, start
from ledgersync.rollup.engines.spark_sql import spark_sql
from ledgersync.rollup.figures import window_periods
from ledgersync.rollup.period.words import parse_period
from ledgersync.rollup.sources.collect import Collected
from ledgersync.rollup.sql.statements import checked_statements
from tests.random_district import CATALOG, TODAY, district, export
from tests.unit.rollup.sql import catalogs
from tests.unit.rollup.sql.catalogs import checked, indicator

ABSENT = [
    name
    for name, there in (("Java", shutil.which("java")), ("pyspark", find_spec("pyspark")))
    if not there
]
pytestmark = [
    pytest.mark.skipif(bool(ABSENT), reason=f"not installed: {', '.join(ABSENT)}"),
    pytest.mark.spark,
    pytest.mark.timeout(600),
]
# A month, a quarter, half a year, a year (which is running), months of two years.
PERIODS = ("2022-03", "2022Q2", "2022H1", "2022", "2021-11..2022-02")


# Small data: what costs is planning and compiling.
SMALL = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    found = start(Cluster("local[2]", SMALL))
    yield found
    found.stop()


def answers(store: FactStore, found: Collected) -> dict[str, Found]:
    """Every indicator in the windows of all kinds of period at once."""
    engine = Engine(store, found.tree, parse_period("2022", TODAY), TODAY)
    engine.prepare()
    asked = [window_periods(parse_period(text, TODAY)).values() for text in PERIODS]
    windows = list(dict.fromkeys(period for periods in asked for period in periods))
    store.fill(
        "_windows",
        [(n, p.first, min(p.last, TODAY), p.opening, p.last) for n, p in enumerate(windows)],
    )
    store.fill("_days", [(day, n) for n, p in enumerate(windows) for day in p.days()])
    ends = [(n, last) for n, p in enumerate(windows) for _, last in p.month_ends()]
    store.fill("_months", [(n, last) for n, last in ends if last <= TODAY])
    return {d.id: engine.found(d) for d in store.definitions if d.relation is not None}


def homes(found: Collected) -> dict[str, str]:
    last = parse_period("2022", TODAY).last
    return {code: found.tree.counted_as(code, last) for code in found.tree.nodes}


@pytest.mark.parametrize("merged", [True, False])
def test_every_indicator_has_the_same_rows(session: Any, tmp_path: Path, merged: bool) -> None:
    """Every kind of period and its comparisons, every level, a unit missing, one merged."""
    found, statements = district(5, rows=20, merged=merged), checked_statements(CATALOG)
    export(found, tmp_path / "facts")
    dataset = Dataset.open(tmp_path / "facts")
    duck = DuckDBStore.create(statements, home_units=homes(found))
    duck.load_dataset(dataset, TODAY)
    spark = SparkStore.create(statements, session, TODAY, homes(found))
    spark.load_dataset(dataset)
    expected, answered = answers(duck, found), answers(spark, found)
    assert {k: v for k, v in answered.items() if v != expected[k]} == {}
    assert answered.keys() == expected.keys()
    assert sum(map(len, expected.values())) > 1000


# Every function and sign that a ledger file may use, over values where engines like to differ.
EXPRESSIONS = [
    "1 / nullif(a, 0)",
    "a / b",
    "a // b",
    "a % b",
    "-a // 2",
    "abs(a - b)",
    "a + b * 2 - 1",
    "greatest(a, b)",
    "least(a, b)",
    "greatest(a, NULL)",
    "coalesce(a, b, 7)",
    "nullif(a, b)",
    "x * a",
    "x / b",
    "CAST(a AS VARCHAR)",
    "CASE WHEN a > b THEN 'x' WHEN a = b THEN 'y' END",
    "if(a > b, 1, 2)",
    "a IN (1, 2, 3)",
    "a NOT IN (1, NULL)",
    "a BETWEEN 1 AND 2",
    "a IS DISTINCT FROM b",
    "NOT (a > b)",
    "a > b OR d IS NULL",
    "concat(a, '|', t, '|', b)",
    "t || '|' || t",
    "lower(t)",
    "upper(t)",
    "length(t)",
    "trim(t)",
    "substring(t, 2, 2)",
    "substring(t, 1)",
    "replace(t, '社', '-')",
    "contains(t, '社')",
    "starts_with(t, 'A')",
    "ends_with(t, ' ')",
    "t LIKE '%社%'",
    "t LIKE 'A_%'",
    "t < '社'",
    "list_contains(l, '急')",
    "year(d)",
    "month(d)",
    "day(d)",
    "d - e",
    "d - 1",
    "d + 40",
    "CAST(d + to_months(a) AS DATE)",
    "CAST(d + to_months(-1) AS DATE)",
    "CAST(d + to_days(b) AS DATE)",
    "datesub('month', d, e)",
    "datesub('day', d, e)",
    "d > e",
    "d = DATE '2022-02-28'",
]
AGGREGATES = [
    "count(*)",
    "count(a)",
    "count(DISTINCT a)",
    "sum(a)",
    "sum(x)",
    "sum(m)",
    "min(d)",
    "max(t)",
    "min(x)",
    "avg(a)",
    "avg(x)",
    "avg(m)",
    "avg(a) FILTER (WHERE b > 1)",
    "median(a)",
    "median(x)",
    "median(d - e)",
    "sum(a) FILTER (WHERE t IS NOT NULL)",
    "count(*) FILTER (WHERE a IS NULL)",
    "sum(a) / count(*)",
]
FIELDS = {
    "a": "hazards",
    "b": "count",
    "x": "hours",
    "m": "fine",
    "t": "place",
    "d": "date",
    "e": "closed",
    "l": "tags",
}


def _declared(text: str) -> str:
    """The expression over the small ledger's columns, as a ledger file declares it."""
    return re.sub(r"\b([abxmtdel])\b(?!')", lambda m: FIELDS[m[1]], text)


def _values() -> list[dict[str, Any]]:
    random = Random(11)
    texts = ["社区", " A社 ", "Ab", "", "12", "１２", None, "A", "幸福社区 "]
    rows = []
    for n in range(200):
        day = date(2020, 1, 1) + timedelta(random.randrange(1200))
        if n % 4 == 0:
            day = day.replace(day=1) - timedelta(1)
        rows.append(
            {
                "hazards": random.choice([None, 0, 1, 2, 3, -7]),
                "count": random.choice([None, 0, 1, 2, 3]),
                "hours": random.choice([None, 0.1, 0.2, 1.5, 2.675]),
                "fine": random.choice([None, "0.01", "12.35", "100.00"]),
                "place": random.choice(texts),
                "date": random.choice([None, day]),
                "closed": random.choice([None, day + timedelta(random.randrange(-90, 400))]),
                "tags": random.choice([None, ["急"], ["急", "缓"]]),
            }
        )
    return rows


@pytest.fixture(scope="module")
def tables(session: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The same rows in both engines, and how each is asked."""
    connection = duckdb.connect()
    rows = pa.Table.from_pylist([{"id": n, **row} for n, row in enumerate(_values())])
    connection.register("given", rows)
    connection.execute(
        "CREATE TABLE f AS SELECT * REPLACE (hours::DECIMAL(18, 6) AS hours, "
        "fine::DECIMAL(18, 2) AS fine) FROM given"
    )
    path = tmp_path_factory.mktemp("values") / "f.parquet"
    pq.write_table(connection.sql("SELECT * FROM f").to_arrow_table(), path)
    session.read.parquet(str(path)).createOrReplaceTempView("main__f")
    types = {r[0]: r[1] for r in connection.sql("DESCRIBE f").fetchall()}
    schema = MappingSchema({"main": {"f": types}}, dialect="duckdb")

    def ask(sql: str) -> tuple[list[Any], list[Any]]:
        here = [tuple(map(_plain, row)) for row in connection.execute(sql).fetchall()]
        there = [tuple(map(_plain, row)) for row in session.sql(spark_sql(sql, schema)).collect()]
        return here, there

    return ask


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _checked_part(text: str, key: str) -> str:
    """As the checks let it pass: the small ledger has a second whole number for this."""
    more = '    { id = "count", header = "第二个数", type = "integer" },\n]'
    ledger = catalogs.LEDGER.replace("\n]\n", "\n" + more + "\n")
    statements = checked(indicator(**{key: text}), ledger=ledger)
    return statements.part(statements.definitions.by_id["patrols"], key)


@pytest.mark.slow
@pytest.mark.parametrize("text", EXPRESSIONS)
def test_every_expression_means_the_same(tables: Any, text: str) -> None:
    sql = _checked_part(_declared(text), "distinct")
    here, there = tables(f'SELECT "f"."id", {sql} AS v FROM f ORDER BY "f"."id"')
    assert there == here


@pytest.mark.slow
@pytest.mark.parametrize("text", AGGREGATES)
def test_every_aggregate_means_the_same(tables: Any, text: str) -> None:
    sql = _checked_part(_declared(text), "value")
    here, there = tables(f'SELECT "f"."count" AS g, {sql} AS v FROM f GROUP BY ALL')
    assert sorted(there, key=str) == sorted(here, key=str)


@pytest.mark.slow
def test_two_workers_as_processes_of_their_own(tmp_path: Path) -> None:
    """`local-cluster`: what a cluster would need (paths, serialised plans) is there."""
    found, statements = district(6, rows=12), checked_statements(CATALOG)
    export(found, tmp_path / "facts")
    store = DuckDBStore.create(statements, home_units=homes(found))
    store.load_dataset(Dataset.open(tmp_path / "facts"), TODAY)
    engine = Engine(store, found.tree, parse_period("2022", TODAY), TODAY)
    engine.prepare()
    expected = engine.found(statements.definitions.by_id["visits_households"])
    done = subprocess.run(
        [sys.executable, "-m", "tests.spark.two_workers", str(tmp_path / "facts")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip().splitlines()[-1] == repr(sorted(expected.items()))
