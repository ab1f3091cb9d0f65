"""What people do to a sheet in a real LibreOffice, then handed in and merged.

Everything arrives or is told, and the check column says what `check` says of the file.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from tests.community import Sheet
from tests.desk import Desk
from tests.e2e.native_bench import verdict
from tests.e2e.native_typing import _property, opened, speaking, store
from tests.e2e.office import Office, load_uno, needs_office
from tests.e2e.test_native_habits import CHECK, DATE, HOUSEHOLD, Keyboard

from ledgersync.checks import check_workbook
from ledgersync.schema import load_catalog
from ledgersync.workbook.read import read_workbook
from ledgersync.workspace import clock

pytestmark = [pytest.mark.office, needs_office]
CATALOG = load_catalog()
BOOK = "走访台账.xlsx"
HOST, METHOD = 4, 7
KNOWN = ("1-1", "1-2", "1-3")
FIRST = 4  # the first record's row


def visit(keys: Keyboard, row: int, home: str, day: str = "2022-06-01") -> str:
    for column, text in ((DATE, day), (HOUSEHOLD, home), (HOST, "赵甲"), (METHOD, "入户")):
        keys.type(row, column, text)
    return home


def inserted(keys: Keyboard) -> list[str]:
    keys.sheet.Rows.insertByIndex(FIRST, 1)
    return [visit(keys, FIRST + 1, "2-1")]


def below(keys: Keyboard) -> list[str]:
    return [visit(keys, 40, "2-2"), visit(keys, 41, "2-3", "2022.13.1")]


def pasted(keys: Keyboard) -> list[str]:
    """Fifty rows from elsewhere, with colours and formats of their own."""
    homes = [f"3-{n}" for n in range(50)]
    block = keys.sheet.getCellRangeByName(f"B8:E{7 + len(homes)}")
    block.CellBackColor, block.NumberFormat = 0xFFFF00, 4
    block.setDataArray(tuple((44713.0, "王芳", home, "钱乙") for home in homes))
    return homes


def dragged(keys: Keyboard) -> list[str]:
    """A whole row drawn down over the next three: a series of days, one number."""
    visit(keys, 8, "4-1")
    uno = load_uno()
    down = uno.Enum("com.sun.star.sheet.FillDirection", "TO_BOTTOM")
    keys.sheet.getCellRangeByName("A8:H11").fillAuto(down, 1)
    return [keys.said(row, HOUSEHOLD) for row in range(8, 12)]


def sorted_(keys: Keyboard) -> list[str]:
    home = visit(keys, 8, "0-1")
    field = load_uno().createUnoStruct("com.sun.star.table.TableSortField")
    field.Field, field.IsAscending = HOUSEHOLD, True
    fields = load_uno().Any("[]com.sun.star.table.TableSortField", (field,))
    block = keys.sheet.getCellRangeByName("A4:Q8")
    load_uno().invoke(block, "sort", ((_property("SortFields", fields),),))
    assert keys.said(FIRST, HOUSEHOLD) == home
    return [home]


def filtered(keys: Keyboard) -> list[str]:
    """Only one home is to be seen; its remark is changed, and a row is typed below."""
    keys.sheet.Rows.getByIndex(FIRST - 1).IsVisible = False
    keys.sheet.Rows.getByIndex(FIRST + 1).IsVisible = False
    keys.type(FIRST + 1, 14, "改过")
    return [visit(keys, 8, "5-1")]


def without_check(keys: Keyboard) -> list[str]:
    keys.sheet.Columns.removeByIndex(CHECK, 1)
    return [visit(keys, 8, "6-1"), visit(keys, 9, "6-2", "2022.13.1")]


def renamed(keys: Keyboard) -> list[str]:
    keys.sheet.Name = "六月走访"
    return [visit(keys, 8, "7-1"), visit(keys, 9, "7-2", "2022.13.1")]


def protected(keys: Keyboard) -> list[str]:
    home = visit(keys, 8, "8-1")
    keys.sheet.protect("")
    return [home]


Habit = Callable[[Keyboard], list[str]]
XLSX, ODS, XLS = "Calc MS Excel 2007 XML", "calc8", "MS Excel 97"
HABITS: dict[str, tuple[Habit, str, str]] = {
    "inserted": (inserted, ".xlsx", XLSX),
    "below": (below, ".xlsx", XLSX),
    "pasted": (pasted, ".xlsx", XLSX),
    "dragged": (dragged, ".xlsx", XLSX),
    "sorted": (sorted_, ".xlsx", XLSX),
    "filtered": (filtered, ".xlsx", XLSX),
    "without check": (without_check, ".xlsx", XLSX),
    "renamed": (renamed, ".xlsx", XLSX),
    "protected": (protected, ".xlsx", XLSX),
    "ods": (below, ".ods", ODS),
    "xls": (below, ".xls", XLS),
}


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with TemporaryDirectory(prefix="ledgersync-merged-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture(scope="module")
def office(place: Path) -> Iterator[Office]:
    office = speaking(place, "zh-CN")
    try:
        office.start()
        yield office
    finally:
        office.stop()


@pytest.fixture(scope="module")
def community(place: Path) -> Desk:
    """王芳 has a copy with three visits in it and five prepared rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
        desk = Desk.new(place / "幸福社区", "幸福社区", "360702001007")
        desk.run("settings", "set", "rules.reserved_rows", "5")
        desk.run("issue", "--staff", "王芳", "visit")

        def edit(book: Any) -> None:
            for home in KNOWN:
                Sheet(book["走访记录"]).add(走访日期="2022-06-01", 户址=home, 受访人="赵甲")

        desk.send("王芳", BOOK, edit)
        desk.run("merge", accepted=(0, 1))
        desk.run("issue", "--staff", "王芳", "visit")
    return desk


EVERY_DAY = ("inserted", "below", "pasted", "without check", "xls")


@pytest.mark.parametrize(
    "name", [n if n in EVERY_DAY else pytest.param(n, marks=pytest.mark.slow) for n in HABITS]
)
def test_everything_arrives_or_is_told(
    name: str, office: Office, community: Desk, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    habit, ending, program = HABITS[name]
    desk = Desk(place / name / "幸福社区")
    shutil.copytree(community.root, desk.root)
    office.give(place / name)
    keys = Keyboard(opened(office, desk.root / "issued" / "王芳" / BOOK))
    try:
        homes = habit(keys)
        saved = desk.root / "inbox" / "王芳" / f"走访台账{ending}"
        saved.parent.mkdir(parents=True, exist_ok=True)
        office.give(saved.parent)
        keys.document.calculateAll()
        store(keys.document, saved, program)
        said = {} if name == "without check" else _column(keys)
        cells = keys.sheet.getCellRangeByName("B2:T2").getDataArray()
        banner = "".join(map(str, cells[0]))
    finally:
        keys.document.close(True)
    _agrees(saved, said, banner)
    report = desk.run("merge", accepted=(0, 1))
    merged = [home for home, _ in desk.rows(f"primary/{BOOK}", "走访记录", "户址", "走访编号")]
    assert sorted(merged) == sorted([*KNOWN, *homes]), report
    wrong = habit in (below, without_check, renamed)
    assert any((desk.root / "returned").rglob("*.xlsx")) == wrong
    desk.assert_consistent()


def _column(keys: Keyboard) -> dict[int, str]:
    """The check column by row."""
    block = keys.sheet.getCellRangeByPosition(CHECK, FIRST - 1, CHECK, 60).getDataArray()
    return {row: str(text) for row, (text,) in enumerate(block, FIRST)}


def _agrees(path: Path, said: dict[int, str], banner: str) -> None:
    """The check column names what `check` finds; rows without a verdict are counted above."""
    today = clock.today()
    data = read_workbook(path, CATALOG, today=today)
    table = CATALOG.table("visit", "visits")
    found: dict[int, set[str]] = {}
    for f in check_workbook(data, CATALOG, today):
        if f.severity == "error" and f.table == "visits" and f.row and f.field:
            found.setdefault(f.row, set()).add(table.by_id[f.field].header)
    if not said:
        assert "“校验”列不见了" in banner
        return
    silent = re.search(r"有 (\d+) 行没有校验公式", banner)
    bare = [row for row in data.tables[0].rows if not said[row] and row in found]
    assert len(bare) <= (int(silent[1]) if silent else 0), banner
    repeats = {row for row in said if "行重复" in said[row]}
    for row in data.tables[0].rows:
        if row not in bare and row not in repeats:
            assert set(verdict(said[row])) == found.get(row, set()), (row, said[row])
