"""Rules across tables say the same of parts as of the workbooks themselves, and open few."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.district import configure, entry
from tests.sample import COMMUNITY, DAY, sample

import ledgersync as ls
from ledgersync.errors import UnreadableFile
from ledgersync.facts import reader
from ledgersync.facts.part import data_of, part_of
from ledgersync.facts.shelf import PartShelf
from ledgersync.model import Finding, Invalid, Row, WorkbookData
from ledgersync.rollup.across import check_across
from ledgersync.schema import load_catalog
from ledgersync.sync import check
from ledgersync.sync.check import (
    Book,
    Books,
    CheckReport,
    check_files,
    check_ledgers,
    check_workspace,
)
from ledgersync.workbook.read import read_workbook
from ledgersync.workspace import Workspace

TODAY = date.fromisoformat(DAY)
CATALOG = load_catalog()
FIELD = sorted(Path("tests/fixtures/field").rglob("*.*s*"))
WORKBOOKS = [path for path in FIELD if path.suffix != ".json"]


UNITS = ("360797001001", "360797001002")


@pytest.fixture
def community(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEDGERSYNC_TODAY", DAY)
    return sample(tmp_path) / COMMUNITY


@pytest.fixture
def street(community: Path, tmp_path: Path) -> Path:
    """Two communities with the same households: every one of them is paid twice."""
    folder = tmp_path / "街道"
    for code in UNITS:
        own = shutil.copytree(community, folder / "units" / code) / "ledgersync.toml"
        own.write_text(own.read_text("utf-8").replace(UNITS[0], code), "utf-8")
    below = [entry(code, parent="360797001") for code in UNITS]
    return configure(folder, entry("360797001"), *below)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The workbooks that are opened, one by one or several at once."""
    found: list[str] = []
    one, several = reader.read_workbook, check.read_workbooks

    def counted(path: Path, *given: Any, **named: Any) -> Any:
        found.append(path.name)
        return one(path, *given, **named)

    def all_counted(paths: Any, *given: Any, **named: Any) -> Any:
        found.extend(path.name for path in paths)
        return several(paths, *given, **named)

    monkeypatch.setattr(reader, "read_workbook", counted)
    monkeypatch.setattr(check, "read_workbooks", all_counted)
    yield found


def readable(row: Row) -> Row:
    return tuple(None if isinstance(value, Invalid) else value for value in row)


def held(data: WorkbookData, ledger: str) -> tuple[object, list[Finding]]:
    """The rows of a ledger as rules see them, and the cell of every value."""
    tables = [table for table in data.tables if table.ledger == ledger]
    one = WorkbookData(data.file, data.sha256, None, tables)
    books = Books(CATALOG, TODAY, [Book(Path(data.file), one)])
    rows = books.rows()
    cells = [
        books.at(*key, record, name)[1]
        for key, found in rows.items()
        for record in found
        for name in CATALOG.table(*key).field_ids
    ]
    plain = {key: {r: readable(row) for r, row in found.items()} for key, found in rows.items()}
    return {key: found for key, found in plain.items() if found}, cells


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_a_part_holds_what_rules_read_at_its_places(path: Path, tmp_path: Path) -> None:
    """Every workbook of the field: rows, types of values, sheet, row and column."""
    try:
        data = read_workbook(path, CATALOG, today=TODAY)
    except UnreadableFile:
        pytest.skip("cannot be read at all")
    for name in data.ledgers():
        ledger, shelf = CATALOG.ledger(name), PartShelf(tmp_path / name)
        shelf.put("it", "key", part_of(ledger, data, TODAY))
        kept = shelf.get("it", "key", TODAY)
        assert kept is not None
        (rows, cells), (again, there) = held(data, name), held(data_of(ledger, kept), name)
        assert again == rows
        assert repr(again) == repr(rows), "5 is no 5.0"
        assert there == cells


def test_there_are_workbooks_to_compare() -> None:
    assert len(WORKBOOKS) > 20


def test_a_copy_is_checked_without_opening_the_primaries(
    community: Path, opened: list[str]
) -> None:
    """References lead into parts: left by a merge, else made out of the journal."""
    workspace, copy = Workspace.open(community), community / "issued"
    [path, *_] = sorted(copy.rglob("志愿活动台账.xlsx"))
    visits = sorted(copy.rglob("走访台账.xlsx"))[0]
    told = check_files([path, visits], workspace.catalog, TODAY, workspace).findings
    assert sorted(opened) == sorted([path.name, visits.name])
    workspace.parts.rename(workspace.parts.with_name("aside"))
    opened.clear()
    assert check_files([path, visits], workspace.catalog, TODAY, workspace).findings == told
    assert len(opened) < 4, "all but what the journal cannot tell"
    opened.clear()
    check_files([path, visits], workspace.catalog, TODAY, workspace)
    assert sorted(opened) == sorted([path.name, visits.name]), "and left behind"


def test_what_the_journal_cannot_tell_is_opened(community: Path, opened: list[str]) -> None:
    workspace, copy = Workspace.open(community), community / "issued"
    path = sorted(copy.rglob("志愿活动台账.xlsx"))[0]
    told = check_files([path], workspace.catalog, TODAY, workspace).findings
    shutil.rmtree(workspace.parts)
    with closing(sqlite3.connect(workspace.journal_file)) as journal, journal:
        journal.execute("DELETE FROM primary_layout")
    opened.clear()
    assert check_files([path], workspace.catalog, TODAY, workspace).findings == told
    assert len(opened) > 1
    opened.clear()
    check_files([path], workspace.catalog, TODAY, workspace)
    assert opened == [path.name], "and left behind"


def test_one_ledger_is_checked_against_the_parts_of_the_others(
    community: Path, opened: list[str]
) -> None:
    workspace = Workspace.open(community)
    whole = check_workspace(workspace, TODAY)
    opened.clear()
    for ledger in workspace.catalog:
        [file] = check_ledgers(workspace, [ledger.id], TODAY).files
        assert file in whole.files and file.findings
    assert opened == [ledger.file_name for ledger in workspace.catalog], "each once"


def test_an_office_above_opens_what_changed_only(street: Path, opened: list[str]) -> None:
    workspace = Workspace.open(street)
    first = check_across(workspace, TODAY)
    assert len(first.findings) > 20
    before = len(opened)
    assert before == 2 * len(list(street.rglob("primary/低保台账.xlsx")))
    assert check_across(workspace, TODAY) == first
    assert len(opened) == before
    primary = next(street.rglob("primary/低保台账.xlsx"))
    primary.write_bytes(primary.read_bytes() + b"\0")
    check_across(workspace, TODAY)
    assert opened[before:] == [primary.name]


@pytest.mark.parametrize("damage", ["rows cut", "record cut", "gone"])
def test_a_part_that_is_not_whole_is_not_used(street: Path, opened: list[str], damage: str) -> None:
    workspace = Workspace.open(street)
    first = check_across(workspace, TODAY)
    count = len(opened)
    for path in workspace.parts.glob("*.parquet" if damage == "rows cut" else "*.json"):
        path.write_bytes(path.read_bytes()[:-20]) if damage != "gone" else path.unlink()
    assert check_across(workspace, TODAY) == first
    assert len(opened) == 2 * count


def test_the_same_reader_serves_figures_and_rules(street: Path, opened: list[str]) -> None:
    ls.open(street).rollup("2022-06")
    opened.clear()
    assert isinstance(check_across(Workspace.open(street), TODAY), CheckReport)
    assert not opened


def test_what_cannot_be_read_is_told(street: Path) -> None:
    broken = next(street.rglob("primary/低保台账.xlsx"))
    broken.write_bytes(broken.read_bytes()[:3000])
    told = check_across(Workspace.open(street), TODAY)
    assert [path for path, _ in told.unreadable] == [broken]
