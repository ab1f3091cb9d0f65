"""Generated workbooks: what stands where, and that the reader gets back what was written."""

import warnings
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.demo.people import sample_community
from ledgersync.errors import LedgerSyncError
from ledgersync.files import atomic_write
from ledgersync.model import Invalid, Row, Stamp
from ledgersync.schema import Catalog, LedgerSchema, load_catalog
from ledgersync.workbook.build import (
    Kind,
    NameList,
    Proposals,
    SheetRows,
    ledger_workbook,
    record_ids,
)
from ledgersync.workbook.read import read_workbook

TODAY = date(2024, 6, 1)
CATALOG = load_catalog()
LEDGERS = [ledger.id for ledger in CATALOG]


@pytest.fixture(autouse=True)
def no_warnings() -> Iterator[None]:
    """XlsxWriter only warns about what it leaves out."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def _sample(catalog: Catalog, ledger: LedgerSchema, reserved: int = 5) -> dict[str, SheetRows]:
    town = sample_community(5, 30, TODAY, "幸福社区")
    ids = record_ids("sample")
    return {
        t.id: SheetRows(
            [(next(ids), tuple(r[f] for f in t.field_ids)) for r in town.tables[ledger.id, t.id]],
            list(islice(ids, reserved)),
        )
        for t in ledger.tables
    }


def _build(path: Path, ledger: str, kind: Kind, rows: dict[str, SheetRows], **more: object) -> Path:
    atomic_write(
        path,
        ledger_workbook(
            CATALOG.ledger(ledger),
            CATALOG,
            kind=kind,
            unit="幸福社区",
            rows=rows,
            stamp=Stamp("w", ledger, 1, 3, "c", "王芳"),
            today=TODAY,
            staff="王芳" if kind == "copy" else None,
            **more,  # type: ignore[arg-type]
        ),
    )
    return path


@pytest.mark.parametrize("ledger", LEDGERS)
def test_what_was_written_is_read_back(tmp_path: Path, ledger: str) -> None:
    rows = _sample(CATALOG, CATALOG.ledger(ledger))
    path = _build(tmp_path / "a.xlsx", ledger, "copy", rows)
    data = read_workbook(path, CATALOG, today=TODAY)
    assert data.findings == []
    assert [t.table for t in data.tables] == list(rows)
    for table in data.tables:
        written = rows[table.table]
        ids = CATALOG.table(ledger, table.table).field_ids
        read = [tuple(table.values[f][i] for f in ids) for i in range(len(table.rows))]
        assert read == [row for _, row in written.records]
        assert table.record_ids == [rid for rid, _ in written.records]
        assert [rid for _, rid in table.reserved] == list(written.reserved)
        assert table.header_rows == (3,)
        assert table.unknown_columns == ()
        assert [s.reason for s in table.skipped] == ["title", "caption"]


def test_every_kind_of_value_survives(tmp_path: Path) -> None:
    table = CATALOG.table("dibao", "households")
    values: dict[str, object] = {
        "cert_no": "=1+1",
        "head_name": "买买提·艾山",
        "head_id": Invalid("1234", "id.length"),
        "family_size": 3,
        "covered_persons": 2,
        "monthly_amount": Decimal("1570.44"),
        "hardship_cause": ("因病", "因残"),
        "start_date": date(2021, 2, 3),
        "status": "在保",
        "phone": "010-12345678",
        "address": "  3-2  ",
    }
    row: Row = tuple(values.get(f) for f in table.field_ids)  # type: ignore[assignment]
    rows = {"households": SheetRows([("R1", row)])}
    data = read_workbook(
        _build(tmp_path / "a.xlsx", "dibao", "primary", rows), CATALOG, today=TODAY
    )
    read = data.tables[0].record(0)
    assert read | {"address": "  3-2  "} == {f: values.get(f) for f in table.field_ids}
    assert read["address"] == "3-2"


@pytest.mark.parametrize("ledger", LEDGERS)
def test_equal_arguments_give_equal_bytes(tmp_path: Path, ledger: str) -> None:
    rows = _sample(CATALOG, CATALOG.ledger(ledger))
    one = _build(tmp_path / "a.xlsx", ledger, "copy", rows)
    two = _build(tmp_path / "b.xlsx", ledger, "copy", rows)
    assert one.read_bytes() == two.read_bytes()


def _sheet(path: Path, name: str) -> Worksheet:
    sheet = load_workbook(path)[name]
    assert isinstance(sheet, Worksheet)
    return sheet


@pytest.mark.parametrize("ledger", LEDGERS)
def test_sheets_are_set_up_for_people(tmp_path: Path, ledger: str) -> None:
    schema = CATALOG.ledger(ledger)
    path = _build(tmp_path / "a.xlsx", ledger, "copy", _sample(CATALOG, schema))
    book = load_workbook(path)
    names = [t.sheet for t in schema.tables]
    assert [s.title for s in book if s.sheet_state == "visible"] == [*names, "填表说明"]
    for t in schema.tables:
        sheet = _sheet(path, t.sheet)
        headers = [c.value for c in sheet[3]]
        assert headers == [*(f.header for f in t.fields), "校验", "_LS_ID"]
        assert sheet.column_dimensions[sheet.cell(3, len(headers)).column_letter].hidden
        assert sheet.freeze_panes is not None
        assert sheet.freeze_panes.endswith("4")
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        (area,) = sheet.tables.values()
        assert area.ref.startswith("A3:")
        assert area.autoFilter is not None


def test_id_numbers_codes_names_and_phones_are_text_to_the_last_row(tmp_path: Path) -> None:
    sheet = _sheet(_build(tmp_path / "a.xlsx", "dibao", "primary", {}), "低保户")
    table = CATALOG.table("dibao", "households")
    expected = {"id_number": "@", "phone": "@", "code": "@", "name": "@", "date": "yyyy-mm-dd"}
    expected |= {"money": "0.00", "text": "@"}
    formats = {
        column: group.number_format
        for group in sheet.column_dimensions.values()
        for column in range(group.min or 0, (group.max or 0) + 1)
    }
    for column, f in enumerate(table.fields, 1):
        if f.type in expected:
            assert formats[column] == expected[f.type]


def test_a_fresh_primary_has_no_rows_and_nothing_under_its_header(tmp_path: Path) -> None:
    path = _build(tmp_path / "a.xlsx", "visit", "primary", {})
    for name in ("走访记录", "问题诉求"):
        sheet = _sheet(path, name)
        assert all(cell.value is None for row in sheet.iter_rows(min_row=4) for cell in row)
    data = read_workbook(path, CATALOG, today=TODAY)
    assert [(len(t.rows), t.reserved) for t in data.tables] == [(0, []), (0, [])]


def test_reserved_rows_hold_an_id_and_formulas_only(tmp_path: Path) -> None:
    suggested = Proposals(
        defaults={"visitor": "王芳", "grid": "第1网格"},
        names={"subject_name": NameList(("张伟",), {"subject_id": ("11010519491231002X",)})},
    )
    rows = {"visits": SheetRows((), ("R0000000ABCDEFGH",))}
    path = _build(tmp_path / "a.xlsx", "visit", "copy", rows, proposals={"visits": suggested})
    sheet = _sheet(path, "走访记录")
    shown = {c.value: sheet.cell(4, c.column).value for c in sheet[3]}
    formulas = {h for h, v in shown.items() if str(v).startswith("=")}
    assert formulas == {"走访编号", "走访人", "所属网格", "对象身份证号", "校验"}
    assert shown["_LS_ID"] == "R0000000ABCDEFGH"
    assert sum(v is not None for v in shown.values()) == 6
    (table,) = (t for t in read_workbook(path, CATALOG, today=TODAY).tables if t.table == "visits")
    assert (table.rows, table.reserved) == ([], [(4, "R0000000ABCDEFGH")])


def test_long_lists_stand_on_a_hidden_sheet(tmp_path: Path) -> None:
    names = tuple(f"居民{n:04d}" for n in range(200))
    suggested = {"visits": Proposals(names={"subject_name": NameList(names)})}
    path = _build(tmp_path / "a.xlsx", "visit", "copy", {}, proposals=suggested)
    book = load_workbook(path)
    assert book["_ledgersync_lists"].sheet_state == "veryHidden"
    validations = book["走访记录"].data_validations.dataValidation
    (names_list,) = (v for v in validations if str(v.sqref).startswith("F4:"))
    assert names_list.formula1 == "_ledgersync_lists!$A$1:$A$200"
    assert not names_list.showErrorMessage, "a name may be typed too"


@pytest.mark.parametrize("text", ["长" * 40000, "𠮷" * 20000])  # of two UTF-16 units each
def test_an_over_long_cell_is_refused_with_its_address(tmp_path: Path, text: str) -> None:
    table = CATALOG.table("care", "people")
    row = tuple(text if f == "remark" else None for f in table.field_ids)
    with pytest.raises(LedgerSyncError, match="R4"):
        _build(tmp_path / "a.xlsx", "care", "copy", {"people": SheetRows([("R1", row)])})
    assert not (tmp_path / "a.xlsx").exists()
