"""A reader that is forked off a command before anything is opened."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forked on Linux only")

CODE = """
import os, signal, sys, threading, time
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
    "is none beside a thread": "threading.Thread(target=time.sleep, args=(1,)).start();"
    "forked.fork_reader(); print(pool.default_pool()._idle.empty())",
    "is none where none can be": "os.fork = lambda: os.open('', 0); forked.fork_reader();"
    "print(pool.default_pool()._idle.empty())",
    "is none in the place of the input": "os.close(0); forked.fork_reader();"
    "print(pool.default_pool()._idle.empty())",
    "reads though nobody is told of its end": "signal.signal(signal.SIGCHLD, signal.SIG_IGN);"
    "forked.fork_reader(); print(read()); print(pool.default_pool()._idle.get().end())",
    "fails alone": "worker.serve = lambda *_: os.kill(os.getpid(), 9); forked.fork_reader()\n"
    "try: read()\nexcept UnreadableFile as told: print('甲.csv' in told.message.zh)",
    "prints nothing": "print('a', end=''); worker.serve = lambda *_: print('b');"
    "forked.fork_reader()\ntry: read()\nexcept UnreadableFile: print('c')",
}
SAID = {
    "reads": "甲.csv 甲.csv",
    "ends unasked": "0",
    "is none beside a thread": "True",
    "is none where none can be": "True",
    "is none in the place of the input": "True",
    "reads though nobody is told of its end": "甲.csv\n0",
    "fails alone": "True",
    "prints nothing": "ac",
}


@pytest.mark.parametrize("case", CASES)
def test_a_forked_reader(tmp_path: Path, case: str) -> None:
    (tmp_path / "甲.csv").write_text("姓名,电话\n王芳,13800138000\n", encoding="utf-8")
    run = [sys.executable, "-c", CODE + CASES[case]]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == SAID[case]
    assert not done.stderr


def test_it_ends_when_its_parent_does() -> None:
    code = CODE + "forked.fork_reader(); print(pool.default_pool()._idle.get()._process._pid)\n"
    code += "sys.stdout.flush(); os._exit(0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20)
    for _ in range(100):
        state = Path(f"/proc/{done.stdout.strip()}/stat")
        if not state.exists() or " Z " in state.read_text():
            return
        time.sleep(0.05)
    pytest.fail("the reader is still there")
