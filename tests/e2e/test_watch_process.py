"""`ledgersync watch` as people run it: real processes, stopped by signals at any moment."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from tests.community import Community

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are sent as on Linux")

PROGRAM = (sys.executable, "-m", "ledgersync")


def start(town: Community, *options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*PROGRAM, "-C", str(town.root), "watch", "--settle", "0.3", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "160"},
    )


def run(town: Community, *arguments: str) -> tuple[int, Any]:
    done = subprocess.run(
        [*PROGRAM, "-C", str(town.root), *arguments, "--json"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


def until_there(town: Community, name: str) -> None:
    end = time.monotonic() + 20
    while not (town.root / ".ledgersync" / name).exists():
        assert time.monotonic() < end
        time.sleep(0.005)


def sent(town: Community, count: int = 1) -> None:
    for n in range(1, count + 1):
        book = town.issue(f"人员{n}")
        book.people.set(f"A{n}", "备注", f"改{n}")
        book.send()


def test_status_sees_it_a_file_is_merged_and_ctrl_c_ends_it(town: Community) -> None:
    process = start(town)
    until_there(town, "watch.json")
    assert run(town, "status")[1]["watching"] is True
    checks = {c["id"]: c["state"] for c in run(town, "doctor")[1]["checks"]}
    assert checks["watch"] == "ok"
    second = start(town)
    assert second.wait(20) == 4
    told, complaint = second.communicate()
    assert "已经有一个 watch 在运行" in complaint
    assert "正在守着" not in told
    sent(town)
    end = time.monotonic() + 20
    while town.cell("A1", "备注") != "改1":
        assert time.monotonic() < end
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "已停止，没有做到一半的事。" in out and "inbox/人员1/名册.xlsx" in out
    assert "Traceback" not in err
    assert run(town, "status")[1]["watching"] is False
    town.assert_consistent()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGKILL])
def test_stopped_at_any_moment_leaves_nothing_half_done(
    town: Community, stop: signal.Signals
) -> None:
    sent(town, 3)
    process = start(town)
    until_there(town, "owner.json")  # a round has begun
    time.sleep(random.random() / 3)
    process.send_signal(stop)
    if stop != signal.SIGKILL:
        process.send_signal(stop)  # an impatient second time
    _, err = process.communicate(timeout=30)
    assert process.returncode == (-9 if stop == signal.SIGKILL else 0)
    assert "Traceback" not in err
    assert town.verify().troubles == []
    town.merge()
    assert [town.cell(f"A{n}", "备注") for n in (1, 2, 3)] == ["改1", "改2", "改3"]
    town.assert_consistent()


def test_once_takes_what_is_at_rest_and_says_what_is_not_whole(town: Community) -> None:
    sent(town, 2)
    (town.root / "inbox" / "人员1" / "半个.xlsx").write_bytes(b"PK\x03\x04 half")
    code, document = run(town, "watch", "--once")
    assert code == 3
    assert document["format"] == "ledgersync.merge/v1"
    found = {s["file"]: s["status"] for s in document["submissions"]}
    assert found == {
        "inbox/人员1/名册.xlsx": "merged",
        "inbox/人员2/名册.xlsx": "merged",
        "inbox/人员1/半个.xlsx": "unreadable",
    }
    code, document = run(town, "status")
    assert [f["file"] for f in document["unreadable"]] == ["inbox/人员1/半个.xlsx"]
    assert run(town, "watch", "--once")[0] == 1, "known, and still waiting for a person"
    (town.root / "inbox" / "人员1" / "半个.xlsx").unlink()
    code, document = run(town, "watch", "--once")
    assert (code, document["submissions"]) == (0, [])
