"""One valid record per table, and what becomes of it when a cell of it is typed differently.

For tables of cases: `read_cells` reads a column of entries in an otherwise right sheet, and says of
each what was read and which errors and warnings stand at its cell or row.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ledgersync.checks import check_workbook
from ledgersync.model import Invalid, TableData, Value, WorkbookData
from ledgersync.schema import TableKey, load_catalog
from ledgersync.values import to_json
from ledgersync.workbook.read.layout.grid import Book, Grid
from ledgersync.workbook.read.reading import tables_of
from tests.reading import TODAY

CATALOG = load_catalog()
HOUSEHOLDS, MEMBERS = ("dibao", "households"), ("dibao", "members")
PEOPLE, ACTIVITIES = ("care", "people"), ("volunteer", "activities")
SERVICE, VISITS, ISSUES = ("volunteer", "records"), ("visit", "visits"), ("visit", "issues")
TABLES = (HOUSEHOLDS, MEMBERS, PEOPLE, ACTIVITIES, SERVICE, VISITS, ISSUES)
IDS = ("36070219351024220X", "500113197504263435", "330106198007250499")
VALID: dict[TableKey, dict[str, object]] = {
    HOUSEHOLDS: {
        "cert_no": "DB70001", "head_name": "王芳", "head_id": IDS[0], "hukou": "城市",
        "family_size": 3.0, "covered_persons": 2.0, "monthly_amount": 900.0,
        "start_date": "2021-03-01", "status": "在保", "phone": "13800001234",
        "address": "解放路1号", "grid": "第1网格", "remark": "已核实",
    },
    MEMBERS: {
        "cert_no": "DB70001", "name": "李强", "member_id": IDS[2], "relation": "配偶",
        "covered": "是", "left_on": "2022-01-05", "remark": "在外务工",
    },
    PEOPLE: {
        "name": "王芳", "id_number": IDS[0], "category": "独居老人", "guardian_name": "李强",
        "guardian_phone": "13900001234", "phone": "13800001234", "address": "解放路1号",
        "grid": "第1网格", "responsible": "赵敏", "enrolled": "2021-03-01", "status": "在册",
        "end_date": "2022-03-01", "remark": "已核实",
    },
    ACTIVITIES: {
        "activity_no": "HD-2022-01", "title": "清扫楼道", "kind": "环境整治", "organiser": "居委会",
        "leader": "赵敏", "date": "2022-03-05", "hours": 2.0, "participants": 12.0,
        "place": "文化广场", "content": "清理杂物", "beneficiaries": 30.0, "remark": "已核实",
    },
    SERVICE: {
        "activity_no": "HD-2022-01", "name": "王芳", "id_number": IDS[0], "hours": 2.0,
        "recorded": "2022-03-06", "phone": "13800001234", "remark": "已核实",
    },
    VISITS: {
        "visit_no": "ZF-0001", "date": "2022-06-01", "visitor": "赵敏", "household": "幸福路1号",
        "host_name": "王芳", "subject_id": IDS[0], "method": "入户", "result": "见到本人",
        "round": 2.0, "satisfaction": "满意", "grid": "第1网格", "remark": "已核实",
    },
    ISSUES: {
        "issue_no": "WT-0001", "visit_no": "ZF-0001", "date": "2022-06-02", "source": "走访",
        "kind": "照明道路", "description": "楼道灯不亮", "place": "3栋", "responsible": "物业公司",
        "handler": "赵敏", "due": "2022-07-02", "status": "待处理", "remark": "已核实",
    },
}  # fmt: skip


class Read(NamedTuple):
    """What was read from a cell (as JSON; an invalid one is None), and what is said of it."""

    value: object
    told: tuple[str, ...]


def header(key: TableKey, fields: Sequence[str]) -> list[object]:
    return [CATALOG.table(*key).by_id[f].header for f in fields]


def grid(key: TableKey, rows: Sequence[Mapping[str, object]], *, is_text: bool = False) -> Grid:
    """A sheet with the table's valid fields as columns; absent cells are empty."""
    fields = list(VALID[key])
    cells = [[row.get(f, "") for f in fields] for row in rows]
    return Grid(CATALOG.table(*key).sheet, [header(key, fields), *cells], is_text=is_text)


def read_grid(*grids: Grid) -> WorkbookData:
    tables, findings = tables_of(Book(list(grids)), "台账.xlsx", CATALOG, TODAY)
    return WorkbookData("台账.xlsx", "0" * 64, None, tables, findings)


def table_of(data: WorkbookData, key: TableKey) -> TableData:
    return next(t for t in data.tables if (t.ledger, t.table) == key)


def told_at(
    data: WorkbookData, key: TableKey, row: int, field: str | None = None
) -> tuple[str, ...]:
    """Rules of the errors and warnings at a row, or at one of its cells and at the row itself."""
    return tuple(
        f"{f.severity[0]}:{f.rule}"
        for f in check_workbook(data, CATALOG, TODAY)
        if f.severity != "info"
        and f.row == row
        and (f.ledger, f.table) in (key, (None, None))
        and (field is None or f.field in (None, field))
    )


def read_cells(
    key: TableKey, field: str, entries: Sequence[object], *, is_text: bool = False
) -> list[Read]:
    """What is read of a column of entries; the other cells of each row are right."""
    rows = [{**VALID[key], field: raw} for raw in entries]
    data = read_grid(grid(key, rows, is_text=is_text))
    table = table_of(data, key)
    found = []
    for n in range(len(entries)):
        row = n + 2
        value: Value = None
        if row in table.rows:
            value = table.values[field][table.rows.index(row)]
        shown = None if isinstance(value, Invalid) else to_json(value)
        found.append(Read(shown, told_at(data, key, row, field)))
    return found


def read_cell(key: TableKey, field: str, raw: object, *, is_text: bool = False) -> Read:
    return read_cells(key, field, [raw], is_text=is_text)[0]
