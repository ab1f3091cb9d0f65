"""Excel tables: their rows, and their ranges after rows moved and the data grew."""

from pathlib import Path

import pytest
from tests.patching import opened, relations, save, simple, worksheet

from ledgersync.workbook.patch.follow.tables import Table, follow_table, tables_of, widen_table
from ledgersync.workbook.patch.scan.refs import NO_GROWTH, Area, Growth
from ledgersync.workbook.patch.scan.row_map import KEEP, RowMap

AREA = Area(2, 1, 9, 3)


@pytest.mark.parametrize(
    ("header", "totals", "data", "fixed"),
    [
        (1, 0, (3, 9), {2}),
        (0, 0, (2, 9), set()),
        (1, 1, (3, 8), {2, 9}),
        (2, 2, (4, 7), {2, 3, 8, 9}),
    ],
)
def test_the_rows_of_a_table(
    header: int, totals: int, data: tuple[int, int], fixed: set[int]
) -> None:
    table = Table("t", AREA, header, totals)
    assert (table.first_data, table.last_data) == data
    assert list(table.data_rows()) == list(range(data[0], data[1] + 1))
    assert table.fixed_rows() == fixed


@pytest.mark.parametrize(
    ("part", "table"),
    [
        ('<table ref="A2:C9"/>', Table("xl/t.xml", AREA, 1, 0)),
        ('<x:table ref="$A$2:$C$9" headerRowCount="0"/>', Table("xl/t.xml", AREA, 0, 0)),
        ('<table ref="A2:C9" totalsRowCount="1"/>', Table("xl/t.xml", AREA, 1, 1)),
        ('<table ref="?"/>', None),
        ("<table/>", None),
        ("<other/>", None),
    ],
)
def test_the_tables_of_a_sheet(tmp_path: Path, part: str, table: Table | None) -> None:
    parts = simple(worksheet(""))
    parts["xl/t.xml"] = part
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(("rId1", "table", "../t.xml"))
    with opened(save(parts, tmp_path / "a.xlsx")) as package:
        assert tables_of(package, "xl/worksheets/sheet1.xml") == ([table] if table else [])


PART = (
    '<table ref="{}"><autoFilter ref="{}"/><sortState ref="{}"><sortCondition ref="{}"/>'
    "</sortState></table>"
)


@pytest.mark.parametrize(
    ("totals", "rows", "growth", "before", "after"),
    [
        (0, KEEP, NO_GROWTH, "A2:C9", "A2:C9"),
        (0, RowMap.of([4, 5]), NO_GROWTH, "A2:C9", "A2:C7"),
        (0, KEEP, Growth(9, 11, 1, 3), "A2:C9", "A2:C11"),
        (0, KEEP, Growth(8, 11, 1, 3), "A2:C9", "A2:C9"),
        (0, RowMap.of([4]), Growth(8, 9, 1, 3), "A2:C9", "A2:C9"),
    ],
)
def test_a_table_follows_with_its_filter_and_order(
    totals: int, rows: RowMap, growth: Growth, before: str, after: str
) -> None:
    found = follow_table(PART.format(*[before] * 4).encode(), Table("t", AREA, 1, 0), rows, growth)
    assert found.decode() == PART.format(*[after] * 4)


def test_the_totals_stay_below_the_grown_data() -> None:
    """The table reaches to its totals, its filter and order only to its data."""
    table, growth = Table("t", AREA, 1, 1), Growth(8, 10, 1, 3)
    part = PART.format("A2:C9", "A2:C8", "A3:C8", "B3:B8")
    opened_rows = RowMap.of([], 9, 2)
    expected = PART.format("A2:C11", "A2:C10", "A3:C10", "B3:B10")
    assert follow_table(part.encode(), table, opened_rows, growth).decode() == expected


def test_a_table_of_one_row_grows() -> None:
    part = '<table ref="A2:C2"/>'
    table = Table("t", Area(2, 1, 2, 3), 0, 0)
    assert follow_table(part.encode(), table, KEEP, Growth(2, 4, 1, 3)) == b'<table ref="A2:C4"/>'


def test_what_is_lost_or_not_understood_is_left_alone() -> None:
    part = PART.format("A2:C9", "?", "A4:C5", "B4:B5").encode()
    expected = PART.format("A2:C7", "?", "A4:C5", "B4:B5").encode()
    assert follow_table(part, Table("t", AREA, 1, 0), RowMap.of([4, 5]), NO_GROWTH) == expected


def test_only_what_ends_with_the_table_is_widened() -> None:
    columns = '<tableColumns count="1"><tableColumn id="1" name="甲"/></tableColumns>'
    part = f'<table ref="A2:A9"><autoFilter ref="{{}}"/>{columns}</table>'
    table = Table("t", Area(2, 1, 9, 1), 1, 0)
    more = columns.replace('"1">', '"2">').replace(
        "</tableColumns>", '<tableColumn id="2" name="乙"/></tableColumns>'
    )
    for filtered, after in (("A2:A9", "A2:B9"), ("?", "?"), ("A2:C9", "A2:C9")):
        found = widen_table(part.format(filtered).encode(), table, {2: "乙"}).decode()
        assert found == f'<table ref="A2:B9"><autoFilter ref="{after}"/>{more}</table>'


def test_a_table_cut_short_is_left_alone() -> None:
    part = b'<table ref="A2:A9"><tableColumns count="1"><tableColumn id="1" name="a"/>'
    assert widen_table(part, Table("t", Area(2, 1, 9, 1), 1, 0), {2: "b"}) == part
