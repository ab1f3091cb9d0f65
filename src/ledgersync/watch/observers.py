"""File system events as hints; a polling observer where the file system sends none."""

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from ledgersync.messages import Message, message

POLL_EVERY = 5.0
MOUNTS = Path("/proc/mounts")
_NETWORK = frozenset({"cifs", "smb3", "smbfs", "nfs", "nfs4", "9p", "davfs", "fuse.sshfs", "afs"})
_REMOTE_DRIVE = 4  # DRIVE_REMOTE of GetDriveTypeW
_OPEN_MARKS = ("~$", ".~lock")  # a spreadsheet program's sign that a workbook is open


class Hints(FileSystemEventHandler):
    """Paths that something happened to since they were last taken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._paths: set[str] = set()
        self._freed = False

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in ("opened", "closed_no_write"):
            return
        paths = {os.fsdecode(p) for p in (event.src_path, event.dest_path) if p}
        with self._lock:
            self._paths |= paths
            if event.event_type in ("deleted", "moved"):
                self._freed |= any(Path(p).name.startswith(_OPEN_MARKS) for p in paths)

    def take(self) -> tuple[set[str], bool]:
        """The paths, and whether somebody closed a workbook; both begin anew."""
        with self._lock:
            taken = self._paths, self._freed
            self._paths, self._freed = set(), False
        return taken


class Observers:
    """Observers on some folders; `look_after` starts dead or lost ones again."""

    def __init__(self, folders: Sequence[Path], poll: float | None) -> None:
        self.hints = Hints()
        self._folders = list(folders)
        self._poll = poll
        self._observer: BaseObserver | None = None
        self._watched: dict[Path, tuple[int, int]] = {}

    def open(self) -> None:
        """Starts observing every folder that is there; by polling where events fail.

        Raises OSError when neither goes.
        """
        there = {f: n for f in self._folders if (n := _number(f))}
        polling = self._poll is not None or any(is_network(f) for f in there)
        try:
            self._observer = self._start(list(there), polling)
        except OSError:  # the system's limit of watched folders is reached
            self._observer = self._start(list(there), polling=True)
        self._watched = there

    def _start(self, folders: Sequence[Path], polling: bool) -> BaseObserver:
        observer = PollingObserver(timeout=self._poll or POLL_EVERY) if polling else Observer()
        try:
            for folder in folders:
                observer.schedule(self.hints, str(folder), recursive=True)
            observer.start()
        except OSError:
            _end(observer)
            raise
        return observer

    def close(self) -> None:
        if self._observer is not None:
            _end(self._observer)
        self._observer, self._watched = None, {}

    @property
    def is_polling(self) -> bool:
        return isinstance(self._observer, PollingObserver)

    def look_after(self) -> list[Message]:
        """Starts observing anew where it died, or a folder went or came; says so."""
        there = {f: n for f in self._folders if (n := _number(f))}
        if there == self._watched and self._is_well():
            return []
        messages = list(self._changes(there)) or [_restarted()]
        self.close()
        self.open()
        return messages

    def _changes(self, there: dict[Path, tuple[int, int]]) -> Iterator[Message]:
        for folder in self._folders:
            if folder in self._watched and folder not in there:
                yield gone(folder)
            elif folder in there and self._watched.get(folder) != there[folder]:
                yield message("文件夹 {folder} 又可以用了，继续监视。", folder=folder.name)

    @property
    def missing(self) -> list[Path]:
        """Folders that were not there when observing began."""
        return [f for f in self._folders if f not in self._watched]

    def _is_well(self) -> bool:
        observer = self._observer
        if observer is None or not observer.is_alive():
            return False
        return all(emitter.is_alive() for emitter in observer.emitters)


def gone(folder: Path) -> Message:
    return message(
        "文件夹 {folder} 不见了（共享断开或被移走？），恢复后自动继续。", folder=folder.name
    )


def _restarted() -> Message:
    return message("文件夹监视中断过，已重新开始。")


def _end(observer: BaseObserver) -> None:
    if observer.is_alive():
        observer.stop()
        observer.join(timeout=5)
    else:
        observer.unschedule_all()


def _number(folder: Path) -> tuple[int, int] | None:
    """Device and number of a folder, None when it is not there."""
    try:
        stat = folder.stat()
    except OSError:
        return None
    return (stat.st_dev, stat.st_ino) if folder.is_dir() else None


def is_network(folder: Path) -> bool:
    """Whether a folder lies on a network share, which sends no reliable events."""
    text = str(folder)
    if text.startswith(("\\\\", "//")):
        return True
    if sys.platform == "win32":
        import ctypes

        drive = os.path.splitdrive(text)[0] + "\\"
        return bool(ctypes.windll.kernel32.GetDriveTypeW(drive) == _REMOTE_DRIVE)
    return mount_kind(folder) in _NETWORK


def mount_kind(folder: Path) -> str:
    """The file system type of the mount that a folder lies on, from the kernel's table."""
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    best, kind = "", ""
    for line in lines:
        parts = line.split(" ")
        mount = _unescaped(parts[1]) if len(parts) > 2 else ""
        if mount and folder.is_relative_to(mount) and len(mount) >= len(best):
            best, kind = mount, parts[2]
    return kind


def _unescaped(mount: str) -> str:
    """A mount point as `/proc/mounts` writes it: blanks, tabs and backslashes in octal."""
    for code, char in (("\\040", " "), ("\\011", "\t"), ("\\134", "\\")):
        mount = mount.replace(code, char)
    return mount
