"""The child process that parses; the pool starts it.

It reads requests from stdin and answers on stdout, both as length-prefixed pickles, and lives
under a memory limit. A parser that aborts takes only this process with it.
"""

import contextlib
import gc
import os
import pickle
import sys
from typing import IO, Any, NoReturn

from ledgersync.errors import UnreadableFile
from ledgersync.filenames import readable
from ledgersync.workbook.read import refusals
from ledgersync.workbook.read.reading import read_here
from ledgersync.workbook.read.transport import packed
from ledgersync.workbook.read.wire import EXIT_BOMB, EXIT_MEMORY, receive, send


def limit_memory(megabytes: int) -> bool:
    """At most so much address space for this process; False where that cannot be had."""
    try:
        import resource
    except ImportError:  # Windows: time is limited, memory is not
        return False
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
        return True
    return False


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until the parent closes the pipe."""
    catalog: Any = None
    while (message := receive(requests)) is not None:
        request = pickle.loads(message)
        if request["catalog"] is not None:
            catalog = pickle.loads(request["catalog"])
        try:
            send(answers, _answer(request, catalog))
        except MemoryError:
            os._exit(EXIT_MEMORY)


def _answer(request: dict[str, Any], catalog: Any) -> bytes:
    """`0` and the packed workbook, or `1` and the refusal."""
    try:
        data = read_here(
            request["path"],
            catalog,
            today=request["today"],
            password=request["password"],
            mappings=request["mappings"],
            alarm=lambda: os._exit(EXIT_BOMB),
        )
        return b"0" + packed(data)
    except UnreadableFile as refusal:
        return b"1" + pickle.dumps((refusal.message, refusal.next_step))
    except RecursionError:
        broken = refusals.damaged(readable(request["path"].name))
        return b"1" + pickle.dumps((broken.message, broken.next_step))


def run(requests: IO[bytes], answers: IO[bytes], memory_mb: int) -> NoReturn:
    """Serve and end; what the system takes apart goes sooner than by the interpreter."""
    gc.set_threshold(100_000, 20, 50)
    gc.freeze()
    gc.enable()
    limit_memory(memory_mb)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads would be started with numpy
    serve(requests, answers)
    os._exit(0)


def main() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get into the answers
    run(sys.stdin.buffer, answers, int(sys.argv[1]))
