"""`[[staff]]` of `ledgersync.toml`, changed entry by entry; all else stays as it is typed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array

from ledgersync.errors import WorkspaceFault
from ledgersync.files import atomic_write
from ledgersync.messages import message
from ledgersync.schema.faults import toml_data
from ledgersync.workspace.config import CONFIG_NAME


def change_staff(root: Path, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """Sets keys of people's entries, by name; adds an entry for who has none.

    None takes a key away, `name` renames. Raises WorkspaceFault when the file is written in a way
    that cannot be changed safely.
    """
    path = root / CONFIG_NAME
    text = path.read_text(encoding="utf-8-sig")
    try:
        new = _changed(text, changes)
    except (TOMLKitError, AttributeError, TypeError) as error:
        raise _unsafe(path) from error
    if _meaning(new) != _expected(text, changes):
        raise _unsafe(path)
    atomic_write(path, new)


def _changed(text: str, changes: Mapping[str, Mapping[str, Any]]) -> str:
    document = tomlkit.parse(text)
    people, added = document.get("staff"), []
    for name, values in changes.items():
        entry = next((p for p in people or () if p.get("name") == name), None)
        if entry is not None:
            _set(entry, values)
        elif isinstance(people, Array):  # staff = [{ … }]
            entry = tomlkit.inline_table()
            _set(entry, {"name": name, **values})
            people.append(entry)
        else:
            entry = tomlkit.table()
            _set(entry, {"name": name, **values})
            added.append(entry)
    new = tomlkit.dumps(document).rstrip("\n") + "\n"
    return new + "".join(f"\n[[staff]]\n{tomlkit.dumps(entry)}" for entry in added)


def _set(entry: Any, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if value is None:
            entry.pop(key, None)
        elif entry.get(key) != _plain(value):
            entry[key] = _written(value)


def _written(value: Any) -> Any:
    """A scope stands in one line, as people write it."""
    if not isinstance(value, Mapping):
        return _plain(value)
    table = tomlkit.inline_table()
    table.update({k: _plain(v) for k, v in value.items()})
    return table


def _meaning(text: str) -> dict[str, Any] | None:
    try:
        return toml_data(text)
    except ValueError:
        return None


def _expected(text: str, changes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What the file should say afterwards."""
    data = toml_data(text)
    staff = data.setdefault("staff", [])
    for name, values in changes.items():
        entry = next((s for s in staff if s.get("name") == name), None)
        if entry is None:
            entry = {"name": name}
            staff.append(entry)
        entry.update({k: _plain(v) for k, v in values.items() if v is not None})
        for key in (k for k, v in values.items() if v is None):
            entry.pop(key, None)
    return data


def _plain(value: Any) -> Any:
    """As TOML reads it back."""
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, (tuple, list)) else value


def _unsafe(path: Path) -> WorkspaceFault:
    return WorkspaceFault(
        message("{path} 里 [[staff]] 的写法改不动。", path=path.name),
        message('请把每个人写成一段：[[staff]]、name = "…"、scope = {{ grid = ["…"] }}。'),
    )
