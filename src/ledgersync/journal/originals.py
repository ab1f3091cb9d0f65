"""Everything that ever came in, by its SHA-256, compressed: the proof of what was sent."""

import hashlib
import zlib
from pathlib import Path

from ledgersync.files import atomic_write

_PACKAGE = b"PK\x03\x04"  # a workbook is compressed already


class Originals:
    """A content-addressed store: `ab/abcdef….z`; writing the same content twice is one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256}.z"

    def keep(self, content: bytes) -> str:
        """Stores content, synced to disk, and returns its SHA-256."""
        sha256 = hashlib.sha256(content).hexdigest()
        if not self.is_intact(sha256):  # what came anew mends what was damaged
            level = 0 if content.startswith(_PACKAGE) else 1
            atomic_write(self.path_of(sha256), zlib.compress(content, level))
        return sha256

    def has(self, sha256: str) -> bool:
        return self.path_of(sha256).exists()

    def load(self, sha256: str) -> bytes:
        """The content; raises FileNotFoundError when it is missing, zlib.error when damaged."""
        return zlib.decompress(self.path_of(sha256).read_bytes())

    def is_intact(self, sha256: str) -> bool:
        """The content is there and still has its hash."""
        try:
            return hashlib.sha256(self.load(sha256)).hexdigest() == sha256
        except (OSError, zlib.error):
            return False


class DryOriginals(Originals):
    """A store that keeps nothing: for looking at what a merge would do."""

    def keep(self, content: bytes) -> str:
        return hashlib.sha256(content).hexdigest()
