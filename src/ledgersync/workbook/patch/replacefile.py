"""Puts a finished file in the place of another: synced, compared, replaced in one step.

The guarantee: at every moment the target is either wholly the old or wholly the new file. Its
limit: on network shares without atomic rename the share's own rules hold.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ledgersync.workbook.patch.refusals import refuse

Replace = Callable[[Path, Path], None]
_CHUNK = 1 << 20


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def temporary_beside(target: Path) -> Iterator[Path]:
    """A name for a new file in the target's folder; whatever is left there is removed."""
    path = target.with_name(f".~{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        yield path
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Makes sure that the file's bytes are on the disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def put_in_place(
    finished: Path, target: Path, expect_sha256: str | None, replace: Replace = os.replace
) -> None:
    """Replaces the target; refused when it is not what was read, or is held open.

    Mode, owner rights and access lists of an existing target are kept where the system lets us.
    """
    if target.exists():
        if expect_sha256 is not None and sha256_of(target) != expect_sha256:
            raise refuse("target.changed", target.name)
        _take_over_rights(target, finished)
    elif expect_sha256 is not None:
        raise refuse("target.changed", target.name)
    try:
        replace(finished, target)
    except PermissionError as error:
        raise refuse("target.open", target.name) from error
    sync_folder(target.parent)


def _take_over_rights(target: Path, finished: Path) -> None:
    with suppress(PermissionError):
        shutil.copystat(target, finished)
    os.utime(finished)


def sync_folder(folder: Path) -> None:
    """Makes the renaming itself durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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
