"""Where appended rows land: below the content, above a line, inside a table."""

from dataclasses import replace

import pytest
from tests.patching import row, text_of

from ledgersync.workbook.patch import PatchRefused, SheetEdit
from ledgersync.workbook.patch.follow.tables import Table
from ledgersync.workbook.patch.scan.refs import NO_GROWTH, Area, Growth, Reach
from ledgersync.workbook.patch.scan.row_map import MAX_COLUMN, MAX_ROW, RowMap
from ledgersync.workbook.patch.sheet.landing import Landing, land

ONE = [["甲", "乙"]]
TWO = [["甲"], ["乙", "丙"]]


def landed(
    rows: str,
    edit: SheetEdit,
    removed: set[int] | None = None,
    merged: str = "",
    tables: tuple[Table, ...] = (),
) -> Landing:
    cells = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged.split())
    text = text_of(rows, tail=f"<mergeCells>{cells}</mergeCells>" if cells else "")
    return land(text, edit, list(tables), removed or set())


def sheet(*filled: int, blank: tuple[int, ...] = ()) -> str:
    """Rows with one value in column A; blank ones hold a styled cell."""
    numbers = sorted({*filled, *blank})
    return "".join(
        row(n, n) if n in filled else f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in numbers
    )


def test_without_new_rows_only_the_old_ones_move() -> None:
    edit = SheetEdit(cells={(9, 9): "x"})
    assert landed(sheet(1, 2), edit, {2}) == Landing(RowMap.of([2]), 0, 1, NO_GROWTH, 0)
    assert landed(sheet(1), replace(edit, append_column=3)).column == 3


@pytest.mark.parametrize(
    ("rows", "removed", "start", "donor"),
    [
        ("", set(), 1, 0),
        (sheet(1, 2, 3), set(), 4, 3),
        (sheet(1, 3, blank=(2, 4, 5)), set(), 4, 3),
        (sheet(1, 2, 3), {3}, 3, 2),
        (sheet(1, 2, 3), {2}, 3, 3),
        (sheet(1, 2), {1, 2}, 1, 0),
        (sheet(blank=(1, 2)), set(), 1, 0),
        ('<row r="2"><c r="A2"><f>B1</f></c></row>', set(), 3, 2),
        (row(2, "a"), set(), 3, 2),
        ('<row r="2"><c r="A2"><v></v></c></row>', set(), 1, 0),
    ],
)  # fmt: skip
def test_below_the_content(rows: str, removed: set[int], start: int, donor: int) -> None:
    found = landed(rows, SheetEdit(append=TWO), removed)
    assert (found.rows, found.start, found.column) == (RowMap.of(removed), start, 1)
    assert found.donor == donor
    assert found.growth == Growth(start - 1, start + 1, 1, MAX_COLUMN)


@pytest.mark.parametrize(
    ("cells", "start"),
    [
        ({(5, 2): "x"}, 6),
        ({(5, 2): 0}, 6),
        ({(2, 1): "x"}, 4),
        ({(5, 2): None, (6, 1): ""}, 4),
    ],
)
def test_cells_written_by_the_same_edit_are_content(
    cells: dict[tuple[int, int], str | int | None], start: int
) -> None:
    assert landed(sheet(1, 3), SheetEdit(cells=cells, append=ONE)).start == start
    alone = landed("", SheetEdit(cells=cells, append=ONE)).start
    assert alone == (1 if start == 4 and (5, 2) in cells else max(cells)[0] + 1)


@pytest.mark.parametrize(
    ("merged", "column", "removed", "start"),
    [
        ("A2:A5", None, set(), 6),
        ("A3:A5", None, set(), 6),
        ("A4:A5", None, set(), 4),  # below the content, it holds nothing
        ("A2:A3", None, set(), 4),
        ("B2:C5", None, set(), 6),
        ("C2:D5", None, set(), 4),  # beside the new values
        ("C2:D5", 3, set(), 6),
        ("C2:D5", 2, set(), 6),
        ("C2:D5", 4, set(), 6),
        ("C2:D5", 5, set(), 4),
        ("A2:A6 B3:B5", None, set(), 7),
        ("B3:B5 A2:A6", None, set(), 7),
        ("A2:A5", None, {5}, 5),
        ("A2:A6", None, {4, 5, 6}, 4),
        (f"A2:A{MAX_ROW}", None, set(), 4),
        (f"A2:A{MAX_ROW - 2}", None, set(), MAX_ROW - 1),
        ("? A2:A5", None, set(), 6),
    ],
)
def test_below_merged_cells_that_reach_further(
    merged: str, column: int | None, removed: set[int], start: int
) -> None:
    edit = SheetEdit(append=ONE, append_column=column)
    found = landed(sheet(1, 2, 3), edit, removed, merged)
    assert (found.start, found.donor) == (start, 3)
    assert found.growth[:2] == (start - 1, start)
    assert found.reach is not None
    low, high = found.reach.low, found.reach.high
    assert (low, high) == (3, start - 1 + len(removed))


def test_the_lines_of_a_merged_range_without_a_reference_are_passed_over() -> None:
    text = text_of(sheet(1), tail="<mergeCells><mergeCell/></mergeCells>")
    assert land(text, SheetEdit(append=ONE), [], set()).start == 2


@pytest.mark.parametrize(
    ("before", "removed", "start", "donor"),
    [(4, set(), 4, 3), (1, set(), 1, 0), (4, {3}, 3, 2), (4, {2, 3}, 2, 1), (4, {1}, 3, 3)],
)
def test_above_a_line(before: int, removed: set[int], start: int, donor: int) -> None:
    edit = SheetEdit(append=TWO, append_before=before, append_column=2)
    table = Table("t", Area(1, 1, 3, 2), 1, 0)
    found = landed(sheet(1, 2, 3, 4), edit, removed, tables=(table,))
    assert found.rows == RowMap.of(removed, before, 2)
    assert (found.start, found.column, found.donor) == (start, 2, donor)
    assert found.growth == Growth(start - 1, start + 1, 1, MAX_COLUMN)
    assert landed(sheet(1), SheetEdit(append=ONE, append_before=1)).column == 1


@pytest.mark.parametrize(
    ("append", "column", "before", "reach"),
    [
        (ONE, None, None, Reach(5, 5, 6, 6, 1, 2, 3)),
        (TWO, None, None, Reach(5, 5, 6, 7, 1, 2, 3)),
        ([["甲"]], 3, None, Reach(5, 5, 6, 6, 3, 3, 3)),
        ([[]], 3, None, Reach(5, 5, 6, 6, 3, 3, 3)),
        (ONE, 3, 5, Reach(4, 4, 5, 5, 3, 4, 3)),
        (ONE, 3, 4, Reach(2, 3, 4, 4, 3, 4, 3)),
    ],
)
def test_what_reads_the_data_reaches_to_the_new_rows(
    append: list[list[str]], column: int | None, before: int | None, reach: Reach
) -> None:
    edit = SheetEdit(append=append, append_column=column, append_before=before)
    rows = sheet(2, 4, 5, blank=(1, 3, 6))
    assert landed(rows, edit).reach == reach
    known = replace(edit, first_row=4)
    assert landed(rows, known).reach == reach._replace(first=4)


def test_a_sheet_without_content_has_no_first_row_of_content() -> None:
    assert landed("", SheetEdit(append=ONE)).reach == Reach(0, 0, 1, 1, 1, 2, 1)


@pytest.mark.parametrize(
    ("last", "column", "fits"),
    [
        (MAX_ROW - 2, 1, True),
        (MAX_ROW - 1, 1, False),
        (1, MAX_COLUMN - 1, True),
        (1, MAX_COLUMN, False),
        (MAX_ROW, 1, False),
    ],
)
def test_a_full_sheet_takes_no_more(last: int, column: int, fits: bool) -> None:
    edit = SheetEdit(append=TWO, append_column=column)
    if fits:
        assert landed(sheet(last), edit).start == last + 1
        return
    with pytest.raises(PatchRefused) as refused:
        landed(sheet(last), edit)
    assert refused.value.reason == "sheet.full"
    narrow = SheetEdit(append=[["甲"]], append_column=MAX_COLUMN)
    assert landed(sheet(1), narrow).column == MAX_COLUMN


def tabled(
    *filled: int,
    append: list[list[str]] = TWO,
    removed: set[int] | None = None,
    totals: int = 0,
    cells: dict[tuple[int, int], str] | None = None,
    merged: str = "",
    beside: str = "",
) -> Landing:
    """Rows appended to a table in B2:D6 with one header row."""
    rows = "".join(row(n, beside if n == 7 and beside else None, n) for n in filled)
    table = Table("t", Area(2, 2, 6, 4), 1, totals)
    edit = SheetEdit(append=append, cells=cells or {})
    return landed(rows, edit, removed, merged, (table,))


def test_blank_rows_of_a_table_are_used_first() -> None:
    found = tabled(2, 3, 4)
    assert found == Landing(
        RowMap(), 5, 2, Growth(6, 6, 2, 4), 4, Reach(4, 6, 5, 6, 2, 4, 3)
    )  # fmt: skip
    empty = tabled(2)
    assert (empty.start, empty.donor, empty.growth) == (3, 3, Growth(6, 4, 2, 4))


def test_a_full_table_grows_into_blank_rows_below_it() -> None:
    found = tabled(2, 3, 4, 5, 6)
    assert (found.rows, found.start, found.donor) == (RowMap(), 7, 6)
    assert found.growth == Growth(6, 8, 2, 4)
    assert tabled(2, 3, 4, 5).growth == Growth(6, 7, 2, 4)
    assert tabled(2, 3, 4, 5, 6, 10).rows == RowMap()


@pytest.mark.parametrize("filled", [(7,), (8,), (7, 8)])
def test_rows_are_opened_where_something_stands_below(filled: tuple[int, ...]) -> None:
    found = tabled(2, 3, 4, 5, 6, *filled)
    assert (found.rows, found.start) == (RowMap.of([], 7, 2), 7)
    opened = RowMap.of([], 7, 1) if 7 in filled else RowMap()
    assert tabled(2, 3, 4, 5, *filled).rows == opened
    assert tabled(2, 3, 4, *filled).rows == RowMap()


@pytest.mark.parametrize(
    ("merged", "opened"),
    [("B7:B8", True), ("D8:E8", True), ("E7:F8", False), ("A7:A9", False), ("B9:D9", False)],
)
def test_rows_are_opened_where_merged_cells_stand_below(merged: str, opened: bool) -> None:
    found = tabled(2, 3, 4, 5, 6, merged=f"? {merged}")
    assert found.rows == (RowMap.of([], 7, 2) if opened else RowMap())
    assert tabled(2, 3, 4, merged=merged).rows == RowMap()


def test_what_stands_beside_a_table_is_not_below_it() -> None:
    rows = "".join(row(n, None, n) for n in range(2, 7)) + row(7, "左", None, None, None, "右")
    table = Table("t", Area(2, 2, 6, 4), 1, 0)
    near = landed(rows, SheetEdit(append=TWO), tables=(table,))
    assert near.rows == RowMap()
    wide = landed(rows, SheetEdit(append=[["a", "b", "c", "d"]]), tables=(table,))
    assert wide.rows == RowMap.of([], 7, 1)
    left = landed(rows, SheetEdit(append=TWO, append_column=1), tables=(table,))
    assert (left.rows, left.column, left.growth.left) == (RowMap.of([], 7, 2), 1, 1)
    three = landed(rows, SheetEdit(append=[["a", "b", "c"]]), tables=(table,))
    assert (three.rows, three.growth) == (RowMap(), Growth(6, 7, 2, 4))


def test_rows_are_opened_above_the_totals() -> None:
    found = tabled(2, 3, 4, 5, 6, totals=1)
    assert (found.rows, found.start, found.donor) == (RowMap.of([], 6, 2), 6, 5)
    assert found.growth == Growth(5, 7, 2, 4)
    assert found.reach == Reach(5, 5, 6, 7, 2, 4, 3)
    assert tabled(2, 3, 4, 6, totals=1).rows == RowMap.of([], 6, 1)
    assert tabled(2, 3, 6, totals=1).rows == RowMap()


@pytest.mark.parametrize(
    ("removed", "start", "donor", "growth"),
    [
        ({6}, 6, 5, (5, 7)),
        ({5, 6}, 5, 4, (4, 6)),
        ({3}, 6, 6, (5, 7)),
        ({3, 4, 5, 6}, 3, 3, (2, 4)),
        ({1}, 6, 6, (5, 7)),
    ],
)
def test_removed_rows_of_a_table_are_no_room(
    removed: set[int], start: int, donor: int, growth: tuple[int, int]
) -> None:
    found = tabled(2, 3, 4, 5, 6, removed=removed)
    assert (found.start, found.donor, found.growth[:2]) == (start, donor, growth)
    assert found.rows == RowMap.of(removed)


@pytest.mark.parametrize(
    ("cells", "start"),
    [
        ({(7, 2): "x"}, 8),
        ({(8, 4): "x"}, 9),
        ({(7, 2): "x", (9, 3): "x"}, 10),
        ({(7, 1): "x", (8, 5): "x"}, 7),
        ({(9, 2): "x"}, 7),
        ({(6, 2): "x"}, 7),
        ({(7, 2): "x", (10, 3): "x"}, 8),
    ],
)
def test_cells_written_below_a_table_belong_to_it(
    cells: dict[tuple[int, int], str], start: int
) -> None:
    found = tabled(2, 3, 4, 5, 6, cells=cells)
    assert (found.rows, found.start) == (RowMap(), start)
    blocked = tabled(2, 3, 4, 5, 6, start + 1, cells=cells)
    assert (blocked.rows, blocked.start) == (RowMap.of([], 7, 2), 7)


def test_cells_written_below_a_table_one_after_the_other() -> None:
    assert tabled(2, 3, 4, 5, cells={(7, 2): "x", (8, 3): "x"}).start == 9


def test_cells_written_into_a_table_are_its_rows() -> None:
    assert tabled(2, 3, cells={(4, 4): "x"}).start == 5
    assert tabled(2, 3, cells={(4, 5): "x"}).start == 4


def test_several_tables_are_no_table_to_append_to() -> None:
    tables = (Table("t", Area(1, 1, 3, 2), 1, 0), Table("u", Area(1, 4, 3, 5), 1, 0))
    found = landed(sheet(1), SheetEdit(append=ONE), tables=tables)
    assert (found.start, found.growth) == (2, Growth(1, 2, 1, MAX_COLUMN))
