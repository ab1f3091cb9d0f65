"""SQL in a ledger file that reaches for what it must not: refused by name before anything runs."""

import json
from pathlib import Path

import duckdb
import pytest
from tests.unit.rollup.sql.catalogs import FILE, LEDGER, checked, indicator, macro, view

from ledgersync.cli import main
from ledgersync.errors import ExitCode
from ledgersync.rollup.engines.duckdb import DuckDBStore, Limits
from ledgersync.rollup.faults import DefinitionFault

FROM_OUTSIDE = [
    "(SELECT count(*) FROM read_csv('/etc/passwd'))",
    "(SELECT count(*) FROM '/etc/passwd')",
    '(SELECT count(*) FROM "/etc/passwd")',
    "count(read_text('/etc/passwd'))",
    "max(getenv('HOME'))",
    "max(getvariable('x'))",
    "max(current_setting('memory_limit'))",
    "max(version())",
    "max(current_user)",
    "max(now())",
    "max(random())",
    "count(*); SELECT 1",
    "count(*); ATTACH 'x.db'",
    "COPY patrol.rounds TO 'out.csv'",
    "COPY (SELECT 1) TO 'out.csv'",
    "ATTACH 'x.db' AS x",
    "INSTALL httpfs",
    "LOAD httpfs",
    "PRAGMA database_list",
    "SET memory_limit = '1TB'",
    "RESET memory_limit",
    "CALL pragma_version()",
    "EXPORT DATABASE 'x'",
    "IMPORT DATABASE 'x'",
    "DROP TABLE patrol.rounds",
    "DELETE FROM patrol.rounds",
    "CREATE MACRO x() AS 1",
    "SELECT count(*) FROM duckdb_settings()",
    "FROM duckdb_settings()",
    "count(*) FROM patrol.rounds --",
    "count(*)) FROM patrol.rounds --",
    "count(*) /* ) FROM x */ ; --",
    "sum(hazards) OVER ()",
    "sum(COLUMNS('.*'))",
    "sum(list_transform([1], x -> x))",
    "count(*) FILTER (EXISTS (SELECT 1 FROM visit.visits))",
    "sum(range(1000000000))",
    "max(repeat('x', 1000000000))",
    "max(x'41')",
    "max($1)",
    "max(:today)",
    "count(DISTINCT patrol.rounds.hazards)",
    "sum(_windows._first)",
    "sum(\"read_csv('/etc/passwd')\")",
    "sum(hazards::STRUCT(a INT))",
    "max(place LIKE kind)",
    "",
    "--",
    "((((",
    "(" * 5000 + "1" + ")" * 5000,
    "count(*)" + " + count(*)" * 3000,
    "NOT " * 4000 + "count(*)",
]


@pytest.mark.parametrize("text", FROM_OUTSIDE, ids=lambda text: text[:40])
@pytest.mark.parametrize("key", ["value", "where", "date", "distinct"])
def test_a_part_of_an_indicator_is_an_expression_over_its_rows(key: str, text: str) -> None:
    with pytest.raises(DefinitionFault) as fault:
        checked(indicator(**{key: text or " \n--"}))
    assert FILE in fault.value.message.zh
    assert "patrols" in fault.value.message.zh
    assert key in fault.value.message.zh
    assert fault.value.exit_code == ExitCode.USAGE


VIEWS = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_parquet('*.parquet')",
    "SELECT * FROM '/etc/passwd'",
    'SELECT * FROM "/etc/passwd"',
    "SELECT * FROM patrol.rounds, '/etc/passwd'",
    "SELECT r.* FROM patrol.rounds r JOIN 'x.csv' c ON true",
    "WITH c AS (SELECT * FROM read_csv('x')) SELECT r.* FROM patrol.rounds r, c",
    "WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM c) SELECT * FROM c",
    "WITH c AS (DELETE FROM patrol.rounds RETURNING *) SELECT * FROM c",
    "SELECT * FROM patrol.rounds WHERE place IN (SELECT content FROM read_text('x'))",
    "SELECT * FROM patrol.rounds WHERE EXISTS (SELECT 1 FROM 'x.csv')",
    "SELECT * FROM patrol.rounds UNION ALL SELECT * FROM 'x.parquet'",
    "SELECT * FROM patrol.rounds; DROP TABLE patrol.rounds",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM pragma_table_info('x')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('x')",
    "SELECT * FROM range(1000000000)",
    "SELECT * FROM patrol.rounds TABLESAMPLE 10%",
    "SELECT * FROM patrol.rounds LIMIT 5",
    "SELECT * FROM patrol.rounds ORDER BY random()",
    "SELECT * FROM patrol.rounds NATURAL JOIN visit.visits",
    "SELECT * FROM patrol.rounds ASOF JOIN visit.visits USING (date)",
    "SELECT * FROM patrol.rounds r, LATERAL (SELECT * FROM read_csv(r.place))",
    "SELECT * EXCLUDE (place) FROM patrol.rounds",
    "SELECT COLUMNS('.*') FROM patrol.rounds",
    "SELECT *, getenv('HOME') AS x FROM patrol.rounds",
    "SELECT *, x FROM patrol.rounds",
    "SELECT r._unit, r AS whole FROM patrol.rounds r",
    "SELECT r._unit, count(DISTINCT r.*) AS n FROM patrol.rounds r GROUP BY r._unit",
    "SELECT s.a FROM patrol.rounds AS s(a, b)",
    "SELECT * FROM patrol.nothing",
    "SELECT * FROM elsewhere.patrol.rounds",
    "SELECT * FROM _windows",
    "SELECT * FROM _places",
    "SELECT date, closed AS date FROM patrol.rounds",
    "FROM 'x.csv'",
    "PIVOT patrol.rounds ON kind USING count(*)",
    "VALUES (1)",
    "DESCRIBE patrol.rounds",
    "SUMMARIZE patrol.rounds",
    "EXPLAIN SELECT 1",
    "COPY patrol.rounds TO 'x.csv'",
    "COPY (SELECT * FROM patrol.rounds) TO 'x.csv'",
    "ATTACH 'x'",
    "SELECT * INTO x FROM patrol.rounds",
    "SELECT * FROM patrol.rounds FOR UPDATE",
    "SELECT *, row_number() OVER () AS n FROM patrol.rounds",
    "SELECT *, rank() OVER (PARTITION BY place) AS n FROM patrol.rounds",
    "SELECT * FROM patrol.rounds QUALIFY row_number() OVER (PARTITION BY place) = 1",
]


@pytest.mark.parametrize("sql", VIEWS)
def test_a_view_is_one_select_over_known_tables(sql: str) -> None:
    with pytest.raises(DefinitionFault) as fault:
        checked(view(sql))
    assert FILE in fault.value.message.zh
    assert "视图 shown" in fault.value.message.zh


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (macro("peek", ["a"], "getenv(a)"), "宏 peek"),
        (macro("peek", ["a"], "b"), "宏 peek"),
        (macro("peek", [], "(SELECT 1)"), "宏 peek"),
        (macro("peek", ["a"], "patrol.peek(a)"), "宏 peek"),
        (macro("one", ["a"], "patrol.two(a)") + macro("two", ["a"], "patrol.one(a)"), "宏 "),
        (indicator(value="sum(patrol.nowhere(hazards))"), "patrol.nowhere()"),
        (macro("twice", ["a"], "a + a") + indicator(value="sum(patrol.twice(1, 2))"), "1 个参数"),
        (
            macro("m0", ["a"], "a + a + a + a + a + a + a + a")
            + "".join(
                macro(f"m{n}", ["a"], "+".join([f"patrol.m{n - 1}(a)"] * 8)) for n in range(1, 9)
            ),
            "展开后太长",
        ),
        (view("SELECT * FROM patrol.shown"), "它由自己得出"),
    ],
)
def test_macros_and_views_that_lead_nowhere(more: str, named: str) -> None:
    with pytest.raises(DefinitionFault, match=r"ledgers/巡查\.toml") as fault:
        checked(more)
    assert named in fault.value.message.zh


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"value": "hazards"}, "合计"),
        ({"value": "1"}, "合计"),
        ({"value": "sum(hazards) + hazards"}, "合计"),
        ({"where": "sum(hazards) > 1"}, "合计"),
        ({"distinct": "count(*)"}, "合计"),
        ({"value": "sum(unknown)"}, "unknown"),
        ({"value": "sum(f.hazards)"}, "f.hazards"),
        ({"where": "p._node = 1"}, "p._node"),
        ({"where": "_window = 1"}, "_window"),
    ],
)
def test_a_figure_is_one_aggregate_over_columns_that_are_there(
    parts: dict[str, str], named: str
) -> None:
    with pytest.raises(DefinitionFault) as fault:
        checked(indicator(**parts))
    assert named in fault.value.message.zh


def test_the_package_and_ordinary_definitions_pass() -> None:
    more = macro("late", ["closed", "day"], "coalesce(closed > day, true) -- 说明")
    more += view(
        "WITH open AS (SELECT * FROM patrol.rounds WHERE NOT done)\n"
        "SELECT o.*, row_number() OVER (PARTITION BY o._unit ORDER BY o.date) AS turn FROM open o"
    )
    more += indicator(
        "shown",
        date="date",
        where="patrol.late(closed, :last) AND turn = 1 /* 注 */",
        value="sum(hazards)",
    )
    checked(more)


def test_what_reaches_the_engine_is_written_anew() -> None:
    statements = checked(indicator(where="kind = 'a''b' -- x\n", value='count("hazards")'))
    defined = statements.definitions.by_id["patrols"]
    assert statements.part(defined, "where") == "(\"f\".\"kind\" = 'a''b')"
    assert statements.part(defined, "value") == 'COUNT("f"."hazards")'


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/ledgersync-must-not-be.csv'",
        "ATTACH '/tmp/ledgersync-must-not-be.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '1TB'",
        "SET temp_directory = '/tmp'",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM hostile",
    ],
)
def test_the_engine_itself_refuses_too(sql: str) -> None:
    hostile = {"a": [1]}  # a table by this name would be read from this process's variables
    store = DuckDBStore.create(checked(""), limits=Limits("64MB"))
    with pytest.raises(duckdb.Error):
        store.connection.execute(sql)
    assert hostile


def test_what_never_ends_is_stopped_by_name() -> None:
    """Nothing is said that must not be, but it would take days."""
    sql = "SELECT a.* FROM patrol.rounds a JOIN patrol.rounds b ON a.place <> b.place "
    sql += "JOIN patrol.rounds c ON c.place <> b.place"
    statements = checked(view(sql) + indicator("shown"))
    store = DuckDBStore.create(statements, limits=Limits("256MB", seconds=0.2))
    rows = "SELECT range::VARCHAR AS place FROM range(20000)"
    store.connection.execute(f"INSERT INTO patrol.rounds BY NAME {rows}")
    with pytest.raises(DefinitionFault) as fault:
        store.run("patrol", "patrols", "SELECT count(*) FROM patrol.shown")
    assert "patrols" in fault.value.message.zh and "0.2" in fault.value.message.zh
    assert store.run("patrol", "patrols", "SELECT count(*) FROM patrol.rounds") == [(20000,)]


def test_the_command_says_it_and_reads_no_workbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ledgers").mkdir()
    (tmp_path / "primary").mkdir()
    (tmp_path / "primary" / "走访台账.xlsx").write_bytes(b"no workbook")
    (tmp_path / "ledgersync.toml").write_text(
        '[unit]\ncode = "360702001001"\nname = "幸福社区"\nlevel = "community"\n', encoding="utf-8"
    )
    hostile = LEDGER + indicator(value="(SELECT count(*) FROM read_csv('/etc/passwd'))")
    (tmp_path / "ledgers" / "巡查.toml").write_text(hostile, encoding="utf-8")
    for command in (["rollup", "--json"], ["trace", "patrols"]):
        with pytest.raises(SystemExit) as left:
            main(["-C", str(tmp_path), *command, "--period", "2022H1"])
        assert left.value.code == 2
        said = capsys.readouterr()
        assert "巡查.toml" in said.err
        assert "patrols" in said.err
        assert "read_csv()" in said.err
        assert not said.out or "figures" not in json.loads(said.out)
