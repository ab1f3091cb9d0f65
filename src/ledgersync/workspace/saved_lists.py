"""`[[list]]` of `ledgersync.toml`: a list kept by name."""

from pathlib import Path

import tomlkit

from ledgersync.files import atomic_write
from ledgersync.workspace.config import CONFIG_NAME, SavedList


def save_list(root: Path, saved: SavedList) -> None:
    """Adds a list, or replaces the one of that name; all else stays as it is typed."""
    path = root / CONFIG_NAME
    document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    lists = document.setdefault("list", tomlkit.aot())
    entry = tomlkit.table()
    for key, value in saved.model_dump(mode="json").items():
        if value:
            entry[key] = value
    at = next((n for n, one in enumerate(lists) if one.get("name") == saved.name), None)
    if at is None:
        lists.append(entry)
    else:
        lists[at] = entry
    atomic_write(path, tomlkit.dumps(document))
