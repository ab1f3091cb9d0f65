"""`[[unit]]` of `ledgersync.toml`: the units below, entry by entry; all else stays as typed."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT

from ledgersync.errors import WorkspaceFault
from ledgersync.files import atomic_write
from ledgersync.messages import message
from ledgersync.workspace.config import CONFIG_NAME


def change_units(root: Path, changes: Sequence[dict[str, Any]]) -> None:
    """Adds entries, or sets what is said of the unit of that code (and first day).

    Raises WorkspaceFault where the file cannot hold a list of units.
    """
    path = root / CONFIG_NAME
    document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    entries = document.get("unit")
    if not isinstance(entries, AoT):
        raise WorkspaceFault(
            message("社区的 ledgersync.toml 里不能有下级单位。"),
            message("请在街道或区县的工作区里导入：ledgersync init … --level district"),
        )
    added = []
    for values in changes:
        entry = next((e for e in entries if _is_of(e, values)), None)
        if entry is None:
            entry = tomlkit.table()
            added.append(entry)
        for key, value in values.items():
            if entry.get(key) != value:
                entry[key] = list(value) if isinstance(value, tuple) else value
    new = tomlkit.dumps(document).rstrip("\n") + "\n"
    new += "".join(f"\n[[unit]]\n{tomlkit.dumps(entry)}" for entry in added)
    tomllib.loads(new)
    atomic_write(path, new)


def _is_of(entry: Any, values: dict[str, Any]) -> bool:
    same = entry.get("code") == values["code"]
    begins = values.get("valid_from")
    return same and (begins is None or entry.get("valid_from") in (None, begins))
