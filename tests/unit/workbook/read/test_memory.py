"""A large workbook: its strings are given back before its cells are objects as well."""

from io import BytesIO

import pytest
from openpyxl import Workbook

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
