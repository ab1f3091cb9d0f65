"""`[[staff]]` of `ledgersync.toml`, changed entry by entry; all else stays as it is typed."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledgersync.errors import WorkspaceFault
from ledgersync.files import atomic_write
from ledgersync.messages import message
from ledgersync.workspace.config import CONFIG_NAME, toml_key, toml_text

_HEADER = re.compile(r"^\s*\[\[\s*staff\s*\]\]\s*(?:#.*)?$")
_TABLE = re.compile(r"^\s*\[")
_OWN_TABLE = re.compile(r"^\s*\[\s*staff\s*\.")


@dataclass(slots=True)
class _Part:
    """Lines of the file: one staff entry with its values, or whatever lies between (None)."""

    lines: list[str] = field(default_factory=list)
    values: dict[str, Any] | None = None


def change_staff(root: Path, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """Sets keys of people's entries, by name; adds an entry for who has none.

    Raises WorkspaceFault when the file is written in a way that cannot be changed safely.
    """
    path = root / CONFIG_NAME
    text = path.read_text(encoding="utf-8-sig")
    parts = _parts(text)
    for name, values in changes.items():
        entry = next((p for p in parts if p.values and p.values.get("name") == name), None)
        if entry is None:
            entry = _Part(["", "[[staff]]"], {"name": name})
            parts.append(entry)
        _set(entry, values)
    new = "\n".join(line for part in parts for line in part.lines).rstrip("\n") + "\n"
    if _meaning(new) != _expected(text, changes):
        raise _unsafe(path)
    atomic_write(path, new)


def _parts(text: str) -> list[_Part]:
    """The file cut at each `[[staff]]` and at the table that follows it."""
    parts = [_Part()]
    for line in text.split("\n"):
        if _HEADER.match(line):
            parts.append(_Part(values={}))
        elif _TABLE.match(line) and parts[-1].values is not None and not _OWN_TABLE.match(line):
            parts.append(_Part())
        parts[-1].lines.append(line)
    for part in parts:
        if part.values is not None:
            part.values = _entry(part.lines)
    return parts


def _entry(lines: list[str]) -> dict[str, Any]:
    """The values of one entry; nothing when its lines are not TOML by themselves."""
    try:
        return dict(tomllib.loads("\n".join(lines))["staff"][0])
    except (tomllib.TOMLDecodeError, KeyError, IndexError, TypeError):
        return {}


def _set(entry: _Part, values: Mapping[str, Any]) -> None:
    """Writes the entry anew; its comments stay, below it."""
    known = {**(entry.values or {}), **values}
    comments = [line for line in entry.lines[1:] if line.lstrip().startswith("#")]
    blanks = 1 if entry.lines and not entry.lines[0].strip() else 0
    behind = [""] if len(entry.lines) > 1 and not entry.lines[-1].strip() else []
    pairs = [f"{toml_key(k)} = {toml_text(v)}" for k, v in known.items() if v is not None]
    entry.lines = [*[""] * blanks, "[[staff]]", *pairs, *comments, *behind]
    entry.values = known


def _meaning(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _expected(text: str, changes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What the file should say afterwards."""
    data = tomllib.loads(text)
    staff = data.setdefault("staff", [])
    for name, values in changes.items():
        entry = next((s for s in staff if s.get("name") == name), None)
        if entry is None:
            entry = {"name": name}
            staff.append(entry)
        entry.update({k: _plain(v) for k, v in values.items() if v is not None})
    return data


def _plain(value: Any) -> Any:
    """As TOML reads it back."""
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _unsafe(path: Path) -> WorkspaceFault:
    return WorkspaceFault(
        message("{path} 里 [[staff]] 的写法改不动。", path=path.name),
        message('请把每个人写成一段：[[staff]]、name = "…"、scope = {{ grid = ["…"] }}。'),
    )
