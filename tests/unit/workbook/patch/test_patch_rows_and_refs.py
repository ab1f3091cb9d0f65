"""Row maps, ranges and formulas: what moves, shrinks, grows or is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgersync.workbook.patch.follow.formulas import Shift, anchored, shift_formula, translate
from ledgersync.workbook.patch.scan.refs import (
    Area,
    Growth,
    Reach,
    column_letters,
    column_number,
    follow_list,
    grow_spans,
    parse_cell,
)
from ledgersync.workbook.patch.scan.row_map import MAX_ROW, RowMap

SHIFT = Shift("台账", RowMap.of([3, 4, 8]))


@given(st.integers(1, 16_384))
def test_columns_survive_the_round_trip(column: int) -> None:
    assert column_number(column_letters(column)) == column


@given(
    st.sets(st.integers(1, 40), max_size=10),
    st.integers(1, 40),
    st.integers(0, 5),
    st.integers(1, 60),
)
def test_a_row_map_agrees_with_a_list(removed: set[int], before: int, count: int, row: int) -> None:
    """The oracle moves items in a list; every row must be found where the list has it."""
    items: list[int | None] = []
    for number in range(1, 61):
        if number == before:
            items += [None] * count
        if number not in removed:
            items.append(number)
    rows = RowMap.of(removed, before, count)
    expected = None if row in removed else items.index(row) + 1
    assert rows.row(row) == expected
    for place, number in enumerate(items[:40], 1):
        assert rows.old_row(place) == number


@given(st.sets(st.integers(1, 30), max_size=12), st.integers(1, 30), st.integers(0, 10))
def test_a_span_shrinks_to_its_survivors(removed: set[int], top: int, height: int) -> None:
    rows = RowMap.of(removed)
    kept = [rows.row(r) for r in range(top, top + height + 1) if r not in removed]
    assert rows.span(top, top + height) == ((kept[0], kept[-1]) if kept else None)


def test_the_last_row_of_a_sheet_stays_the_last() -> None:
    assert RowMap.of([2]).span(1, MAX_ROW) == (1, MAX_ROW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("B7", (7, 2)), ("$AB$12", (12, 28)), ("A0", None), ("XFE1", None), ("B", None)],
)
def test_cell_addresses(text: str, expected: tuple[int, int] | None) -> None:
    assert parse_cell(text) == expected


def test_ranges_follow_removals_and_growth() -> None:
    grow = Growth(last=9, new_last=11, left=1, right=3)
    assert follow_list("A2:C12 E3:E4 B8", RowMap.of([3, 4, 8]), grow) == "A2:C11"
    assert follow_list("A2:A9 D2:D9 A9", RowMap(), grow) == "A2:A11 D2:D9 A9"
    assert follow_list("A9", RowMap(), grow, single_rows=True) == "A9:A11"


def test_areas_are_read_with_or_without_dollars() -> None:
    assert Area.parse("$C$9:$A$2") == Area(2, 1, 9, 3)
    assert Area.parse("Sheet!A1") is None


def test_spans_widen() -> None:
    assert grow_spans("2:4", [1, 6]) == "1:6"
    assert grow_spans("1:2 4:5", [9]) == "1:2 4:5"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUM(B2:B9)", "SUM(B2:B6)"),
        ("B3+B5", "#REF!+B3"),
        ("台账!$B$9*2", "台账!$B$6*2"),
        ("'台账'!B9", "'台账'!B6"),
        ("其他!B9", "其他!B9"),
        ("[1]台账!B9", "[1]台账!B9"),
        ('"B9"&B9', '"B9"&B6'),
        ("LOG10(B9)", "LOG10(B6)"),
        ("表1[[#This Row],[B9]]+B9", "表1[[#This Row],[B9]]+B6"),
        ("SUM(5:9)", "SUM(3:6)"),
        ("A:A", "A:A"),
        ("B3:B4", "#REF!"),
        ("Rate_B9+_B9", "Rate_B9+_B9"),
        ("IF(A5>1E5,B9,0)", "IF(A3>1E5,B6,0)"),
        ("B9:INDEX(C1:C9,2)", "B6:INDEX(C1:C6,2)"),
    ],
)
def test_formulas_follow_removed_rows(formula: str, expected: str) -> None:
    assert shift_formula(formula, "台账", SHIFT) == expected


def test_a_formula_on_another_sheet_needs_the_name() -> None:
    assert shift_formula("B9+台账!B9", "汇总", SHIFT) == "B9+台账!B6"
    quoted = Shift("My 'x' sheet", RowMap.of([1]))
    assert shift_formula("'my ''X'' Sheet'!A9", None, quoted) == "'my ''X'' Sheet'!A8"


def test_names_over_the_data_grow_only_when_absolute() -> None:
    shift = Shift("台账", RowMap(), Growth(9, 12, 1, 5))
    assert shift_formula("台账!$A$1:$E$9", None, shift) == "台账!$A$1:$E$12"
    assert shift_formula("台账!A1:E9", None, shift) == "台账!A1:E9"
    assert shift_formula("台账!$A$9", None, shift) == "台账!$A$9"


@pytest.mark.parametrize(
    ("area", "rows", "expected"),
    [
        ("B2:B9", RowMap(), "B2:B12"),
        ("B2:B8", RowMap(), "B2:B12"),
        ("B2:B7", RowMap(), None),
        ("B2:B10", RowMap(), None),
        ("B9", RowMap(), None),
        ("F2:F9", RowMap(), None),
        ("B2:F9", RowMap.of([2, 3]), "B2:F12"),
        ("B2:B9", RowMap.of(range(2, 10)), "B10:B12"),
    ],
)
def test_what_covers_the_data_reaches_to_the_new_rows(
    area: str, rows: RowMap, expected: str | None
) -> None:
    reach = Reach(low=8, high=9, start=10, end=12, left=1, right=5, first=2)
    old = Area.parse(area)
    assert old is not None
    assert reach.covers(old) is (expected is not None)
    assert expected is None or str(reach.of(old, old.moved(rows))) == expected


def test_removed_rows_of_a_part_of_the_data_stay_lost() -> None:
    reach = Reach(low=9, high=9, start=8, end=9, left=1, right=5, first=2)
    shift = Shift("台账", RowMap.of([8, 9]), reach=reach)
    assert shift_formula("SUM(B8:B9)+SUM(B2:B9)", "台账", shift) == "SUM(#REF!)+SUM(B2:B9)"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("A1+$A1+A$1+$A$1", "B3+$A3+B$1+$A$1"),
        ("SUM(A1:B2)", "SUM(B3:C4)"),
        ("SUM(1:1)", "SUM(3:3)"),
        ("其他!A1", "其他!B3"),
        ("XFD1", "#REF!"),
        ('"A1"&LOG10(A1)', '"A1"&LOG10(B3)'),
    ],
)
def test_formulas_are_translated_for_another_cell(formula: str, expected: str) -> None:
    assert translate(formula, 2, 1) == expected


def test_a_rule_is_read_from_its_first_surviving_row() -> None:
    prepare = anchored(RowMap.of([2, 3]), Area.parse("A2:C9"))
    shift = Shift("台账", RowMap.of([2, 3]))
    assert shift_formula(prepare("$C2>$C$12"), "台账", shift) == "$C2>$C$10"
