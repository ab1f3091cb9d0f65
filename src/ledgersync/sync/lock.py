"""One writer per workspace: a lock file that says who holds it, and a heartbeat beside it.

The lock itself is the operating system's, so a killed process never leaves it behind on a local
disk; on a share, an owner whose heartbeat is older than `STALE` is taken over, with a warning.
"""

import getpass
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from ledgersync.errors import Message, WorkspaceFault

STALE = 120.0  # seconds without a heartbeat


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a workspace; `beat` is seconds since the epoch."""

    user: str
    host: str
    pid: int
    what: str
    beat: float

    @property
    def is_stale(self) -> bool:
        return time.time() - self.beat > STALE


@contextmanager
def workspace_lock(state: Path, what: str, wait: float = 5.0) -> Iterator[None]:
    """Holds the workspace for as long as the block runs.

    Raises WorkspaceFault naming the present owner when it is not free within `wait` seconds.
    """
    state.mkdir(parents=True, exist_ok=True)
    lock = FileLock(state / "lock", timeout=wait)
    try:
        lock.acquire()
    except Timeout as error:
        raise _taken(read_owner(state)) from error
    try:
        beat(state, what)
        yield
    finally:
        _owner_file(state).unlink(missing_ok=True)
        lock.release()


def beat(state: Path, what: str) -> None:
    """Writes the heartbeat: who is at work here, doing what, alive when."""
    owner = Owner(_user(), socket.gethostname(), os.getpid(), what, time.time())
    beside = _owner_file(state).with_suffix(".tmp")
    beside.write_text(json.dumps(asdict(owner)), encoding="utf-8")
    beside.replace(_owner_file(state))


def read_owner(state: Path) -> Owner | None:
    """Who holds the workspace, None when nobody does."""
    try:
        return Owner(**json.loads(_owner_file(state).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _owner_file(state: Path) -> Path:
    return state / "owner.json"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _taken(owner: Owner | None) -> WorkspaceFault:
    who = f"{owner.user}@{owner.host}（{owner.what}，进程 {owner.pid}）" if owner else "另一个程序"
    who_en = (
        f"{owner.user}@{owner.host} ({owner.what}, {owner.pid})" if owner else "another program"
    )
    return WorkspaceFault(
        Message(f"工作区正被 {who} 使用。", f"The workspace is in use by {who_en}."),
        Message(
            "请稍后再试；若确认那个程序已经关闭，再运行一次即可接管。",
            "Try again later; if that program is gone, running once more takes over.",
        ),
    )
