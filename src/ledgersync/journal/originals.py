"""Everything that ever came in, by its SHA-256, compressed: the proof of what was sent."""

import hashlib
import os
import zlib
from pathlib import Path


def file_hash(path: Path) -> str:
    """SHA-256 of a file, as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class Originals:
    """A content-addressed store: `ab/abcdef….z`; writing the same content twice is one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256}.z"

    def keep(self, content: bytes) -> str:
        """Stores content, synced to disk, and returns its SHA-256."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path_of(sha256)
        if target.exists():
            return sha256
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, zlib.compress(content, 1))
        return sha256

    def has(self, sha256: str) -> bool:
        return self.path_of(sha256).exists()

    def load(self, sha256: str) -> bytes:
        """The content; raises FileNotFoundError when it is missing, zlib.error when damaged."""
        return zlib.decompress(self.path_of(sha256).read_bytes())

    def is_sound(self, sha256: str) -> bool:
        """The content is there and still has its hash."""
        try:
            return hashlib.sha256(self.load(sha256)).hexdigest() == sha256
        except (OSError, zlib.error):
            return False


class Unkept(Originals):
    """A store that keeps nothing: for looking at what a merge would do."""

    def keep(self, content: bytes) -> str:
        return hashlib.sha256(content).hexdigest()


def write_whole(target: Path, content: bytes) -> None:
    """A small file that is there wholly or not at all, on disk when this returns."""
    beside = target.with_suffix(".tmp")
    with beside.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Makes a rename in `folder` survive a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
