"""Whose signatures a unit believes: one file per unit, beside its own keys."""

import json
from collections.abc import Iterator
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.files import atomic_write
from ledgersync.upward.keys.public import PublicKeys
from ledgersync.workspace.unitcodes import full_code

_FOLDER = "trusted"


@dataclass(frozen=True)
class TrustBook:
    """The public parts that a person said to be a unit's, by padded code."""

    folder: Path  # of this unit's keys

    def __iter__(self) -> Iterator[PublicKeys]:
        folder = self.folder / _FOLDER
        for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
            found = _read(path)
            if found is not None:
                yield found

    def of(self, code: str) -> PublicKeys | None:
        return _read(self._path(code))

    def signer(self, key: str) -> PublicKeys | None:
        """Whose signing key it is."""
        return next((known for known in self if known.sign == key), None)

    def trust(self, keys: PublicKeys) -> PublicKeys | None:
        """Believes a unit from now on; the keys that were believed before, where they differ."""
        before = self.of(keys.code)
        content = json.dumps(keys.changed(grant=None).as_json(), ensure_ascii=False, indent=2)
        self._path(keys.code).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        atomic_write(self._path(keys.code), content + "\n", private=True)
        return before if before and before.fingerprint != keys.fingerprint else None

    def _path(self, code: str) -> Path:
        return self.folder / _FOLDER / f"{full_code(code)}.json"


def _read(path: Path) -> PublicKeys | None:
    try:
        return PublicKeys.validated(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError):
        return None
