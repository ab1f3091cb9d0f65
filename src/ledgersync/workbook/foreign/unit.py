"""What a unit knows of itself as evidence for columns: its grids, and who works there."""

import re
from collections.abc import Collection, Iterator, Sequence

from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.values.listed import Listing, listing_of
from ledgersync.values.text import is_blank, squeeze, typed
from ledgersync.workbook.foreign.assigned import Assigned
from ledgersync.workbook.foreign.columns import Assigner
from ledgersync.workbook.read.layout.headers import HeaderColumn

_MOSTLY = 0.8
_SURE = 0.95
_PARTS = re.compile(r"[、,，;；/\s]+")
_OTHERS_WORK = re.compile(
    "录|填|审|登记|制表|经办|受理|记录|复核|核对"
)  # of the sheet, not of people


def know(assigner: Assigner, found: Assigned, staff: Collection[str]) -> None:
    """Gives columns whose header says nothing, and whose cells are the unit's grids or people.

    A header that is known is never overruled; where two columns may be it, both are proposals.
    """
    free = [c for c in assigner.columns if assigner.is_free(found, c)]
    for wanted in found.table.fields:
        listing = listing_of(wanted)
        if found.column_of(wanted.id) is not None or listing is None:
            continue
        _give(found, wanted, [c for c in free if _are_of(assigner, c, wanted, listing)])
    for wanted in _workers(found.table):
        if staff and found.column_of(wanted.id) is None:
            _give(found, wanted, [c for c in free if _are_staff(assigner, c, staff)])


def _give(found: Assigned, wanted: FieldSchema, columns: Sequence[HeaderColumn]) -> None:
    left = [c.index for c in columns if c.index not in found.fields]
    if len(left) == 1:
        found.give(left[0], wanted, _SURE)
        return
    for at in left:
        found.proposals[at] = (wanted, *found.proposals.get(at, ()))[:3]


def _workers(table: TableSchema) -> Iterator[FieldSchema]:
    """Fields whose values are people of the unit: who visits, who is responsible."""
    roles = (
        table.visits.visitor if table.visits else None,
        table.subject.worker if table.subject else None,
        table.duty.field if table.duty else None,
    )
    yield from (table.by_id[name] for name in dict.fromkeys(roles) if name)


def _cells(assigner: Assigner, column: HeaderColumn) -> list[str]:
    return [squeeze(typed(c)) for c in assigner.cells[column.index] if not is_blank(c)]


def _are_of(
    assigner: Assigner, column: HeaderColumn, wanted: FieldSchema, listing: Listing
) -> bool:
    """Values of the list, said in full: a bare number may be anything."""
    known = {listing.key(value) for value in wanted.known}
    noun = wanted.listed.rpartition("}")[2]
    texts = _cells(assigner, column)
    good = 0
    for text in texts:
        key = listing.key(text)
        in_full = not text.isascii() and any(c.isalpha() and not c.isdigit() for c in text)
        by_pattern = bool(noun) and key.startswith("#") and noun in text
        good += in_full and (key in known or by_pattern)
    return len(texts) > 1 and good >= _MOSTLY * len(texts)


def _are_staff(assigner: Assigner, column: HeaderColumn, staff: Collection[str]) -> bool:
    if _OTHERS_WORK.search(column.leaf):
        return False
    names = [[p for p in _PARTS.split(text) if p] for text in _cells(assigner, column)]
    good = sum(bool(parts) and all(p in staff for p in parts) for parts in names)
    return len(names) > 1 and good >= _MOSTLY * len(names)
