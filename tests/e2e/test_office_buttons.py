"""The buttons in a real LibreOffice: type, check, correct, submit, merge, update."""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlwings
from tests.e2e.office import Office, needs_office

from ledgersync.plugin import buttons, marks
from ledgersync.plugin.openbook import OpenBook
from ledgersync.plugin.reader import forget
from ledgersync.schema import load_catalog

pytestmark = [pytest.mark.office, needs_office]
TODAY = date(2022, 6, 30)
GOOD, WRONG = "11010519491231002X", "110105194912310021"


def ledgersync(folder: Path, *arguments: str) -> str:
    main = "from ledgersync.cli import main; main()"
    command = [sys.executable, "-c", main, "-C", str(folder), *arguments]
    done = subprocess.run(
        command,
        env=os.environ | {"LEDGERSYNC_TODAY": TODAY.isoformat()},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode in (0, 1) and "Traceback" not in done.stderr, done.stderr
    return done.stdout


@pytest.fixture
def folder(open_folder: Path, office: Office, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A community with two people, each with copies of all ledgers."""
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY.isoformat())
    forget()
    place = open_folder / "社区"
    ledgersync(
        open_folder, "init", str(place), "--name", "幸福社区", "--code", "360702001001",
        "--level", "community",
    )  # fmt: skip
    for staff in ("王芳", "李强"):
        ledgersync(place, "issue", "--staff", staff)
    office.give(place)
    return place


class OnScreen:
    """An issued copy that is open, addressed by header."""

    def __init__(self, app: xlwings.App, path: Path, sheet: str) -> None:
        self.book = app.books.open(str(path))
        self.sheet = self.book.sheets[sheet]
        self.sheet.activate()
        data = OpenBook(self.book, load_catalog(), TODAY).data
        self.table = next(t for t in data.tables if t.sheet == sheet)
        self.columns = {c.header: c.index for c in self.table.columns}
        self.first = self.table.header_rows[-1] + 1

    def cell(self, row: int, header: str) -> xlwings.Range:
        return self.sheet.range((self.first + row, self.columns[header]))

    def type(self, row: int, **values: Any) -> None:
        for header, value in values.items():
            self.cell(row, header).value = value

    def verdict(self, row: int) -> str:
        """What the native check column says."""
        self.book.app.calculate()
        top = self.sheet.range((self.first - 1, 1), (self.first - 1, 60)).value
        column = top.index("校验") + 1
        return self.sheet.range((self.first + row, column)).value or ""

    def close(self) -> None:
        self.book.close()


def household(**changes: Any) -> dict[str, Any]:
    typed = {"低保证号": "D-001", "户主姓名": "张伟", "户主身份证号": GOOD}
    return (
        typed
        | {"家庭人口数": 2, "保障人数": 2, "月保障金额(元)": 1200, "保障状态": "在保"}
        | changes
    )


def test_from_a_wrong_id_to_a_colleagues_screen(
    office: Office, app: xlwings.App, folder: Path
) -> None:
    mine = OnScreen(app, folder / "issued" / "王芳" / "低保台账.xlsx", "低保户")
    mine.type(0, **household(户主身份证号=WRONG))

    # the native check column and the function agree
    cell = mine.cell(0, "户主身份证号")
    assert "校验" in mine.verdict(0) and "户主身份证号" in mine.verdict(0)
    helper = mine.book.sheets.add(name="试")
    helper.range("A1").formula = f"=LS_IDCHECK($低保户.{cell.address.replace('$', '')})"
    app.calculate()
    assert helper.range("A1").value.endswith("（id.checksum）")
    helper.delete()

    # 校验本表 colours the cell and says why; corrected, the mark is gone
    report = buttons.check(mine.book)
    assert report.counts["errors"] == 1, report.text
    assert cell.color == marks.ERROR_COLOR
    assert "校验位不对" in cell.note.text and WRONG not in report.text
    cell.value = GOOD
    assert buttons.check(mine.book).counts["errors"] == 0
    assert cell.color != marks.ERROR_COLOR and cell.note is None
    assert mine.verdict(0) == "" or "提示" in mine.verdict(0)

    # 提交 puts a copy into the inbox, and the merge takes it
    report = buttons.submit(mine.book)
    assert (folder / "inbox" / "王芳" / "低保台账.xlsx").is_file(), report.text
    mine.close()
    ledgersync(folder, "merge")
    primary = load_primary(folder)
    assert primary["head_id"] == [GOOD] and primary["cert_no"] == ["D-001"]


def test_a_protected_sheet_says_what_it_could_not_mark(app: xlwings.App, folder: Path) -> None:
    mine = OnScreen(app, folder / "issued" / "王芳" / "低保台账.xlsx", "低保户")
    mine.type(0, **household(户主身份证号=WRONG))
    cell = mine.cell(0, "户主身份证号")
    mine.sheet.api.protect("")
    report = buttons.check(mine.book)
    assert report.counts["errors"] == 1 and report.counts["marked"] == 0
    assert report.counts["refused"] == 1
    where = cell.address.replace("$", "")
    assert f"工作表有保护，1 格没能标上颜色：{where}。" in report.text
    assert "已标红" not in report.text and "校验位不对" in report.text
    mine.sheet.api.unprotect("")
    report = buttons.check(mine.book)
    assert report.counts["marked"] == 1 and "没能标上" not in report.text
    mine.sheet.api.protect("")
    assert buttons.check(mine.book).counts["refused"] == 0, "it bears the mark of before"
    mine.close()


def load_primary(folder: Path) -> dict[str, list[Any]]:
    from ledgersync.workbook.read import read_workbook

    path = folder / "primary" / "低保台账.xlsx"
    data = read_workbook(path, load_catalog(), today=TODAY)
    return next(t for t in data.tables if t.table == "households").values


def test_update_brings_a_colleagues_entries_and_keeps_unsaved_ones(
    office: Office, app: xlwings.App, folder: Path
) -> None:
    # two households are known to both
    first = OnScreen(app, folder / "issued" / "王芳" / "低保台账.xlsx", "低保户")
    first.type(0, **household())
    first.type(1, **household(低保证号="D-002", 户主姓名="李娜", 户主身份证号="110105198001010016"))
    buttons.submit(first.book)
    first.close()
    ledgersync(folder, "merge")
    for staff in ("王芳", "李强"):
        ledgersync(folder, "issue", "--staff", staff)
    office.give(folder)

    # 李强 has his copy open, with edits that are not saved
    his = OnScreen(app, folder / "issued" / "李强" / "低保台账.xlsx", "低保户")
    assert his.table.values["cert_no"] == ["D-001", "D-002"]
    his.type(0, 备注="我正在写")
    his.cell(1, "家庭人口数").value = 5

    # 王芳 changes a cell that he left alone, one that he edited, and adds a household
    other_name = folder / "issued" / "王芳" / "低保台账（王芳）.xlsx"
    shutil.copy2(folder / "issued" / "王芳" / "低保台账.xlsx", other_name)
    office.give(folder)
    hers = OnScreen(app, other_name, "低保户")
    hers.cell(0, "月保障金额(元)").value = 1300
    hers.cell(1, "家庭人口数").value = 4
    hers.type(2, **household(低保证号="D-003", 户主姓名="赵强", 户主身份证号="110105199003070033"))
    buttons.submit(hers.book)
    hers.close()
    ledgersync(folder, "merge")
    office.give(folder)

    his.sheet.activate()
    report = buttons.update(his.book)
    assert report.counts == {"cells": 1, "added": 1, "removed": 0, "clashes": 1}, report.text
    assert his.cell(0, "月保障金额(元)").value == 1300
    assert his.cell(0, "备注").value == "我正在写"
    assert his.cell(1, "家庭人口数").value == 5
    assert his.cell(2, "低保证号").value == "D-003"
    assert his.cell(2, "户主身份证号").value == "110105199003070033"
    record = OpenBook(his.book, load_catalog(), TODAY).data.tables[0].record_ids[2]
    assert record and record in ledgersync(folder, "history", record, "--json")

    # submitted, the one cell that both changed is a conflict, and nothing else
    buttons.submit(his.book)
    his.close()
    out = ledgersync(folder, "merge", "--json")
    assert '"conflicts": 1' in out, out
    primary = load_primary(folder)
    assert primary["remark"] == ["我正在写", None, None]
    assert [str(v) for v in primary["monthly_amount"]] == ["1300.00", "1200.00", "1200.00"]
