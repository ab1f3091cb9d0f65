"""The exported dataset: what stands in it, who can read it, and what is refused."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.random_district import CATALOG, IDS, POOLS, TODAY, district, export
from tests.unit.rollup.small import DISTRICT, community, tables
from tests.unit.rollup.sql.catalogs import checked, indicator, view

from ledgersync.errors import ExitCode, WorkspaceFault
from ledgersync.rollup.columns import declared_columns
from ledgersync.rollup.dataset.manifest import DatasetFault
from ledgersync.rollup.dataset.opaque import unanswerable
from ledgersync.rollup.dataset.pseudonyms import matching_key
from ledgersync.rollup.dataset.read import Dataset
from ledgersync.rollup.engine import Engine
from ledgersync.rollup.engines.duckdb import DuckDBStore
from ledgersync.rollup.facts import UnitFacts
from ledgersync.rollup.from_dataset import missing_units, strangers
from ledgersync.rollup.period.words import parse_period
from ledgersync.rollup.sources.collect import Collected
from ledgersync.rollup.sql.statements import checked_statements
from ledgersync.rollup.units.tree import build_tree

VISITS = "visit.visits"
FIRST = "360702001001"
# as many columns as visits have, by other names
NOTHING = ", ".join(
    f"NULL AS c{n}" for n, _ in enumerate(declared_columns(CATALOG.table("visit", "visits")))
)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("set") / "facts"
    export(district(1), folder)
    return folder


@pytest.fixture
def dataset(exported: Path, tmp_path: Path) -> Path:
    """A copy to be spoiled."""
    return Path(shutil.copytree(exported, tmp_path / "facts"))


def test_pandas_polars_and_duckdb_read_it_without_help(exported: Path) -> None:
    folder = exported / VISITS
    frame = pd.read_parquet(folder, dtype_backend="pyarrow")
    lazy = pl.scan_parquet(str(folder / "**" / "*.parquet"), hive_partitioning=True).collect()
    rows = duckdb.sql(
        f"SELECT * FROM read_parquet('{folder}/*/*.parquet', hive_partitioning = true)"
    )
    assert len(frame) == len(lazy) == len(rows.fetchall()) == 90
    assert frame["date"].dtype == pd.ArrowDtype(pa.date32())
    assert lazy.schema["date"] == pl.Date
    by_unit = lazy.group_by("_unit").len().rows()
    assert sorted(by_unit) == [(f"36070200100{n}", 30) for n in (1, 2, 3)]
    assert set(frame["_unit"]) == {code for code, _ in by_unit}


def test_types_are_as_declared(exported: Path) -> None:
    part = next((exported / "dibao.households").glob("*/*.parquet"))
    schema = pq.read_schema(part)
    assert schema.field("monthly_amount").type == pa.decimal128(18, 2)
    assert schema.field("start_date").type == pa.date32()
    care = pq.read_schema(next((exported / "care.people").glob("*/*.parquet")))
    assert care.field("category").type == pa.list_(pa.string())
    own = {"_unit", "_record", "_sheet", "_row", "_faulty", "_faulty_until", "_unread"}
    assert own <= set(schema.names)


def test_nobody_is_in_it(exported: Path) -> None:
    """Persons, phones, accounts and addresses are not there in any file, nor in a text."""
    told = [*IDS, *POOLS["name"], *POOLS["phone"], *(a.replace(" ", "") for a in POOLS["address"])]
    for part in exported.glob("*/*/*.parquet"):
        text = pq.read_table(part, partitioning=None).to_pandas().to_csv()
        assert not [value for value in told if value in text], part
    manifest = (exported / "manifest.json").read_text(encoding="utf-8")
    assert not [value for value in told if value in manifest]


def test_names_stand_where_spark_looks(exported: Path) -> None:
    names = [p.name for p in exported.rglob("*")]
    assert not [name for name in names if name.startswith(("_", "."))]


def test_the_same_person_has_the_same_hash_in_every_unit(exported: Path) -> None:
    frame = pl.scan_parquet(str(exported / "care.people" / "**" / "*.parquet")).collect()
    assert frame["id_number"].n_unique() == len(IDS) + 1  # and none
    assert frame["address_key"].n_unique() == 3 + 1


def test_plain_only_when_asked(tmp_path: Path) -> None:
    export(district(1), tmp_path / "facts", plain=True)
    frame = pd.read_parquet(tmp_path / "facts" / "care.people")
    assert set(frame["id_number"].dropna()) <= set(IDS)
    assert "address" in frame


def test_exporting_again_changes_nothing_and_leaves_nothing_stale(dataset: Path) -> None:
    before = {p.relative_to(dataset): p.read_bytes() for p in dataset.rglob("*.parquet")}
    export(district(1), dataset)
    assert {p.relative_to(dataset): p.read_bytes() for p in dataset.rglob("*.parquet")} == before
    export(district(2), dataset)
    assert not before.keys() & {p.relative_to(dataset) for p in dataset.rglob("*.parquet")}
    assert not Dataset.open(dataset).bad


@pytest.mark.parametrize(
    "period",
    ["2022-03", *(pytest.param(p, marks=pytest.mark.slow) for p in ("2022Q2", "2022H1")), "2022"],
)
def test_figures_from_the_dataset_are_those_of_the_rows(exported: Path, period: str) -> None:
    found, statements = district(1), checked_statements(CATALOG)
    asked = parse_period(period, TODAY)
    homes = {code: found.tree.counted_as(code, asked.last) for code in found.tree.nodes}
    answers = []
    for way in ("rows", "dataset"):
        store = DuckDBStore.create(statements, home_units=homes)
        if way == "rows":
            store.load(found.facts, TODAY)
        else:
            store.load_dataset(Dataset.open(exported), TODAY)
        engine = Engine(store, found.tree, asked, TODAY)
        engine.prepare()
        answers.append({d.id: engine.found(d) for d in statements.definitions if d.relation})
    assert answers[0] == answers[1]
    assert sum(map(len, answers[0].values())) > 500


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT v.* FROM visit.visits v JOIN visit.issues i USING (visit_no)",
        "SELECT DISTINCT s.* FROM (SELECT v.*, 1 AS n FROM visit.visits v) s",
        "SELECT * FROM visit.visits UNION SELECT * FROM visit.visits",
        "WITH v(a, b, c, d, e, f, g, h) AS (SELECT * FROM visit.visits) "
        "SELECT v.h FROM v WHERE v.h IS NOT NULL",
        f"SELECT u.c7 FROM (SELECT {NOTHING} UNION ALL SELECT * FROM visit.visits) u "
        "WHERE u.c7 IS NOT NULL",
        "SELECT v.*, count(*) AS n FROM visit.visits v GROUP BY ALL",
    ],
)
def test_a_view_from_the_dataset_has_the_rows_of_the_rows(exported: Path, sql: str) -> None:
    statements, counted = checked(view(sql)), []
    for way in ("rows", "dataset"):
        store = DuckDBStore.create(statements)
        if way == "rows":
            store.load(district(1).facts, TODAY)
        else:
            store.load_dataset(Dataset.open(exported), TODAY)
        counted.append(store.run("patrol", "patrols", "SELECT count(*) FROM patrol.shown"))
    assert counted[0] == counted[1] > [(0,)]


def test_different_homes_until_a_day_of_the_window() -> None:
    """Counted unit by unit, and anew at every level."""
    parts = {"date": "date", "where": "date < :last"}
    quick = indicator("visit.visits", **parts, distinct="household_key")
    plain = indicator("visit.visits", **parts, value="count(DISTINCT household_key)")
    found, asked = district(1, merged=False), parse_period("2022H1", TODAY)
    counted = []
    for more in (quick, plain):
        statements = checked(more)
        store = DuckDBStore.create(statements)
        store.load(found.facts, TODAY)
        engine = Engine(store, found.tree, asked, TODAY)
        engine.prepare()
        counted.append(engine.found(statements.definitions.by_id["patrols"]))
    assert counted[0] == counted[1] and len(counted[0]) > 4


def _part(folder: Path, unit: str = FIRST, table: str = VISITS) -> Path:
    return next((folder / table / f"unit={unit}").glob("*.parquet"))


def _truncated(folder: Path) -> None:
    part = _part(folder)
    part.write_bytes(part.read_bytes()[:-100])


def _flipped(folder: Path) -> None:
    part = _part(folder)
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)


def _gone(folder: Path) -> None:
    _part(folder).unlink()


def _moved(folder: Path) -> None:
    """Another unit's rows in this unit's folder, with a manifest that says so."""
    part, other = _part(folder), _part(folder, "360702001002")
    shutil.copy(other, part)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    by_path = {p["path"]: p for p in manifest["parts"]}
    mine, theirs = (p.relative_to(folder).as_posix() for p in (part, other))
    by_path[mine] |= {k: by_path[theirs][k] for k in ("bytes", "sha256", "rows")}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _foreign(folder: Path) -> None:
    part = _part(folder)
    shutil.copy(part, part.with_name("part-0000.parquet"))


def _doubled(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["units"].append(manifest["units"][0])
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _elsewhere(folder: Path) -> None:
    """A part that is whole, but lies where no part of a dataset does."""
    part = _part(folder)
    outside = folder.parent / "outside" / part.parent.name / part.name
    outside.parent.mkdir(parents=True)
    shutil.move(part, outside)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    by_path = {p["path"]: p for p in manifest["parts"]}
    said = f"../outside/{part.parent.name}/{part.name}"
    by_path[part.relative_to(folder).as_posix()]["path"] = said
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


SPOILT = [_truncated, _flipped, _gone, _moved, _foreign, _doubled, _elsewhere]


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_is_damaged_or_foreign_is_missing_by_name(
    dataset: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(dataset)
    found = Dataset.open(dataset)
    assert (FIRST, "visit") in {(bad.unit, bad.ledger) for bad in found.bad}
    assert not [p for p in found.parts if (p.unit, p.ledger) == (FIRST, "visit")]
    missing = list(missing_units(found, district(1).tree, date(2022, 3, 1), date(2022, 3, 31)))
    assert (FIRST, "visit") in {(m.unit, m.ledger) for m in missing}
    assert ("360702002002", None) in {(m.unit, m.ledger) for m in missing}


@pytest.mark.parametrize(
    ("of", "key", "value"),
    [
        ("units", "code", 360702001001),
        ("units", "succeeded_by", "360702001001"),
        ("parts", "rows", "many"),
        ("parts", "path", None),
        ("parts", "unit", 360702001001),
    ],
)
def test_a_manifest_with_something_else_in_a_place(
    dataset: Path, of: str, key: str, value: object
) -> None:
    manifest = json.loads((dataset / "manifest.json").read_text(encoding="utf-8"))
    manifest[of][0][key] = value
    (dataset / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(DatasetFault):
        Dataset.open(dataset)


def test_a_unit_that_nobody_knows_is_told(dataset: Path) -> None:
    """One in the manifest, one that only a file names: neither counts, and nothing ends for it."""
    part = _part(dataset)
    stray = dataset / VISITS / "unit=360702009009" / part.name
    stray.parent.mkdir()
    shutil.copy(part, stray)
    found, days = Dataset.open(dataset), (date(2022, 3, 1), date(2022, 3, 31))
    fewer = build_tree(DISTRICT, [community("360702001002")])
    told = {remark.text.zh for remark in strangers(found, fewer)}
    assert any("360702009009" in text for text in told)
    assert any(FIRST in text for text in told)
    assert {m.unit for m in missing_units(found, fewer, *days)} <= {"360702001002"}


@pytest.mark.parametrize(
    "said",
    ['{"format": "ledgersync.facts/v1", "schema_version": 1}', "[]", "{", "[" * 100_000, None],
)
def test_a_manifest_of_another_version_or_none(dataset: Path, said: str | None) -> None:
    if said is None:
        (dataset / "manifest.json").unlink()
    else:
        (dataset / "manifest.json").write_text(said, encoding="utf-8")
    with pytest.raises(DatasetFault) as fault:
        Dataset.open(dataset)
    assert fault.value.exit_code == ExitCode.UNREADABLE


@pytest.mark.parametrize("name", ["granted.key", "matching.key"])
@pytest.mark.parametrize("held", [b"", b"6b" * 31, b"6b" * 31 + b"6", b"6g" * 32, b"\xff\x00"])
def test_a_damaged_key_is_told_by_its_file(tmp_path: Path, name: str, held: bytes) -> None:
    """Half a key would hash, too: otherwise than before, and for anybody to try."""
    (tmp_path / name).write_bytes(held)
    with pytest.raises(WorkspaceFault) as fault:
        matching_key(tmp_path)
    assert name in fault.value.message.zh and "keys grant" in fault.value.next_step.zh


def test_a_fault_that_ends_by_itself_is_kept_with_its_day(tmp_path: Path) -> None:
    unit = community(FIRST)
    text = """
    走访日期 | 户址 | 走访结果
    2022-12-01 | 1栋101 | 见到本人
    2022-03-01 | 1栋102 | 见到本人
    """
    rows = {k: r for k, r in tables({("visit", "visits"): text}).items() if k[0] == "visit"}
    tree = build_tree(DISTRICT, [unit])
    export(Collected(tree, (UnitFacts(unit, rows),), ()), tmp_path / "facts")
    part = _part(tmp_path / "facts")
    columns = pq.read_table(part, partitioning=None).to_pydict()
    assert columns["_faulty"][0] is columns["_faulty"][1]
    assert columns["_faulty_until"] == [date(2022, 11, 30), None]


@pytest.mark.parametrize(
    ("parts", "refused"),
    [
        ({"value": "count(DISTINCT name)"}, False),
        ({"distinct": "coalesce(id_number, concat(_unit, name))"}, False),
        ({"value": "count(*) FILTER (WHERE id_number IS NULL)"}, False),
        ({"value": "count(*)", "where": "name = '张伟'"}, True),
        ({"value": "max(substring(id_number, 7, 4))"}, True),
        ({"value": "sum(length(name))"}, True),
        ({"value": "count(*)", "where": "phone LIKE '138%'"}, True),
        ({"value": "count(*)", "where": "phone IN ('13800001234')"}, True),
        ({"value": "count(address)"}, True),
    ],
)
def test_what_looks_into_a_hash_is_refused_by_name(parts: dict[str, str], refused: bool) -> None:
    statements = checked(indicator("care.people", **parts))
    assert (list(unanswerable(statements)) == ["patrols"]) is refused


def test_money_is_exact(exported: Path) -> None:
    frame = pl.scan_parquet(str(exported / "dibao.households" / "**" / "*.parquet")).collect()
    assert isinstance(frame["monthly_amount"].sum(), Decimal)
