"""Runs what is due: each run once, one process at a time, with the period of its own day."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ledgersync.dataclass import dataclass
from ledgersync.errors import WorkspaceFault
from ledgersync.rollup.period.words import parse_period
from ledgersync.schedule.cron import check_entries, command_of
from ledgersync.schedule.due import Book, Due, due_runs, settings_changed
from ledgersync.workspace import Workspace
from ledgersync.workspace.config import Schedule

Runner = Callable[[Sequence[str]], int | None]


@dataclass(frozen=True, slots=True)
class Ran:
    """What was run for which due time; `code` None: it was cut short and will be repeated."""

    name: str
    at: datetime
    arguments: tuple[str, ...]
    code: int | None


def run_due(
    workspace: Workspace,
    clock: Callable[[], datetime],
    runner: Runner,
    told: Callable[[Ran], None] = lambda _: None,
) -> list[Ran] | None:
    """Executes every due run, the oldest first; None when another process is at it.

    `runner` gets a command line and returns its exit code, None when it was cut short. A run that
    was started and never ended (the machine went off) is run again. Raises WorkspaceFault for a
    wrong entry after the others were run.
    """
    check_entries(workspace.config.schedule)
    workspace.state.mkdir(parents=True, exist_ok=True)
    lock = FileLock(workspace.state / "schedule.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return None
    book = Book(workspace.state)
    try:
        return _run_all(workspace, book, clock, runner, told)
    finally:
        book.close()
        lock.release()


def _run_all(
    workspace: Workspace,
    book: Book,
    clock: Callable[[], datetime],
    runner: Runner,
    told: Callable[[Ran], None],
) -> list[Ran]:
    now = clock()
    book.read(workspace.config.schedule, now, settings_changed(workspace, now))
    found, good, wrong = _due_now(workspace.config.schedule, book, now)
    done: list[Ran] = []
    for due in sorted(found, key=_time):
        done.append(_run(workspace, book, due, clock, runner))
        told(done[-1])
        if done[-1].code is None:
            return done
    ran = {due.entry.name for due in found}
    for entry in good:
        book.settle(entry.name, now, ran=entry.name in ran)
    if wrong:
        raise wrong
    return done


def _due_now(
    entries: Sequence[Schedule], book: Book, now: datetime
) -> tuple[list[Due], list[Schedule], WorkspaceFault | None]:
    """The runs that are due, the entries that could be asked, and the first wrong one's fault."""
    found: list[Due] = []
    good: list[Schedule] = []
    wrong: WorkspaceFault | None = None
    for entry in entries:
        try:
            found += due_runs(entry, book, now)
            good.append(entry)
        except WorkspaceFault as fault:
            wrong = wrong or fault
    return found, good, wrong


def _time(due: Due) -> datetime:
    return due.at


def _run(
    workspace: Workspace, book: Book, due: Due, clock: Callable[[], datetime], runner: Runner
) -> Ran:
    arguments = command_line(workspace, due)
    book.start(due, clock())
    code = runner(arguments)
    if code is not None:
        book.done(due, clock(), code)
    return Ran(due.entry.name, due.at, tuple(arguments), code)


def command_line(workspace: Workspace, due: Due) -> list[str]:
    """The entry's command; a relative period means the one as of the due day."""
    arguments = command_of(due.entry)
    if due.entry.period:
        closing = workspace.config.rules.period_end_day
        period = parse_period(due.entry.period, due.at.date(), closing)
        arguments += ["--period", period.text]
    return arguments


class Process:
    """Runs a command line of ours in a process of its own, which `stop` ends.

    Ctrl-C in a terminal does not reach it: whoever started it decides.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._running: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()

    def __call__(self, arguments: Sequence[str]) -> int | None:
        """The exit code, None when it was stopped or killed."""
        if self._stopped.is_set():
            return None
        command = [sys.executable, "-m", "ledgersync", "-q", "-C", str(self._root), *arguments]
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
        group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=environment,
            start_new_session=os.name == "posix",
            creationflags=group | hidden,
        ) as self._running:
            code = self._running.wait()
        self._running = None
        return None if code < 0 or self._stopped.is_set() else code

    def stop(self) -> None:
        """Ends what runs, and lets nothing more begin."""
        self._stopped.set()
        running = self._running
        if running is not None:
            running.terminate()
