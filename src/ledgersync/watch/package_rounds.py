"""Packages inside `watch`: those that arrived are taken in, what waits to be handed over is tried.

A file that is still being written is left until it has rested; one that was refused until it
changes.
"""

import time
from collections.abc import Callable
from dataclasses import field
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.journal import Journal
from ledgersync.messages import Message, message
from ledgersync.upward.arriving import answer, received_words, take_waiting, waiting
from ledgersync.upward.delivery import Handed, deliver, ready
from ledgersync.upward.office import office_session
from ledgersync.upward.reception import Received
from ledgersync.watch.stability import mark_of
from ledgersync.workspace import Workspace, clock

_EVERY = 15.0  # seconds between looks


@dataclass
class PackageRounds:
    """Looks now and then; `notify` hears of what came and what was handed over, each thing once."""

    workspace: Workspace
    notify: Callable[[Message], None]
    every: float = _EVERY
    _next: float = 0.0
    _seen: dict[Path, object] = field(default_factory=dict)
    _refused: dict[Path, object] = field(default_factory=dict)
    _told: dict[str, str] = field(default_factory=dict)

    def look(self) -> None:
        """A look, where one is due."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self.every
        self.round()

    def round(self) -> list[Received]:
        """Takes in what has rested since the last look, and hands over what is due."""
        marks = {path: mark_of(path) for path in waiting(self.workspace)}
        rested = [
            path
            for path, mark in marks.items()
            if self._seen.get(path) == mark and self._refused.get(path) != mark
        ]
        self._seen = dict(marks)
        if not rested and not self._has_errands():
            return []
        with office_session(self.workspace, "watch") as office:
            found = take_waiting(office, rested)
            answer(office, found)
            handed = deliver(office)
        self._refused |= {r.file: marks[r.file] for r in found if r.status == "refused"}
        for one in found:
            self.notify(received_words(one))
        for each in handed:
            self._tell(each)
        return found

    def _has_errands(self) -> bool:
        file = self.workspace.journal_file
        if not file.exists():
            return False
        with Journal.open(file, self.workspace.catalog) as journal:
            return bool(ready(journal, self.workspace.config.delivery, clock.now()))

    def _tell(self, handed: Handed) -> None:
        if handed.fault is None:
            self._told.pop(handed.file, None)
            done = message("已送出 {file}（{target}）", file=handed.file, target=handed.target)
            self.notify(done)
        elif self._told.get(handed.file) != handed.fault.zh:
            self._told[handed.file] = handed.fault.zh
            self.notify(
                message(
                    "没有送出 {file}（{target}）：{reason}；过一会儿再试",
                    file=handed.file,
                    target=handed.target,
                    reason=handed.fault,
                )
            )
