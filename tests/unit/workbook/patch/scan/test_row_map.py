"""Rows before and after: what is removed, what opens, and where that changes the distance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgersync.workbook.patch.scan.edits import SheetReport
from ledgersync.workbook.patch.scan.row_map import KEEP, MAX_ROW, RowMap


def test_nothing_moves_where_nothing_is_removed_or_opened() -> None:
    assert RowMap.of([]) == RowMap.of([], None, 3) == RowMap.of([], 0, 3) == KEEP
    assert not KEEP.moves
    assert RowMap.of([3]).moves and RowMap.of([], 3, 1).moves
    assert not RowMap.of([], 3, 0).moves
    assert RowMap.of([5, 3, 5]).removed == (3, 5)


def test_the_last_row_of_a_sheet_neither_moves_up_nor_down() -> None:
    for rows in (RowMap.of([3]), RowMap.of([], 3, 2)):
        assert rows.row(MAX_ROW) == MAX_ROW
    assert RowMap.of([3]).row(MAX_ROW - 1) == MAX_ROW - 2
    assert RowMap.of([MAX_ROW]).row(MAX_ROW) is None


@pytest.mark.parametrize(("row", "place"), [(2, 2), (3, 3), (4, 3), (5, 3), (6, 4), (7, 7), (8, 8)])
def test_a_removed_row_gives_its_place_to_the_next(row: int, place: int) -> None:
    """Rows 3 and 4 go, two rows open above row 7 (which is 5 without them)."""
    assert RowMap.of([3, 4], 7, 2).place(row) == place


MAPS = st.builds(
    RowMap.of, st.sets(st.integers(1, 30), max_size=8), st.integers(1, 32), st.integers(0, 4)
)


@given(MAPS, st.integers(1, 40))
def test_a_row_that_is_kept_is_found_again(rows: RowMap, row: int) -> None:
    after = rows.row(row)
    if after is not None:
        assert rows.old_row(after) == row
        assert rows.place(row) == after
    opened = range(rows.opened, rows.opened + rows.count)
    assert [rows.old_row(n) for n in opened] == [None] * rows.count
    assert after not in opened


@given(MAPS, st.lists(st.integers(1, 40) | st.integers(MAX_ROW - 3, MAX_ROW)), st.booleans())
def test_many_rows_move_like_each_of_them(rows: RowMap, numbers: list[int], rising: bool) -> None:
    numbers = sorted(set(numbers)) if rising else numbers
    assert rows.after(numbers) == [rows.row(number) for number in numbers]
    report = SheetReport([], 1, rows, frozenset(numbers[:1]))
    assert report.rows_after(numbers) == [report.row_after(number) for number in numbers]


@given(MAPS, st.integers(1, 30), st.integers(0, 8))
def test_the_first_row_of_a_range_that_is_kept(rows: RowMap, top: int, height: int) -> None:
    kept = [row for row in range(top, top + height + 1) if row not in rows.removed]
    assert rows.survivor(top, top + height) == (kept[0] if kept else None)


@given(MAPS)
def test_between_two_breaks_all_rows_move_alike(rows: RowMap) -> None:
    breaks = rows.breaks()
    assert breaks == sorted(set(breaks))

    def distance(row: int) -> int | None:
        after = rows.row(row)
        return None if after is None else after - row

    changes = {row for row in range(2, 60) if distance(row) != distance(row - 1)}
    ends = {n + 1 for n in rows.removed} | {rows.before, MAX_ROW}
    assert changes <= set(breaks) <= {*rows.removed, *ends}
