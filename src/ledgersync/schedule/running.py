"""Runs what is due: each run once, one process at a time, with the period of its own day."""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from filelock import FileLock, Timeout

from ledgersync.rollup.periods import parse_period
from ledgersync.schedule.due import Book, Due, due_runs
from ledgersync.workspace import Workspace

Runner = Callable[[Sequence[str]], int]


@dataclass(frozen=True, slots=True)
class Ran:
    """What was run for which due time, and its exit code."""

    name: str
    at: datetime
    arguments: tuple[str, ...]
    code: int


def run_due(workspace: Workspace, now: datetime, runner: Runner) -> list[Ran]:
    """Executes every due run; `runner` gets a command line and returns its exit code.

    A run that was started and never ended (the machine went off) is run again. Another process
    that is already at it leaves nothing to do here.
    """
    lock = FileLock(workspace.state / "schedule.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return []
    book = Book(workspace.state)
    try:
        found = [d for entry in workspace.config.schedule for d in due_runs(entry, book, now)]
        return [_run(workspace, book, due, now, runner) for due in sorted(found, key=_time)]
    finally:
        book.close()
        lock.release()


def _time(due: Due) -> datetime:
    return due.at


def _run(workspace: Workspace, book: Book, due: Due, now: datetime, runner: Runner) -> Ran:
    arguments = command_line(workspace, due)
    book.start(due, now)
    code = runner(arguments)
    book.done(due, now, code)
    return Ran(due.entry.name, due.at, tuple(arguments), code)


def command_line(workspace: Workspace, due: Due) -> list[str]:
    """The entry's command; a relative period means the one as of the due day."""
    arguments = shlex.split(due.entry.command)
    if arguments[:1] == ["ledgersync"]:
        arguments = arguments[1:]
    if due.entry.period:
        closing = workspace.config.rules.period_end_day
        period = parse_period(due.entry.period, due.at.date(), closing)
        arguments += ["--period", period.text]
    return arguments
