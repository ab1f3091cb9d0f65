"""How generated ledgers lie on paper: the settings in the file, part by part."""

import re
import zipfile
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ledgersync.demo.people import sample_community
from ledgersync.files import atomic_write
from ledgersync.model import Row, column_letters
from ledgersync.schema import load_catalog
from ledgersync.workbook import a4
from ledgersync.workbook.build import Kind, SheetRows, ledger_workbook, record_ids
from ledgersync.workbook.build.layout import TableLayout, width_of
from ledgersync.workbook.build.paper import BLANK_ROWS, last_printed, pages_across

CATALOG = load_catalog()
TODAY = date(2024, 6, 1)
TABLES = [(ledger.id, table.id) for ledger in CATALOG for table in ledger.tables]
REMARK = "独居，子女在外地务工，每周由网格员上门一次，需要协助办理高龄津贴和家庭医生签约。" * 3


def _built(path: Path, ledger: str, kind: Kind, rows: dict[str, SheetRows]) -> Path:
    schema = CATALOG.ledger(ledger)
    atomic_write(
        path,
        ledger_workbook(
            schema, CATALOG, kind=kind, unit="幸福 & 和平社区", rows=rows, stamp=None, today=TODAY
        ),
    )
    return path


def _records(ledger: str, table: str, count: int) -> list[tuple[str, Row]]:
    fields = CATALOG.table(ledger, table).field_ids
    found = sample_community(5, 300, TODAY, "幸福社区").tables[ledger, table][:count]
    return [
        (rid, tuple(row[f] for f in fields))
        for rid, row in zip(record_ids("s"), found, strict=False)
    ]


def _reserved(count: int = 200) -> tuple[str, ...]:
    return tuple(islice(record_ids("r"), count))


def _part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


@pytest.mark.parametrize("kind", ["primary", "copy", "template"])
@pytest.mark.parametrize("ledger", [ledger.id for ledger in CATALOG])
def test_every_table_fits_across_its_pages_of_a4(tmp_path: Path, ledger: str, kind: Kind) -> None:
    book = load_workbook(_built(tmp_path / "a.xlsx", ledger, kind, {}))
    for table in CATALOG.ledger(ledger).tables:
        sheet, layout = book[table.sheet], TableLayout(table, SheetRows(), kind)
        page, across = sheet.page_setup, pages_across(layout)
        assert (page.paperSize, page.orientation) == (9, "landscape")
        assert (page.fitToWidth or 1, page.fitToHeight) == (across, 0), "any number of pages high"
        fitted = sheet.sheet_properties.pageSetUpPr
        assert fitted is not None
        assert fitted.fitToPage
        assert sheet.print_title_rows == "$3:$3"
        frozen = column_letters(layout.frozen_columns)
        assert sheet.print_title_cols == (None if across == 1 else f"$A:${frozen}"), "whose row"
        margins = sheet.page_margins
        assert margins.bottom - margins.footer >= 0.3, "the footer has its own room"


@pytest.mark.parametrize(("ledger", "table"), TABLES)
def test_type_stays_readable_on_paper(ledger: str, table: str) -> None:
    layout = TableLayout(CATALOG.table(ledger, table), SheetRows(), "primary")
    widths = [width_of(f) for f in layout.table.fields]
    across = pages_across(layout)
    repeated = widths[: layout.frozen_columns] * (across - 1)
    assert across * a4.scale_of([*widths, *repeated]) >= 0.7, "10 points become 7 at least"


def test_a_table_too_wide_for_one_page_takes_two() -> None:
    table = CATALOG.table("dibao", "households")
    half = table.changed(fields=table.fields[: len(table.fields) // 2])
    assert pages_across(TableLayout(half, SheetRows(), "primary")) == 1
    assert pages_across(TableLayout(table, SheetRows(), "primary")) == 2


def test_the_footer_says_whose_it_is_and_which_page(tmp_path: Path) -> None:
    path = _built(tmp_path / "a.xlsx", "visit", "copy", {})
    footer = re.findall(r"<oddFooter>(.*?)</oddFooter>", _part(path, "xl/worksheets/sheet1.xml"))
    owner, pages = "幸福 && 和平社区　走访及问题诉求台账", "第 &P 页，共 &N 页"
    assert footer == [f"&L{owner}&C&A&R{pages}".replace("&", "&amp;")]


@pytest.mark.parametrize("filled", [0, 3, 60])
def test_a_copy_prints_its_records_and_a_few_empty_rows(tmp_path: Path, filled: int) -> None:
    records = _records("visit", "visits", filled)
    rows = SheetRows(records, _reserved())
    path = _built(tmp_path / "a.xlsx", "visit", "copy", {"visits": rows})
    layout = TableLayout(CATALOG.table("visit", "visits"), rows, "copy")
    last = last_printed(layout)
    assert load_workbook(path)["走访记录"].print_area == f"'走访记录'!$A$1:$O${last}"
    assert last == 3 + filled + BLANK_ROWS if filled else 20 < last < 40
    assert last < layout.last_row - 100, "most reserved rows stay off the paper"


def test_few_reserved_rows_are_printed_and_no_more() -> None:
    table = CATALOG.table("visit", "visits")
    assert last_printed(TableLayout(table, SheetRows((), _reserved(2)), "copy")) == 5
    assert last_printed(TableLayout(table, SheetRows(), "template")) == 4


def test_a_primary_prints_all_its_rows_whoever_adds_them(tmp_path: Path) -> None:
    path = _built(tmp_path / "a.xlsx", "visit", "primary", {})
    book = load_workbook(path)
    assert book["走访记录"].print_area == "'走访记录'!$A$1:$O$1048576"
    assert book["问题诉求"].print_area == "'问题诉求'!$A$1:$Q$1048576"


def test_entries_below_the_print_area_are_said_beside_the_title(tmp_path: Path) -> None:
    rows = {"visits": SheetRows(_records("visit", "visits", 3), _reserved())}
    sheet = load_workbook(_built(tmp_path / "a.xlsx", "visit", "copy", rows))["走访记录"]
    (formula,) = (str(c.value) for c in sheet[1] if str(c.value).startswith("="))
    assert 'COUNT($A$17:$O$2206)+COUNTIF($A$17:$O$2206,"?*")=0' in formula
    assert "ROW($A$16)" in formula
    primary = load_workbook(_built(tmp_path / "b.xlsx", "visit", "primary", {}))["走访记录"]
    assert not [c for c in primary[1] if str(c.value).startswith("=")]


def test_rows_are_as_tall_as_their_longest_text_and_may_grow(tmp_path: Path) -> None:
    table = CATALOG.table("visit", "visits")
    plain: Row = tuple("好" if f == "remark" else None for f in table.field_ids)
    long: Row = tuple(REMARK if f == "remark" else None for f in table.field_ids)
    rows = {"visits": SheetRows([("R1", plain), ("R2", long)], _reserved(5))}
    sheet = _part(_built(tmp_path / "a.xlsx", "visit", "copy", rows), "xl/worksheets/sheet1.xml")
    assert "customHeight" not in sheet
    heights = dict(re.findall(r'<row r="(\d+)"[^>]*? ht="([\d.]+)"', sheet))
    assert "4" not in heights
    assert float(heights["5"]) > 100
    assert "6" not in heights


def test_names_and_long_texts_wrap(tmp_path: Path) -> None:
    rows = {"visits": SheetRows(_records("visit", "visits", 1))}
    sheet = load_workbook(_built(tmp_path / "a.xlsx", "visit", "primary", rows))["走访记录"]
    cells = zip(sheet[3], sheet[4], strict=True)
    wrapped = {head.value for head, cell in cells if cell.alignment.wrap_text}
    assert {"走访人", "户址", "对象类别", "备注", "所属网格"} <= wrapped
    assert not {"走访日期", "对象身份证号", "走访轮次"} & wrapped


def test_the_guide_begins_a_page_with_each_further_table(tmp_path: Path) -> None:
    sheet = load_workbook(_built(tmp_path / "a.xlsx", "dibao", "template", {}))["填表说明"]
    (row,) = (int(b.id or 0) for b in sheet.row_breaks.brk)
    assert sheet[f"A{row + 1}"].value == "〔家庭成员〕各栏"


def test_a_row_fitted_to_its_text_keeps_a_usual_height(tmp_path: Path) -> None:
    """By the type of the hidden ids; programs fit a row to the largest in it."""
    rows = {"visits": SheetRows(_records("visit", "visits", 1), _reserved(1))}
    sheet = load_workbook(_built(tmp_path / "a.xlsx", "visit", "copy", rows))["走访记录"]
    assert [sheet.cell(row, 17).font.sz for row in (4, 5)] == [14, 14]
    assert sheet.cell(3, 17).value == "_LS_ID"
    assert {cell.font.sz for cell in sheet[4][:15]} == {10}
