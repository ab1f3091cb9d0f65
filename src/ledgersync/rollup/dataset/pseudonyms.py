"""Keyed hashes in place of persons, phones, accounts and homes.

With one key the same person has the same hash in every unit, so that equality and different values
can still be counted; nobody without the key gets from a hash to a person by trying.
"""

import hashlib
import hmac
import secrets
from dataclasses import field
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.errors import WorkspaceFault
from ledgersync.files import atomic_write
from ledgersync.messages import message

_LENGTH = 32  # hex digits: 128 bits
_BYTES = 32  # of a key
_KEY_FILE = "matching.key"
GRANTED_KEY = "granted.key"


@dataclass(frozen=True)
class Pseudonyms:
    """Hashes values with one key; the same value is hashed once."""

    key: bytes
    known: dict[str, str] = field(default_factory=dict)

    @property
    def key_id(self) -> str:
        """Names the key without telling it."""
        return hashlib.sha256(b"ledgersync key id " + self.key).hexdigest()[:12]

    def of(self, value: str | None) -> str | None:
        if value is None:
            return None
        found = self.known.get(value)
        if found is None:
            digest = hmac.new(self.key, value.encode(), hashlib.sha256).hexdigest()
            found = self.known[value] = digest[:_LENGTH]
        return found


def matching_key(folder: Path, earlier: Path | None = None) -> Pseudonyms:
    """The key that was granted to this unit, else one of its own, made now (mode 0600).

    `earlier` is the folder where a version before kept the own one.
    """
    granted, own = folder / GRANTED_KEY, folder / _KEY_FILE
    if granted.exists():
        return read_key(granted)
    if not own.exists():
        old = earlier / _KEY_FILE if earlier else None
        key = read_key(old).key.hex() if old and old.exists() else secrets.token_hex(_BYTES)
        keep_key(own, bytes.fromhex(key))
    return read_key(own)


def read_key(path: Path) -> Pseudonyms:
    """Raises WorkspaceFault for a file that holds no whole key."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        if len(key) != _BYTES:
            raise ValueError
    except ValueError as error:
        raise _damaged(path) from error
    return Pseudonyms(key)


def _damaged(path: Path) -> WorkspaceFault:
    if path.name == GRANTED_KEY:
        way = message("请从备份恢复它；没有备份就请上级重新 keys grant，用 keys trust 收下。")
    else:
        way = message(
            "请从备份恢复它；没有备份就删去它，下次另做一把："
            "以前的数据集要重新导出，给过下级的要重新 keys grant。"
        )
    return WorkspaceFault(message("密钥文件 {path} 已损坏。", path=path), way)


def keep_key(path: Path, key: bytes) -> None:
    """The owner's only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    atomic_write(path, key.hex() + "\n", private=True)
