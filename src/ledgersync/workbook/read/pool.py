"""Child processes that read files: as many as there are processors, started when needed.

A file that brings its reader down costs that process and gets a refusal; the pool starts another
one. Each reading has a time limit; memory is limited where the system can (not on Windows).
"""

import atexit
import os
import pickle
import queue
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any, Protocol

import ledgersync
from ledgersync.errors import UnreadableFile
from ledgersync.filenames import readable
from ledgersync.model import WorkbookData
from ledgersync.schema import Catalog
from ledgersync.workbook.read import refusals
from ledgersync.workbook.read.transport import unpacked
from ledgersync.workbook.read.wire import EXIT_BOMB, EXIT_MEMORY, receive, send

MEMORY_MB = 2048
SECONDS, SECONDS_PER_MB = 20.0, 3.0
_LARGE = 5_000_000  # after a file of this size a worker gives its memory back by ending
# Without the collector, which would look through what is imported again and again; without the
# folder one stands in, whose files are no modules of ours; and of this very program, wherever it
# lies, also where another one is installed: from its folder comes the package, and nothing else.
_START = """
import gc; gc.disable()
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
spec = PathFinder.find_spec("ledgersync", [sys.argv[2]])
sys.modules["ledgersync"] = package = module_from_spec(spec)
spec.loader.exec_module(package)
from ledgersync.workbook.read.worker import main
main()
"""
_FOLDER = str(Path(ledgersync.__file__).parents[1])


class Process(Protocol):
    """What is asked of a child process: a `Popen`, or one that was forked."""

    @property
    def stdin(self) -> IO[bytes] | None: ...
    @property
    def stdout(self) -> IO[bytes] | None: ...
    def poll(self) -> int | None: ...
    def kill(self) -> None: ...


def _started(memory_mb: int) -> Process:
    """A reader as a program of its own."""
    import subprocess

    return subprocess.Popen(
        [sys.executable, "-P", "-c", _START, str(memory_mb), _FOLDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


class _Worker:
    """One child process."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._catalog: object = None

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request: dict[str, Any], catalog: Catalog, seconds: float) -> bytes | None:
        """The answer, None when the process ended or was ended for taking too long."""
        request["catalog"] = pickle.dumps(catalog) if self._catalog is not catalog else None
        self._catalog = catalog
        assert self._process.stdin and self._process.stdout
        timer = threading.Timer(seconds, self._process.kill)
        timer.start()
        try:
            send(self._process.stdin, pickle.dumps(request))
            return receive(self._process.stdout)
        except (BrokenPipeError, OSError):
            return None
        finally:
            timer.cancel()

    def end(self) -> int:
        """Close the pipes, wait, and say how it ended."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue
        pause, late = 0.0005, time.monotonic() + 2
        while (code := self._process.poll()) is None:
            if time.monotonic() > late:
                self._process.kill()
            time.sleep(pause)
            pause = min(2 * pause, 0.05)
        return code


class ReaderPool:
    """Reads files in child processes; safe to use from several threads at once."""

    def __init__(self, size: int | None = None, memory_mb: int = MEMORY_MB) -> None:
        self._size = size or max(1, min(4, os.cpu_count() or 1))
        self._memory_mb = memory_mb
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self._slots = threading.BoundedSemaphore(self._size)
        self._lock = threading.Lock()
        self._waiting = 0  # readings that have no process yet

    def read(
        self,
        path: Path,
        catalog: Catalog,
        *,
        today: date,
        password: str | None = None,
        mappings: Mapping[str, str] | None = None,
    ) -> WorkbookData:
        """Read one file; raises UnreadableFile."""
        size = _size(path)
        request = {
            "path": path.absolute(),
            "today": today,
            "password": password,
            "mappings": None if mappings is None else dict(mappings),
        }
        with self._slot():
            worker = self._worker()
            seconds = SECONDS + SECONDS_PER_MB * size / 1e6
            answer = worker.ask(request, catalog, seconds)
            if answer is None:
                raise _refusal(readable(path.name), worker.end(), seconds)
            if size > _LARGE:
                self._replace(worker)
            else:
                self._idle.put(worker)
        return _understood(answer)

    def _replace(self, worker: _Worker) -> None:
        """End a worker that has grown large; another one starts meanwhile if one is waited for."""
        if self._waiting:
            self._idle.put(_Worker(_started(self._memory_mb)))
        threading.Thread(target=worker.end, daemon=True).start()

    @contextmanager
    def _slot(self) -> Iterator[None]:
        """One of the processes that there may be, as soon as one is free."""
        with self._lock:
            self._waiting += 1
        with self._slots:
            with self._lock:
                self._waiting -= 1
            yield

    def _worker(self) -> _Worker:
        while True:
            try:
                worker = self._idle.get_nowait()
            except queue.Empty:
                return _Worker(_started(self._memory_mb))
            if worker.is_alive:
                return worker
            worker.end()

    def take(self, process: Process) -> None:
        """One more process that waits to be asked."""
        self._idle.put(_Worker(process))

    def close(self) -> None:
        """End all idle processes."""
        while True:
            try:
                self._idle.get_nowait().end()
            except queue.Empty:
                return


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise refusals.missing(readable(path.name)) from error


def _understood(answer: bytes) -> WorkbookData:
    if answer[:1] == b"0":
        return unpacked(answer[1:])
    message, next_step = pickle.loads(answer[1:])
    raise UnreadableFile(message, next_step)


def _refusal(name: str, code: int, seconds: float) -> UnreadableFile:
    """Why a child process ended, from its exit code."""
    if code == EXIT_BOMB:
        return refusals.decompression_bomb(name)
    if code == EXIT_MEMORY:
        return refusals.too_much_memory(name)
    killed = 1 if os.name == "nt" else -9
    return refusals.too_long(name, seconds) if code == killed else refusals.died(name, code)


_default: ReaderPool | None = None
_lock = threading.Lock()


def default_pool() -> ReaderPool:
    """The pool of this process; its children end with it."""
    global _default
    with _lock:
        if _default is None:
            _default = ReaderPool()
            atexit.register(_default.close)
        return _default
