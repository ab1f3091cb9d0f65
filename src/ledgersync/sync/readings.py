"""Files read ahead: while one submission is merged, child processes already read the next.

The primaries that will have to be written come last in the queue. At most `DEPTH` readings are
kept, so that memory stays bounded.
"""

from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import field
from datetime import date
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.model import WorkbookData
from ledgersync.schema import Catalog
from ledgersync.workbook.read import read_workbook

DEPTH = 2


@dataclass
class Readings:
    """Reads files for one run; what was wanted ahead is ready sooner."""

    catalog: Catalog
    today: date
    _threads: ThreadPoolExecutor | None = None
    _waiting: deque[Path] = field(default_factory=deque)
    _running: dict[Path, Future[WorkbookData]] = field(default_factory=dict)
    _seen: set[Path] = field(default_factory=set)

    def ahead(self, paths: Iterable[Path]) -> None:
        """These files will be read, in this order."""
        self._waiting.extend(p for p in paths if p not in self._seen)
        self._seen.update(self._waiting)
        if len(self._waiting) > 1 or self._running:
            self._threads = self._threads or ThreadPoolExecutor(DEPTH)
            self._start()

    def read(self, path: Path, password: str | None = None) -> WorkbookData:
        """A file as it is now or was when it was read ahead (see its `sha256`)."""
        if path in self._waiting:
            self._waiting.remove(path)
        future = self._running.pop(path, None)
        self._start()
        if future is None or password is not None:
            return read_workbook(path, self.catalog, today=self.today, password=password)
        return future.result()

    def drop(self) -> None:
        """Nothing more is wanted."""
        self._waiting.clear()
        self._running.clear()
        self._seen.clear()
        if self._threads:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    def _start(self) -> None:
        while self._threads and self._waiting and len(self._running) < DEPTH:
            path = self._waiting.popleft()
            self._running[path] = self._threads.submit(
                read_workbook, path, self.catalog, today=self.today
            )
