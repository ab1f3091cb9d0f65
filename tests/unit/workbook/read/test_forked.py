"""A reader that is forked off a command before anything is opened."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forked on Linux only")

CODE = """
import os, sys, threading, time
from datetime import date
from pathlib import Path
from ledgersync.errors import UnreadableFile
from ledgersync.schema import load_catalog
from ledgersync.workbook.read import forked, pool, read_workbook, worker
def none(memory_mb): raise SystemExit("a program of its own")
pool._started = none
def read():
    return read_workbook(Path("甲.csv"), load_catalog(), today=date(2022, 6, 30)).file
"""
CASES = {
    "reads": "forked.fork_reader(); print(read(), read())",
    "ends unasked": "forked.fork_reader(); print(pool.default_pool()._idle.get().end())",
    "ends when its parent does": "forked.fork_reader(); print(0); sys.stdout.flush(); os._exit(0)",
    "is none beside a thread": "threading.Thread(target=time.sleep, args=(1,)).start();"
    "forked.fork_reader(); print(pool.default_pool()._idle.empty())",
    "fails alone": "worker.serve = lambda *_: os.kill(os.getpid(), 9); forked.fork_reader()\n"
    "try: read()\nexcept UnreadableFile as told: print(told.message)",
    "prints nothing": "print('a', end=''); worker.serve = lambda *_: print('b');"
    "forked.fork_reader()\ntry: read()\nexcept UnreadableFile: print('c')",
}
SAID = {
    "reads": "甲.csv 甲.csv",
    "ends unasked": "0",
    "ends when its parent does": "0",
    "is none beside a thread": "True",
    "prints nothing": "ac",
}


@pytest.mark.parametrize("case", CASES)
def test_a_forked_reader(tmp_path: Path, case: str) -> None:
    (tmp_path / "甲.csv").write_text("姓名,电话\n王芳,13800138000\n", encoding="utf-8")
    run = [sys.executable, "-c", CODE + CASES[case]]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == SAID.get(case, done.stdout.strip())
    assert done.stdout.strip() and not done.stderr
