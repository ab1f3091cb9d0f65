"""Parts of a workbook that follow moved rows and new columns, each on a few bytes."""

import pytest

from ledgersync.workbook.patch.follow.anchors import (
    follow_anchors,
    follow_comments,
    follow_single_cells,
    follow_vml,
)
from ledgersync.workbook.patch.follow.filters import widen_filter, widen_filter_name
from ledgersync.workbook.patch.follow.tables import Table, widen_table
from ledgersync.workbook.patch.scan.refs import Area
from ledgersync.workbook.patch.scan.row_map import RowMap
from ledgersync.workbook.patch.sheet.hiding import hide_columns
from ledgersync.workbook.patch.sheet.merged import without_merges
from ledgersync.workbook.patch.sheet.validations import Validation, validations_xml

ROWS = RowMap.of([3, 4], before=8, count=2)  # rows 3 and 4 go, two come in before row 8


def area(text: str) -> Area:
    found = Area.parse(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("ref", "after"),
    [("A2", "A2"), ("B3", None), ("C5", "C3"), ("D8", "D8"), ("E9", "E9"), ("A7", "A5")],
)
@pytest.mark.parametrize("kind", ["comment", "threadedComment"])
def test_comments_follow_their_cell_or_go_with_it(kind: str, ref: str, after: str | None) -> None:
    item = '<{0} ref="{1}"><text/></{0}>'
    data = f"<x>{item.format(kind, ref)}<comment ref='?'/></x>".encode()
    kept = item.format(kind, after) if after else ""
    assert follow_comments(data, ROWS) == f"<x>{kept}<comment ref='?'/></x>".encode()


def corners(top: object, bottom: object, how: str = "") -> bytes:
    ends = f"<from><row>{top}</row></from><to><row>{bottom}</row></to>"
    return f"<d><twoCellAnchor{how}>{ends}</twoCellAnchor></d>".encode()


@pytest.mark.parametrize(
    ("top", "bottom", "how", "after"),
    [
        (0, 1, "", (0, 1)),
        (1, 4, "", (1, 2)),  # from 0: rows 2 to 5, of which two go
        (4, 8, "", (2, 8)),
        (2, 3, "", (2, 3)),  # all its rows go: it keeps its height
        (1, 3, "", (1, 2)),
        (2, 4, "", (2, 2)),
        (3, 4, "", (2, 2)),
        (1, 4, ' editAs="oneCell"', (1, 4)),
        (4, 8, ' editAs="absolute"', (4, 8)),
        ("x", 8, "", ("x", 8)),
    ],
)
def test_drawings_follow_their_rows(
    top: object, bottom: object, how: str, after: tuple[object, object]
) -> None:
    assert follow_anchors(corners(top, bottom, how), ROWS) == corners(*after, how)


def test_a_drawing_with_one_corner_follows_it() -> None:
    one = "<d><oneCellAnchor><from><row>{}</row></from><ext/></oneCellAnchor></d>"
    assert follow_anchors(one.format(4).encode(), ROWS) == one.format(2).encode()
    assert follow_anchors(one.format(2).encode(), ROWS) == one.format(2).encode()


@pytest.mark.parametrize(("ref", "after"), [("A2", "A2"), ("B3", None), ("C5", "C3"), ("?", "?")])
def test_cells_mapped_to_xml_follow_their_row(ref: str, after: str | None) -> None:
    item = '<singleXmlCell id="1" r="{}"><z/></singleXmlCell>'
    expected = item.format(after).encode() if after else b""
    assert follow_single_cells(item.format(ref).encode(), ROWS) == expected


def shape(row: str, anchor: str) -> bytes:
    return f"<v><v:shape>{row}<x:Anchor>{anchor}</x:Anchor></v:shape></v>".encode()


@pytest.mark.parametrize(
    ("row", "anchor", "new_row", "new_anchor"),
    [
        (4, "1, 0, 4, 0, 3, 0, 6, 0", 2, "1, 0, 2, 0, 3, 0, 4, 0"),
        (1, "1, 0, 0, 0, 3, 0, 1, 0", 1, "1, 0, 0, 0, 3, 0, 1, 0"),
        (4, "1, 0, 4, 0", 2, "1, 0, 4, 0"),  # no anchor that is understood
        (4, "1, 0, x, 0, 3, 0, 6, 0", 2, "1, 0, x, 0, 3, 0, 6, 0"),
        (4, "1, 0, 4, 0, 3, 0, x, 0", 2, "1, 0, 4, 0, 3, 0, x, 0"),
        (4, "1, 0, 1, 0, 3, 0, 4, 0", 2, "1, 0, 1, 0, 3, 0, 4, 0"),  # its size stays
    ],
)
def test_notes_follow_their_cell(row: int, anchor: str, new_row: int, new_anchor: str) -> None:
    text = "<x:Row>{}</x:Row>"
    before, after = shape(text.format(row), anchor), shape(text.format(new_row), new_anchor)
    assert follow_vml(before, ROWS) == after
    assert follow_vml(shape("", anchor), ROWS) == shape("", new_anchor)  # a button


def test_a_note_goes_with_its_row() -> None:
    assert follow_vml(shape("<x:Row>2</x:Row>", "1, 0, 2, 0, 3, 0, 4, 0"), ROWS) == b"<v></v>"


TABLE = (
    '<table ref="A1:{0}5"{2}><autoFilter ref="A1:{0}5"/><tableColumns count="{1}">'
    '<tableColumn id="1" name="姓名"/><tableColumn id="4" name="住址"/>{3}</tableColumns></table>'
)


@pytest.mark.parametrize(
    ("headers", "right", "more"),
    [
        ({3: "电话"}, "C", [(5, "电话")]),
        ({3: "电话", 4: "甲&乙"}, "D", [(5, "电话"), (6, "甲&amp;乙")]),
        ({3: "电话", 5: "备注"}, "C", [(5, "电话")]),  # a gap ends it
        ({4: "备注"}, "B", []),
        ({3: "姓名"}, "B", []),  # no two columns of one name
        ({3: "电话", 4: "电话"}, "C", [(5, "电话")]),
    ],
)
def test_a_table_takes_in_columns_beside_it(
    headers: dict[int, str], right: str, more: list[tuple[int, str]]
) -> None:
    table = Table("t.xml", area("A1:B5"), 1, 0)
    before = TABLE.format("B", 2, "", "").encode()
    columns = "".join(f'<tableColumn id="{i}" name="{name}"/>' for i, name in more)
    after = TABLE.format(right, 2 + len(more), "", columns).encode()
    assert widen_table(before, table, headers) == after
    foreign = TABLE.format("B", 2, ' tableType="xml"', "").encode()
    assert widen_table(foreign, table, headers) == foreign
    assert widen_table(before, Table("t.xml", area("A1:B5"), 0, 0), headers) == before
    assert widen_table(b'<table ref="A1:B5"/>', table, headers) == b'<table ref="A1:B5"/>'


@pytest.mark.parametrize(
    ("columns", "right"), [({7}, "G"), ({7, 8}, "H"), ({8}, "F"), (set(), "F"), ({6, 7}, "G")]
)
def test_a_filter_and_its_name_reach_new_columns(columns: set[int], right: str) -> None:
    tail = '</sheetData><autoFilter ref="A3:{}20"/>'
    assert widen_filter(tail.format("F").encode(), columns) == tail.format(right).encode()
    name = "'甲!乙'!$A$3:${}$20"
    assert widen_filter_name(name.format("F"), columns) == name.format(right)
    assert widen_filter_name("#REF!", columns) == "#REF!"


HIDDEN = '<col min="{0}" max="{0}" width="24" hidden="1" customWidth="1"/>'


@pytest.mark.parametrize(
    ("cols", "column", "after"),
    [
        ("", 2, "{2}"),
        ('<col min="1" max="1" width="9"/>', 2, '<col min="1" max="1" width="9"/>{2}'),
        ('<col min="4" max="4" width="9"/>', 2, '{2}<col min="4" max="4" width="9"/>'),
        ('<col min="2" max="2" width="9"/>', 2, "{2}"),
        (
            '<col min="1" max="4" width="9"/>',
            2,
            '<col min="1" max="1" width="9"/>{2}<col min="3" max="4" width="9"/>',
        ),
        ('<col min="1" max="2" width="9"/>', 2, '<col min="1" max="1" width="9"/>{2}'),
        ('<col min="2" max="3" width="9"/>', 2, '{2}<col min="3" max="3" width="9"/>'),
    ],
)
def test_a_column_is_hidden(cols: str, column: int, after: str) -> None:
    head = f"<ws>{f'<cols>{cols}</cols>' if cols else ''}<sheetData/>".encode()
    expected = f"<ws><cols>{after.replace('{2}', HIDDEN.format(2))}</cols><sheetData/>"
    assert hide_columns(head, [column]) == expected.encode()


@pytest.mark.parametrize(
    ("gone", "after"),
    [
        ([], '<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="C1:D1"/></mergeCells>'),
        (["A1:B1"], '<mergeCells count="1"><mergeCell ref="C1:D1"/></mergeCells>'),
        (["A1:B1", "C1:D1"], ""),
        (["E1:F1"], None),
    ],
)
def test_merges_are_taken_apart(gone: list[str], after: str | None) -> None:
    cells = '<mergeCell ref="A1:B1"/><mergeCell ref="C1:D1"/>'
    raw = f'<ws><mergeCells count="2">{cells}</mergeCells></ws>'.encode()
    expected = raw if after is None else f"<ws>{after}</ws>".encode()
    assert without_merges(raw, [area(text) for text in gone]) == expected


@pytest.mark.parametrize(
    ("rule", "xml"),
    [
        (
            Validation("list", ('"甲,乙"',), error="选一个", stops=True),
            ' type="list" allowBlank="1" showErrorMessage="1" errorTitle="请核对" error="选一个"'
            ' sqref="A2:A9"><formula1>&quot;甲,乙&quot;</formula1>',
        ),
        (
            Validation("whole", ("1", "9"), "between", error="错"),
            ' type="whole" operator="between" allowBlank="1" errorStyle="warning"'
            ' showErrorMessage="1" errorTitle="请核对" error="错" sqref="A2:A9">'
            "<formula1>1</formula1><formula2>9</formula2>",
        ),
        (
            Validation("none", title="姓" * 40, prompt="写" * 300),
            f' type="none" allowBlank="1" showInputMessage="1" promptTitle="{"姓" * 32}"'
            f' prompt="{"写" * 255}" sqref="A2:A9">',
        ),
    ],
)
def test_a_validation_as_it_is_written(rule: Validation, xml: str) -> None:
    one = f"<dataValidation{xml}</dataValidation>".encode()
    assert rule.xml(area("A2:A9")) == one
    both = validations_xml([(area("A2:A9"), rule)] * 2)
    assert both == b'<dataValidations count="2">' + one * 2 + b"</dataValidations>"
    assert validations_xml([]) == b""


def test_formulas_that_a_file_can_hold() -> None:
    assert Validation("custom", ("1" * 255,)).fits() and Validation("list").fits()
    assert not Validation("custom", ("1", "1" * 256)).fits()


@pytest.mark.parametrize(
    ("other", "meets"),
    [("A1:B2", True), ("B2", True), ("C3:D4", True), ("C5", False), ("E3", False), ("A1", False)],
)
def test_areas_that_meet(other: str, meets: bool) -> None:
    assert area("B2:D4").meets(area(other)) is meets
    assert area(other).meets(area("B2:D4")) is meets
