"""Cells that break a rule or look like something else read back as they were, wherever written."""

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from tests.community import ROSTER, TODAY, Book, Community, counted

from ledgersync.sync.copies.issue import issue_copies
from ledgersync.sync.create import adopt_workbook

FIELDS = """
[[tables]]
id = "odd"
sheet = "杂项"
key = ["odd_no"]
fields = [
  { id = "odd_no", header = "杂项编号", type = "code" },
  { id = "first", header = "文本", type = "text" },
  { id = "second", header = "人名", type = "name" },
  { id = "third", header = "身份证号", type = "id_number" },
  { id = "fourth", header = "数码", type = "digits" },
  { id = "fifth", header = "件数", type = "integer" },
  { id = "sixth", header = "时长", type = "decimal" },
  { id = "seventh", header = "金额", type = "money" },
  { id = "eighth", header = "日子", type = "date" },
  { id = "ninth", header = "电话", type = "phone" },
  { id = "tenth", header = "是否", type = "bool" },
  { id = "eleventh", header = "类别", type = "choice", choices = { "甲" = [], "乙" = ["二"] } },
  { id = "twelfth", header = "标签", type = "choices", choices = { "高" = [], "低" = ["矮"] } },
]
"""
HEADERS = ["文本", "人名", "身份证号", "数码", "件数", "时长"]
HEADERS += ["金额", "日子", "电话", "是否", "类别", "标签"]
ODD = [
    "１２ ",
    "'12",
    " 12.5 元",
    "约100",
    "=SUM(A1)",
    "#REF!",
    "无",
    "√",
    "a\rb\nc",
    "_x000D_",
    "110101199003070134",
    "110101199003070000",
    "2022.06",
    "1910-01-01",
    "22.6.1",
    "31/12/2022",
    "甲、丙",
    "中\u200b文",
    110101199003070000,
    370101198001010000,
    2.02,
    2022.06,
    20220631,
    99999,
    9000,
    -3,
    0.1 + 0.2,
    True,
    date(1910, 1, 1),
    date(2022, 6, 1),
    date(2150, 1, 1),
    datetime(1910, 1, 1, 10, 30),
    datetime(2022, 6, 1, 10, 30),
]


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Community:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    town = Community(tmp_path)
    text = ROSTER.split("[[tables]]")[0].replace('"roster"', '"odds"').replace('"名册"', '"杂册"')
    (town.root / "ledgers" / "odds.toml").write_text(text + FIELDS, "utf-8")
    town.merge()
    return town


def odd_workbook(folder: Path) -> Path:
    """Every odd cell in every column: a row each."""
    book = Workbook()
    ws = book.worksheets[0]
    ws.title = "杂项"
    ws.append(["杂项编号", *HEADERS])
    for n, odd in enumerate(ODD):
        for column, value in enumerate([f"Z-{n}", *[odd] * len(HEADERS)], 1):
            cell = ws.cell(n + 2, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    path = folder / "杂.xlsx"
    book.save(path)
    return path


def test_adopted_issued_and_written_anew_they_stay_what_they_were(
    town: Community, tmp_path: Path
) -> None:
    ledger = town.workspace.catalog.ledger("odds")
    adopt_workbook(town.workspace, ledger, odd_workbook(tmp_path))
    town.assert_consistent()
    primary = Book(town, "", town.workspace.primary(ledger))
    with town.session() as session:
        before = dict(session.journal.state.rows("odds", "odd"))
    assert len(before) == len(ODD)
    del primary.file["杂项"]
    primary.file.create_sheet("别的")
    primary.save()
    town.merge()
    town.assert_consistent()
    with town.session() as session:
        assert session.journal.state.rows("odds", "odd") == before


def test_a_copy_handed_back_as_it_was_issued_changes_nothing(
    town: Community, tmp_path: Path
) -> None:
    ledger = town.workspace.catalog.ledger("odds")
    adopt_workbook(town.workspace, ledger, odd_workbook(tmp_path))
    with town.session() as session:
        [path] = issue_copies(session, "王芳", [ledger])
    book = Book(town, "王芳", path)
    assert counted(town.hand_in(book, "杂册.xlsx")) == {}
    assert town.conflicts() == []


def test_a_column_of_ticks_keeps_its_blanks_when_a_row_is_added(
    town: Community, tmp_path: Path
) -> None:
    """√ and nothing means yes and no; with a 否 in the column, nothing would mean nothing."""
    book = Workbook()
    ws = book.worksheets[0]
    ws.title = "杂项"
    ws.append(["杂项编号", "文本", "人名", "是否"])
    for n, tick in enumerate(["√", None, "√", None]):
        ws.append([f"Z-{n}", "一", "王芳", tick])
    book.save(tmp_path / "杂.xlsx")
    ledger = town.workspace.catalog.ledger("odds")
    adopt_workbook(town.workspace, ledger, tmp_path / "杂.xlsx")
    town.assert_consistent()
    with town.session() as session:
        [path] = issue_copies(session, "王芳", [ledger])
    copy = Book(town, "王芳", path)
    assert [r[0] for r in copy["杂项"].texts(["是否"])] == ["是", "否", "是", "否"]
    copy["杂项"].add(杂项编号="Z-9", 文本="二", 人名="李强", 是否="否").set("Z-1", "是否", "是")
    assert counted(town.hand_in(copy, "杂册.xlsx")) == {"added": 1, "applied": 1}
    town.assert_consistent()
    with town.session() as session:
        table = ledger.tables[0]
        at = table.position["tenth"]
        rows = session.journal.state.rows("odds", "odd").values()
        assert [row[at] for row in rows] == [True, True, True, False, False]
    book = load_workbook(town.workspace.primary(ledger))
    assert [row[3].value for row in book["杂项"].iter_rows(min_row=2)] == [
        "√",
        "√",
        "√",
        None,
        None,
    ]


def test_the_last_tick_taken_away_leaves_a_no(town: Community, tmp_path: Path) -> None:
    book = Workbook()
    ws = book.worksheets[0]
    ws.title = "杂项"
    ws.append(["杂项编号", "文本", "人名", "是否"])
    for n, tick in enumerate(["√", None]):
        ws.append([f"Z-{n}", "一", "王芳", tick])
    book.save(tmp_path / "杂.xlsx")
    ledger = town.workspace.catalog.ledger("odds")
    adopt_workbook(town.workspace, ledger, tmp_path / "杂.xlsx")
    with town.session() as session:
        [path] = issue_copies(session, "王芳", [ledger])
    copy = Book(town, "王芳", path)
    copy["杂项"].set("Z-0", "是否", "否")
    assert counted(town.hand_in(copy, "杂册.xlsx")) == {"applied": 1}
    town.assert_consistent()
    shown = Book(town, "", town.workspace.primary(ledger))["杂项"].texts(["是否"])
    assert shown == [["否"], ["否"]]
