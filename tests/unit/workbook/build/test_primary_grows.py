"""A primary that the patcher fills: rows under the header, each with its check, the table grown."""

from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from ledgersync.files import atomic_write
from ledgersync.schema import load_catalog
from ledgersync.workbook.build import SheetRows, ledger_workbook
from ledgersync.workbook.patch import SheetEdit, patch_sheets
from ledgersync.workbook.read import read_workbook

CATALOG = load_catalog()
TODAY = date(2024, 6, 1)
TABLE = CATALOG.table("visit", "visits")


def _primary(path: Path) -> Path:
    atomic_write(
        path,
        ledger_workbook(
            CATALOG.ledger("visit"),
            CATALOG,
            kind="primary",
            unit="幸福社区",
            rows={t.id: SheetRows() for t in CATALOG.ledger("visit").tables},
            stamp=None,
            today=TODAY,
        ),
    )
    return path


def _line(number: str, home: str, rid: str) -> list[object]:
    values: dict[str, object] = {"visit_no": number, "date": date(2024, 5, 1), "household": home}
    return [*(values.get(f) for f in TABLE.field_ids), None, rid]


def test_appended_rows_are_checked_and_belong_to_the_table(tmp_path: Path) -> None:
    path = _primary(tmp_path / "走访台账.xlsx")
    first = [_line("ZF-1", "1-1", "R1"), _line("ZF-2", "1-2", "R2")]
    patch_sheets(path, path, {"走访记录": SheetEdit(append=first, append_column=1)})  # type: ignore[arg-type]
    more = [_line("ZF-3", "1-3", "R3")]
    patch_sheets(path, path, {"走访记录": SheetEdit(append=more, append_column=1)})  # type: ignore[arg-type]
    sheet = load_workbook(path)["走访记录"]
    check = len(TABLE.fields) + 1
    assert [sheet.cell(row, check).value for row in (4, 5, 6, 7)] == ["=LS_visits_check"] * 3 + [
        None
    ]
    assert sheet.tables["tbl_visits"].ref.endswith("6")
    assert sheet.cell(6, 2).number_format == "yyyy-mm-dd"
    data = read_workbook(path, CATALOG, today=TODAY)
    assert data.tables[0].record_ids == ["R1", "R2", "R3"]
    assert data.findings == []
