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
