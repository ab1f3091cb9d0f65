"""Every command in a community with the real ledgers, in both languages.

In Chinese no internal id, in English no Chinese heading; JSON is the same in both.
"""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.community import TODAY, Sheet

from ledgersync.cli import main
from ledgersync.schema import load_catalog

CJK = re.compile(r"[\u4e00-\u9fff]")
TASK = """
[[schedule]]
name = "月报"
cron = "0 8 5 * *"
command = "rollup"
period = "last-month"
"""
KEYS = "id ledger table record field kind base ours theirs ours_by theirs_by at"
SCREENS = (
    "status",
    "conflicts",
    "history",
    "history RECORD",
    "staff list",
    "verify",
    "check",
    "merge",
    "merge --dry-run",
    "rollup --period 2022-06",
    "trace 走访户次 --period 2022-06",
    "trace 入户见面率 --period 2022-06",
    "schedule list",
    "schedule run",
    "read primary/走访台账.xlsx",
    "watch --once --settle 0.01",
    "held release 1",
    "resolve 1 --take theirs",
    "undo 99",
    "issue --staff 王芳 走访",
)


def internal_ids() -> Iterator[str]:
    """Ids that stand in no file people open: ledgers, tables, fields, indicators."""
    for ledger in load_catalog():
        yield ledger.id
        for table in ledger.tables:
            yield table.id
            yield from (f.id for f in table.fields if "_" in f.id)
        yield from (indicator.id for indicator in ledger.indicators)


INTERNAL = re.compile(rf"\b({'|'.join(sorted(set(internal_ids())))})\b|\d{{4}}-\d\d-\d\dT|edit/")


class Office:
    """A community whose two people disagree, and one of whom typed a wrong date."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self._capsys = root, capsys

    def run(self, *arguments: str) -> tuple[int, str, str]:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main(["-C", str(self.root), *arguments])
        told = self._capsys.readouterr()
        return int(end.value.code or 0), told.out, told.err

    def typed(self, staff: str, row: int, **cells: Any) -> None:
        """Types into the visits of a person's copy and puts it into the inbox."""
        book = load_workbook(self.root / "issued" / staff / "走访台账.xlsx")
        sheet = Sheet(book["走访记录"])
        sheet.fill(sheet.top + row, cells)
        target = self.root / "inbox" / staff / f"走访{row}.xlsx"
        target.parent.mkdir(exist_ok=True)
        book.save(target)


@pytest.fixture
def office(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Office:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    monkeypatch.setenv("COLUMNS", "180")
    office = Office(tmp_path / "幸福社区", capsys)
    code = ("--code", "360702001001", "--level", "community")
    office.run("init", str(office.root), "--name", "幸福社区", *code)
    monkeypatch.chdir(office.root)
    config = office.root / "ledgersync.toml"
    config.write_text(config.read_text("utf-8") + TASK, "utf-8")
    office.run("staff", "add", "王芳", "--grid", "第1网格")
    office.run("issue", "--staff", "王芳", "走访")
    seen = {"走访日期": "2022-06-01", "户址": "幸福路1号楼2单元301", "所属网格": "第1网格"}
    office.typed("王芳", 1, **seen, 受访人="赵甲", 走访结果="见面")
    office.typed("王芳", 2, 走访日期="2022-13-45", 户址="幸福路2号", 所属网格="第1网格")
    office.run("merge")
    for staff in ("王芳", "李强"):
        office.run("issue", "--staff", staff, "走访")
    office.typed("王芳", 1, 受访人="赵一", 备注="搬走")
    office.typed("李强", 1, 受访人="赵二", 备注="在家")
    office.run("merge")
    return office


def test_every_screen(office: Office) -> None:
    """One test for all: the community takes longer to make than the screens to look at."""
    revisions = json.loads(office.run("history", "--json")[1])["revisions"]
    assert len(revisions) >= 4
    conflicts = json.loads(office.run("conflicts", "--json")[1])["conflicts"]
    assert (
        conflicts == json.loads(office.run("--lang", "en", "conflicts", "--json")[1])["conflicts"]
    )
    assert [list(c) for c in conflicts] == [KEYS.split()] * 2
    assert {c["field"] for c in conflicts} == {"host_name", "remark"}
    for screen in SCREENS:
        arguments = [conflicts[0]["record"] if a == "RECORD" else a for a in screen.split()]
        code, out, err = office.run(*arguments)
        shown = (out + err).replace(str(office.root), "").replace("schedule run", "")
        assert not INTERNAL.search(shown), (screen, shown)
        assert "Traceback" not in shown and shown.strip(), screen
        if code >= 2:
            assert "下一步：" in shown.splitlines()[-1], screen
        _, out, err = office.run("--lang", "en", *arguments)
        for heading, rule in pairwise((out + err).splitlines()):
            if "━╇━" in rule:
                assert not CJK.search(heading), (screen, heading)
        if code >= 2:
            assert "Next: " in err


def test_a_quiet_run_of_a_wrong_workspace_still_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang, step in (("zh", "下一步：请用 -C"), ("en", "Next: Name the workspace")):
        code, _, err = Office(tmp_path, capsys).run("-q", "--lang", lang, "status")
        assert code == 4 and step in err
