"""What a patch does goes by the change, not by the sheet; a sheet is held once."""

import tracemalloc
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.patching import book, cell, part, row

from ledgersync.workbook.patch import SheetEdit, patch_sheets
from ledgersync.workbook.patch.scan import data
from ledgersync.workbook.patch.scan.data import RowFragment, SheetText
from ledgersync.workbook.patch.sheet.moving import MovingRows
from ledgersync.workbook.patch.whole import sheet_formulas

EDIT = SheetEdit(
    cells={(40, 2): "改", (60, 3): 5}, append=[["新", "x", 1]], append_before=90, remove_rows=[50]
)


def checked(number: int) -> str:
    """A row with a formula that is a name alone, as our own checks are."""
    cells = cell(f"A{number}", f"户{number}") + cell(f"B{number}", "x") + cell(f"C{number}", number)
    check = f'<c r="D{number}"><f>LS_households_check</f><v></v></c>'
    return f'<row r="{number}">{cells}{check}</row>'


def of(rows: int) -> str:
    total = f'<row r="1"><c r="A1"><f>SUM(C2:C{rows})</f></c></row>'
    return total + "".join(map(checked, range(3, rows + 1)))


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often rows are taken apart, formulas read and rows' numbers read, from now on."""
    counts: Counter[str] = Counter()

    def count(owner: Any, name: str) -> None:
        plain: Callable[..., object] = getattr(owner, name)

        def counted(*given: object, **named: object) -> object:
            counts[name] += 1
            return plain(*given, **named)

        monkeypatch.setattr(owner, name, counted)

    monkeypatch.setattr(data, "_INDEX_ALWAYS", 0)
    count(RowFragment, "__init__")
    count(SheetText, "_written_number")
    count(MovingRows, "_taken_apart")
    count(sheet_formulas, "shift_formula")
    return counts


def patched(path: Path, rows: str, edit: SheetEdit = EDIT) -> Path:
    target = path.with_name("b.xlsx")
    patch_sheets(book(path, rows), target, {"台账": edit})
    return target


def test_a_larger_sheet_makes_no_more_work(tmp_path: Path, work: Counter[str]) -> None:
    patched(tmp_path / "a.xlsx", of(500))
    small = work.copy()
    work.clear()
    target = patched(tmp_path / "a.xlsx", of(4000))
    assert small["__init__"] <= 8
    assert small["shift_formula"] <= 2
    assert work["_taken_apart"] == small["_taken_apart"] == 0
    assert all(work[name] <= small[name] for name in ("__init__", "shift_formula"))
    assert work["_written_number"] <= small["_written_number"] + 30  # a longer way to each row
    whole = part(target, "xl/worksheets/sheet1.xml")
    assert checked(4000) in whole  # one row more, one less
    assert "<f>SUM(C2:C4000)</f>" in whole


def test_only_odd_rows_are_taken_apart(tmp_path: Path, work: Counter[str]) -> None:
    """Where a number stands in other quotes, or where something else reads like it."""
    rows = of(500).replace('"A300"', "'A300'").replace("<v>400</v>", '<v>400</v><t>400"</t>')
    target = patched(tmp_path / "a.xlsx", rows, SheetEdit(remove_rows=[50]))
    assert work["_taken_apart"] == 2
    whole = part(target, "xl/worksheets/sheet1.xml")
    assert "<c r='A299'" in whole
    assert '<c r="C399"><v>400</v><t>400"</t>' in whole


@pytest.mark.parametrize("edit", [EDIT, SheetEdit(cells={(5, 1): "x"})])
def test_a_sheet_is_held_once(tmp_path: Path, edit: SheetEdit) -> None:
    long = "字" * 1000
    rows = of(3) + "".join(row(n, f"{n}{long}", n) for n in range(4, 4500))
    source = book(tmp_path / "a.xlsx", rows)
    xml = len(part(source, "xl/worksheets/sheet1.xml").encode())
    tracemalloc.start()
    try:
        patch_sheets(source, tmp_path / "b.xlsx", {"台账": edit})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert xml > 13_000_000
    assert peak < 1.5 * xml
