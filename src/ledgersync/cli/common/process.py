"""What a command does as a process of its own, and a library in somebody's program must not."""

import atexit
import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn

from ledgersync.facts.frugal import be_frugal

_own = False


def is_own() -> bool:
    """Whether this process is the command's alone: nobody else's threads, files or memory."""
    return _own


def begin() -> None:
    """Before anything is imported that it spares."""
    global _own
    _own = True
    be_frugal()
    gc.set_threshold(100_000, 20, 50)  # a tenth of a short run went into looking for circles


def leave(code: int) -> NoReturn:
    """Ends the process without taking its objects apart one by one, a fifth of a short run."""
    _left.append(code)
    sys.exit(code)


_left: list[int] = []  # the exit code of a command that is done


@atexit.register  # before anybody else, and so called after everybody else and every thread
def _end() -> None:
    """Where output cannot be written, the interpreter ends as ever."""
    for code in _left[-1:]:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
