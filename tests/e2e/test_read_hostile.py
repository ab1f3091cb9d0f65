"""Hostile and broken files are refused with a reason, quickly, and the next file is still read."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fuzz.hostile import SHARED, SHEET, bomb, hostile_files, valid_workbook
from tests.fuzz.run import FOUND, fault_of
from tests.fuzz.target import as_sheet
from tests.reading import TODAY

from ledgersync.errors import UnreadableFile
from ledgersync.schema import Catalog, load_catalog
from ledgersync.workbook.read import pool
from ledgersync.workbook.read.pool import ReaderPool

CATALOG: Catalog = load_catalog()
FILES = hostile_files()
_HEADINGS = zip("ABCD", ("姓名", "身份证号", "人员类别", "联系电话"), strict=True)


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReaderPool]:
    """One warm child process."""
    found = ReaderPool(1)
    good = tmp_path_factory.mktemp("good") / "good.xlsx"
    good.write_bytes(valid_workbook())
    assert len(found.read(good, CATALOG, today=TODAY).tables) == 1
    yield found
    found.close()


def _refused(readers: ReaderPool, path: Path) -> str:
    started = time.perf_counter()
    with pytest.raises(UnreadableFile) as refusal:
        readers.read(path, CATALOG, today=TODAY)
    assert time.perf_counter() - started < 2
    return refusal.value.message.zh


def _still_reads(readers: ReaderPool, folder: Path) -> None:
    good = folder / "good.xlsx"
    good.write_bytes(valid_workbook())
    assert readers.read(good, CATALOG, today=TODAY).tables[0].values["name"] == ["王芳"]


@pytest.mark.parametrize("name", FILES)
def test_small_hostile_files(readers: ReaderPool, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    assert name in _refused(readers, path)
    _still_reads(readers, tmp_path)


def test_a_record_in_the_last_row_of_the_sheet(readers: ReaderPool, tmp_path: Path) -> None:
    """A million empty rows between the header and a record are passed over quickly."""
    head = "".join(f'<c r="{c}1" t="inlineStr"><is><t>{t}</t></is></c>' for c, t in _HEADINGS)
    cell = '<c r="A1048576" t="inlineStr"><is><t>李娜</t></is></c>'
    rows = f'<row r="1">{head}</row><row r="1048576">{cell}</row>'
    path = tmp_path / "长.xlsx"
    path.write_bytes(as_sheet(rows.encode()))
    assert fault_of(readers, path, CATALOG) is None


@pytest.mark.parametrize("path", sorted(FOUND.iterdir()), ids=lambda p: p.name)
def test_what_fuzzing_found(readers: ReaderPool, tmp_path: Path, path: Path) -> None:
    """Read or refused, in time, and the process lives on."""
    content = path.read_bytes()
    file = tmp_path / "a.xlsx"
    file.write_bytes(as_sheet(content) if path.suffix == ".sheet" else content)
    assert fault_of(readers, file, CATALOG) is None
    _still_reads(readers, tmp_path)


@pytest.mark.parametrize(
    ("member", "forged", "reason"),
    [(SHEET, False, "MB"), (SHEET, True, "超过声明"), (SHARED, True, "超过声明")],
)
def test_zip_bombs(
    readers: ReaderPool, tmp_path: Path, member: str, forged: bool, reason: str
) -> None:
    path = bomb(tmp_path / "bomb.xlsx", member, 0.5, forged=forged)
    assert reason in _refused(readers, path)
    _still_reads(readers, tmp_path)


def test_a_process_that_dies_costs_one_refusal(
    readers: ReaderPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child is killed while it reads, as the time limit does it."""
    path = tmp_path / "slow.xlsx"
    path.write_bytes(valid_workbook())
    monkeypatch.setattr(pool, "SECONDS", 0.0)
    monkeypatch.setattr(pool, "SECONDS_PER_MB", 0.0)
    with pytest.raises(UnreadableFile) as refusal:
        readers.read(path, CATALOG, today=TODAY)
    assert "超过" in refusal.value.message.zh or "异常退出" in refusal.value.message.zh
    monkeypatch.undo()
    _still_reads(readers, tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="memory is not limited on Windows")
def test_too_little_memory_is_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "good.xlsx"
    path.write_bytes(valid_workbook())
    small = ReaderPool(1, memory_mb=40)
    with pytest.raises(UnreadableFile):
        small.read(path, CATALOG, today=TODAY)
    small.close()


def test_warm_reading_of_small_files_is_quick(readers: ReaderPool, tmp_path: Path) -> None:
    path = tmp_path / "good.xlsx"
    path.write_bytes(valid_workbook())
    times = []
    for _ in range(10):
        started = time.perf_counter()
        readers.read(path, CATALOG, today=TODAY)
        times.append(time.perf_counter() - started)
    assert sorted(times)[5] < 0.1


def test_a_missing_file_is_named(readers: ReaderPool, tmp_path: Path) -> None:
    assert "没有.xlsx" in _refused(readers, tmp_path / "没有.xlsx")
