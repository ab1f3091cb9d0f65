"""After a merge: what the spreadsheets may look up, written from the open journal."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields

from ledgersync.dataclass import dataclass
from ledgersync.journal import ConflictCase
from ledgersync.journal.state import StateTable
from ledgersync.journal.years import YEAR
from ledgersync.model import ConflictSides, Rows
from ledgersync.plugin.snapshot import (
    Figure,
    OpenConflict,
    PostedChange,
    Touched,
    snapshot_meta,
    write_snapshot,
)
from ledgersync.schema import Catalog, TableKey
from ledgersync.schema.extras import PREFIX
from ledgersync.sync.session import Session
from ledgersync.sync.stamps import digests_since


def publish(session: Session, figures: tuple[Figure, ...] = ()) -> None:
    """Replace the workspace's snapshot. Raises OSError and sqlite3.Error.

    Changes are kept back to the oldest copy that somebody still holds; older copies are told to
    take a new one.
    """
    workspace, journal = session.workspace, session.journal
    declared = workspace.catalog
    held = journal.copies.oldest_held()
    oldest = journal.log.last if held is None else held
    write_snapshot(
        workspace.snapshot_file,
        _Tables(journal.state, declared),
        declared,
        [_open(case) for case in journal.conflicts.open() if not _is_extra(case.field)],
        figures,
        revision=journal.log.last,
        changes=[
            PostedChange(o.revision, o.ledger, o.table, o.record, o.kind, o.field, o.old, o.new)
            for o in journal.log.operations(after=oldest)
            if not _is_extra(o.field)
        ],
        changes_after=oldest,
        unit=workspace.unit.code,
        names={u.name: u.code for u in (*workspace.config.units, workspace.unit)},
        digests=digests_since(session, oldest),
        scopes={p.name: p.scope for p in workspace.config.staff if p.scope},
        touched=_touched(session),
    )


@dataclass(frozen=True)
class _Tables(Mapping[TableKey, Rows]):
    """The merged state, a table decoded when it is asked for: mostly little of it is.

    Rows are without the columns that people added: the functions know declared fields only.
    """

    state: StateTable
    declared: Catalog

    def __getitem__(self, key: TableKey) -> Rows:
        width, rows = len(self.declared.table(*key).fields), self.state.rows(*key)
        if not rows or len(next(iter(rows.values()))) == width:
            return rows
        return {record: row[:width] for record, row in rows.items()}

    def __iter__(self) -> Iterator[TableKey]:
        return ((ledger.id, table.id) for ledger, table in self.declared.tables())

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _is_extra(field: str | None) -> bool:
    return field is not None and (field.startswith(PREFIX) or field == YEAR)


def _touched(session: Session) -> Touched | None:
    """What changed since the snapshot that is there; None when there is none to go on from."""
    revision = snapshot_meta(session.workspace.snapshot_file).get("revision", "")
    if not revision.isdigit() or int(revision) > session.journal.log.last:
        return None
    records: dict[TableKey, set[str]] = {}
    for operation in session.journal.log.operations(after=int(revision)):
        key = (operation.ledger, operation.table)
        records.setdefault(key, set()).add(operation.record)
    return Touched(int(revision), records)


def _open(case: ConflictCase) -> OpenConflict:
    sides = {f.name: getattr(case, f.name) for f in fields(ConflictSides)}
    for name in ("base", "ours", "theirs"):
        sides[name] = json.loads(sides[name]) if sides[name] else None
    for name in ("ours_by", "theirs_by"):
        sides[name] = sides[name] or ""
    return OpenConflict(**sides)
