"""Formulas that are passed over when rows move or data grows would have read as before."""

from html import escape

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledgersync.workbook.patch.follow.formulas import Shift, shift_formula, telling
from ledgersync.workbook.patch.scan.refs import Growth, Reach
from ledgersync.workbook.patch.scan.row_map import RowMap

ROWS = st.integers(1, 120)
MOVED = st.builds(
    RowMap.of, st.lists(ROWS, max_size=4), st.none() | ROWS, st.integers(1, 3)
)  # fmt: skip
REACH = st.builds(
    lambda low, free, first: Reach(low, low + free, low + free + 1, low + free + 3, 1, 4, first),
    ROWS,
    st.integers(0, 40),
    st.integers(1, 12),
)
GROWTH = st.builds(Growth, ROWS, ROWS, st.just(1), st.just(4))
CELL = st.builds(
    "{}{}{}".format, st.sampled_from(["A", "$B", "zz"]), st.sampled_from(["", "$"]), ROWS
)
REFERENCE = st.builds("{}:{}".format, CELL, CELL) | CELL | st.builds("{}:{}".format, ROWS, ROWS)
WORDS = REFERENCE | st.builds("{}!{}".format, st.sampled_from(["表", "'表'"]), REFERENCE)
FORMULAS = st.lists(WORDS | st.text("Aa$1:bZ9!'._ (),+\"表[]&xR", max_size=6), max_size=4).map(
    "+".join
)


@settings(max_examples=600, deadline=None)
@given(FORMULAS, MOVED, st.none() | REACH, st.none() | GROWTH)
@example("表!A1", RowMap.of([1]), None, None)
@example("3:5", RowMap.of([], 4, 1), None, None)
@example("LS_rk1+$B$2", RowMap.of([2]), None, None)
@example("SUM(A2:A9)", RowMap.of([], 100, 1), Reach(5, 12, 13, 14, 1, 4, 2), None)
@example("$A$2:$A$99", RowMap.of([]), None, Growth(99, 101, 1, 4))
@example("SUM(A2:A0100)", RowMap.of([100]), None, None)
def test_what_changes_is_looked_at(
    formula: str, rows: RowMap, reach: Reach | None, growth: Growth | None
) -> None:
    shift = Shift("表", rows, growth, reach)
    if rows.moves or reach or (growth and growth.active):
        changed = shift_formula(formula, "表", shift) != formula
        assert not changed or telling(shift).search(escape(formula, quote=True).encode())


def test_names_alone_are_passed_over() -> None:
    names = (b"LS_households_rk1", b"LS_no_2022", "LS_低保户_check".encode())
    assert not any(map(telling(Shift("表", RowMap.of([20004]))).search, names))


@settings(max_examples=400, deadline=None)
@given(st.integers(1, 12_000), st.integers(-30, 30) | st.integers(-12_000, 12_000))
@example(105, 2)
@example(2543, 10)
@example(999, 1)
def test_rows_from_the_first_that_moves_tell(row: int, more: int) -> None:
    number = max(row + more, 1)
    tells = telling(Shift("表", RowMap.of([row])))
    for text in (b"$B%d", b"%d:%d", b"SUM(A1:C%d)"):
        found = tells.search(text.replace(b"%d", b"%d" % number))
        assert bool(found) is (number >= row or (row == 1 and b"A1" in text))
    assert number < row or tells.search(b"C00%d" % number)
