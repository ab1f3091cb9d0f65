"""One writer per workspace: a lock file, and beside it who holds it, with a heartbeat.

The lock itself is the operating system's, so a killed process never leaves it behind on a local
disk. On a share, the lock of a machine that died may stay: an owner on another machine whose
heartbeat is older than `STALE` by the share's own clock, and who does not beat while we look, is
taken over. The second look is for clocks that jump.
"""

import getpass
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ledgersync.dataclass import dataclass
from ledgersync.errors import PatchRefused, WorkspaceFault
from ledgersync.files import atomic_write, host_name
from ledgersync.messages import message

if TYPE_CHECKING:
    from filelock import FileLock

STALE = 120.0  # seconds without a heartbeat
HEARTBEAT = 20.0
SECOND_LOOK = 1.5 * HEARTBEAT  # a living owner beats at least once in this time


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a workspace; `heartbeat` is seconds since the epoch."""

    user: str
    host: str
    pid: int
    what: str
    heartbeat: float

    @property
    def is_stale(self) -> bool:
        return time.time() - self.heartbeat > STALE


@contextmanager
def workspace_lock(home: Path, what: str, wait: float = 5.0) -> Iterator[Owner | None]:
    """Holds the workspace for as long as the block runs; gives the owner taken over, if any.

    Raises WorkspaceFault naming the present owner when it is not free within `wait` seconds.
    """
    home.mkdir(parents=True, exist_ok=True)
    lock, gone = _acquire(home, wait)
    stop = threading.Event()
    heart = threading.Thread(target=_keep_beating, args=(home, what, stop), daemon=True)
    try:
        heartbeat(home, what)
        heart.start()
        yield gone
    finally:
        stop.set()
        if heart.ident:
            heart.join()
        _owner_file(home).unlink(missing_ok=True)
        lock.release()


def _acquire(home: Path, wait: float) -> "tuple[FileLock, Owner | None]":
    from filelock import FileLock, Timeout  # what only reads needs no lock

    lock = FileLock(home / "lock", timeout=wait)
    try:
        lock.acquire()
        return lock, None
    except Timeout as error:
        owner = read_owner(home)
        if owner is None or not _is_dead(home, owner):
            raise _taken(owner) from error
        with suppress(OSError):
            (home / "lock").unlink()
    fresh = FileLock(home / "lock", timeout=1)
    try:
        fresh.acquire()
    except Timeout as error:
        raise _taken(owner) from error
    return fresh, owner


def _is_dead(home: Path, owner: Owner) -> bool:
    """Another machine's owner has not beaten for long, and does not now.

    On this machine the operating system's lock tells the truth.
    """
    if owner.host == host_name() or not _is_silent(home):
        return False
    end = time.monotonic() + SECOND_LOOK
    while time.monotonic() < end:
        time.sleep(min(1.0, SECOND_LOOK / 4))
        if read_owner(home) != owner:
            return False
    return True


def _is_silent(home: Path) -> bool:
    """The last heartbeat is old by the clock of the folder itself."""
    probe = home / f"probe-{os.urandom(4).hex()}.tmp"
    try:
        probe.touch()
        return probe.stat().st_mtime - _owner_file(home).stat().st_mtime > STALE
    except OSError:
        return False
    finally:
        probe.unlink(missing_ok=True)


def _keep_beating(home: Path, what: str, stop: threading.Event) -> None:
    while not stop.wait(HEARTBEAT):
        with suppress(OSError, PatchRefused):
            heartbeat(home, what)


def heartbeat(home: Path, what: str) -> None:
    """Writes the heartbeat: who is at work here, doing what, alive when."""
    owner = Owner(_user(), host_name(), os.getpid(), what, time.time())
    stored = asdict(owner)
    stored["beat"] = stored.pop("heartbeat")  # its name in the file, for versions beside this one
    atomic_write(_owner_file(home), json.dumps(stored))


def read_owner(home: Path) -> Owner | None:
    """Who holds the workspace, None when nobody does."""
    try:
        stored = json.loads(_owner_file(home).read_text(encoding="utf-8"))
        return Owner(heartbeat=stored.pop("beat"), **stored)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _owner_file(home: Path) -> Path:
    return home / "owner.json"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _taken(owner: Owner | None) -> WorkspaceFault:
    told = message("工作区正被 另一个程序 使用。")
    if owner:
        told = message(
            "工作区正被 {user}@{host}（{what}，进程 {pid}） 使用。",
            user=owner.user,
            host=owner.host,
            what=owner.what,
            pid=str(owner.pid),
        )
    return WorkspaceFault(
        told,
        message("请稍后再试；若确认那个程序已经关闭，再运行一次即可接管。"),
    )
