"""`schedule` as people run it: reports are written, runs are cut short and repeated."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from ledgersync.cli import main
from ledgersync.messages import Message
from ledgersync.schedule import Book, Process, Ran, Timekeeper, run_due
from ledgersync.sync.create import create_workspace
from ledgersync.workspace import Workspace, clock
from ledgersync.workspace.config import new_unit

MONTHLY = """
[[schedule]]
name = "月报"
cron = "0 0 5 * *"
command = "rollup"
period = "last-month"
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    found = create_workspace(tmp_path / "幸福", new_unit("幸福社区", "360702001001", "community"))
    return with_schedule(found, MONTHLY)


def with_schedule(workspace: Workspace, text: str) -> Workspace:
    toml = workspace.root / "ledgersync.toml"
    toml.write_text(toml.read_text("utf-8") + text, "utf-8")
    return Workspace.open(workspace.root)


def run(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["-C", str(workspace.root), "schedule", *arguments])
    return int(ended.value.code or 0), capsys.readouterr().out


def test_a_scheduled_roll_up_writes_its_reports(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(workspace, capsys, "run") == (0, "没有到期的任务。\n")
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-06")
    code, out = run(workspace, capsys, "run")
    assert "月报（2022年7月5日 00:00 到期）：rollup --period 2022-06 → 完成" in out
    written = list((workspace.root / "reports" / "2022-06").iterdir())
    assert [p for p in written if p.suffix == ".xlsx"]
    assert code in (0, 1)
    assert run(workspace, capsys, "run") == (0, "没有到期的任务。\n")
    code, out = run(workspace, capsys, "list", "--json")
    [entry] = json.loads(out)["entries"]
    assert entry["next"] == "2022-08-05T00:00:00+08:00"
    assert entry["last"].startswith("2022-07-06T") and entry["problem"] is None


def test_the_list_shows_a_wrong_entry_beside_the_others(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_schedule(workspace, '[[schedule]]\nname = "坏"\ncron = "8点"\ncommand = "verify"\n')
    entries: list[dict[str, Any]] = json.loads(run(workspace, capsys, "list", "--json")[1])[
        "entries"
    ]
    assert entries[0]["next"] == "2022-07-05T00:00:00+08:00"
    assert (entries[1]["next"], "应有 5 段" in entries[1]["problem"]) == (None, True)
    monkeypatch.setenv("COLUMNS", "200")
    code, out = run(workspace, capsys, "list")
    assert code == 0
    assert "7月5日 00:00" in out and "还没有跑过" in out and "2022-07" not in out
    assert "时间写错了" in out and "下一步：请改成“分 时 日 月 周”" in out
    assert run(workspace, capsys, "run")[0] == 4


def test_two_processes_at_once_run_it_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(workspace, capsys, "run")
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-06")
    command = [sys.executable, "-m", "ledgersync", "-C", str(workspace.root), "schedule", "run"]
    both = [
        subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    ran = [r for process in both for r in json.loads(process.communicate(timeout=60)[0])["ran"]]
    assert [(r["name"], r["arguments"]) for r in ran] == [
        ("月报", ["rollup", "--period", "2022-06"])
    ]


def test_a_run_that_is_stopped_is_not_done(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`watch --settle 60` stands for any command that takes long."""
    runs: list[Ran] = []
    workspace = with_schedule(
        workspace,
        '[[schedule]]\nname = "久"\ncron = "* * * * *"\ncommand = "watch --once --settle 60"\n',
    )
    process = Process(workspace.root)
    thread = threading.Thread(target=lambda: runs.extend(run_due(workspace, later, process) or []))
    book = Book(workspace.state)
    book.since("久", clock.now())
    book.close()

    def later() -> Any:
        monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-01")
        return clock.now()

    thread.start()
    end = time.monotonic() + 20
    while process._running is None:
        assert time.monotonic() < end
        time.sleep(0.02)
    process.stop()
    thread.join(20)
    assert [(r.name, r.code) for r in runs] == [("久", None)]
    assert process(["verify"]) is None, "nothing more begins"


def test_the_timekeeper_in_watch_says_runs_and_each_fault_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[Message] = []
    ran: list[tuple[str, ...]] = []

    def runner(arguments: Any) -> int:
        ran.append(tuple(arguments))
        return 0

    keeper = Timekeeper(workspace.root, said.append, every=0.05, runner=runner)
    keeper.look()
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-06")
    keeper.start()
    keeper.start()
    end = time.monotonic() + 20
    while not ran:
        assert time.monotonic() < end
        time.sleep(0.02)
    with_schedule(workspace, '[[schedule]]\nname = "坏"\ncron = "8点"\ncommand = "verify"\n')
    while len(said) < 2:
        assert time.monotonic() < end
        time.sleep(0.02)
    time.sleep(0.3)
    keeper.stop()
    assert ran == [("rollup", "--period", "2022-06")]
    assert len(said) == 2
    assert said[0].zh.startswith("月报（2022年7月5日 00:00 到期）") and said[0].zh.endswith(
        "→ 完成"
    )
    assert "应有 5 段" in said[1].zh
