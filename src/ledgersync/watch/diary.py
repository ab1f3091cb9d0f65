"""The watcher's log and heartbeat: what it does, without a person's name or a cell's value."""

import json
import logging
import os
import socket
import time
from dataclasses import asdict, dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path

LATE = 180.0  # seconds without a beat before the watcher is called dead


@dataclass(frozen=True, slots=True)
class Beat:
    """A sign of life; `at` and `started` are seconds since the epoch."""

    pid: int
    host: str
    started: float
    at: float
    rounds: int

    @property
    def is_alive(self) -> bool:
        return time.time() - self.at < LATE


def write_beat(state: Path, started: float, rounds: int) -> None:
    beat = Beat(os.getpid(), socket.gethostname(), started, time.time(), rounds)
    beside = state / "watch.json.tmp"
    beside.write_text(json.dumps(asdict(beat)), encoding="utf-8")
    beside.replace(state / "watch.json")


def read_beat(state: Path) -> Beat | None:
    """The last sign of life of a watcher, None when there never was one."""
    try:
        return Beat(**json.loads((state / "watch.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


class Diary:
    """A rotating file of JSON lines: 5 files of 1 MB at most."""

    def __init__(self, state: Path) -> None:
        self._logger = logging.Logger(f"ledgersync.watch.{id(self)}")
        handler = RotatingFileHandler(
            state / "watch.log", maxBytes=1 << 20, backupCount=4, encoding="utf-8"
        )
        handler.setFormatter(logging.Formatter("%(message)s"))
        self._logger.addHandler(handler)
        self._handler = handler

    def note(self, what: str, **facts: str | int | float | None) -> None:
        line = {"at": time.strftime("%Y-%m-%dT%H:%M:%S"), "what": what, **facts}
        self._logger.info(json.dumps(line, ensure_ascii=False))

    def close(self) -> None:
        self._handler.close()
