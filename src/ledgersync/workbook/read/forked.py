"""A reading process forked off a command that has opened nothing yet.

It has all that the command has imported, most of what a reader takes to start. It is asked for
before there is a journal, a lock or another thread, so that a hostile file finds nothing of them
in it; elsewhere, and wherever a second reader is needed, readers start as programs of their own.
"""

import os
import sys
import threading
from typing import IO, NoReturn

from ledgersync.workbook.read.pool import MEMORY_MB, default_pool

_STREAMS = 3  # input, output, errors: what stands in their places is replaced in the child


def fork_reader() -> None:
    """The first reader of this process, where forking is safe; it costs little until asked."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return
    ends = (*os.pipe(), *os.pipe())
    requests, asked, told, answers = ends
    try:
        if min(ends) < _STREAMS:  # one of the command's own is closed
            raise OSError
        pid = os.fork()
    except OSError:  # no room for another process just now: one is started when it is needed
        for end in ends:
            os.close(end)
        return
    if not pid:
        _become_reader(requests, answers, (asked, told))
    os.close(requests)
    os.close(answers)
    default_pool().take(_Forked(pid, os.fdopen(asked, "wb"), os.fdopen(told, "rb")))


def _become_reader(requests: int, answers: int, other_ends: tuple[int, int]) -> NoReturn:
    """Waits for the first request before it imports anything; never returns."""
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        for end in other_ends:
            os.close(end)
        incoming = os.fdopen(requests, "rb")
        if incoming.peek(1):
            from ledgersync.workbook.read.worker import run

            run(incoming, os.fdopen(answers, "wb"), MEMORY_MB)
        os._exit(0)
    finally:
        os._exit(1)


class _Forked:
    """What the pool asks of a process, of one that no `Popen` started."""

    def __init__(self, pid: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.stdin, self.stdout = stdin, stdout
        self._pid = pid
        self._code: int | None = None
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        with self._lock:
            if self._code is None:
                try:
                    pid, status = os.waitpid(self._pid, os.WNOHANG)
                except ChildProcessError:  # whoever started us has ends of children thrown away
                    pid, status = self._pid, 0
                if pid:
                    self._code = os.waitstatus_to_exitcode(status)
            return self._code

    def kill(self) -> None:
        with self._lock:
            if self._code is None:
                os.kill(self._pid, 9)
