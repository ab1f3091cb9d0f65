"""The watcher's log and heartbeat: what it does, without a person's name or a cell's value."""

import json
import logging
import os
import time
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.errors import PatchRefused
from ledgersync.files import atomic_write, host_name
from ledgersync.workspace.clock import SHANGHAI

LATE = 120.0  # seconds without a heartbeat before the watcher is called dead
LOG_SIZE, LOG_FILES = 1 << 20, 5


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A sign of life; `at` and `started` are seconds since the epoch."""

    pid: int
    host: str
    started: float
    at: float
    rounds: int

    @property
    def is_alive(self) -> bool:
        """A heartbeat from times to come was left by a clock that has been put right since."""
        return abs(time.time() - self.at) < LATE

    @property
    def when(self) -> str:
        """The last sign of life, as people read it."""
        return f"{datetime.fromtimestamp(self.at, SHANGHAI):%Y-%m-%d %H:%M:%S}"


def write_heartbeat(state: Path, started: float, rounds: int) -> None:
    """A sign of life; where it cannot be written now, the next one may."""
    heartbeat = Heartbeat(os.getpid(), host_name(), started, time.time(), rounds)
    with suppress(OSError, PatchRefused):
        atomic_write(state / "watch.json", json.dumps(asdict(heartbeat)))


def read_heartbeat(state: Path) -> Heartbeat | None:
    """The last sign of life of a watcher, None when there never was one or it ended itself."""
    try:
        return Heartbeat(**json.loads((state / "watch.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def forget_heartbeat(state: Path) -> None:
    with suppress(OSError):
        (state / "watch.json").unlink(missing_ok=True)


class _File(RotatingFileHandler):
    """A full disk stops no work for the log's sake."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002
        return


class WatchLog:
    """A rotating file of JSON lines, 5 files of 1 MB at most."""

    def __init__(self, state: Path) -> None:
        self._logger = logging.Logger("ledgersync.watch")
        self._handler = _File(
            state / "watch.log",
            maxBytes=LOG_SIZE,
            backupCount=LOG_FILES - 1,
            encoding="utf-8",
            delay=True,
        )
        self._handler.setFormatter(logging.Formatter("%(message)s"))
        self._logger.addHandler(self._handler)

    def note(self, what: str, **facts: str | int | float | None) -> None:
        """One line: when, what, and facts that name no person."""
        at = datetime.now(SHANGHAI).isoformat(timespec="seconds")
        self._logger.info(json.dumps({"at": at, "what": what, **facts}, ensure_ascii=False))

    def close(self) -> None:
        self._handler.close()
