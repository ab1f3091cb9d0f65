"""A command that is a process of its own: what it spares, and that nothing is lost at its end."""

import subprocess
import sys


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_all_is_said_and_everybody_told_before_it_ends() -> None:
    done = run(
        "import atexit, sys\n"
        "from ledgersync.cli.common.process import leave\n"
        "atexit.register(print, 'told')\n"
        "print('said'); print('complained', file=sys.stderr)\n"
        "leave(3)"
    )
    assert (done.returncode, done.stdout.split(), done.stderr.strip()) == (
        3,
        ["said", "told"],
        "complained",
    )


def test_a_thread_that_still_works_is_waited_for() -> None:
    done = run(
        "import threading, time\n"
        "from ledgersync.cli.common.process import leave\n"
        "threading.Thread(target=lambda: (time.sleep(0.2), print('done'))).start()\n"
        "leave(1)"
    )
    assert (done.returncode, done.stdout.strip()) == (1, "done")


def test_nothing_is_taken_apart_at_the_end() -> None:
    done = run(
        "from ledgersync.cli.common.process import leave\n"
        "class Part:\n"
        "    def __del__(self): print('taken apart')\n"
        "part = Part()\n"
        "leave(2)"
    )
    assert (done.returncode, done.stdout) == (2, "")


def test_whoever_only_imports_it_ends_as_ever() -> None:
    done = run(
        "import ledgersync.cli.common.process\n"
        "class Part:\n"
        "    def __del__(self): print('taken apart')\n"
        "part = Part()\n"
        "raise SystemExit(4)"
    )
    assert (done.returncode, done.stdout.strip()) == (4, "taken apart")
