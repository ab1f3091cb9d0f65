"""What the package's own ledgers say, as JSON beside their TOML, which takes long to parse.

`make` and the wheel's build write it, and it is not committed. It is used for a text that it was
made from, to the letter, and for no other.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from ledgersync.schema.faults import toml_data

FOLDER = Path(__file__).parent / "ledgers"
_COMPILED = "compiled.json"


def compiled_data(folder: Path = FOLDER) -> dict[str, Any]:
    """The data of ledgers by the hash of their text; empty where there is none that is whole."""
    try:
        found = json.loads((folder / _COMPILED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def compile_ledgers(folder: Path = FOLDER) -> Path:
    """Writes the data of every ledger in a folder that JSON can hold as it is."""
    from ledgersync.files import atomic_write  # whoever only reads it writes nothing

    found: dict[str, Any] = {}
    for path in sorted(folder.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        data = toml_data(text)
        if json.loads(json.dumps(data, default=str)) == data:
            found[text_hash(text)] = data
    target = folder / _COMPILED
    atomic_write(target, json.dumps(found, ensure_ascii=False))
    return target


if __name__ == "__main__":
    compile_ledgers()
