"""Large workbooks: strings given back before cells are objects, processes ended after them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from ledgersync.schema import load_catalog
from ledgersync.workbook.read import pool as pool_module
from ledgersync.workbook.read.formats import spreadsheets
from ledgersync.workbook.read.memory import give_back


def _book() -> bytes:
    book = Workbook()
    book.active.append(["姓名", "电话"])
    book.create_sheet("乙").append(["x", 1])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("large", "times"), [(10, 1), (10**7, 0)])
def test_a_large_book_is_let_go_once(
    monkeypatch: pytest.MonkeyPatch, large: int, times: int
) -> None:
    given: list[None] = []
    monkeypatch.setattr(spreadsheets, "_LARGE", large)
    monkeypatch.setattr(spreadsheets, "give_back", lambda: given.append(give_back()))
    first, second = spreadsheets.read_book(_book(), "a.xlsx")
    assert len(given) == times
    assert [first.rows, second.rows] == [[["姓名", "电话"]], [["x", 1.0]]]


def test_after_a_large_file_no_process_is_started_that_nobody_waits_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名,电话\n王芳,13800138000\n", encoding="utf-8")
    pool, catalog = pool_module.ReaderPool(1), load_catalog()
    started: list[int] = []
    worker = pool_module._Worker
    monkeypatch.setattr(pool_module, "_LARGE", 0)
    monkeypatch.setattr(pool_module, "_Worker", lambda mb: started.append(mb) or worker(mb))
    for times in (1, 2):
        pool.read(path, catalog, today=date(2022, 6, 30))
        assert len(started) == times
    with ThreadPoolExecutor(2) as threads:
        both = threads.map(lambda p: pool.read(p, catalog, today=date(2022, 6, 30)), [path] * 2)
        assert [data.file for data in both] == ["a.csv"] * 2
    assert len(started) == 4
    pool.close()
