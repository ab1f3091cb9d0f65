"""One rule for what stands twice: the check column, `LS_CHECK` and `check` over a saved file."""

import re
from collections.abc import Mapping
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.e2e.native_bench import _convert, needs_office

from ledgersync.checks import check_workbook
from ledgersync.files import atomic_write
from ledgersync.plugin.functions import RowMessages, columns_of
from ledgersync.schema import TableSchema, load_catalog
from ledgersync.workbook.build import SheetRows, ledger_workbook, record_ids
from ledgersync.workbook.build.layout import FIRST_ROW
from ledgersync.workbook.read import read_workbook

pytestmark = [pytest.mark.office, needs_office]
CATALOG = load_catalog()
TODAY = date(2024, 6, 1)
ID, OTHER, WRONG = "11010519491231002X", "110105199001011232", "110105198506152344"
DAY = date(2024, 5, 1)
Rows = list[dict[str, object]]


def _household(code: object, number: object = None, remark: object = None) -> dict[str, object]:
    return {"cert_no": code, "head_id": number, "remark": remark}


def _person(number: object, name: str = "张伟", home: object = "1-1") -> dict[str, object]:
    return {"name": name, "id_number": number, "address": home, "category": "独居老人"}


def _event(title: object, day: object = DAY, place: object = "一号楼") -> dict[str, object]:
    return {"date": day, "title": title, "place": place}


# Neighbours are in one case; cases have keys of their own. The generated numbers are emptied.
CASES: dict[tuple[str, str], Rows] = {
    ("dibao", "households"): [
        *(_household(code, None, n) for n, code in enumerate(("A-1", "Ａ－１", " A-1 ", "A—1"))),
        *(_household(code, None, n) for n, code in enumerate(("DB1", "db1", "Db1"))),
        *(_household(code, None, n) for n, code in enumerate(("B*", "B?", "Bx", "B~", "B~1"))),
        *(_household(code, None, n) for n, code in enumerate((1234, "1234", "'1234", "1234.0"))),
        *(_household(code, None, n) for n, code in enumerate(("Z\u200b9", "Z9", "Z 9", "Z　9"))),
        *(_household("S1", None, "一样") for _ in range(3)),
        *(_household("S2", None, remark) for remark in ("一样", "一样", "两样")),
        *(_household("S3", None, remark) for remark in ("a", "A")),
        *(_household(None, ID, remark) for remark in ("甲", "乙")),
        *(_household(code, OTHER, None) for code in ("H1", "H2")),
        *(_household(code, None, "没有证号") for code in (None, "无")),
    ],
    ("care", "people"): [
        *(_person(n) for n in (ID, ID.lower(), "110105 19491231 002x")),
        *(_person(n, "李娜") for n in (OTHER, "１１０１０５１９９００１０１１２３２")),
        *(_person(n, "错号", "2-1") for n in (WRONG, WRONG[:6] + " " + WRONG[6:])),
        *(_person(None, name, "3-1") for name in ("王芳", "王 芳", "王　芳")),
        *(_person(None, "赵敏", home) for home in ("4-1", "4-2")),
        *(_person(None, "孙权", None) for _ in range(2)),
        *(_person("110105900101123", "刘备", home) for home in ("5-1", "5-2")),
        *(_person("110105199001011232", "刘备", home) for home in ("5-3", "5-3")),
    ],
    ("volunteer", "activities"): [
        *(_event("义诊", day) for day in (DAY, "2024.5.1", "2024年5月1日", "20240501")),
        *(_event("清扫", DAY, place) for place in ("一号楼", "二号楼")),
        *(_event("清扫", date(2024, 5, 2)) for _ in range(1)),
        *(_event(title) for title in ("Party", "party", "PARTY*")),
    ],
    ("volunteer", "records"): [
        {"activity_no": code, "name": "张伟", "id_number": n, "hours": hours}
        for code, n, hours in (("H1", ID, 1), ("h1", ID, 1), ("H1", ID, 2), ("H1", OTHER, 1))
    ],
    ("visit", "visits"): [
        {"date": day, "method": how, "household": "3-2", "visitor": "王芳"}
        for day, how in ((DAY, "入户"), ("2024-5-1", "入户走访"), (DAY, "电话"))
    ],
}
Told = dict[int, set[str]]


def _filled(folder: Path, ledger_id: str) -> Path:
    """A copy with the cases typed in, the numbers it proposes taken out."""
    ledger, ids = CATALOG.ledger(ledger_id), record_ids(ledger_id)
    rows = {t.id: SheetRows((), list(islice(ids, 40))) for t in ledger.tables}
    stamp = {"kind": "copy", "unit": "幸福社区", "stamp": None, "today": TODAY}
    path = folder / f"{ledger_id}.xlsx"
    atomic_write(path, ledger_workbook(ledger, CATALOG, rows=rows, **stamp))  # type: ignore[arg-type]
    book = load_workbook(path)
    for (own, table), found in CASES.items():
        if own == ledger_id:
            schema = CATALOG.table(own, table)
            _type(book[schema.sheet], schema, found)
    book.save(path)
    return path


def _type(sheet: object, table: TableSchema, found: Rows) -> None:
    columns = {f.id: n for n, f in enumerate(table.fields, 1)}
    generated = [f.id for f in table.fields if f.generated]
    for row, cells in enumerate(found, FIRST_ROW):
        for name, value in (dict.fromkeys(generated) | cells).items():
            sheet.cell(row, columns[name]).value = value  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Every workbook as LibreOffice saves it, in one start."""
    folder = tmp_path_factory.mktemp("repeats")
    books = {ledger: _filled(folder, ledger) for ledger, _ in CASES}
    _convert(folder, "xlsx", folder / "saved", list(books.values()))
    return {ledger: folder / "saved" / path.name for ledger, path in books.items()}


def _by_sheet(path: Path, sheet: str) -> Told:
    told: Told = {}
    for cells in load_workbook(path, data_only=True)[sheet].iter_rows(min_row=FIRST_ROW):
        text = next((str(c.value) for c in cells if "行" in str(c.value)), "")
        said = set(re.findall(r"〔([^〕]+)〕与第\d+行重复", text))
        said |= {"整行"} if re.search(r"提示：与第\d+行完全相同", text) else set()
        if said:
            told[cells[0].row] = said
    return told


def _by_check(path: Path, ledger: str, table: str) -> Told:
    told: Told = {}
    schema = CATALOG.table(ledger, table)
    for f in check_workbook(read_workbook(path, CATALOG, today=TODAY), CATALOG, TODAY):
        if f.table == table and f.row and f.rule.startswith("duplicate."):
            severity = "warning" if f.rule == "duplicate.row" else "error"
            assert f.severity == severity
            told.setdefault(f.row, set()).add(schema.by_id[f.field].header if f.field else "整行")
    return told


def _by_function(path: Path, ledger: str, table: str) -> Told:
    told: Told = {}
    schema = CATALOG.table(ledger, table)
    sheet = load_workbook(path, data_only=True)[schema.sheet]
    rows = [[c.value for c in cells] for cells in sheet.iter_rows(min_row=FIRST_ROW)]
    header = [c.value for c in sheet[FIRST_ROW - 1]]
    kept = [row[: len(schema.fields)] for row in rows]
    for i, notes in enumerate(RowMessages(schema, columns_of(schema, [header]), TODAY).notes(kept)):
        for field, rule in notes:
            if rule.startswith("duplicate."):
                name = schema.by_id[field].header if field else "整行"
                told.setdefault(i + FIRST_ROW, set()).add(name)
    return told


@pytest.mark.parametrize(("ledger", "table"), CASES, ids=[".".join(key) for key in CASES])
def test_what_stands_twice_is_told_alike(
    saved: Mapping[str, Path], ledger: str, table: str
) -> None:
    found = _by_check(saved[ledger], ledger, table)
    assert found, "the cases repeat something"
    assert _by_sheet(saved[ledger], CATALOG.table(ledger, table).sheet) == found
    assert _by_function(saved[ledger], ledger, table) == found
