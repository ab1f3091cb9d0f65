"""The stamp: read from either of its two places, and put back without touching the rest."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import Workbook, load_workbook

from ledgersync.files import atomic_write
from ledgersync.model import Stamp
from ledgersync.schema import load_catalog
from ledgersync.workbook.build import SheetRows, ledger_workbook
from ledgersync.workbook.stamp import (
    PROPERTIES_PART,
    STAMP_SHEET,
    read_stamp,
    stamp_cells,
    stamp_properties,
)

STAMP = Stamp("w-1", "care", 1, 41, "c0ffee", "王芳")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "重点人员台账.xlsx"
    catalog = load_catalog()
    atomic_write(
        path,
        ledger_workbook(
            catalog.ledger("care"),
            catalog,
            kind="copy",
            unit="幸福社区",
            rows={"people": SheetRows((), ("R1",))},
            stamp=STAMP,
            today=date(2024, 6, 1),
        ),
    )
    return path


def _rewritten(source: Path, target: Path, changed: dict[str, bytes | None]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = changed.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target


def test_both_places_hold_the_stamp(copy: Path, tmp_path: Path) -> None:
    assert read_stamp(copy) == STAMP
    without = _rewritten(copy, tmp_path / "a.xlsx", {PROPERTIES_PART: None})
    assert read_stamp(without) == STAMP
    damaged = _rewritten(copy, tmp_path / "b.xlsx", {PROPERTIES_PART: b"<Properties"})
    assert read_stamp(damaged) == STAMP
    book = load_workbook(copy)
    assert book[STAMP_SHEET].sheet_state == "veryHidden"
    del book[STAMP_SHEET]
    book.save(tmp_path / "c.xlsx")
    assert read_stamp(tmp_path / "c.xlsx") == STAMP


def test_a_workbook_without_stamp_or_no_workbook_has_none(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "plain.xlsx")
    (tmp_path / "text.xlsx").write_bytes(b"no zip")
    (tmp_path / "cut.xlsx").write_bytes((tmp_path / "plain.xlsx").read_bytes()[:900])
    for name in ("plain.xlsx", "text.xlsx", "cut.xlsx", "absent.xlsx"):
        assert read_stamp(tmp_path / name) is None


def test_a_stamp_that_is_not_whole_is_none(copy: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(copy) as package:
        properties = package.read(PROPERTIES_PART)
    broken = properties.replace(b">41<", b">many<")
    path = _rewritten(copy, tmp_path / "a.xlsx", {PROPERTIES_PART: broken})
    assert read_stamp(path) == STAMP, "the sheet still says it"
    sheetless = load_workbook(path)
    del sheetless[STAMP_SHEET]
    sheetless.save(tmp_path / "b.xlsx")
    assert read_stamp(tmp_path / "b.xlsx") is None


def test_restamping_keeps_every_other_property(copy: Path, tmp_path: Path) -> None:
    other = Stamp("w-1", "care", 2, 42, "c0ffee2")
    with zipfile.ZipFile(copy) as package:
        before = etree.fromstring(package.read(PROPERTIES_PART))
    foreign = etree.SubElement(before, before[0].tag, pid="40", name="KSOProductBuildVer")
    foreign.text = "2052-12.1"
    after = stamp_properties(other, etree.tostring(before))
    entries = {p.get("name"): "".join(p.itertext()) for p in etree.fromstring(after)}
    assert entries["KSOProductBuildVer"] == "2052-12.1"
    assert entries["LedgerSync.revision"] == "42"
    assert "LedgerSync.staff" not in entries
    pids = [p.get("pid") for p in etree.fromstring(after)]
    assert len(pids) == len(set(pids))
    path = _rewritten(copy, tmp_path / "a.xlsx", {PROPERTIES_PART: after})
    assert read_stamp(path) == other


def test_cells_of_a_restamped_sheet_are_read_back(copy: Path, tmp_path: Path) -> None:
    other = Stamp("w-2", "care", 1, 7, "feed", "李娜")
    book = load_workbook(copy)
    for (row, column), text in stamp_cells(other).items():
        book[STAMP_SHEET].cell(row, column, text)
    book.save(tmp_path / "saved.xlsx")
    path = _rewritten(tmp_path / "saved.xlsx", tmp_path / "a.xlsx", {PROPERTIES_PART: None})
    assert read_stamp(path) == other


def test_properties_are_made_where_there_are_none() -> None:
    root = etree.fromstring(stamp_properties(STAMP, None))
    assert {p.get("name") for p in root} >= {"LedgerSync.ledger", "LedgerSync.copy"}
    assert all(int(p.get("pid", "0")) >= 2 for p in root)
