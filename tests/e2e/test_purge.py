"""`purge`: originals go when their time is over, and nothing that is still needed."""

from pathlib import Path

import pytest
from tests.desk import Desk

from ledgersync.journal import Originals
from ledgersync.workspace import Workspace

GOOD = "走访日期 | 走访人 | 户址 | 受访人 | 走访方式\n2022-06-01 | 王芳 | 一路1号 | 赵甲 | 入户"
BAD = "走访日期 | 走访人 | 户址 | 受访人 | 走访方式\n2022-13-45 | 李强 | 二路1号 | 钱乙 | 入户"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-10")
    desk = Desk.new(tmp_path / "社区", "幸福社区", "360702001001")
    desk.give("王芳", "走访.xlsx", 走访记录=GOOD)
    desk.give("李强", "走访.xlsx", 走访记录=BAD)
    desk.run("merge", accepted=(0, 1))
    desk.run("settings", "set", "原件保存年数", "3")
    return desk


def originals(desk: Desk) -> int:
    return sum(1 for _ in Workspace.open(desk.root).originals.rglob("*.z"))


def test_old_originals_go_and_all_else_still_works(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = originals(desk)
    assert desk.run("purge", "--dry-run")["originals"] == [], "nothing is old yet"
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2025-06-11")
    dry = desk.run("purge", "--dry-run")
    [gone] = dry["originals"]
    assert "王芳" in gone["file"] and dry["before"] == "2022-06-11" and dry["bytes"] > 0
    assert [k["file"] for k in dry["kept"]] and "李强" in dry["kept"][0]["file"]
    assert originals(desk) == there
    done = desk.run("purge", "--by", "王芳")
    assert done["originals"] == dry["originals"] and originals(desk) == there - 1
    assert desk.run("purge")["originals"] == []
    assert desk.run("verify", "--deep")["troubles"] == []
    revisions = desk.run("history")["revisions"]
    desk.run("undo", str(max(r["revision"] for r in revisions if r["kind"] == "submission")))
    assert desk.run("verify", "--deep")["troubles"] == []


def test_without_the_setting_nothing_goes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.run("settings", "reset", "原件保存年数")
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2035-06-11")
    assert "没有设原件保存几年" in desk.told("purge", accepted=(2,))


def test_a_purge_that_was_ended_is_finished_by_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2025-06-11")
    there = originals(desk)
    sha256 = desk.run("purge", "--dry-run")["originals"][0]["sha256"]
    kept = Originals(Workspace.open(desk.root).originals).path_of(sha256).read_bytes()
    desk.run("purge")
    Originals(Workspace.open(desk.root).originals).path_of(sha256).write_bytes(kept)
    assert originals(desk) == there
    assert desk.run("purge")["originals"] == [] and originals(desk) == there - 1
