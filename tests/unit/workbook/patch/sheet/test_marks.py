"""Notes on marked cells: new ones, more text in existing ones, and their shapes."""

import re
from pathlib import Path

import pytest
from tests.patching import MAIN, OFFICE, book, opened, relations, row, save, simple, worksheet

from ledgersync.workbook.patch import PatchRefused, SheetEdit
from ledgersync.workbook.patch.sheet.marks import attach_notes
from ledgersync.workbook.patch.sheet.plan import plan_sheet

Marks = dict[tuple[int, int], str]
TAIL = "</sheetData></worksheet>"
LINK = f'<legacyDrawing xmlns:r="{OFFICE}" r:id="rId{{}}"/>'


@pytest.fixture
def at(tmp_path: Path) -> Path:
    return tmp_path / "a.xlsx"


def noted(at: Path, marks: Marks, tail: str = TAIL) -> tuple[str, dict[str, str]]:
    """The sheet's tail, and every part that was changed or added."""
    with opened(at) as package:
        plan = plan_sheet(package, "台账", SheetEdit(marks=marks), date1904=False)
        after = attach_notes(package, plan, tail.encode())
        parts = {**package.changed, **package.added}
    return after.decode(), {name: data.decode() for name, data in parts.items()}


def comment(ref: str, text: str, author: int = 0) -> str:
    inner = f'<text><t xml:space="preserve">{text}</t></text>'
    return f'<comment ref="{ref}" authorId="{author}">{inner}</comment>'


def test_without_a_reason_there_is_no_note(at: Path) -> None:
    book(at, row(1, "a"))
    assert noted(at, {}) == (TAIL, {})
    assert noted(at, {(1, 1): ""}) == (TAIL, {})


def test_the_first_notes_of_a_sheet(at: Path) -> None:
    book(at, row(1, "a"))
    after, parts = noted(at, {(3, 2): "必填", (1, 1): "<不对>", (2, 2): ""})
    assert after == LINK.format(2).join(("</sheetData>", "</worksheet>"))
    comments = parts["xl/comments1.xml"]
    assert "<authors><author>LedgerSync</author></authors>" in comments
    assert comments.partition("<commentList>")[2].partition("</commentList>")[0] == (
        comment("A1", "&lt;不对&gt;") + comment("B3", "必填")
    )
    drawing = parts["xl/drawings/vmlDrawing1.vml"]
    assert re.findall(r'id="_x0000_s(\d+)"', drawing) == ["1025", "1026"]
    assert drawing.endswith("</v:shape></xml>")
    places = re.findall(
        r"<x:Anchor>(.*?)</x:Anchor>.*?<x:Row>(\d+)</x:Row><x:Column>(\d+)</x:Column>", drawing
    )
    assert places == [
        ("1, 15, 0, 2, 3, 15, 4, 4", "0", "0"),
        ("2, 15, 1, 2, 4, 15, 5, 4", "2", "1"),
    ]
    links = parts["xl/worksheets/_rels/sheet1.xml.rels"]
    assert f'Id="rId1" Type="{OFFICE}/comments" Target="../comments1.xml"' in links
    assert f'Id="rId2" Type="{OFFICE}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"' in links
    assert 'PartName="/xl/comments1.xml"' in parts["[Content_Types].xml"]


COMMENTS = (
    f'<comments xmlns="{MAIN}"><authors><author>王</author>{{}}</authors>'
    "<commentList>{}</commentList></comments>"
)
SHAPES = (
    '<xml><o:shapelayout><o:idmap v:ext="edit" data="3"/></o:shapelayout>'
    '<v:shape id="_x0000_s{}"/></xml>'
)


def with_notes(at: Path, comments: str, shapes: str | None = None, legacy: str = "rId2") -> None:
    """A workbook whose sheet has notes already."""
    parts = simple(worksheet(row(1, "a")))
    links = [("rId1", "comments", "../c.xml")]
    parts["xl/c.xml"] = comments
    if shapes is not None:
        parts["xl/d.vml"] = shapes
        links.append((legacy, "vmlDrawing", "../d.vml"))
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(*links)
    save(parts, at)


@pytest.mark.parametrize(("shape", "number"), [("3074", 3075), ("1025", 3073), ("9000", 9001)])
def test_notes_beside_existing_ones(at: Path, shape: str, number: int) -> None:
    there = comment("A1", "旧")
    with_notes(at, COMMENTS.format("", there), SHAPES.format(shape))
    tail = f'</sheetData><legacyDrawing xmlns:r="{OFFICE}" r:id="rId2"/></worksheet>'
    after, parts = noted(at, {(2, 1): "新"}, tail)
    assert after == tail
    assert set(parts) == {"xl/c.xml", "xl/d.vml"}
    expected = COMMENTS.format("<author>LedgerSync</author>", there + comment("A2", "新", 1))
    assert parts["xl/c.xml"] == expected
    assert re.findall(r'id="_x0000_s(\d+)"', parts["xl/d.vml"]) == [shape, str(number)]


def test_shapes_that_have_no_block_of_numbers(at: Path) -> None:
    with_notes(at, COMMENTS.format("", ""), '<xml><v:shape id="x"/></xml>')
    tail = f'</sheetData><legacyDrawing xmlns:r="{OFFICE}" r:id="rId2"/></worksheet>'
    _, parts = noted(at, {(2, 1): "新"}, tail)
    assert re.findall(r'id="_x0000_s(\d+)"', parts["xl/d.vml"]) == ["1025"]


def test_our_own_name_stands_once_among_the_authors(at: Path) -> None:
    with_notes(at, COMMENTS.format("<author>LedgerSync</author>", ""), SHAPES.format(1))
    _, parts = noted(at, {(2, 1): "新"}, TAIL)
    assert parts["xl/c.xml"] == COMMENTS.format(
        "<author>LedgerSync</author>", comment("A2", "新", 1)
    )


RUN = '<r><t xml:space="preserve">\n{}</t></r>'


@pytest.mark.parametrize(
    ("text", "reason", "after"),
    [
        ("<t>旧</t>", "新", f"<t>旧</t>{RUN.format('新')}"),
        ("<t>旧</t>", "a<b", f"<t>旧</t>{RUN.format('a&lt;b')}"),
        ("<r/><rPh/><phoneticPr/>", "新", f"<r/>{RUN.format('新')}<rPh/><phoneticPr/>"),
        ("<r/><phoneticPr/>", "新", f"<r/>{RUN.format('新')}<phoneticPr/>"),
    ],
)
def test_a_reason_is_added_to_a_note_that_is_there(
    at: Path, text: str, reason: str, after: str
) -> None:
    item = '<comment ref="A1" authorId="0"><text>{}</text></comment>'
    with_notes(at, COMMENTS.format("", item.format(text)))
    tail, parts = noted(at, {(1, 1): reason})
    assert tail == TAIL
    assert parts == {"xl/c.xml": COMMENTS.format("<author>LedgerSync</author>", item.format(after))}


@pytest.mark.parametrize(
    ("item", "reason"),
    [(comment("A1", "旧的新话"), "新话"), ('<comment ref="A1"/>', "新"), (comment("A1", "旧"), "")],
)
def test_a_note_that_says_so_already_stays(at: Path, item: str, reason: str) -> None:
    with_notes(at, COMMENTS.format("", item))
    assert noted(at, {(1, 1): reason}) == (TAIL, {})


def test_old_and_new_notes_in_one_pass(at: Path) -> None:
    with_notes(at, COMMENTS.format("", comment("A1", "旧")))
    after, parts = noted(at, {(1, 1): "也", (1, 2): "新"})
    assert "legacyDrawing" in after
    assert RUN.format("也") in parts["xl/c.xml"]
    assert comment("B1", "新", 1) in parts["xl/c.xml"]
    assert parts["xl/drawings/vmlDrawing1.vml"].count("<v:shape ") == 1


@pytest.mark.parametrize(
    ("comments", "shapes"),
    [
        ("<comments><commentList/></comments>", None),
        ("<comments><authors/></comments>", None),
        (COMMENTS.format("", ""), "<html/>"),
    ],
)
def test_parts_that_take_no_note_are_refused(at: Path, comments: str, shapes: str | None) -> None:
    with_notes(at, comments, shapes)
    tail = f'</sheetData><legacyDrawing xmlns:r="{OFFICE}" r:id="rId2"/></worksheet>'
    with pytest.raises(PatchRefused) as refused:
        noted(at, {(2, 1): "新"}, tail)
    assert refused.value.reason == "marks.comments"


def test_a_sheet_with_a_prefix_gets_its_notes_with_one(at: Path) -> None:
    parts = simple(worksheet(row(1, "a")))
    whole = re.sub(r"<(/?)(\w)", r"<\1x:\2", parts["xl/worksheets/sheet1.xml"])
    parts["xl/worksheets/sheet1.xml"] = whole.replace("xmlns=", "xmlns:x=")
    save(parts, at)
    after, _ = noted(at, {(1, 1): "新"}, "</x:sheetData></x:worksheet>")
    assert after.startswith("</x:sheetData><x:legacyDrawing ")


def test_a_strict_sheet_gets_a_strict_link(at: Path) -> None:
    strict = "http://purl.oclc.org/ooxml/"
    parts = simple(worksheet(row(1, "a")).replace(MAIN, f"{strict}spreadsheetml/main"))
    save(parts, at)
    after, _ = noted(at, {(1, 1): "新"})
    assert f'xmlns:r="{strict}officeDocument/relationships"' in after


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("", ""),
        ("<pageMargins/>", ""),
        ("<drawing/>", "<legacyDrawingHF/>"),
        ("<mergeCells><mergeCell/></mergeCells>", "<tableParts><tablePart/></tableParts>"),
        ("<x><picture/></x>", "<extLst><ext/></extLst>"),
        ("", "<controls/><extLst/>"),
    ],
)
def test_the_drawing_of_notes_stands_where_the_schema_wants_it(
    at: Path, before: str, behind: str
) -> None:
    book(at, row(1, "a"))
    tail = "</sheetData>{}</worksheet>"
    after, _ = noted(at, {(1, 1): "新"}, tail.format(before + behind))
    assert after == tail.format(before + LINK.format(2) + behind)
    cut, _ = noted(at, {(1, 1): "新"}, "</sheetData><x/>")
    assert cut == "</sheetData><x/>" + LINK.format(2)
