"""The part of a primary as it was just written, out of the journal, with no workbook opened.

Rows that did not change are taken from the last part.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa

from ledgersync.facts.columns import MARK
from ledgersync.facts.part import Part, blocks_of, part_of
from ledgersync.facts.rows import PlacedRow, RowColumns, mark_of
from ledgersync.facts.shelf import PartShelf
from ledgersync.journal import PrimaryFile
from ledgersync.model import Invalid
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.primary.places import remembered_view
from ledgersync.sync.primary.remembered import office_of
from ledgersync.sync.primary.view import PrimaryView, TableView
from ledgersync.sync.session import Session
from ledgersync.workbook.stamp import read_stamp

_RUNS = 500  # of neighbouring rows, beyond which taking them one by one is faster


def renew_part(
    session: Session,
    ledger: LedgerSchema,
    sha256: str,
    shelf: PartShelf,
    place: str,
    key: Callable[[str], str],
    *,
    opens: bool,
) -> None:
    """Keeps the part of a primary with this hash, unless it cannot be kept as columns.

    What the journal cannot tell is read from the workbook, where one `opens` it.
    """
    path, last = session.workspace.primary(ledger), shelf.last(place, session.today)
    fits = last is not None and not last.same_day and shelf.has(place, key(last.sha256))
    with suppress(pa.ArrowException):
        part = _written(session, ledger, path, sha256, last if fits else None)
        if part is None and opens:
            part = part_of(ledger, session.readings.read(path), session.today)
        if part is not None and part.sha256 == sha256:
            shelf.put(place, key(part.sha256), part)


def _written(
    session: Session, ledger: LedgerSchema, path: Path, sha256: str, last: Part | None
) -> Part | None:
    """The part of a primary of which the journal knows what stands where; None of any other."""
    office, known = office_of(session, ledger.id), session.journal.writes.primary(ledger.id)
    view = remembered_view(session, session.catalog.ledgers[ledger.id], sha256)
    stamp = read_stamp(path)
    if view is None or office is None or known is None or _is_unsure(session, view, known):
        return None
    tables = {
        name: _columns(session, ledger.by_id[name], table, last)
        for name, table in view.tables.items()
    }
    return Part(
        *(ledger.id, path.name, sha256, tables, blocks_of(view.data.tables, ledger)),
        *(session.today, False),
        stamp.unit if stamp else None,
        stamp.workspace if stamp else None,
        office or None,
        known.revision,  # a write may be waiting: newer changes are not in it
    )


def _is_unsure(session: Session, view: PrimaryView, known: PrimaryFile) -> bool:
    """What cannot be read stays as it was typed; how it reads, the file itself says."""
    is_current = session.journal.log.last_of(known.ledger) <= known.revision
    if is_current and session.journal.state.is_plain(known.ledger):
        return False
    rows = (row for table in view.tables.values() for row in table.rows.values())
    return any(isinstance(value, Invalid) for row in rows for value in row)


def _columns(session: Session, table: TableSchema, view: TableView, last: Part | None) -> pa.Table:
    rows = list(_placed(table, view))
    made = RowColumns(table, session.today)
    before = last.tables.get(table.id) if last else None
    if before is None or last is None:
        return made.of(rows)
    return renewed(made, before, rows, _changed_since(session, last, table.id))


def _changed_since(session: Session, last: Part, table: str) -> set[str] | None:
    """The records of a table that were written after a part that a merge left; else None."""
    if last.revision is None:
        return None
    later = session.journal.log.operations(after=last.revision, ledger=last.ledger)
    return {o.record for o in later if o.table == table}


def _placed(table: TableSchema, view: TableView) -> list[PlacedRow]:
    """The records in the order of their places; columns that people added are nobody's facts."""
    width = len(table.fields)
    found = []
    for record, row in view.rows.items():
        place = view.place(record)
        assert place is not None, "every record of a remembered primary has its place"
        found.append(PlacedRow(record, row[:width], *place))
    return found


def renewed(
    made: RowColumns, before: pa.Table, rows: Sequence[PlacedRow], changed: Collection[str] | None
) -> pa.Table:
    """The columns of `rows`; those that say what they said before are not made again.

    `changed` are the records of which anything was written since; where nobody knows, their marks
    tell.
    """
    known = _known(before, made.table.id, rows, changed)
    taken: list[int] = []
    fresh: list[PlacedRow] = []
    for row in rows:
        at = known.get(row.record)
        if at is None:
            at = before.num_rows + len(fresh)
            fresh.append(row)
        taken.append(at)
    found = _taken(pa.concat_tables([before, made.of(fresh)]) if fresh else before, taken)
    places: dict[str, list[Any]] = {
        "_sheet": [r.sheet for r in rows],
        "_row": [r.sheet_row for r in rows],
    }
    for name, values in places.items():
        at = found.schema.get_field_index(name)
        found = found.set_column(at, name, pa.array(values, found.schema.field(name).type))
    return found.combine_chunks()


def _known(
    before: pa.Table, table: str, rows: Sequence[PlacedRow], changed: Collection[str] | None
) -> dict[str, int]:
    """Where in `before` the records stand that say the same now."""
    records = before.column("_record").to_pylist()
    if changed is not None:
        return {r: at for at, r in enumerate(records) if r not in changed}
    marks = dict(zip(records, before.column(MARK).to_pylist(), strict=True))
    same = {r.record for r in rows if marks.get(r.record) == mark_of(table, r.row)}
    return {r: at for at, r in enumerate(records) if r in same}


def _taken(table: pa.Table, places: Sequence[int]) -> pa.Table:
    """The rows at these places, in this order; mostly they are long runs."""
    runs: list[list[int]] = []
    for at in places:
        if runs and sum(runs[-1]) == at:
            runs[-1][1] += 1
        else:
            runs.append([at, 1])
    if len(runs) > _RUNS:
        return table.take(pa.array(places, pa.int64()))
    return pa.concat_tables([table.slice(first, count) for first, count in runs] or [table[:0]])
