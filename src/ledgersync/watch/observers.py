"""File system events as hints; a polling observer where the file system sends none."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

_NETWORK = frozenset({"cifs", "smb3", "smbfs", "nfs", "nfs4", "9p", "davfs", "fuse.sshfs", "afs"})
_REMOTE_DRIVE = 4  # DRIVE_REMOTE of GetDriveTypeW


class _Hints(FileSystemEventHandler):
    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in ("opened", "closed_no_write"):
            self._wake()


class Eyes:
    """Observers on some folders; `look_after` starts dead or lost ones again."""

    def __init__(
        self, folders: Sequence[Path], wake: Callable[[], None], poll: float | None
    ) -> None:
        self._folders = list(folders)
        self._handler = _Hints(wake)
        self._poll = poll
        self._observer: BaseObserver | None = None

    def open(self) -> None:
        """Starts observing every folder that is there."""
        polling = self._poll is not None or any(is_network(f) for f in self._folders)
        observer = PollingObserver(timeout=self._poll or 5.0) if polling else Observer()
        for folder in self._folders:
            if folder.is_dir():
                observer.schedule(self._handler, str(folder), recursive=True)
        observer.start()
        self._observer = observer

    def close(self) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(timeout=5)
            self._observer = None

    def look_after(self) -> bool:
        """True when the observer had died and was started again."""
        if self._is_well():
            return False
        self.close()
        try:
            self.open()
        except OSError:  # the share is still away; the next look tries again
            return False
        return True

    def _is_well(self) -> bool:
        observer = self._observer
        if observer is None or not observer.is_alive():
            return False
        return all(emitter.is_alive() for emitter in observer.emitters)


def is_network(folder: Path) -> bool:
    """Whether a folder lies on a network share, which sends no reliable events."""
    text = str(folder)
    if text.startswith(("\\\\", "//")):
        return True
    if sys.platform == "win32":
        import ctypes

        drive = os.path.splitdrive(text)[0] + "\\"
        return bool(ctypes.windll.kernel32.GetDriveTypeW(drive) == _REMOTE_DRIVE)
    return _mount_kind(folder) in _NETWORK


def _mount_kind(folder: Path) -> str:
    """The file system type of the mount that a folder lies on, from the kernel's table."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    best, kind = "", ""
    for line in lines:
        parts = line.split(" ")
        mount = parts[1].replace("\\040", " ") if len(parts) > 2 else ""
        if folder.is_relative_to(mount or "?") and len(mount) >= len(best):
            best, kind = mount, parts[2]
    return kind
