"""An edit becomes a plan of cells at their new places, or is refused before anything is written."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.patching import book, opened, relations, row, save, simple, worksheet

from ledgersync.workbook.patch import PatchRefused, SheetEdit
from ledgersync.workbook.patch.scan.cell_xml import BLANK, KEPT, Content, Transplant
from ledgersync.workbook.patch.scan.refs import Area
from ledgersync.workbook.patch.scan.row_map import MAX_COLUMN, MAX_ROW, RowMap
from ledgersync.workbook.patch.sheet.plan import SheetPlan, plan_sheet


@pytest.fixture
def at(tmp_path: Path) -> Path:
    return tmp_path / "a.xlsx"


def planned(at: Path, rows: str, edit: SheetEdit, tail: str = "") -> SheetPlan:
    with opened(book(at, rows, tail=tail)) as package:
        return plan_sheet(package, "台账", edit, date1904=False)


def refused(at: Path, rows: str, edit: SheetEdit, tail: str = "") -> str:
    with pytest.raises(PatchRefused) as caught:
        planned(at, rows, edit, tail)
    assert "台账" in caught.value.message.zh
    return caught.value.reason


def contents(plan: SheetPlan) -> dict[tuple[int, int], object]:
    return {
        (n, column): write.content
        for n, cells in plan.writes.items()
        for column, write in cells.items()
    }


LINES = row(1, "a") + row(2, "b") + row(3, "c") + row(5, "e")


def test_cells_at_their_new_places(at: Path) -> None:
    edit = SheetEdit(cells={(1, 2): 7, (5, 1): "x", (9, 1): None}, remove_rows=[2, 3])
    plan = planned(at, LINES, edit)
    assert contents(plan) == {
        (1, 2): Content("number", "7"),
        (3, 1): Content("text", "x"),
        (7, 1): BLANK,
    }
    assert plan.writes[1][2].value == 7
    assert plan.rows == RowMap.of([2, 3])
    assert plan.used() == Area(1, 1, 7, 2)
    assert planned(at, LINES, SheetEdit()).used() is None
    assert (plan.shift.sheet, plan.shift.rows, plan.shift.reach) == ("台账", plan.rows, None)


def test_appended_rows_and_their_values(at: Path) -> None:
    edit = SheetEdit(append=[["x", None], [], [7]], append_column=3)
    plan = planned(at, LINES, edit)
    assert plan.appended_rows == [6, 7, 8]
    assert contents(plan) == {
        (6, 3): Content("text", "x"),
        (6, 4): BLANK,
        (8, 3): Content("number", "7"),
    }
    assert plan.writes[7] == {}
    assert plan.shift.reach == plan.landing.reach is not None


@pytest.mark.parametrize(
    "edit",
    [
        SheetEdit(cells={(0, 1): 1}),
        SheetEdit(cells={(1, 0): 1}),
        SheetEdit(cells={(MAX_ROW + 1, 1): 1}),
        SheetEdit(marks={(1, MAX_COLUMN + 1): ""}),
        SheetEdit(remove_rows=[0]),
        SheetEdit(remove_rows=[MAX_ROW + 1]),
        SheetEdit(append=[[1]], append_before=0),
        SheetEdit(append=[[1]], append_before=MAX_ROW + 1),
        SheetEdit(append=[[1]], append_column=0),
        SheetEdit(append=[[1]], append_column=MAX_COLUMN + 1),
        SheetEdit(append=[[1]], append_before=2, append_column=-1),
    ],
)
def test_places_outside_a_sheet_are_refused(at: Path, edit: SheetEdit) -> None:
    assert refused(at, LINES, edit) == "edit.address"


def test_the_corners_of_a_sheet_are_inside(at: Path) -> None:
    cells: Mapping[tuple[int, int], int] = {(1, 1): 1, (MAX_ROW, MAX_COLUMN): 2}
    assert set(contents(planned(at, LINES, SheetEdit(cells=cells)))) == set(cells)
    edit = SheetEdit(append=[[1]], append_before=1, append_column=MAX_COLUMN)
    assert set(contents(planned(at, LINES, edit))) == {(1, MAX_COLUMN)}


@pytest.mark.parametrize(
    ("edit", "fine"),
    [
        (SheetEdit(cells={(2, 1): 1}, remove_rows=[2]), False),
        (SheetEdit(marks={(2, 1): ""}, remove_rows=[3, 2]), False),
        (SheetEdit(cells={(2, 1): 1}, marks={(2, 1): ""}, remove_rows=[3]), True),
    ],
)
def test_a_row_is_not_changed_and_removed_at_once(at: Path, edit: SheetEdit, fine: bool) -> None:
    if fine:
        assert planned(at, LINES, edit).rows == RowMap.of([3])
    else:
        assert refused(at, LINES, edit) == "edit.contradiction"


def test_marks_keep_what_is_there_or_written(at: Path) -> None:
    marks = {(1, 1): "甲", (3, 2): "", (5, 1): "乙"}
    colours = {(5, 1): "FF00FF00", (9, 9): "FF000000"}
    edit = SheetEdit(cells={(1, 1): 7}, marks=marks, colours=colours, remove_rows=[2])
    plan = planned(at, LINES, edit)
    assert plan.marks == {(1, 1): "甲", (2, 2): "", (4, 1): "乙"}
    assert plan.colours == {(4, 1): "FF00FF00"}
    assert contents(plan) == {(1, 1): Content("number", "7"), (2, 2): KEPT, (4, 1): KEPT}


def tabled(at: Path, edit: SheetEdit, *tables: str) -> SheetPlan:
    """The plan for a sheet of six rows with tables of these parts."""
    parts = simple(worksheet("".join(row(n, f"r{n}", n) for n in range(1, 7))))
    kinds = [(f"rId{n}", "table", f"../t{n}.xml") for n in range(len(tables))]
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(*kinds)
    parts |= {f"xl/t{n}.xml": text for n, text in enumerate(tables)}
    with opened(save(parts, at)) as package:
        return plan_sheet(package, "台账", edit, date1904=False)


TABLE = '<table ref="A2:B5" totalsRowCount="{}">{}</table>'


@pytest.mark.parametrize("gone", [[2], [3, 2], [5]])
def test_the_header_and_totals_of_a_table_are_not_removed(at: Path, gone: list[int]) -> None:
    with pytest.raises(PatchRefused) as caught:
        tabled(at, SheetEdit(remove_rows=gone), TABLE.format(1, ""))
    assert caught.value.reason == "rows.table_header"


@pytest.mark.parametrize(
    ("gone", "removed", "cleared"),
    [
        ([3], [3], set()),
        ([3, 4], [3, 4], set()),
        ([3, 4, 5], [4, 5], {3}),
        ([1, 3, 4, 5, 6], [1, 4, 5, 6], {3}),
    ],
)
def test_a_table_keeps_a_row(
    at: Path, gone: list[int], removed: list[int], cleared: set[int]
) -> None:
    plan = tabled(at, SheetEdit(remove_rows=gone), TABLE.format(0, ""))
    assert (plan.rows, plan.cleared) == (RowMap.of(removed), cleared)
    place = 3 - (1 in removed)
    blanks = {(place, 1): BLANK, (place, 2): BLANK}
    assert contents(plan) == (blanks if cleared else {})


def test_a_table_without_data_rows_is_nothing_to_clear(at: Path) -> None:
    plan = tabled(at, SheetEdit(remove_rows=[6]), '<table ref="A2:B2"/>')
    assert (plan.rows, plan.cleared) == (RowMap.of([6]), set())


CHECK = (
    "<tableColumns><tableColumn/><tableColumn><calculatedColumnFormula> {} "
    "</calculatedColumnFormula></tableColumn></tableColumns>"
)


@pytest.mark.parametrize(
    ("formula", "values", "expected"),
    [
        ("LS_visits_check", ["x"], Content("formula", "LS_visits_check")),
        ("LS_visits_check", ["x", None], Content("formula", "LS_visits_check")),
        ("LS_visits_check", ["x", "y"], Content("text", "y")),
        ("A3+1", ["x"], None),
        ("LS_visits_checked", ["x"], None),
    ],
)
def test_appended_rows_are_checked_like_the_others(
    at: Path, formula: str, values: list[str | None], expected: Content | None
) -> None:
    part = TABLE.format(0, CHECK.format(formula))
    plan = tabled(at, SheetEdit(append=[values]), part)
    assert contents(plan).get((plan.appended_rows[0], 2)) == expected
    elsewhere = '<table ref="D2:E5"/>'
    assert tabled(at, SheetEdit(append=[values]), part, elsewhere).checks == {}
    assert tabled(at, SheetEdit(cells={(9, 9): 1}), part).checks == {}


MERGED = '<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="?"/><mergeCell/></mergeCells>'
BOLD = '<row r="2"><c r="A2" s="4" t="str"><v>head</v></c><c r="B2"><v>1</v></c></row>'
TALL = row(1, "a") + BOLD + row(3, None, "c") + row(5, "e")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (SheetEdit(remove_rows=[2]), {(2, 1): Transplant(b' s="4" t="str"', b"<v>head</v>")}),
        (SheetEdit(remove_rows=[1, 2]), {(1, 1): Transplant(b' s="4" t="str"', b"<v>head</v>")}),
        (SheetEdit(remove_rows=[2, 3]), {}),
        (SheetEdit(remove_rows=[1, 3]), {}),
        (SheetEdit(cells={(3, 1): 7}, remove_rows=[2]), {(2, 1): Content("number", "7")}),
        (SheetEdit(append=[[1]], append_before=2), {(2, 1): Content("number", "1")}),
    ],
)
def test_what_a_merged_range_shows_moves_to_its_next_row(
    at: Path, edit: SheetEdit, expected: dict[tuple[int, int], object]
) -> None:
    assert contents(planned(at, TALL, edit, MERGED)) == expected


@pytest.mark.parametrize(
    "cell", ['<c r="A2"><f>B1</f><v>1</v></c>', '<c r="A2" s="4"/>', '<c r="B2"><v>1</v></c>', ""]
)
def test_a_formula_or_nothing_does_not_move_on(at: Path, cell: str) -> None:
    rows = f'{row(1, "a")}<row r="2">{cell}</row>{row(3, None, "c")}'
    assert contents(planned(at, rows, SheetEdit(remove_rows=[2]), MERGED)) == {}
    assert contents(planned(at, row(1, "a"), SheetEdit(remove_rows=[2]), MERGED)) == {}


def test_merged_cells_that_an_edit_takes_apart_do_not_move_on(at: Path) -> None:
    edit = SheetEdit(remove_rows=[2], unmerge=[Area(2, 1, 3, 1)])
    assert contents(planned(at, TALL, edit, MERGED)) == {}


def calculated(formula: str) -> str:
    """Formulas in column B, rows 2 to 4; plain values beside and below."""
    cells = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="B{n}">{formula if n == 2 else ""}'
        f"<v>1</v></c></row>"
        for n in range(2, 6)
    )
    return row(1, "a") + cells + row(6, 6)


ARRAY = '<f t="array" ref="B2:B4">A2:A4</f>'
DATA_TABLE = '<f t="dataTable" ref="B2:B4" r1="A1"/>'


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (SheetEdit(cells={(2, 2): 1}), "cell"),
        (SheetEdit(cells={(4, 2): 1}), "cell"),
        (SheetEdit(cells={(5, 2): 1}), None),
        (SheetEdit(cells={(4, 1): 1}), None),
        (SheetEdit(cells={(4, 2): 1}, remove_rows=[1]), "cell"),
        (SheetEdit(cells={(5, 2): 1}, remove_rows=[1]), None),
        (SheetEdit(marks={(3, 2): "?"}), None),
        (SheetEdit(remove_rows=[3]), "rows"),
        (SheetEdit(remove_rows=[2, 3, 4]), None),
        (SheetEdit(remove_rows=[1, 6]), None),
        (SheetEdit(append=[[1]], append_before=3), "rows"),
        (SheetEdit(append=[[1]], append_before=2), None),
        (SheetEdit(append=[[1]]), None),
    ],
)
@pytest.mark.parametrize(
    ("formula", "kind"), [(ARRAY, "array_formula"), (DATA_TABLE, "data_table")]
)
def test_formula_blocks_are_neither_overwritten_nor_cut(
    at: Path, formula: str, kind: str, edit: SheetEdit, reason: str | None
) -> None:
    if reason is None:
        assert planned(at, calculated(formula), edit).sheet.name == "台账"
        return
    wanted = f"cell.{kind}" if reason == "cell" else "rows.array_formula"
    assert refused(at, calculated(formula), edit) == wanted


def test_formulas_that_are_overwritten_are_known_by_their_old_places(at: Path) -> None:
    rows = calculated("<f>A2</f>")
    edit = SheetEdit(cells={(2, 2): 1, (2, 1): 2, (3, 2): 3, (9, 9): 1}, remove_rows=[1])
    assert planned(at, rows, edit).lost_formulas == {(2, 2)}
    assert planned(at, rows, SheetEdit(marks={(2, 2): "?"})).lost_formulas == set()
    assert planned(at, rows, SheetEdit(cells={(3, 2): 1})).lost_formulas == set()
    assert planned(at, LINES, SheetEdit(cells={(2, 1): 1})).lost_formulas == set()


SHARED = (
    '<row r="2"><c r="B2"><f t="shared" ref="B2:B3" si="0">A2</f><v>1</v></c></row>'
    '<row r="3"><c r="B3"><f t="shared" si="0"/><v>1</v></c></row>'
)


@pytest.mark.parametrize(
    ("edit", "after"),
    [
        (SheetEdit(cells={(3, 2): 1}), SHARED),
        (SheetEdit(cells={(2, 1): 1}), SHARED),
        (
            SheetEdit(cells={(2, 2): 1}),
            SHARED.replace('t="shared" si="0"/', 't="shared" ref="B3" si="0">A3</f'),
        ),
        (
            SheetEdit(remove_rows=[1]),
            SHARED.replace('<f t="shared" ref="B2:B3" si="0">', "<f>").replace(
                '<f t="shared" si="0"/>', "<f>A3</f>"
            ),
        ),
        (SheetEdit(marks={(2, 2): ""}), SHARED),
    ],
)
def test_no_shared_formula_depends_on_a_cell_that_goes(
    at: Path, edit: SheetEdit, after: str
) -> None:
    text = planned(at, SHARED, edit).text
    assert text.raw[text.data_start : text.data_end].decode() == after
