"""Counts everything that reaches the disk, and strikes at the n-th: kills, or lets it fail.

Points are: opening a file for writing, every write (half of it is done first), fsync, rename,
removal, and every commit or single statement of SQLite. Installed in a forked child only.
"""

import builtins
import errno
import io
import os
import signal
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledgersync import files

Strike = Callable[[str], None]


def killed(_: str) -> None:
    """The power goes: nothing is cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)


def failing(code: int) -> Strike:
    """What a full disk, a missing right or a vanished share looks like to a program."""

    def strike(kind: str) -> None:
        if kind == "sqlite":
            raise sqlite3.OperationalError("database or disk is full")
        raise OSError(code, os.strerror(code))

    return strike


disk_full, denied, gone = failing(errno.ENOSPC), failing(errno.EACCES), failing(errno.EIO)


@dataclass
class Shim:
    """Strikes at point `at` (from 1), and at every later one when `lasting`; 0: only counts."""

    at: int
    strike: Strike = killed
    lasting: bool = False
    root: str = ""
    count: int = 0
    kinds: list[str] = field(default_factory=list)

    def point(self, kind: str, before: Callable[[], None] = lambda: None) -> None:
        self.count += 1
        self.kinds.append(kind)
        if self.at and (self.count == self.at or (self.lasting and self.count > self.at)):
            before()
            self.strike(kind)

    def mine(self, path: object) -> bool:
        """Files of the workspace only; what a test runner writes is no point."""
        try:
            return str(Path(path).absolute()).startswith(self.root)  # type: ignore[arg-type]
        except TypeError:
            return False

    def install(self) -> None:
        """Replaces the functions for good: the process is a child that ends soon."""
        self._open()
        self._os()
        self._sqlite()

    def _open(self) -> None:
        real = io.open

        def opened(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
            if not set(mode) & set("wax+") or not self.mine(file):
                return real(file, mode, *rest, **named)
            self.point("open")
            return _File(self, real(file, mode, *rest, **named))

        io.open = builtins.open = opened  # type: ignore[assignment]

    def _os(self) -> None:
        for name in ("replace", "rename", "unlink", "remove"):
            setattr(os, name, self._counted(getattr(os, name), "rename"))
        real_sync = os.fsync

        def synced(handle: int) -> None:
            self.point("fsync")
            real_sync(handle)

        os.fsync = synced
        # bound when the modules were imported
        files.REPLACE = os.replace

    def _counted(self, real: Callable[..., None], kind: str) -> Callable[..., None]:
        def counted(path: Any, *rest: Any, **named: Any) -> None:
            if self.mine(path):
                self.point(kind)
            real(path, *rest, **named)

        return counted

    def _sqlite(self) -> None:
        shim, real = self, sqlite3.connect

        class Connection(sqlite3.Connection):
            def commit(self) -> None:
                shim.point("sqlite")
                super().commit()

            def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
                if not self.in_transaction and sql.lstrip()[:6] in ("INSERT", "UPDATE", "DELETE"):
                    shim.point("sqlite")
                return super().execute(sql, *rest)

        def connect(*arguments: Any, **named: Any) -> sqlite3.Connection:
            return real(*arguments, **{"factory": Connection, **named})

        sqlite3.connect = connect  # type: ignore[assignment]


class _File:
    """A file opened for writing, whose writes are points."""

    def __init__(self, shim: Shim, real: Any) -> None:
        self._shim, self._real = shim, real

    def write(self, data: Any) -> Any:
        def half() -> None:
            self._real.write(data[: len(data) // 2])
            self._real.flush()

        self._shim.point("write", half)
        return self._real.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def __enter__(self) -> "_File":
        return self

    def __exit__(self, *_: object) -> None:
        self._real.close()


def in_child(operation: Callable[[], object], shim: Shim) -> tuple[int, int]:
    """Runs an operation in a forked child: its exit status (-9: killed) and the shim's points."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        status = 0
        try:
            shim.install()
            operation()
        except BaseException:  # noqa: BLE001 - the parent judges by what is on disk
            status = 1
        os.write(writing, str(shim.count).encode())
        os._exit(status)
    os.close(writing)
    _, ended = os.waitpid(child, 0)
    told = os.read(reading, 100)
    os.close(reading)
    return os.waitstatus_to_exitcode(ended), int(told or 0)
