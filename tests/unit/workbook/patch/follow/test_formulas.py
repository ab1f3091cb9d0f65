"""References in formulas: those that grow with the data, and those of rules and controls."""

import pytest

from ledgersync.workbook.patch.follow.formulas import (
    Shift,
    anchored,
    relative_stays,
    sheet_of,
    shift_attributes,
    shift_formula,
    translate,
)
from ledgersync.workbook.patch.scan.refs import Area, Growth, Reach
from ledgersync.workbook.patch.scan.row_map import KEEP, MAX_ROW, RowMap
from ledgersync.workbook.patch.scan.xml_scan import Splices, first

UP = Shift("台账", RowMap.of([3]))
REACH = Reach(low=8, high=8, start=9, end=10, left=1, right=5, first=2)
GROWN = Shift("台账", KEEP, reach=REACH)


@pytest.mark.parametrize(
    ("prefix", "name"),
    [("甲!", "甲"), ("'a b'!", "a b"), ("'It''s'!", "It's"), ("[1]甲!", "[1]甲")],
)
def test_the_sheet_that_a_prefix_names(prefix: str, name: str) -> None:
    assert sheet_of(prefix) == name


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("A9:A5", "A8:A4"),
        ("$A$9:B$5", "$A$8:B$4"),
        ("A5:A9", "A4:A8"),
        ("A5:A5", "A4:A4"),
        (f"A2:A{MAX_ROW}", f"A2:A{MAX_ROW}"),
        (f"A5:A{MAX_ROW}", f"A4:A{MAX_ROW}"),
        (f"A5:A{MAX_ROW + 1}", f"A5:A{MAX_ROW + 1}"),
        ("XFD5", "XFD4"),
        ("XFE5", "XFE5"),
        ("9:5", "8:4"),
        ("$5:9", "$4:8"),
        ("$9:5", "$8:4"),
        ("3:3", "#REF!"),
        ("台账!A3", "#REF!"),
    ],
)
def test_references_follow_removed_rows(formula: str, expected: str) -> None:
    assert shift_formula(formula, "台账", UP) == expected


@pytest.mark.parametrize(
    ("formula", "cells", "rules"),
    [
        ("SUM(A2:A8)", "SUM(A2:A10)", "SUM(A2:A8)"),
        ("SUM(A$2:A$8)", "SUM(A$2:A$10)", "SUM(A$2:A$10)"),
        ("SUM(A$8:A2)", "SUM(A$10:A2)", "SUM(A$10:A2)"),
        ("SUM(A2:A$8)", "SUM(A2:A$10)", "SUM(A2:A$10)"),
        ("SUM(A$2:A8)", "SUM(A$2:A10)", "SUM(A$2:A8)"),
        ("SUM(A2:A7)", "SUM(A2:A7)", "SUM(A2:A7)"),
        ("A8", "A8", "A8"),
        ("SUM(F2:F8)", "SUM(F2:F8)", "SUM(F2:F8)"),
    ],
)
def test_references_reach_to_new_rows(formula: str, cells: str, rules: str) -> None:
    """What is relative in a rule is read anew from every cell, and stays."""
    assert shift_formula(formula, "台账", GROWN) == cells
    assert shift_formula(formula, "台账", GROWN, relative_stays) == rules
    own = shift_formula(formula, "台账", GROWN, lambda area: area.bottom == 8)
    assert own == rules
    assert shift_formula(formula, "台账", GROWN, lambda _: False) == cells


def test_a_row_of_cells_is_not_the_data() -> None:
    """With one record, `A2:E2` is that record, and `A$2:E$2` all of them."""
    one = Shift("台账", KEEP, reach=Reach(2, 2, 3, 4, 1, 5, 2))
    assert shift_formula("SUM(A2:E2)", "台账", one) == "SUM(A2:E2)"
    assert shift_formula("SUM(A$2:E$2)", "台账", one) == "SUM(A$2:E$4)"
    assert shift_formula("SUM(A2:A2)", "台账", one) == "SUM(A2:A4)"
    assert shift_formula("A2", "台账", one) == "A2"


def test_only_fixed_ranges_are_frames_that_grow() -> None:
    frames = Shift("台账", KEEP, Growth(8, 10, 1, 5))
    assert shift_formula("台账!$A$2:$B$8", None, frames) == "台账!$A$2:$B$10"
    for formula in (
        "台账!$A$2:$B8",
        "台账!$A2:$B$8",
        "台账!$A$8",
        "台账!$A$8:$B$8",
        "别处!$A$2:$B$8",
    ):
        assert shift_formula(formula, None, frames) == formula


@pytest.mark.parametrize(
    ("formula", "down", "right", "expected"),
    [
        ("A1", 0, 0, "A1"),
        ("A1", 0, 1, "B1"),
        ("A1", 1, 0, "A2"),
        ("B2", -1, -1, "A1"),
        ("A2", 0, -1, "#REF!"),
        ("B1", -1, 0, "#REF!"),
        (f"A{MAX_ROW - 1}", 1, 0, f"A{MAX_ROW}"),
        (f"A{MAX_ROW}", 1, 0, "#REF!"),
        ("XFC1", 0, 1, "XFD1"),
        ("SUM(A1:B2)", -1, 0, "SUM(#REF!)"),
        ("SUM($1:2)", 1, 5, "SUM($1:3)"),
        ("别处!$A1", 1, 1, "别处!$A2"),
        ("别处!a1", 1, 0, "别处!A2"),
    ],
)
def test_formulas_read_from_another_cell(
    formula: str, down: int, right: int, expected: str
) -> None:
    assert translate(formula, down, right) == expected


@pytest.mark.parametrize(
    ("removed", "anchor", "expected"),
    [
        ([2], Area(2, 1, 9, 1), "$C3"),
        ([2, 3], Area(2, 1, 9, 1), "$C4"),
        ([5], Area(2, 1, 9, 1), "$C2"),
        ([2, 3], Area(2, 1, 3, 1), "$C2"),  # none of its rows is left
        ([2], None, "$C2"),
        ([], Area(2, 1, 9, 1), "$C2"),
    ],
)
def test_a_rule_is_read_from_its_first_row_that_is_kept(
    removed: list[int], anchor: Area | None, expected: str
) -> None:
    assert anchored(RowMap.of(removed), anchor)("$C2") == expected


@pytest.mark.parametrize(
    ("attributes", "after"),
    [
        (
            'fmlaLink="$A$5" fmlaRange="台账!$A$5:$A$9"',
            'fmlaLink="$A$4" fmlaRange="台账!$A$4:$A$8"',
        ),
        ('fmlaGroup="$A$3" fmlaTxbx="$A$2"', 'fmlaGroup="#REF!" fmlaTxbx="$A$2"'),
        ('fmlaLink="" macro="A5"', 'fmlaLink="" macro="A5"'),
        ('linkedCell="&apos;台账&apos;!A5"', "linkedCell=\"'台账'!A4\""),
    ],
)
def test_links_of_controls_follow(attributes: str, after: str) -> None:
    data, splices = f"<p {attributes}/>".encode(), Splices()
    tag = first(data, b"p")
    assert tag is not None
    shift_attributes(splices, tag, "台账", UP)
    assert splices.apply(data).decode() == f"<p {after}/>"
