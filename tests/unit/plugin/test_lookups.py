"""The functions that look into the workspace, over a snapshot of a few known rows."""

import os
import sqlite3
import stat
import time
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.plugin_samples import HEAD, publish, sample_tables

from ledgersync.model import Rows
from ledgersync.plugin import reader
from ledgersync.plugin.registry import BY_NAME
from ledgersync.plugin.snapshot import Figure, Touched, write_snapshot
from ledgersync.schema import Catalog, TableKey, TableSchema

pytestmark = pytest.mark.usefixtures("workspace")


def call(name: str, *cells: object) -> Any:
    return BY_NAME[name].call(*cells)


def test_lookup_by_every_key_that_names_a_record() -> None:
    for key in ("D-001", "d-001", "h0", HEAD, "张伟", "张 伟"):
        assert call("LS_LOOKUP", "低保", key, "户主姓名") == "张伟", key
    assert call("LS_LOOKUP", "低保", "D-001", "月保障金额(元)") == 1200.5
    assert call("LS_LOOKUP", "低保", "D-001", "致困原因") == "因病、因残"
    assert call("LS_LOOKUP", "dibao.households", "D-001", "last_review") == date(2022, 1, 31)
    assert call("LS_LOOKUP", "低保.低保户", [["D-002"], ["D-009"], [""]], "保障状态") == [
        ["停保"],
        ["没有这条记录（lookup.none）"],
        [""],
    ]


def test_lookup_never_takes_the_first_of_several() -> None:
    assert call("LS_LOOKUP", "重点人员", "赵强", "住址").endswith("（lookup.ambiguous）")
    assert call("LS_LOOKUP", "低保", "D-001", "血型").endswith("（field.unknown）")
    assert call("LS_LOOKUP", "低保.附表", "D-001", "住址").endswith("（table.unknown）")


def test_exists() -> None:
    assert call("LS_EXISTS", "低保", [["D-001"], ["D-3"], [None]]) == [[True], [False], [False]]


def test_last_visit_by_id_then_by_name_and_address() -> None:
    assert call("LS_LASTVISIT", HEAD) == date(2022, 5, 31)
    assert call("LS_LASTVISIT", "王芳") == date(2022, 5, 31)
    assert call("LS_LASTVISIT", "赵强").endswith("（lookup.ambiguous）")
    assert call("LS_LASTVISIT", "没有").endswith("（visit.none）")


def test_due_dates_of_visits_and_reviews() -> None:
    assert call("LS_DUE", HEAD) == date(2022, 6, 30)
    assert call("LS_DUE", "D-001", "低保") == date(2023, 1, 31)
    assert call("LS_DUE", "D-002", "低保").endswith("（due.none）")


def test_conflicts_and_figures() -> None:
    assert call("LS_CONFLICTS") == 1
    assert call("LS_CONFLICTS", "走访") == 0
    assert call("LS_FIGURE", "visits_made", "2022-06") == 3.0
    assert call("LS_FIGURE", "visits_made", "2022-05").endswith("（figure.missing）")
    assert call("LS_FIGURE", "care_people", "2022-06") == "＊"
    assert call("LS_FIGURE", "visits_made", "2022-06", "110105001002").endswith("missing）")


def test_a_figure_of_the_district_is_found_or_it_is_said_where_it_is(
    workspace: Path, catalog: Catalog
) -> None:
    place = workspace / "units" / "110105001001"
    place.mkdir(parents=True)
    write_snapshot(
        place / ".ledgersync" / "snapshot.db",
        {},
        catalog,
        (),
        [Figure("visits_made", "2022-04", "110105001001", 9.0)],
        unit="110105001001",
        names={"幸福社区": "110105001001"},
    )
    reader.forget()
    found = reader.opened(place / ".ledgersync" / "snapshot.db")
    assert found is not None and found is reader._Open.reader
    reader._Where.found = (str(place), found.path)
    assert call("LS_FIGURE", "visits_made", "2022-06") == 3.0
    assert call("LS_FIGURE", "visits_made", "2022-06", "幸福社区") == 3.0
    assert call("LS_FIGURE", "care_people", "2022-06") == "＊"
    assert call("LS_FIGURE", [["visits_made"], [""]], "2022-04") == [[9.0], [""]]
    assert call("LS_FIGURE", "visits_made", "2022-05").startswith("这一期还没有汇总；已有：2022-04")
    missing = call("LS_FIGURE", "visits_made", "2022-06", "110105001002")
    assert "rollup --period 2022-06" in missing and "街道、区的工作区" in missing


def test_a_replaced_snapshot_is_seen_and_a_damaged_one_is_none(
    workspace: Path, catalog: Catalog
) -> None:
    path = workspace / ".ledgersync" / "snapshot.db"
    assert reader.current() is reader.current()
    publish(workspace, catalog, revision=8)
    again = reader.current()
    assert again is not None and again.revision == 8
    path.write_bytes(path.read_bytes()[:5000])
    assert call("LS_CONFLICTS").endswith("（workspace.missing）")


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_the_snapshot_is_its_owners_alone_and_nothing_is_left_beside(workspace: Path) -> None:
    path = workspace / ".ledgersync" / "snapshot.db"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["snapshot.db"]


def test_a_warm_lookup_takes_less_than_a_millisecond() -> None:
    call("LS_LOOKUP", "低保", "D-001", "户主姓名")
    start = time.perf_counter()
    for _ in range(50):
        call("LS_LOOKUP", "低保", "D-001", "户主姓名")
    assert (time.perf_counter() - start) / 50 < 0.001


def test_going_on_from_the_last_snapshot_gives_the_same_as_a_new_one(
    workspace: Path, catalog: Catalog, tmp_path: Path
) -> None:
    path, fresh = workspace / ".ledgersync" / "snapshot.db", tmp_path / "fresh.db"
    tables = sample_tables(catalog)
    households = dict(tables["dibao", "households"])
    changed = list(households["h0"])
    changed[catalog.table("dibao", "households").position["cert_no"]] = "D-009"
    del households["h1"]
    tables["dibao", "households"] = {**households, "h0": tuple(changed), "h2": tuple(changed)}
    touched = Touched(7, {("dibao", "households"): {"h0", "h1", "h2"}, ("care", "people"): set()})
    write_snapshot(path, tables, catalog, revision=8, touched=touched)
    write_snapshot(fresh, tables, catalog, revision=8)
    with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(fresh)) as other:
        for table in ("meta", "record", "key", "visited", "due", "conflict", "figure"):
            query = f"SELECT * FROM {table}"
            assert sorted(one.execute(query)) == sorted(other.execute(query)), table
    assert call("LS_EXISTS", "低保", [["D-001"], ["D-002"], ["D-009"]]) == [
        [False],
        [False],
        [True],
    ]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_changed_the_days_of_visits_are_those_of_a_new_snapshot(
    catalog: Catalog, tmp_path: Path, seed: int
) -> None:
    rng = Random(seed)
    path, fresh = tmp_path / "snapshot.db", tmp_path / "fresh.db"
    tables = sample_tables(catalog)
    write_snapshot(path, tables, catalog, revision=1)
    for revision in range(2, 6):
        touched: dict[TableKey, set[str]] = {}
        for key in rng.sample(sorted(tables), rng.randint(1, 2)):
            tables[key], touched[key] = mixed_up(rng, catalog.table(*key), tables[key])
        write_snapshot(
            path, tables, catalog, revision=revision, touched=Touched(revision - 1, touched)
        )
        write_snapshot(fresh, tables, catalog, revision=revision)
        with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(fresh)) as other:
            for table in ("record", "key", "visited", "due"):
                query = f"SELECT * FROM {table}"
                assert sorted(one.execute(query)) == sorted(other.execute(query)), table


def mixed_up(rng: Random, table: TableSchema, rows: Rows) -> tuple[Rows, set[str]]:
    """Rows of a table with some gone, new and changed, and which."""
    names, touched = list(rows), set(rng.sample(list(rows), min(2, len(rows))))
    changed = dict(rows)
    for record in touched:
        other, at = rows[rng.choice(names)], rng.randrange(len(table.fields))
        row = changed.pop(record)
        if rng.random() < 0.8:
            changed[record] = (*row[:at], other[at], *row[at + 1 :])
    if names and rng.random() < 0.5:
        touched.add(new := f"new{rng.random()}")
        changed[new] = rows[rng.choice(names)]
    return changed, touched


def test_a_snapshot_of_another_revision_is_not_gone_on_from(
    workspace: Path, catalog: Catalog
) -> None:
    path = workspace / ".ledgersync" / "snapshot.db"
    touched = Touched(5, {})
    write_snapshot(path, {}, catalog, revision=8, touched=touched)
    assert call("LS_EXISTS", "低保", "D-001") is False
