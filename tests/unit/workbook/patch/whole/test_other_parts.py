"""Parts beside the patched sheet that follow it: drawings, pivots, charts, formulas elsewhere."""

from pathlib import Path

import pytest
from tests.patching import opened, relations, row, save, simple, workbook, worksheet

from ledgersync.workbook.patch import PatchRefused, SheetEdit
from ledgersync.workbook.patch.sheet.plan import plan_sheet
from ledgersync.workbook.patch.whole.other_parts import follow_package

ROWS = "".join(row(n, f"r{n}", n) for n in range(1, 6))
UP = SheetEdit(remove_rows=[3])
GROW = SheetEdit(append=[["x", 1], ["y", 2]], first_row=2)
STILL = SheetEdit(cells={(3, 1): "x"})
SHEET, OTHER = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"


@pytest.fixture
def at(tmp_path: Path) -> Path:
    return tmp_path / "a.xlsx"


def parts_of(
    rows: str = ROWS, other: str = "", links: dict[str, str] | None = None, name: str = "台账"
) -> dict[str, str]:
    """Two sheets; `links` are parts related to the first one, by kind."""
    parts = simple(worksheet(rows), workbook=workbook(sheets=(name, "汇总")))
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"),
        ("rId2", "worksheet", "worksheets/sheet2.xml"),
    )
    parts[OTHER] = worksheet(other)
    own = [(f"rId{n}", kind, f"../{kind}.xml") for n, kind in enumerate(links or {})]
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(*own)
    return parts | {f"xl/{kind}.xml": text for kind, text in (links or {}).items()}


def followed(
    at: Path, parts: dict[str, str], *edits: SheetEdit, name: str = "台账"
) -> dict[str, str]:
    """What was planned for the other parts; the sheet's own text under its name."""
    with opened(save(parts, at)) as package:
        plans = [plan_sheet(package, name, edit, date1904=False) for edit in edits]
        follow_package(package, plans)
        own = {plans[0].sheet.member: plans[0].text.whole.decode()} if plans else {}
        return own | {n: data.decode() for n, data in package.changed.items()}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("drawing", "<d><anchor><from><row>{}</row></from></anchor></d>"),
        ("vmlDrawing", "<v><shape><x:Row>{}</x:Row></shape></v>"),
        ("comments", '<c><comment ref="A{1}"/></c>'),
        ("threadedComment", '<c><threadedComment ref="A{1}"/></c>'),
        ("tableSingleCells", '<c><singleXmlCell r="A{1}"/></c>'),
        ("pivotTable", '<p><location ref="A{1}:B{1}"/></p>'),
        ("table", '<table ref="D{1}:E{1}"/>'),
    ],
)
def test_parts_of_a_sheet_follow_its_rows(at: Path, kind: str, text: str) -> None:
    parts = parts_of(links={kind: text.format(4, 5), "printerSettings": text.format(4, 5)})
    found = followed(at, parts, UP)
    assert found.pop(SHEET) == worksheet(ROWS)
    assert found == {f"xl/{kind}.xml": text.format(3, 4)}
    assert followed(at, parts, STILL).keys() == {SHEET}


def test_tables_grow_and_take_in_columns(at: Path) -> None:
    table = (
        '<table ref="A1:B{}"><tableColumns count="2"><tableColumn id="1" name="a"/>'
        '<tableColumn id="2" name="b"/></tableColumns></table>'
    )
    parts = parts_of(links={"table": table.format(5)})
    assert followed(at, parts, GROW)["xl/table.xml"] == table.format(7)
    edit = SheetEdit(cells={(1, 3): "新", (2, 4): "x"}, new_columns=[3, 4])
    wide = followed(at, parts, edit)["xl/table.xml"]
    assert 'ref="A1:C5"' in wide and '<tableColumn id="3" name="新"/></tableColumns>' in wide


@pytest.mark.parametrize(
    ("location", "after"),
    [("A1:B2", "A1:B2"), ("A4:B9", "A3:B8"), ("A2:B4", None), ("A3:B3", None), ("?", "?")],
)
def test_pivot_tables_move_as_a_whole_or_not_at_all(
    at: Path, location: str, after: str | None
) -> None:
    part = '<p><location ref="{}"/></p>'
    parts = parts_of(links={"pivotTable": part.format(location)})
    if after is not None:
        found = followed(at, parts, UP).get("xl/pivotTable.xml", part.format(location))
        assert found == part.format(after)
        return
    with pytest.raises(PatchRefused) as refused:
        followed(at, parts, UP)
    assert (refused.value.reason, "台账" in refused.value.message.zh) == ("rows.pivot", True)


@pytest.mark.parametrize(
    ("sheet", "ref", "after"),
    [
        ("台账", "A1:B5", "A1:B4"),
        ("汇总", "A1:B5", "A1:B5"),
        ("台账", "A3:B3", "A3:B3"),
        ("台账", "?", "?"),
    ],
)
def test_pivots_over_the_data_read_the_moved_range(
    at: Path, sheet: str, ref: str, after: str
) -> None:
    part = '<p><cacheSource><worksheetSource ref="{}" sheet="{}"/></cacheSource></p>'
    parts = parts_of()
    parts["xl/cache.xml"] = part.format(ref, sheet)
    link = relations(("rId7", "pivotCacheDefinition", "cache.xml"))
    links = parts["xl/_rels/workbook.xml.rels"]
    item = link[link.index("<Relationship Id") : link.index("</Relationships>")]
    parts["xl/_rels/workbook.xml.rels"] = links.replace(
        "</Relationships>", f"{item}</Relationships>"
    )
    found = followed(at, parts, UP).get("xl/cache.xml", part.format(ref, sheet))
    assert found == part.format(after, sheet)


def test_the_rows_of_a_shared_workbook_do_not_move(at: Path) -> None:
    parts = parts_of()
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "revisionHeaders", "log.xml")
    )
    parts["xl/log.xml"] = "<headers/>"
    assert followed(at, parts, STILL).keys() == {SHEET}
    assert SHEET in followed(at, parts, GROW)
    with pytest.raises(PatchRefused) as refused:
        followed(at, parts, UP)
    assert refused.value.reason == "rows.shared_workbook"


REFERENCES = [
    ("<c:f>{}</c:f>", "台账!$A$2:$A$5", "台账!$A$2:$A$4", "台账!$A$2:$A$7"),
    ("<c:f>{}</c:f>", "汇总!$A$2:$A$5", "汇总!$A$2:$A$5", "汇总!$A$2:$A$5"),
    ("<x:FmlaLink>{}</x:FmlaLink>", "$A$5", "$A$4", "$A$5"),
    ("<x:FmlaRange a='1'>{}</x:FmlaRange>", "$A$2:$A$5", "$A$2:$A$4", "$A$2:$A$7"),
    ('<xdr:sp textlink="{}"/>', "台账!A5", "台账!A4", "台账!A5"),
    ('<formControlPr fmlaLink="{}"/>', "$A$5", "$A$4", "$A$5"),
    ('<graphicFrame macro="{}"/>', "A5", "A5", "A5"),
    ("<calculatedColumnFormula>{}</calculatedColumnFormula>", "A5&amp;1", "A4&amp;1", "A5&amp;1"),
]


@pytest.mark.parametrize(("item", "before", "moved", "grown"), REFERENCES)
@pytest.mark.parametrize("kind", ["table", "ctrlProp", "vmlDrawing", "drawing", "chart", "chartEx"])
def test_references_in_other_parts_follow(
    at: Path, kind: str, item: str, before: str, moved: str, grown: str
) -> None:
    part = f"<p>{item}</p>"
    if kind.startswith("chart"):
        parts = parts_of(links={"drawing": "<d/>"})
        parts["xl/_rels/drawing.xml.rels"] = relations(("rId1", kind, f"{kind}.xml"))
        parts[f"xl/{kind}.xml"] = part.format(before)
    else:
        parts = parts_of(links={kind: part.format(before)})
    for edit, after in ((UP, moved), (GROW, grown), (STILL, before)):
        found = followed(at, parts, edit).get(f"xl/{kind}.xml", part.format(before))
        assert found == part.format(after)


def f(place: str, formula: str, attributes: str = "") -> str:
    return f'<c r="{place}"><f{attributes}>{formula}</f><v>0</v></c>'


def line(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


@pytest.mark.parametrize(
    ("formula", "moved", "grown"),
    [
        ("SUM(台账!A2:A5)", "SUM(台账!A2:A4)", "SUM(台账!A2:A7)"),
        ("SUM(A2:A5)", "SUM(A2:A5)", "SUM(A2:A5)"),
        ("台账!A5&amp;&quot;x&quot;", "台账!A4&amp;&quot;x&quot;", "台账!A5&amp;&quot;x&quot;"),
        ("台账!A3", "#REF!", "台账!A3"),
    ],
)
@pytest.mark.parametrize("where", ["cell", "rule"])
def test_formulas_of_other_sheets_follow(
    at: Path, where: str, formula: str, moved: str, grown: str
) -> None:
    def with_formula(text: str) -> dict[str, str]:
        parts = parts_of(other=line(1, f("A1", text)) if where == "cell" else "")
        if where == "rule":
            tail = f"<dataValidation><formula1>{text}</formula1></dataValidation>"
            parts[OTHER] = worksheet("", tail=tail)
        return parts

    for edit, after in ((UP, moved), (GROW, grown), (STILL, formula)):
        expected = with_formula(after)[OTHER]
        found = followed(at, with_formula(formula), edit).get(OTHER, with_formula(formula)[OTHER])
        assert found.replace("&quot;", '"') == expected.replace("&quot;", '"')


def test_a_sheet_that_cannot_name_the_grown_one_is_not_read(at: Path) -> None:
    """A part without the name is left as it is, even one that could not be cut into rows."""
    parts = parts_of()
    parts[OTHER] = "<worksheet><f>别处!A1</f></worksheet>"
    assert OTHER not in followed(at, parts, GROW)
    parts[OTHER] = "<worksheet><f>台账!A1</f></worksheet>"
    with pytest.raises(PatchRefused):
        followed(at, parts, GROW)
    parts[OTHER] = "<worksheet><v>台账</v></worksheet>"
    assert OTHER not in followed(at, parts, GROW)


@pytest.mark.parametrize(
    ("name", "written"),
    [("a'b", "'a''b'"), ("A B", "'a b'"), ("甲", "&#30002;")],
)
def test_a_name_of_a_sheet_in_any_spelling(at: Path, name: str, written: str) -> None:
    cell = line(1, f("A1", f"SUM({written}!A2:A5)"))
    found = followed(at, parts_of(other=cell, name=name), GROW, name=name)
    assert found[OTHER].count("A2:A7") == 1


def own(at: Path, rows: str, *edits: SheetEdit) -> str:
    """The rows of the patched sheet itself, its formulas followed."""
    text = followed(at, parts_of(rows), *edits)[SHEET]
    return text.partition("<sheetData>")[2].partition("</sheetData>")[0]


@pytest.mark.parametrize(
    ("formula", "place", "moved", "grown"),
    [
        ("SUM(A2:A5)", 1, "SUM(A2:A4)", "SUM(A2:A7)"),
        ("SUM(A2:A5)", 5, "SUM(A2:A4)", "SUM(A2:A5)"),  # up to its own row
        ("SUM(A3:A5)", 4, "SUM(A3:A4)", "SUM(A3:A5)"),  # of a group around it
        ("SUM(A2:A5)", 4, "SUM(A2:A4)", "SUM(A2:A7)"),
        ("SUM(A2:A$5)", 5, "SUM(A2:A$4)", "SUM(A2:A$7)"),
        ("SUM(A2:A4)", 1, "SUM(A2:A3)", "SUM(A2:A4)"),
        ("SUM(汇总!A2:A5)", 1, "SUM(汇总!A2:A5)", "SUM(汇总!A2:A5)"),
    ],
)
def test_formulas_of_the_sheet_itself_follow(
    at: Path, formula: str, place: int, moved: str, grown: str
) -> None:
    def rows(text: str) -> str:
        return "".join(
            line(n, f'<c r="A{n}"><v>1</v></c>', f(f"B{n}", text) if n == place else "")
            for n in range(1, 6)
        )

    assert own(at, rows(formula), UP) == rows(moved)
    assert own(at, rows(formula), GROW) == rows(grown)
    assert own(at, rows(formula), STILL) == rows(formula)


def test_data_that_may_end_in_many_rows(at: Path) -> None:
    """Rows kept free below the records: a range to any of them reads the data to its end."""
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(6, 40))
    sums = line(
        50, *(f(f"{c}50", f"SUM(A2:A{n})") for c, n in zip("ABCD", (5, 20, 39, 4), strict=True))
    )
    edit = SheetEdit(append=[["x"]], append_before=40, first_row=2)
    found = own(at, ROWS + blank + sums, edit)
    near = own(at, ROWS + blank + sums, SheetEdit(append=[["x"]], append_before=21, first_row=2))
    assert [f"SUM(A2:A{n})" in near for n in (21, 5, 20, 40, 4)] == [True, False, False, True, True]
    assert [f"SUM(A2:A{n})" in found for n in (40, 5, 20, 39, 4)] == [
        True,
        False,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("last", "append", "sums", "after"),
    [
        (39, 1, (5, 20, 39, 4), (6, 20, 39, 4)),
        (9, 1, (5, 8, 9, 4), (6, 8, 9, 4)),
        (6, 3, (5, 6, 7, 4), (8, 8, 7, 4)),
        (9, 5, (5, 8, 9, 4), (10, 10, 10, 4)),
    ],
)
def test_blank_rows_of_a_table_are_its_data_too(
    at: Path, last: int, append: int, sums: tuple[int, ...], after: tuple[int, ...]
) -> None:
    def total(ends: tuple[int, ...]) -> str:
        return line(50, *(f(f"{c}50", f"SUM(A2:A{n})") for c, n in zip("ABCD", ends, strict=True)))

    parts = parts_of(ROWS + total(sums), links={"table": f'<table ref="A1:B{last}"/>'})
    edit = SheetEdit(append=[["x"]] * append)
    assert followed(at, parts, edit)[SHEET] == worksheet(ROWS + total(after))


SHARED = line(2, f("B2", "A2*2", ' t="shared" ref="B2:B4" si="0"')) + "".join(
    line(n, f'<c r="B{n}"><f t="shared" si="0"/><v>0</v></c>') for n in (3, 4)
)


def test_shared_formulas_that_refer_to_a_moved_sheet_are_written_out(at: Path) -> None:
    text = SHARED.replace("A2*2", "台账!A2*2")
    found = followed(at, parts_of(other=text), UP)[OTHER]
    assert [f"<f>台账!A{n}*2</f>" in found for n in (2, 3)] == [True, True]
    assert "<f>#REF!*2</f>" in found and "shared" not in found
    assert OTHER not in followed(at, parts_of(other=SHARED), UP)
    text = SHARED.replace("A2*2", "data!A2*2")
    found = followed(at, parts_of(other=text, name="Data"), UP, name="Data")[OTHER]
    assert "<f>data!A3*2</f>" in found and "shared" not in found


def test_shared_formulas_whose_members_part_ways_are_written_out(at: Path) -> None:
    master = ' t="shared" ref="B1:B2" si="0"'
    rows = line(1, '<c r="A1"><v>1</v></c>', f("B1", "SUM(A1:A4)", master))
    rows += line(2, '<c r="A2"><v>1</v></c>', '<c r="B2"><f t="shared" si="0"/><v>0</v></c>')
    rows += "".join(line(n, f'<c r="A{n}"><v>1</v></c>') for n in (3, 4, 5))
    found = own(at, rows, GROW)
    assert "<f>SUM(A1:A4)</f>" in found and "<f>SUM(A2:A7)</f>" in found
    assert own(at, rows, SheetEdit(cells={(9, 9): 1})) == rows
    elsewhere = rows.replace("SUM(A1:A4)", "SUM(台账!A1:A4)")
    other = followed(at, parts_of(other=elsewhere), GROW)[OTHER]
    assert "<f>SUM(台账!A2:A7)</f>" in other


def test_the_ranges_of_formula_blocks_go_along(at: Path) -> None:
    array = line(4, f("B4", "A4:A5", ' t="array" ref="B4:B5"')) + line(5, f("C5", "A5", ' ca="1"'))
    moved = array.replace("B4:B5", "B3:B4").replace("A4:A5", "A3:A4").replace(">A5<", ">A4<")
    assert own(at, line(1) + array, UP) == line(1) + moved
    assert own(at, line(1) + array, SheetEdit(cells={(1, 1): 7})) == line(1) + array


def test_several_patched_sheets_follow_each_other(at: Path) -> None:
    parts = parts_of(other=line(1, f("A1", "台账!A5")) + row(5, 5))
    parts[SHEET] = worksheet(ROWS + line(6, f("A6", "汇总!A5")))
    with opened(save(parts, at)) as package:
        plans = [plan_sheet(package, name, UP, date1904=False) for name in ("台账", "汇总")]
        follow_package(package, plans)
        texts = [plan.text.whole.decode() for plan in plans]
    assert "<f>汇总!A4</f>" in texts[0] and "<f>台账!A4</f>" in texts[1]


def test_rows_of_another_patched_sheet_stay(at: Path) -> None:
    """Its blocks and shared formulas are its own, unless they name the sheet whose rows move."""
    block = line(7, f("B7", "A4:A5", ' t="array" ref="B7:B8"')) + row(8, 8)
    parts = parts_of(other=SHARED + block)
    with opened(save(parts, at)) as package:
        still = SheetEdit(cells={(9, 1): "x"})
        edits = {"台账": UP, "汇总": still}
        plans = [plan_sheet(package, name, edit, date1904=False) for name, edit in edits.items()]
        follow_package(package, plans)
        assert plans[1].text.whole.decode() == worksheet(SHARED + block)
