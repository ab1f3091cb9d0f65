"""What stands around the cells follows moved rows and grown data, each on a few bytes."""

import pytest

from ledgersync.workbook.patch.follow.formulas import Shift
from ledgersync.workbook.patch.follow.ranges import follow_ranges, grow_dimension
from ledgersync.workbook.patch.scan.refs import NO_GROWTH, Area, Growth, Reach
from ledgersync.workbook.patch.scan.row_map import KEEP, RowMap

ROWS = RowMap.of([3, 4], before=9, count=2)  # rows 3 and 4 go, two come in before row 9
GROWTH = Growth(last=8, new_last=10, left=1, right=5)
REACH = Reach(low=8, high=8, start=9, end=10, left=1, right=5, first=2)


def followed(
    data: str, rows: RowMap = ROWS, growth: Growth = NO_GROWTH, reach: Reach | None = None
) -> str:
    shift = Shift("台账", rows, reach=reach)
    return follow_ranges(f"<x>{data}</x>".encode(), "台账", shift, growth).decode()[3:-4]


MOVED = [("A2", "A2"), ("B5:B8", "B3:B6"), ("A2:B12", "A2:B12"), ("A1:A4", "A1:A2"), ("C9", "C9")]


@pytest.mark.parametrize(("ref", "after"), [*MOVED, ("A3:B4", None), ("A1:A2 B6", "A1:A2 B4")])
@pytest.mark.parametrize(
    "item",
    [
        '<autoFilter ref="{}"><filterColumn/></autoFilter>',
        '<protectedRange sqref="{}" name="a"/>',
        '<ignoredError sqref="{}"/>',
        '<sortState ref="{}"><z/></sortState>',
        '<sortCondition ref="{}"/>',
        '<cellWatch r="{}"/>',
        '<inputCells r="{}"/>',
        '<dataValidation sqref="{}"><formula1>1</formula1></dataValidation>',
        '<conditionalFormatting sqref="{}"><cfRule/></conditionalFormatting>',
        "<x14:conditionalFormatting><z/><xm:sqref>{}</xm:sqref></x14:conditionalFormatting>",
        "<x14:sparkline><xm:f>1</xm:f><xm:sqref>{}</xm:sqref></x14:sparkline>",
    ],
)
def test_ranges_follow_their_rows_or_go_with_them(item: str, ref: str, after: str | None) -> None:
    expected = item.format(after) if after else ""
    assert followed(item.format(ref)) == expected
    assert followed(item.format(ref), KEEP) == item.format(ref)


@pytest.mark.parametrize(("ref", "after"), [*MOVED, ("A3:B4", None), ("?", "?")])
def test_links_follow_their_rows(ref: str, after: str | None) -> None:
    item = '<hyperlink ref="{}"/>'
    assert followed(item.format(ref)) == (item.format(after) if after else "")
    assert followed("<hyperlink/>") == "<hyperlink/>"


@pytest.mark.parametrize(
    ("ref", "after"),
    [
        ("A1:B2", "A1:B2"),
        ("A5:A6", "A3:A4"),
        ("A2:A3", None),  # one cell is left of it
        ("A2:A4", None),
        ("A2:B3", "A2:B2"),
        ("A3:B4", None),
        ("A4:A6", "A3:A4"),
        ("A8:A9", "A6:A9"),
    ],
)
def test_merged_cells_follow_their_rows_while_there_are_two(ref: str, after: str | None) -> None:
    item = '<mergeCell ref="{}"/>'
    assert followed(item.format(ref)) == (item.format(after) if after else "")


@pytest.mark.parametrize(
    ("item", "one_row"),
    [
        ('<autoFilter ref="{}"/>', True),
        ('<protectedRange sqref="{}"/>', False),
        ('<ignoredError sqref="{}"/>', False),
        ('<dataValidation sqref="{}"/>', True),
        ('<conditionalFormatting sqref="{}"/>', False),
        ('<sortState ref="{}"/>', None),
        ('<cellWatch r="{}"/>', None),
    ],
)
def test_ranges_that_end_at_the_data_grow(item: str, one_row: bool | None) -> None:
    grown = "A2:B8" if one_row is None else "A2:B10"
    assert followed(item.format("A2:B8"), KEEP, GROWTH) == item.format(grown)
    assert followed(item.format("A2:B7"), KEEP, GROWTH) == item.format("A2:B7")
    both = "A2:B6" if one_row is None else "A2:B10"
    assert followed(
        item.format("A2:B8"), RowMap.of([3, 4]), GROWTH._replace(last=6)
    ) == item.format(both)
    single = "A8:A10" if one_row else "A8"
    assert followed(item.format("A8"), KEEP, GROWTH) == item.format(single)


@pytest.mark.parametrize(
    ("outer", "inner", "ref"),
    [
        ("mergeCells", "mergeCell", "ref"),
        ("dataValidations", "dataValidation", "sqref"),
        ("hyperlinks", "hyperlink", "ref"),
        ("protectedRanges", "protectedRange", "sqref"),
        ("ignoredErrors", "ignoredError", "sqref"),
        ("cellWatches", "cellWatch", "r"),
    ],
)
def test_a_list_loses_its_entries_and_goes_with_the_last(outer: str, inner: str, ref: str) -> None:
    stays, goes = (f'<{inner} {ref}="{cells}"/>' for cells in ("A1:B2", "A3:B4"))
    two = f'<{outer} count="2">{stays}{goes}</{outer}>'
    assert followed(two) == f'<{outer} count="1">{stays}</{outer}>'
    assert followed(two.replace(' count="2"', "")) == f"<{outer}>{stays}</{outer}>"
    assert followed(f'<{outer} count="1">{goes}</{outer}>') == ""
    for kept in (f'<{outer} count="9">{stays}</{outer}>', f'<{outer} count="0"></{outer}>'):
        assert followed(kept) == kept


def test_sparklines_take_their_groups_with_them() -> None:
    line = "<sparkline><f>台账!A{0}:B{0}</f><sqref>C{0}</sqref></sparkline>"
    group = "<sparklineGroup><sparklines>{}</sparklines></sparklineGroup>"
    two = group.format(line.format(2) + line.format(3)) + group.format(line.format(4))
    whole = f"<sparklineGroups>{two}</sparklineGroups>"
    assert followed(whole) == f"<sparklineGroups>{group.format(line.format(2))}</sparklineGroups>"
    gone = f"<sparklineGroups>{group.format(line.format(4))}</sparklineGroups>"
    assert followed(gone) == ""
    assert (
        followed("<sparkline><f>台账!A3</f></sparkline>") == "<sparkline><f>台账!A3</f></sparkline>"
    )


@pytest.mark.parametrize(
    ("source", "place", "rows", "reach", "after"),
    [
        ("台账!A5:B5", "C5", ROWS, None, ("台账!A3:B3", "C3")),
        ("别处!A5:B5", "C5", ROWS, None, ("别处!A5:B5", "C3")),
        ("A5:B5", "C2", ROWS, None, ("A3:B3", "C2")),
        ("'台账'!A2:A8", "C1", KEEP, REACH, ("'台账'!A2:A10", "C1")),
        ("台账!A2:A7", "C8", KEEP, REACH, ("台账!A2:A7", "C8")),
        ("台账!A2:A8", "C1", KEEP, None, ("台账!A2:A8", "C1")),
    ],
)
def test_sparklines_read_their_rows(
    source: str, place: str, rows: RowMap, reach: Reach | None, after: tuple[str, str]
) -> None:
    line = "<sparkline><xm:f>{}</xm:f><xm:sqref>{}</xm:sqref></sparkline>"
    assert followed(line.format(source, place), rows, reach=reach) == line.format(*after)


@pytest.mark.parametrize(
    ("name", "formula", "after"),
    [
        ("fmlaLink", "$A$5", "$A$3"),
        ("linkedCell", "别处!A5", "别处!A5"),
        ("listFillRange", "台账!$A$5:$A$8", "台账!$A$3:$A$6"),
        ("textlink", "A3", "#REF!"),
        ("macro", "A5", "A5"),
    ],
)
def test_controls_are_linked_to_their_cells(name: str, formula: str, after: str) -> None:
    item = '<controlPr {}="{}"/>'
    assert followed(item.format(name, formula)) == item.format(name, after)


def test_controls_reach_to_new_rows() -> None:
    item = '<controlPr listFillRange="$A$2:$A${}"/>'
    assert followed(item.format(8), KEEP, reach=REACH) == item.format(10)
    assert followed(item.format(8), KEEP) == item.format(8)


@pytest.mark.parametrize(
    ("formula", "sqref", "after"),
    [
        ("A2&gt;$B$5", "A2:A8", "A2&gt;$B$3"),
        ("A5&gt;1", "A5:A8", "A3&gt;1"),
        ("$C4&gt;1", "A4:A8", "$C3&gt;1"),  # its first row goes: it is read from the next
        ("$C5&gt;1", "B6 A4:A8", "$C4&gt;1"),
        ("TRUE", "A2:A8", "TRUE"),
    ],
)
@pytest.mark.parametrize("name", ["formula", "formula1", "formula2", "f"])
def test_the_formulas_of_rules_follow(name: str, formula: str, sqref: str, after: str) -> None:
    item = '<conditionalFormatting sqref="{}"><{}>{}</{}></conditionalFormatting>'
    moved = {"A2:A8": "A2:A6", "A5:A8": "A3:A6", "A4:A8": "A3:A6", "B6 A4:A8": "B4 A3:A6"}
    expected = item.format(moved[sqref], name, after, name)
    assert followed(item.format(sqref, name, formula, name)) == expected


def test_the_formulas_of_rules_reach_to_new_rows() -> None:
    rule = '<dataValidation sqref="{}"><formula1>COUNTIF({},A2)</formula1></dataValidation>'
    before, after = rule.format("C1", "$A$2:$A$8"), rule.format("C1", "$A$2:$A$10")
    assert followed(before, KEEP, GROWTH, REACH) == after
    assert followed(before, KEEP, GROWTH) == before
    relative = rule.format("C1", "A2:A8")
    assert followed(relative, KEEP, GROWTH, REACH) == relative


@pytest.mark.parametrize(
    "inner", ["<formula1></formula1>", "<formula1><f>A5</f></formula1>", "<formula1/>"]
)
def test_rules_without_a_plain_formula_stay(inner: str) -> None:
    rule = f'<dataValidation sqref="A1">{inner}</dataValidation>'
    moved = rule.replace("<f>A5", "<f>A3")
    assert followed(rule) == moved
    assert followed(rule.replace(' sqref="A1"', "")) == rule.replace(' sqref="A1"', "")


@pytest.mark.parametrize(
    ("old", "after"), [("2", "2"), ("7", "5"), ("4", "2"), ("9", "9"), ("0", "0"), ("x", "x")]
)
def test_page_breaks_follow_their_rows(old: str, after: str) -> None:
    item = '<rowBreaks count="1"><brk id="{}" man="1"/></rowBreaks>'
    assert followed(item.format(old)) == item.format(after)
    assert followed(item.format(old), KEEP) == item.format(old)
    columns = f'<colBreaks><brk id="{old}"/></colBreaks>'
    assert followed(columns) == columns


def test_a_page_break_after_rows_that_all_go_goes() -> None:
    item = '<rowBreaks><brk id="2" man="1"/><brk id="5"/></rowBreaks>'
    expected = '<rowBreaks><brk id="3"/></rowBreaks>'
    assert followed(item, RowMap.of([1, 2])) == expected
    last = '<rowBreaks><brk id="{}"/></rowBreaks>'
    assert followed(last.format(2), RowMap.of([2])) == last.format(1)


def test_controls_stand_on_their_rows() -> None:
    anchor = "<anchor><from><row>{}</row></from><to><row>{}</row></to></anchor>"
    assert followed(anchor.format(4, 5)) == anchor.format(2, 3)
    assert followed(anchor.format(4, 5), KEEP, GROWTH, REACH) == anchor.format(4, 5)


@pytest.mark.parametrize(
    ("ref", "used", "after"),
    [
        ("A1:C9", None, "A1:C9"),
        ("A1:C8", None, "A1:C6"),
        ("B2:C8", Area(1, 1, 2, 2), "A1:C6"),
        ("B2:C8", Area(3, 3, 12, 5), "B2:E12"),
        ("A3:A4", Area(3, 3, 3, 3), "C3"),
        ("A3:A4", None, "A3:A4"),
        ("?", None, "?"),
        ("?", Area(1, 1, 2, 2), "A1:B2"),
    ],
)
def test_the_dimension_covers_what_was_written(ref: str, used: Area | None, after: str) -> None:
    head = '<ws><dimension ref="{}"/><cols/>'
    found = grow_dimension(head.format(ref).encode(), used, ROWS)
    assert found.decode() == head.format(after)
