"""Appending to Excel tables: inside, above the totals, into blank rows, and what is refused."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.patching import MAIN, cell, content_types, part, relations, row, save, simple, worksheet

from ledgersync.workbook.patch import PatchRefused, patch_workbook

TABLE = "xl/tables/table1.xml"


def table(ref: str, attributes: str = "", inner: str | None = None, number: int = 1) -> str:
    body = inner if inner is not None else f'<autoFilter ref="{ref}"/>'
    return (
        f'<table xmlns="{MAIN}" id="{number}" name="表{number}" displayName="表{number}"'
        f' ref="{ref}"{attributes}>{body}<tableColumns count="2"><tableColumn id="1" name="姓名"/>'
        '<tableColumn id="2" name="数"/></tableColumns></table>'
    )


def with_tables(path: Path, rows: str, *tables: str, tail: str = "") -> Path:
    parts = simple(worksheet(rows, tail=tail + '<tableParts count="1"/>'))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
    overrides = {}
    for number, text in enumerate(tables, 1):
        parts[f"xl/tables/table{number}.xml"] = text
        overrides[f"/xl/tables/table{number}.xml"] = kind
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(
        *((f"rId{n}", "table", f"../tables/table{n}.xml") for n in range(1, len(tables) + 1))
    )
    parts["[Content_Types].xml"] = content_types(overrides)
    return save(parts, path)


def column(path: Path, letter: str) -> list[object]:
    return [c.value for c in load_workbook(path).active[letter]]


def test_rows_append_inside_the_table_and_it_grows(source: Path, target: Path) -> None:
    rows = row(1, "标题") + f'<row r="3">{cell("B3", "姓名")}{cell("C3", "数")}</row>'
    rows += f'<row r="4">{cell("B4", "张伟", 1)}{cell("C4", 1, 4)}</row>' + row(9, "备注")
    with_tables(source, rows, table("B3:C4"))
    report = patch_workbook(source, target, "台账", append=[["王芳", 2], ["李娜", 3]])
    assert report.appended_rows["台账"] == [5, 6]
    assert report.sheets["台账"].append_column == 2
    sheet = load_workbook(target).active
    assert [sheet[a].value for a in ("A5", "B5", "C6", "A9")] == [None, "王芳", 3, "备注"]
    assert sheet["C6"].number_format == "#,##0.00"
    assert part(target, TABLE) == table("B3:C6")


def test_blank_rows_of_the_table_are_used_first(source: Path, target: Path) -> None:
    rows = row(1, "姓名", "数") + row(2, "张伟", 1) + row(3) + row(4)
    with_tables(source, rows, table("A1:B4"))
    patch_workbook(source, target, "台账", append=[["王芳", 2], ["李娜", 3]])
    assert column(target, "A") == ["姓名", "张伟", "王芳", "李娜"]
    assert part(target, TABLE) == table("A1:B4")
    patch_workbook(target, target, "台账", append=[["刘洋", 4]])
    assert part(target, TABLE) == table("A1:B5")


def test_rows_go_above_the_totals_row(source: Path, target: Path) -> None:
    rows = row(1, "姓名", "数") + row(2, "张伟", 1)
    rows += f'<row r="3">{cell("A3", "合计")}<c r="B3"><f>SUBTOTAL(109,B2:B2)</f><v>1</v></c></row>'
    rows += row(5, "备注")
    totals = ' totalsRowCount="1"'
    with_tables(source, rows, table("A1:B3", totals, '<autoFilter ref="A1:B2"/>'))
    report = patch_workbook(source, target, "台账", {(5, 1): "新备注"}, [["王芳", 2], ["李娜", 3]])
    assert report.appended_rows["台账"] == [3, 4]
    assert column(target, "A") == ["姓名", "张伟", "王芳", "李娜", "合计", None, "新备注"]
    expected = table("A1:B5", totals, '<autoFilter ref="A1:B4"/>')
    assert part(target, TABLE) == expected


def test_what_stands_below_a_table_moves_down(source: Path, target: Path) -> None:
    rows = row(1, "姓名", "数") + row(2, "张伟", 1) + row(3, "备注")
    with_tables(source, rows, table("A1:B2"))
    patch_workbook(source, target, "台账", append=[["王芳", 2]])
    assert column(target, "A") == ["姓名", "张伟", "王芳", "备注"]
    assert part(target, TABLE) == table("A1:B3")


def test_cells_written_right_below_belong_to_the_table(source: Path, target: Path) -> None:
    with_tables(source, row(1, "姓名", "数") + row(2, "张伟", 1), table("A1:B2"))
    patch_workbook(source, target, "台账", {(3, 1): "王芳"}, append=[["李娜", 3]])
    assert column(target, "A") == ["姓名", "张伟", "王芳", "李娜"]
    assert part(target, TABLE) == table("A1:B4")


def test_an_empty_table_takes_its_first_row(source: Path, target: Path) -> None:
    with_tables(source, row(1, "姓名", "数"), table("A1:B2"))
    report = patch_workbook(source, target, "台账", append=[["张伟", 1]])
    assert report.appended_rows["台账"] == [2]
    assert part(target, TABLE) == table("A1:B2")


def test_two_tables_append_below_everything(source: Path, target: Path) -> None:
    rows = row(1, "姓名", "数", None, "姓名", "数") + row(2, "a", 1, None, "b", 2)
    with_tables(source, rows + row(4, "备注"), table("A1:B2"), table("D1:E2", number=2))
    report = patch_workbook(source, target, "台账", append=[["x"]])
    assert report.appended_rows["台账"] == [5]
    assert part(target, TABLE) == table("A1:B2")


def test_removed_rows_shrink_the_table(source: Path, target: Path) -> None:
    rows = "".join(row(r, f"r{r}", r) for r in range(1, 5))
    with_tables(source, rows, table("A1:B4"))
    patch_workbook(source, target, "台账", remove_rows=[3])
    assert part(target, TABLE) == table("A1:B3")


def test_a_table_keeps_one_data_row(source: Path, target: Path) -> None:
    rows = row(1, "姓名", "数") + row(2, "a", 1) + row(3, "b", 2)
    with_tables(source, rows, table("A1:B3"))
    report = patch_workbook(source, target, "台账", remove_rows=[2, 3])
    assert report.sheets["台账"].row_after(2) is None
    assert column(target, "A") == ["姓名", None]
    assert part(target, TABLE) == table("A1:B2")


@pytest.mark.parametrize("gone", [1, 3])
def test_header_and_totals_rows_are_not_removed(source: Path, target: Path, gone: int) -> None:
    rows = row(1, "姓名", "数") + row(2, "a", 1) + row(3, "合计", 2)
    with_tables(source, rows, table("A1:B3", ' totalsRowCount="1"'))
    with pytest.raises(PatchRefused) as refused:
        patch_workbook(source, target, "台账", remove_rows=[gone])
    assert refused.value.reason == "rows.table_header"
    assert not target.exists()
