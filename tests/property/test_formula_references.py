"""Formulas that are passed over when rows move or data grows would have read as before."""

from html import escape

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledgersync.workbook.patch.follow.formulas import Shift, shift_formula
from ledgersync.workbook.patch.scan.refs import Reach
from ledgersync.workbook.patch.scan.row_map import RowMap
from ledgersync.workbook.patch.whole.sheet_formulas import telling

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
CELL = st.builds(
    "{}{}{}".format, st.sampled_from(["A", "$B", "zz"]), st.sampled_from(["", "$"]), ROWS
)
REFERENCE = st.builds("{}:{}".format, CELL, CELL) | CELL | st.builds("{}:{}".format, ROWS, ROWS)
WORDS = REFERENCE | st.builds("{}!{}".format, st.sampled_from(["表", "'表'"]), REFERENCE)
FORMULAS = st.lists(WORDS | st.text("Aa$1:bZ9!'._ (),+\"表[]&xR", max_size=6), max_size=4).map(
    "+".join
)


@settings(max_examples=600, deadline=None)
@given(FORMULAS, MOVED, st.none() | REACH)
@example("表!A1", RowMap.of([1]), None)
@example("3:5", RowMap.of([], 4, 1), None)
@example("LS_rk1+$B$2", RowMap.of([2]), None)
@example("SUM(A2:A9)", RowMap.of([], 100, 1), Reach(5, 12, 13, 14, 1, 4, 2))
def test_what_changes_is_looked_at(formula: str, rows: RowMap, reach: Reach | None) -> None:
    shift = Shift("表", rows, reach=reach)
    if rows.moves or reach:
        changed = shift_formula(formula, "表", shift) != formula
        assert not changed or telling(shift).search(escape(formula, quote=True).encode())


def test_names_alone_are_passed_over() -> None:
    names = (b"LS_households_rk1", b"LS_no_2022", "LS_低保户_check".encode())
    assert not any(map(telling(Shift("表", RowMap.of([20004]))).search, names))
