"""A watcher at work on a test's community, in a thread, with everything it says and reports."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ledgersync.messages import Message
from ledgersync.sync.results import MergeReport, SubmissionResult
from ledgersync.watch.watcher import Settings, Watcher
from ledgersync.workspace import Workspace

QUICK = {
    "settle": 0.12,
    "look_every": 0.03,
    "scan_every": 1.0,
    "retry_every": 0.3,
    "lock_wait": 2.0,
}


class Watch:
    """What a running watcher said and did so far."""

    def __init__(self, root: Path, poll: float | None = None, **seconds: float) -> None:
        self.reports: list[MergeReport] = []
        self.words: list[str] = []
        self.watcher = Watcher(
            Workspace.open(root),
            Settings(poll=poll, **{**QUICK, **seconds}),
            told=self.reports.append,
            notify=self._note,
        )
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._run)

    def _note(self, message: Message) -> None:
        self.words.append(message.zh)

    def _run(self) -> None:
        try:
            self.watcher.run()
        except BaseException as error:
            self.error = error
            raise

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.watcher.stop.set()
        self._thread.join(20)
        assert not self._thread.is_alive()
        assert self.error is None

    @property
    def taken(self) -> list[SubmissionResult]:
        return [s for r in list(self.reports) for s in r.submissions]

    @property
    def files(self) -> list[str]:
        """The names of the files taken in, with what became of them."""
        return [f"{Path(s.file).name} {s.status}" for s in self.taken]

    def until(self, what: Callable[[], object], seconds: float = 8.0) -> None:
        """Waits until something is so; fails after a while."""
        end = time.monotonic() + seconds
        while not what():
            assert self.error is None, self.error
            assert time.monotonic() < end, (self.files, self.words)
            time.sleep(0.02)

    def notices(self, part: str) -> list[str]:
        return [w for w in list(self.words) if part in w]

    def calm(self, seconds: float = 0.6) -> int:
        """How many rounds there are while nothing happens."""
        before = self.watcher.rounds
        time.sleep(seconds)
        return self.watcher.rounds - before


@contextmanager
def watching(root: Path, poll: float | None = None, **seconds: float) -> Iterator[Watch]:
    watch = Watch(root, poll, **seconds)
    watch.start()
    try:
        yield watch
    finally:
        watch.stop()
