"""Edits of `ledgersync.toml`: what is not edited stays as it is typed, comments included."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array

from ledgersync.errors import WorkspaceFault
from ledgersync.files import atomic_write
from ledgersync.messages import message
from ledgersync.workspace.config import CONFIG_NAME, Config, parse_config, read_config


def edit_config(root: Path, change: Callable[[TOMLDocument], object]) -> Config:
    """Applies `change` and writes the file; what it says afterwards.

    Writes nothing and raises UsageFault where the result would not be a valid configuration,
    WorkspaceFault where the file is not, or is written in a way that cannot be changed.
    """
    path = root / CONFIG_NAME
    read_config(path)
    text = path.read_text(encoding="utf-8-sig")
    try:
        document = tomlkit.parse(text)
        change(document)
        new = tomlkit.dumps(document).rstrip("\n") + "\n"
    except (TOMLKitError, AttributeError, TypeError) as error:
        raise _unsafe(path) from error
    config = parse_config(new)
    atomic_write(path, new)
    return config


def put_entry(document: TOMLDocument, table: str, entry: Mapping[str, Any]) -> None:
    """Adds `[[table]]`, or replaces the one of that name; empty values are left out."""
    entries = document.get(table)
    new = tomlkit.inline_table() if isinstance(entries, Array) else tomlkit.table()
    new.update({key: value for key, value in entry.items() if value not in (None, "", [], ())})
    if entries is None:
        document.append(table, tomlkit.aot())
        entries = document[table]
    at = _position(entries, str(entry["name"]))
    if at is None:
        entries.append(new)
    else:
        entries[at] = new


def drop_entry(document: TOMLDocument, table: str, name: str) -> bool:
    """Takes the `[[table]]` of that name away; whether there was one."""
    entries = document.get(table)
    at = None if entries is None else _position(entries, name)
    if entries is None or at is None:
        return False
    del entries[at]
    if not entries:
        del document[table]
    return True


def set_key(document: TOMLDocument, path: tuple[str, ...], value: Any) -> None:
    """Sets a key within (nested) tables; None takes it away."""
    *tables, key = path
    holder: Any = document
    for name in tables:
        if name not in holder:
            if value is None:
                return
            holder[name] = tomlkit.table()
        holder = holder[name]
    if value is None:
        holder.pop(key, None)
    else:
        holder[key] = list(value) if isinstance(value, tuple) else value


def _position(entries: AoT | Array, name: str) -> int | None:
    return next((n for n, one in enumerate(entries) if one.get("name") == name), None)


def _unsafe(path: Path) -> WorkspaceFault:
    return WorkspaceFault(
        message("{path} 的写法程序改不动，什么都没有改。", path=path.name),
        message("请用记事本打开这个文件，照 docs/ledger-toml.md 里的样子改。"),
    )
