"""Rows that move, in a sheet too large to index: their order is looked at as they come."""

import pytest
from tests.patching import row, text_of

from ledgersync.workbook.patch import PatchRefused
from ledgersync.workbook.patch.scan import data
from ledgersync.workbook.patch.scan.row_map import MAX_ROW, RowMap
from ledgersync.workbook.patch.sheet.moving import MovingRows


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first and the last row are looked at beforehand."""
    monkeypatch.setattr(data, "_INDEX_ALWAYS", 0)
    monkeypatch.setattr(data, "_SAMPLES", 1)


def moved(numbers: list[int], rows: RowMap, block: int) -> list[str]:
    sheet = text_of("".join(row(n, n) for n in numbers))
    pieces = MovingRows(sheet, rows, block).pieces(sheet.data_start, sheet.data_end)
    return "".join(bytes(piece).decode() for piece in pieces).split("<row")[1:]


@pytest.mark.parametrize("block", [1, 1 << 20])
def test_rows_in_order(block: int) -> None:
    found = moved([1, 2, 5, MAX_ROW], RowMap.of([], 1, 1), block)
    assert [text[: text.index(">")] for text in found] == [f' r="{n}"' for n in (2, 3, 6, MAX_ROW)]


@pytest.mark.parametrize("block", [1, 1 << 20])
@pytest.mark.parametrize("numbers", [[1, 2, 5, 4, 9], [1, 2, 3, 3, 9], [1, 2, MAX_ROW + 1, 9]])
def test_rows_out_of_order(numbers: list[int], block: int) -> None:
    with pytest.raises(PatchRefused) as refused:
        moved(numbers, RowMap.of([2]), block)
    assert refused.value.reason == "sheet.rows_out_of_order"
