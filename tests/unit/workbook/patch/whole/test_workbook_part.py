"""The workbook part and the calculation chain after a patch of one sheet."""

from pathlib import Path

import pytest
from tests.patching import opened, relations, row, save, simple, workbook, worksheet

from ledgersync.workbook.patch import SheetEdit
from ledgersync.workbook.patch.sheet.plan import plan_sheet
from ledgersync.workbook.patch.whole.workbook_part import (
    follow_calc_chain,
    follow_workbook,
    is_1904,
)

ROWS = "".join(row(n, f"r{n}", n) for n in range(1, 6))
UP = SheetEdit(remove_rows=[3])
GROW = SheetEdit(append=[["x", 1], ["y", 2]], first_row=2)
CALC = '<calcPr fullCalcOnLoad="1"/>'


@pytest.fixture
def at(tmp_path: Path) -> Path:
    return tmp_path / "a.xlsx"


def followed(at: Path, whole: str, *edits: SheetEdit) -> str:
    """The workbook part after edits of the sheet 台账."""
    with opened(save(simple(worksheet(ROWS), workbook=whole), at)) as package:
        plans = [plan_sheet(package, "台账", edit, date1904=False) for edit in edits]
        follow_workbook(package, plans)
        return package.read(package.workbook).decode()


@pytest.mark.parametrize(
    ("workbook_pr", "found"),
    [
        ("", False),
        ("<workbookPr/>", False),
        ('<workbookPr date1904="1"/>', True),
        ('<workbookPr date1904="true"/>', True),
        ('<workbookPr date1904="0"/>', False),
    ],
)
def test_days_from_1904(workbook_pr: str, found: bool) -> None:
    assert is_1904(f"<workbook>{workbook_pr}</workbook>".encode()) is found


NAME = '<definedName name="{}"{}>{}</definedName>'


def named(at: Path, title: str, scope: str, formula: str, edit: SheetEdit) -> str:
    """What a name refers to after an edit."""
    names = NAME.format(title, scope, formula)
    text = followed(at, workbook(names, ("台账", "其他")), edit)
    assert text.count("<definedName ") == 1
    return text.partition("<definedName ")[2].partition(">")[2].partition("</definedName>")[0]


LOCAL, OTHER = ' localSheetId="0"', ' localSheetId="1"'


@pytest.mark.parametrize(
    ("title", "scope", "formula", "after"),
    [
        ("甲", "", "台账!$A$2:$A$5", "台账!$A$2:$A$4"),
        ("甲", "", "$A$2:$A$5", "$A$2:$A$5"),  # of no sheet
        ("甲", LOCAL, "$A$2:$A$5", "$A$2:$A$4"),
        ("甲", OTHER, "$A$2:$A$5", "$A$2:$A$5"),
        ("甲", ' localSheetId="7"', "$A$5", "$A$5"),
        ("甲", ' localSheetId="2"', "$A$5", "$A$5"),
        ("甲", ' localSheetId="x"', "$A$5", "$A$5"),
        ("甲", "", "台账!$A$3&amp;&lt;", "#REF!&amp;&lt;"),
        ("_xlnm.Print_Titles", LOCAL, "台账!$1:$5", "台账!$1:$4"),
    ],
)
def test_names_follow_removed_rows(
    at: Path, title: str, scope: str, formula: str, after: str
) -> None:
    assert named(at, title, scope, formula, UP) == after
    assert named(at, title, scope, formula, SheetEdit(cells={(3, 1): 7})) == formula


@pytest.mark.parametrize(
    ("title", "scope", "formula", "after"),
    [
        ("甲", "", "台账!$A$2:$A$5", "台账!$A$2:$A$7"),
        ("甲", "", "台账!$A$3:$A$5", "台账!$A$3:$A$7"),
        ("甲", "", "台账!$A$2:$A$4", "台账!$A$2:$A$4"),
        ("甲", "", "台账!A2:A5", "台账!A2:A5"),  # read anew from every cell
        ("甲", "", "台账!A2:A$5", "台账!A2:A$7"),
        ("_xlnm.Anything", LOCAL, "台账!A2:A$5", "台账!A2:A$5"),
        ("_xlnm._FilterDatabase", LOCAL, "台账!$A$1:$B$5", "台账!$A$1:$B$7"),
        ("_xlnm.Print_Area", LOCAL, "台账!$A$1:$B$5", "台账!$A$1:$B$7"),
        ("_xlnm.Print_Area", LOCAL, "台账!$A$1:$B$6", "台账!$A$1:$B$7"),
        ("_xlnm.Print_Area", OTHER, "台账!$A$1:$B$6", "台账!$A$1:$B$6"),
        ("甲", LOCAL, "台账!$A$1:$B$6", "台账!$A$1:$B$6"),
    ],
)
def test_names_over_the_data_grow(
    at: Path, title: str, scope: str, formula: str, after: str
) -> None:
    assert named(at, title, scope, formula, GROW) == after


@pytest.mark.parametrize(
    ("title", "scope", "after"),
    [
        ("_xlnm._FilterDatabase", LOCAL, "台账!$A$1:$C$5"),
        ("_xlnm._FilterDatabase", OTHER, "台账!$A$1:$B$5"),
        ("甲", LOCAL, "台账!$A$1:$B$5"),
    ],
)
def test_the_filters_name_reaches_new_columns(at: Path, title: str, scope: str, after: str) -> None:
    edit = SheetEdit(cells={(1, 3): "新"}, new_columns=[3])
    assert named(at, title, scope, "台账!$A$1:$B$5", edit) == after


def test_several_plans_each_move_their_names(at: Path) -> None:
    names = NAME.format("甲", "", "台账!$A$5")
    assert "台账!$A$3<" in followed(at, workbook(names), UP, UP)
    assert followed(at, workbook(names)).count(CALC) == 1


@pytest.mark.parametrize(
    ("extra", "after"),
    [
        ("", CALC),
        ("<calcPr/>", CALC),
        ('<calcPr fullCalcOnLoad="0"/>', CALC),
        ('<calcPr fullCalcOnLoad="true"/>', '<calcPr fullCalcOnLoad="true"/>'),
        (CALC, CALC),
        ("<oleSize/>", CALC + "<oleSize/>"),
        ("<externalReferences><x/></externalReferences><pivotCaches/>",
         "<externalReferences><x/></externalReferences>" + CALC + "<pivotCaches/>"),
        ("<x><extLst/></x><extLst/>", "<x><extLst/></x>" + CALC + "<extLst/>"),
        ("<x/>", "<x/>" + CALC),
    ],
)  # fmt: skip
def test_the_workbook_is_asked_to_calculate(at: Path, extra: str, after: str) -> None:
    assert followed(at, workbook(extra=extra)) == workbook(extra=after)


def test_what_stands_before_the_sheets_is_not_behind_them(at: Path) -> None:
    whole = workbook().replace("<sheets>", "<AlternateContent/><sheets>")
    assert followed(at, whole).endswith(f"</sheets>{CALC}</workbook>")
    prefixed = workbook().replace("<workbook xmlns", "<x:workbook xmlns")
    prefixed = prefixed.replace("</workbook>", "<x:extLst/></x:workbook>")
    assert '<x:calcPr fullCalcOnLoad="1"/><x:extLst/>' in followed(at, prefixed)


FORMULAS = "".join(
    f'<row r="{n}"><c r="A{n}"><f>1</f><v>1</v></c><c r="B{n}"><v>1</v></c></row>'
    for n in range(1, 6)
)
CHAIN = "<calcChain>{}</calcChain>"


def chained(at: Path, entries: str, edit: SheetEdit) -> str | None:
    """The calculation chain after an edit of sheet 1; None when it goes."""
    parts = simple(worksheet(FORMULAS))
    parts["xl/chain.xml"] = CHAIN.format(entries)
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "calcChain", "chain.xml")
    )
    with opened(save(parts, at)) as package:
        follow_calc_chain(package, [plan_sheet(package, "台账", edit, date1904=False)])
        if "xl/chain.xml" in package.dropped:
            return None
        return package.read("xl/chain.xml").decode()


@pytest.mark.parametrize(
    ("entries", "edit", "after"),
    [
        ('<c r="A2" i="1"/><c r="A5"/>', UP, '<c r="A2" i="1"/><c r="A4"/>'),
        ('<c r="A3" i="1"/><c r="A5"/>', UP, '<c i="1" r="A4"/>'),
        ('<c r="A5" i="2"/><c r="A5" i="1"/>', UP, '<c r="A5" i="2"/><c r="A4" i="1"/>'),
        ('<c r="A5" i="2"/><c r="A4"/>', UP, '<c r="A5" i="2"/><c r="A4"/>'),
        ('<c r="A3" i="1"/><c r="A9" i="2"/><c r="A8"/>', UP, '<c r="A9" i="2"/><c r="A8"/>'),
        ('<c r="A3" i="1"/><c r="?"/>', UP, '<c i="1" r="?"/>'),
        ('<c r="A5"/>', UP, '<c r="A5"/>'),  # of no sheet
        ('<c r="A3" i="1"/>', UP, None),
        ('<c r="A3" i="1"/><c r="A5"/>', SheetEdit(cells={(3, 1): 7}), '<c i="1" r="A5"/>'),
        ('<c r="A3" i="1"/>', SheetEdit(cells={(3, 2): 7}), '<c r="A3" i="1"/>'),
        ("", SheetEdit(cells={(3, 2): 7}), ""),
        ("", UP, None),
    ],
)
def test_the_calculation_chain_follows(
    at: Path, entries: str, edit: SheetEdit, after: str | None
) -> None:
    found = chained(at, entries, edit)
    assert found == (None if after is None else CHAIN.format(after))
