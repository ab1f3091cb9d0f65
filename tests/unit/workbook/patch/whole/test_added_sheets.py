"""A new worksheet as it is written: its rows, columns, filters, links, rules and page."""

from pathlib import Path

import pytest
from tests.patching import MAIN, STYLES, book, opened, part, row, save, simple, workbook, worksheet

from ledgersync.workbook.patch import (
    PatchRefused,
    SheetContent,
    Validation,
    add_sheets,
    sheet_names,
)
from ledgersync.workbook.patch.package.styles import Styles

NEW = "xl/worksheets/sheet2.xml"
WORKBOOK = "xl/workbook.xml"


@pytest.fixture
def at(tmp_path: Path) -> Path:
    return tmp_path / "a.xlsx"


def added(at: Path, content: SheetContent, name: str = "新") -> str:
    """The new part, from the root's inside on."""
    book(at, row(1, "a"))
    add_sheets(at, at, {name: content})
    text = part(at, NEW)
    head = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}">'
    assert text.startswith(head) and text.endswith("</worksheet>")
    return text.removeprefix(head).removesuffix("</worksheet>")


def text_cell(place: str, text: str, style: int = 0) -> str:
    look = f' s="{style}"' if style else ""
    return f'<c r="{place}"{look} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def test_a_sheet_of_nothing(at: Path) -> None:
    assert added(at, SheetContent({})) == '<dimension ref="A1"/><sheetData></sheetData>'


def test_cells_in_order_and_the_rectangle_that_holds_them(at: Path) -> None:
    content = SheetContent({(3, 2): "乙", (1, 4): "甲", (3, 1): "丙"})
    assert added(at, content) == (
        '<dimension ref="A1:D3"/><sheetData>'
        f'<row r="1">{text_cell("D1", "甲")}</row>'
        f'<row r="3">{text_cell("A3", "丙")}{text_cell("B3", "乙")}</row></sheetData>'
    )


def test_columns_with_widths_hidden_and_for_texts(at: Path) -> None:
    columns = {"widths": {4: 12.5}, "hidden": frozenset([2, 4]), "text": frozenset([1])}
    found = added(at, SheetContent({}, **columns))  # type: ignore[arg-type]
    cols = found.partition("<cols>")[2].partition("</cols>")[0]
    assert cols == (
        '<col min="1" max="1" width="9" style="5" customWidth="1"/>'
        '<col min="2" max="2" width="9" hidden="1" customWidth="1"/>'
        '<col min="4" max="4" width="12.5" hidden="1" customWidth="1"/>'
    )
    assert Styles(part(at, "xl/styles.xml").encode()).number_format(5) == 49


def test_frozen_rows_with_a_filter_rules_and_links(at: Path) -> None:
    rule = Validation("whole", ("1",))
    content = SheetContent(
        {(1, 1): "说明", (2, 1): "姓名", (2, 3): "次数", (4, 1): "王芳"},
        links={(4, 1): "'表'!B2", (1, 1): "甲!A1"},
        frozen=2,
        validations={3: rule, 1: rule},
        last_checked=99,
    )
    assert added(at, content) == (
        '<dimension ref="A1:C4"/><sheetViews><sheetView workbookViewId="0"><pane ySplit="2"'
        ' topLeftCell="A3" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetData><row r="1">{text_cell("A1", "说明")}</row>'
        f'<row r="2">{text_cell("A2", "姓名")}{text_cell("C2", "次数")}</row>'
        f'<row r="4">{text_cell("A4", "王芳")}</row></sheetData><autoFilter ref="A2:C4"/>'
        '<dataValidations count="2"><dataValidation type="whole" allowBlank="1" sqref="A5:A99">'
        '<formula1>1</formula1></dataValidation><dataValidation type="whole" allowBlank="1"'
        ' sqref="C5:C99"><formula1>1</formula1></dataValidation></dataValidations>'
        '<hyperlinks><hyperlink ref="A1" location="甲!A1"/>'
        '<hyperlink ref="A4" location="\'表\'!B2"/></hyperlinks>'
    )
    assert "definedName" not in part(at, WORKBOOK)


LONG = "一二三四五六七八九十" * 3


def test_a_sheet_for_paper(at: Path) -> None:
    """Wrapped below its title, with heights, a page of its own and its header on every page."""
    cells = {(1, 1): LONG, (2, 1): "姓名", (3, 1): LONG, (3, 2): LONG, (4, 1): "短", (5, 2): LONG}
    cells[6, 1] = LONG[:20]
    content = SheetContent(cells, widths={1: 32.0}, frozen=2, landscape=True)
    found = added(at, content, "A'b c")
    assert found.startswith('<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><dimension')
    styles = Styles(part(at, "xl/styles.xml").encode())
    looks = {r: f'<row r="{r}"' in found and f'r="A{r}" s="5"' in found for r in (1, 2, 3, 4)}
    assert looks == {1: False, 2: True, 3: True, 4: True}
    assert styles.wraps(5) and styles.number_format(5) == 0
    assert '<row r="6" ht="34.5">' in found  # two lines
    assert '<row r="1">' in found and '<row r="2">' in found and '<row r="4">' in found
    assert '<row r="3" ht="150">' in found and '<row r="5" ht="150">' in found  # column B: 9 wide
    assert found.index("</sheetData>") < found.index("<autoFilter") < found.index("<printOptions")
    assert found.endswith("</oddFooter></headerFooter>")
    title = (
        "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"1\">'A''b c'!$2:$2</definedName>"
    )
    assert f"<definedNames>{title}</definedNames>" in part(at, WORKBOOK)


def test_fills_of_cells(at: Path) -> None:
    content = SheetContent({(1, 1): "a", (1, 2): "b"}, fills={(1, 2): "FFFF0000", (9, 9): "FF00"})
    found = added(at, content)
    assert text_cell("A1", "a") in found and text_cell("B1", "b", 5) in found
    look = part(at, "xl/styles.xml")
    assert '<fgColor rgb="FFFF0000"/>' in look and "FF00<" not in look and "wrapText" not in look
    assert Styles(look.encode()).number_format(5) == 0
    both = SheetContent({(1, 1): "a"}, fills={(1, 1): "FFFF0000"}, landscape=True)
    assert text_cell("A1", "a", 5) in added(at, both)
    assert 'wrapText="1"' in part(at, "xl/styles.xml")
    assert 'fillId="2"' in part(at, "xl/styles.xml")


def test_several_names_of_titles_and_where_their_list_stands(at: Path) -> None:
    paper = SheetContent({(1, 1): "a"}, frozen=1, landscape=True)
    extra = "<externalReferences><x/></externalReferences><calcPr/>"
    book(at, row(1, "a"), workbook=workbook(extra=extra))
    add_sheets(at, at, {"甲": paper, "乙": SheetContent({}), "丙": paper})
    text = part(at, WORKBOOK)
    assert "</externalReferences><definedNames><definedName" in text
    assert "localSheetId=\"1\">'甲'!$1:$1<" in text and "localSheetId=\"3\">'丙'!$1:$1<" in text
    assert text.count("<definedName ") == 2


def test_numbers_of_sheets(at: Path) -> None:
    """One more than the greatest while there are, else the first that is free."""
    for used, new in (((7, 3), 8), ((65_533, 1), 65_534), ((65_534, 1), 2), ((65_534, 2), 1)):
        whole = workbook(sheets=("甲", "乙"))
        for n, number in enumerate(used, 1):
            whole = whole.replace(f'sheetId="{n}" r', f'sheetId="{number}" r', 1)
        book(at, row(1, "a"), workbook=whole)
        add_sheets(at, at, {"新": SheetContent({})})
        assert f'name="新" sheetId="{new}"' in part(at, WORKBOOK)


def test_a_workbook_that_lists_no_sheet_yet(at: Path) -> None:
    whole = workbook(sheets=())
    save(simple(worksheet(""), workbook=whole), at)
    add_sheets(at, at, {"新": SheetContent({})})
    assert sheet_names(at) == ["新"]
    assert 'name="新" sheetId="1"' in part(at, WORKBOOK)


def test_namespaces_in_single_quotes(at: Path) -> None:
    whole = workbook().replace(f'"{MAIN}"', f"'{MAIN}'")
    save(simple(worksheet(row(1, "a")), workbook=whole), at)
    add_sheets(at, at, {"新": SheetContent({})})
    assert sheet_names(at) == ["台账", "新"]


@pytest.mark.parametrize("sheets", ["<sheets/>", ""])
def test_a_workbook_without_a_list_of_sheets_is_refused(at: Path, sheets: str) -> None:
    whole = workbook()
    whole = whole[: whole.index("<sheets>")] + sheets + "</workbook>"
    save(simple(worksheet(""), workbook=whole), at)
    with pytest.raises(PatchRefused) as refused:
        add_sheets(at, at, {"新": SheetContent({})})
    assert refused.value.reason == "package.malformed"


@pytest.mark.parametrize(
    ("row_", "column", "fine"),
    [(1_048_576, 16_384, True), (1_048_577, 1, False), (1, 16_385, False), (1, 0, False)],
)
def test_cells_of_a_sheet(at: Path, row_: int, column: int, fine: bool) -> None:
    book(at, row(1, "a"))
    content = SheetContent({(row_, column): "x"})
    if fine:
        add_sheets(at, at, {"新": content})
        assert '<dimension ref="A1:XFD1048576"/>' in part(at, NEW)
        return
    with pytest.raises(PatchRefused) as refused:
        add_sheets(at, at, {"新": content})
    assert (refused.value.reason, "新" in refused.value.message.zh) == ("edit.address", True)


def test_the_part_of_styles_is_left_alone_where_none_is_needed(at: Path) -> None:
    added(at, SheetContent({(1, 1): "a"}, frozen=1))
    assert part(at, "xl/styles.xml") == STYLES
    with opened(at) as package:
        assert package.sheet("新").member == NEW
