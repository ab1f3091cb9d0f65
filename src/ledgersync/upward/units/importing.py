"""A list of units put into `ledgersync.toml`: all of it, or nothing where a row is wrong."""

from collections.abc import Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.sync.session import Session
from ledgersync.upward.units.reported import note_listed
from ledgersync.upward.units.sheet import Line, UnitFault, read_units
from ledgersync.upward.units.soundness import names_of, parent_code, unsound
from ledgersync.workspace import Unit, Workspace
from ledgersync.workspace.unit_entries import change_units
from ledgersync.workspace.unitcodes import full_code


@dataclass(slots=True)
class Imported:
    """Names of the units that came, changed, or stay though the file has them not."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    faults: list[UnitFault] = field(default_factory=list)

    @property
    def stopped(self) -> bool:
        return any(f.severity == "error" for f in self.faults)

    def as_json(self) -> dict[str, Any]:
        return {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "kept": self.kept,
            "faults": [f.as_json() for f in self.faults],
        }


def import_units(session: Session, path: Path, who: str, *, dry: bool = False) -> Imported:
    """Reads a list and takes it over. Raises UnreadableFile for a file without one."""
    workspace = session.workspace
    lines, faults = read_units(path, session.today)
    known = [Line.of(u, "ledgersync.toml") for u in workspace.config.units]
    there = {line.full for line in lines}
    rest = [line for line in known if line.full not in there]
    found = Imported(faults=[*faults, *unsound([*lines, *rest], workspace.unit)])
    found.faults = [f for f in found.faults if f.place == path.name]
    found.kept = [line.name for line in rest]
    changes = _changes(workspace, lines, rest, found)
    if found.stopped or dry or not changes:
        return found
    change_units(workspace.root, changes)
    session.workspace = Workspace.open(workspace.root)
    names = {"added": "、".join(found.added), "changed": "、".join(found.changed)}
    with session.journal.transaction():
        session.journal.log.event(session.now(), who, "units.imported", **names)
        note_listed(session, [full_code(values["code"]) for values in changes])
    return found


def config_faults(workspace: Workspace) -> list[UnitFault]:
    """What does not hold in the units that `ledgersync.toml` lists."""
    lines = [Line.of(u, "ledgersync.toml") for u in workspace.config.units]
    return list(unsound(lines, workspace.unit))


def _changes(
    workspace: Workspace, lines: Sequence[Line], rest: Sequence[Line], found: Imported
) -> list[dict[str, Any]]:
    """What each line says, by key; only units that are new or said otherwise."""
    own = workspace.unit
    by_code: dict[str, object] = {full_code(own.code): own}
    by_code |= {line.full: line for line in [*lines, *rest]}
    names = names_of([*lines, *rest], own)
    written = {line.full: line.code for line in [*lines, *rest]} | {full_code(own.code): own.code}
    changes = []
    for line in lines:
        parent = parent_code(line, by_code, names)
        values: dict[str, Any] = {"code": line.code, "name": line.name, "level": line.level}
        if line.full != full_code(own.code):
            values["parent"] = written.get(parent or full_code(own.code), own.code)
        values |= line.values
        before = _before(workspace, line)
        if before is None:
            found.added.append(line.name)
        elif any(getattr(before, k) != v for k, v in values.items() if k != "code"):
            values["code"] = before.code
            found.changed.append(line.name)
        else:
            found.unchanged += 1
            continue
        changes.append(values)
    return changes


def _before(workspace: Workspace, line: Line) -> Unit | None:
    """The entry of the same code that is valid from the same day."""
    begins = line.values.get("valid_from")
    same = [u for u in (workspace.unit, *workspace.config.units) if full_code(u.code) == line.full]
    return next(
        (u for u in same if u.valid_from == begins),
        same[0] if len(same) == 1 and not begins else None,
    )
