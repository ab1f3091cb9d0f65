"""Cell addresses and ranges, and how ranges follow rows and grow with the data."""

import pytest

from ledgersync.workbook.patch.scan.edits import PatchReport, SheetReport
from ledgersync.workbook.patch.scan.refs import (
    NO_GROWTH,
    Area,
    Growth,
    Reach,
    follow_list,
    grow_spans,
    parse_cell,
)
from ledgersync.workbook.patch.scan.row_map import KEEP, MAX_ROW, RowMap


def area(text: str) -> Area:
    found = Area.parse(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A1", (1, 1)),
        (f"XFD{MAX_ROW}", (MAX_ROW, 16_384)),
        (f"A{MAX_ROW + 1}", None),
        ("XFE1", None),
        ("b7", (7, 2)),
        ("A1:B2", None),
        ("", None),
    ],
)
def test_addresses_on_a_sheet(text: str, expected: tuple[int, int] | None) -> None:
    assert parse_cell(text) == expected


@pytest.mark.parametrize("text", ["B2:D4", "D4:B2", "B4:D2", " $B$2:$D$4 "])
def test_a_range_by_any_of_its_corners(text: str) -> None:
    assert area(text) == Area(2, 2, 4, 4)
    assert str(area(text)) == "B2:D4"
    assert str(area("C3:C3")) == "C3"


@pytest.mark.parametrize(
    ("row", "column", "held"),
    [(2, 2, True), (4, 4, True), (1, 3, False), (5, 3, False), (3, 1, False), (3, 5, False)],
)
def test_a_range_holds_its_corners_and_nothing_beyond(row: int, column: int, held: bool) -> None:
    assert area("B2:D4").holds(row, column) is held


@pytest.mark.parametrize(
    ("text", "across"), [("B2:D2", True), ("B2", False), ("B2:B4", False), ("B2:D4", False)]
)
def test_several_cells_of_one_row(text: str, across: bool) -> None:
    assert area(text).is_across is across


GROW = Growth(last=9, new_last=11, left=2, right=3)


@pytest.mark.parametrize(
    ("text", "many", "single"),
    [
        ("B2:B9", "B2:B11", "B2:B11"),
        ("B9", "B9", "B9:B11"),
        ("B2:B8", "B2:B8", "B2:B8"),
        ("B2:B10", "B2:B10", "B2:B10"),
        ("A2:A9", "A2:A9", "A2:A9"),
        ("D2:D9", "D2:D9", "D2:D9"),
        ("A2:B9", "A2:B11", "A2:B11"),
        ("C2:D9", "C2:D11", "C2:D11"),
    ],
)
def test_ranges_grow_that_end_with_the_data(text: str, many: str, single: str) -> None:
    assert str(GROW.of(area(text), single_rows=False)) == many
    assert str(GROW.of(area(text), single_rows=True)) == single
    still = GROW._replace(new_last=9)
    assert (GROW.active, still.active, NO_GROWTH.active) == (True, False, False)
    assert still.of(area(text), single_rows=True) == area(text)
    assert follow_list(f"x {text}", KEEP, GROW) == f"x {many}"


def test_a_list_of_ranges_keeps_what_it_does_not_understand_and_its_spelling() -> None:
    rows = RowMap.of([3])
    assert follow_list("$A$2 #REF! A3 $B$4:$B$5", rows, NO_GROWTH) == "$A$2 #REF! B3:B4"
    assert follow_list("A3", rows, NO_GROWTH) == ""


REACH = Reach(low=7, high=9, start=10, end=12, left=2, right=3, first=4)


@pytest.mark.parametrize(
    ("text", "covers"),
    [
        ("B4:B7", True),
        ("B4:B9", True),
        ("B4:B6", False),
        ("B4:B10", False),
        ("B6:B7", True),
        ("B7", False),
        ("A4:A9", False),
        ("D4:D9", False),
        ("A4:B9", True),
        ("C4:D9", True),
        ("A1:E8", True),
    ],
)
def test_what_reads_the_data_to_its_end(text: str, covers: bool) -> None:
    assert REACH.covers(area(text)) is covers


@pytest.mark.parametrize(
    ("text", "covers"), [("B4", True), ("B3", False), ("B5", False), ("B3:B4", True)]
)
def test_a_single_record_is_all_the_data_there_is(text: str, covers: bool) -> None:
    one = Reach(low=1, high=4, start=5, end=5, left=2, right=3, first=4)
    assert one.covers(area(text)) is covers


@pytest.mark.parametrize(
    ("text", "own", "runs"),
    [
        ("B4:B7", 7, True),
        ("B4:B7", 8, False),
        ("B4:B7", 6, False),
        ("B5:B7", 5, True),  # a group around its row
        ("B5:B7", 6, True),
        ("B5:B7", 4, False),
        ("B5:B7", 8, False),
        ("B4:B7", 4, False),
        ("B3:B7", 5, False),
    ],
)
def test_a_range_that_is_its_own_rows(text: str, own: int, runs: bool) -> None:
    assert REACH.runs(area(text), own) is runs


@pytest.mark.parametrize(
    ("text", "moved", "after"),
    [
        ("B4:B7", "B4:B7", "B4:B12"),
        ("B4:B7", "B4:B20", "B4:B20"),
        ("B4:B7", None, "B10:B12"),
        ("B5:B7", None, None),
    ],
)
def test_a_range_reaches_to_the_new_rows(text: str, moved: str | None, after: str | None) -> None:
    found = REACH.of(area(text), area(moved) if moved else None)
    assert found == (area(after) if after else None)


@pytest.mark.parametrize(
    ("spans", "columns", "after"),
    [
        ("2:4", [3], "2:4"),
        ("2:4", [1], "1:4"),
        ("2:4", [9], "2:9"),
        ("2:4", [], "2:4"),
        ("2", [9], "2"),
        ("x:4", [9], "x:4"),
        ("2:x", [9], "2:x"),
    ],
)
def test_the_columns_that_a_row_spans(spans: str, columns: list[int], after: str) -> None:
    assert grow_spans(spans, columns) == after


def test_where_rows_are_after_a_patch() -> None:
    sheet = SheetReport([8, 9], 1, RowMap.of([3]), cleared_rows=frozenset([5]))
    assert [sheet.row_after(n) for n in (2, 3, 4, 5, 6)] == [2, None, 3, None, 5]
    report = PatchReport({"台账": sheet}, (), (), (), 0, "")
    assert report.appended_rows == {"台账": [8, 9]}
