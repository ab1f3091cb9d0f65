"""Rows typed outside the prepared ones of a copy: what it proposes comes in there too.

A prepared row shows the person's grid and name by formulas as soon as something is typed into it.
An inserted row, or one below the prepared ones, has no such formulas and no record id.
"""

from collections.abc import Mapping

from ledgersync.journal import Copy
from ledgersync.merge import Submitted
from ledgersync.messages import Message, counted
from ledgersync.model import Value
from ledgersync.schema import TableSchema
from ledgersync.sync.copies.proposals import defaults_for
from ledgersync.sync.model.submission import MergedTable, SubmittedTable
from ledgersync.sync.session import Session

Offered = Mapping[str, frozenset[int]]
"""By table: the positions of the rows in which something was filled in."""


def fill_offered(session: Session, tables: Mapping[str, SubmittedTable], copy: Copy) -> Offered:
    """Fills empty cells of rows without a record id, in place, as the copy's own rows would."""
    if not copy.staff:
        return {}  # an archive is a copy of nobody's
    person = session.workspace.config.staff_member(copy.staff)
    filled: dict[str, frozenset[int]] = {}
    for name, whole in tables.items():
        offers = _places(whole, defaults_for(whole.table, person))
        before = whole.records
        whole.records = [_filled(s, offers) for s in before] if offers else before
        pairs = zip(before, whole.records, strict=True)
        filled[name] = frozenset(new.position for old, new in pairs if new is not old)
    return filled


def _places(whole: SubmittedTable, values: Mapping[str, Value]) -> dict[int, Value]:
    """By place in the row; a column that the file does not have is left alone."""
    return {whole.table.position[f]: v for f, v in values.items() if f in whole.present}


def _filled(submitted: Submitted, offers: Mapping[int, Value]) -> Submitted:
    row = submitted.row
    if submitted.record_id is not None or all(row[i] is not None for i in offers):
        return submitted
    cells = [offers.get(i) if v is None else v for i, v in enumerate(row)]
    return submitted._replace(row=tuple(cells))


def told_of_offered(
    session: Session, offered: Offered, merged: Mapping[str, MergedTable], copy: Copy
) -> list[Message]:
    """How many new rows of each table got something, and what."""
    if not any(offered.values()):
        return []
    person = session.workspace.config.staff_member(copy.staff)
    found = []
    for name, part in merged.items():
        added = {op.record for op in part.result.operations if op.kind == "add"}
        at = part.identified.positions.items()
        rows = sum(record in added and place in offered.get(name, ()) for record, place in at)
        if rows:
            table, sheet = part.whole.table, part.whole.table.sheet
            found.append(_told(table, sheet, defaults_for(table, person), rows))
    return found


def _told(table: TableSchema, sheet: str, values: Mapping[str, Value], rows: int) -> Message:
    names = "".join(f"〔{table.by_id[f].header}〕" for f in values)
    return counted(
        "“{sheet}”有 {n} 行填在预留行之外，{names}空着的已按副本的主人补上。",
        rows,
        sheet=sheet,
        names=names,
    )
