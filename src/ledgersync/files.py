"""The one way to write a file: beside it, synced, put in its place; hashes.

The guarantee: at every moment a target is wholly the old or wholly the new file, and what was put
in place survives a power cut. Its limit: on network shares without an atomic rename the share's
own rules hold.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from ledgersync.errors import PatchRefused
from ledgersync.messages import message

REPLACE: Callable[[Path, Path], None] = os.replace
"""The one call that fails while a spreadsheet program holds a file open (Windows)."""

REASONS = {
    "target.changed": message("目标文件在此期间被他人保存"),
    "target.open": message("目标文件正被打开，关闭后再写入"),
}
_SHARING = (0.05, 0.1, 0.2, 0.4)  # seconds: scanners and indexers hold a new file for a moment
_PAUSES = _SHARING if os.name == "nt" else ()
_MARK = "~ls"


@cache
def host_name() -> str:
    """What this machine is called."""
    if hasattr(os, "uname"):
        return os.uname().nodename
    import socket  # which brings the network's modules along

    return socket.gethostname()


@cache
def host_mark() -> str:
    """This machine in the name of a temporary file."""
    return hashlib.sha256(host_name().encode()).hexdigest()[:6]


def file_hash(path: Path) -> str:
    """SHA-256 of a file, as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@cache
def source_hash(*places: str) -> str:
    """Which program this is: SHA-256 over modules, packages and ledgers of its own, as hex."""
    root = Path(__file__).parent
    digest = hashlib.sha256()
    for place in (root / name for name in places):
        for path in sorted(_sources(place)) if place.is_dir() else [str(place)]:
            digest.update(Path(path).read_bytes())
    return digest.hexdigest()


def _sources(folder: Path) -> Iterator[str]:
    """Modules and ledgers in a folder and below; as text, which sorts ten times as fast."""
    for within, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (f"{within}/{name}" for name in names if name.endswith((".py", ".toml")))


def atomic_write(target: Path, content: bytes | str, *, private: bool = False) -> None:
    """Writes a whole file (text as UTF-8), on disk when this returns; makes its folder.

    `private` gives a new file the mode 0600; the rights of an existing one are kept. Raises
    OSError, and PatchRefused while another program holds the target open.
    """
    data = content.encode() if isinstance(content, str) else content
    target = target.resolve()  # a link stays a link
    target.parent.mkdir(parents=True, exist_ok=True)
    with temporary_beside(target) as beside:
        if private:
            os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        beside.write_bytes(data)
        sync_file(beside)
        put_in_place(beside, target)


@contextmanager
def temporary_beside(target: Path) -> Iterator[Path]:
    """A name for a new file in the target's folder; whatever is left there is removed.

    The name says which process of which machine it belongs to, see `writer_of`.
    """
    token = f"{host_mark()}-{os.getpid():x}-{os.urandom(3).hex()}"
    path = target.with_name(f".{_MARK}-{token}.tmp")
    try:
        yield path
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Makes sure that the file's bytes are on the disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def put_in_place(finished: Path, target: Path, expect: str | None = None) -> None:
    """Replaces the target by a finished, synced file.

    Raises PatchRefused when the target is not the one with the SHA-256 `expect`, or is held open
    by another program. Mode, owner and access lists of an existing target are kept where the
    system lets us.
    """
    if expect is not None and expect != (file_hash(target) if target.exists() else None):
        raise refused("target.changed", target.name)
    if target.exists():
        take_over_rights(target, finished)
    try:
        _replace(finished, target)
    except PermissionError as error:
        raise refused("target.open", target.name) from error
    sync_folder(target.parent)


def _replace(finished: Path, target: Path) -> None:
    """A sharing violation, which only Windows knows, often lasts but a moment: tried again."""
    for pause in _PAUSES:
        try:
            REPLACE(finished, target)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    REPLACE(finished, target)


def take_over_rights(target: Path, finished: Path) -> None:
    """Mode, owner and access lists of a file that is replaced, where the system lets us."""
    with suppress(PermissionError):
        shutil.copystat(target, finished)
    os.utime(finished)


def sync_folder(folder: Path) -> None:
    """Makes a renaming itself durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def writer_of(name: str) -> int | None:
    """The process of this machine that a temporary file belongs to, 0 for another machine's.

    None for the name of any other file.
    """
    if not name.startswith(f".{_MARK}-"):
        return None
    host, _, rest = name.removeprefix(f".{_MARK}-").partition("-")
    return int(rest.partition("-")[0], 16) if host == host_mark() else 0


def refused(reason: str, name: str) -> PatchRefused:
    """Why a file was not put in its place; `reason` is one of `REASONS`, which are stable."""
    why = REASONS[reason]
    return PatchRefused(reason, message("无法写入：{name}：{why}。", name=name, why=why))


def open_elsewhere(path: Path) -> str | None:
    """Who has a workbook open, by the lock file that Excel, WPS or LibreOffice keeps beside it.

    None when nobody has; "" when the lock file does not say who.
    """
    for lock, name_in in ((f"~${path.name}", _excel_name), (f".~lock.{path.name}#", _office_name)):
        owner = path.with_name(lock)
        try:
            return name_in(owner.read_bytes())
        except FileNotFoundError:
            continue
        except OSError:
            return ""
    return None


def _excel_name(data: bytes) -> str:
    length = data[0] if data else 0
    return data[1 : 1 + length].decode("gb18030", "replace").strip("\0 ")


def _office_name(data: bytes) -> str:
    """`,王芳,host,22.11.2026 00:46,file:///...;`: the full name, else the account's."""
    fields = data.decode("utf-8", "replace").split(",")
    return next((f for f in fields[:2] if f), "")
