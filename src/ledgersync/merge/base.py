"""What a file is compared with: whether it is the copy it may be, or speaks a second time."""

from collections.abc import Iterable, Set

from ledgersync.merge.identified import Submitted
from ledgersync.merge.keys import KeyReader
from ledgersync.model import Row, Rows
from ledgersync.schema import TableSchema


def overlap(table: TableSchema, base: Rows, submitted: Iterable[Submitted]) -> float:
    """The share of the base's records that appear in a copy, by id, key or content; 1 of none."""
    if not base:
        return 1.0
    reader = KeyReader(table)
    ids: set[str] = set()
    marks: set[object] = set()
    for row in submitted:
        if row.record_id is not None:
            ids.add(row.record_id)
        marks.update(reader.marks(row.row))
    found = sum(r in ids or not marks.isdisjoint(reader.marks(row)) for r, row in base.items())
    return found / len(base)


def distance(table: TableSchema, base: Rows, submitted: Iterable[Submitted]) -> int:
    """Cells that differ over the rows that a file and a base both have, by id or key."""
    reader = KeyReader(table)
    marks = {mark: record for record, row in base.items() for mark in reader.marks(row)}
    total = 0
    for row in submitted:
        record = row.record_id if row.record_id in base else None
        record = record or next((marks[m] for m in reader.marks(row.row) if m in marks), None)
        if record is not None:
            pairs = zip(base[record], row.row, strict=True)
            total += sum(old != new for old, new in pairs)
    return total


def base_of_sibling(table: TableSchema, given: Rows, heard: Rows, theirs: Rows) -> Rows:
    """The base of a file saved from the same copy as another one, which still lies beside it.

    Nobody can tell whether whoever saved it had seen what the other file says (`heard`), or began
    anew with the copy as it was `given` out. So only what it shows of that counts as seen: a cell
    as it was given out is no change back, a record of the other file that is missing here was not
    removed, and another record under the same reserved id is a new one.
    """
    reader = KeyReader(table)
    rows = {r: _seen(reader, given.get(r), heard.get(r), theirs.get(r)) for r in {**given, **heard}}
    return {record: row for record, row in rows.items() if row is not None}


def _seen(reader: KeyReader, given: Row | None, heard: Row | None, row: Row | None) -> Row | None:
    if given is None or heard is None:
        if row is None:
            return None
        same = heard is not None and (reader.alike(heard, row) or reader.is_corrected(heard, row))
        return heard if same else given
    if row is None or given == heard:
        return heard
    return tuple(g if t == g else h for g, h, t in zip(given, heard, row, strict=True))


def base_of_own_word(own: Rows, heard: Rows, theirs: Rows, at: Set[int]) -> Rows:
    """The base of a file that spoke before, when another one of its copy has spoken since.

    What the file says as it did is no change; a cell that it changes now (`at` are those that it
    has) is its sender's later word, and is compared with what that person said last (`heard`).
    """
    return {r: _later_word(own[r], heard.get(r), theirs.get(r), at) for r in own} | {
        r: heard[r] for r in heard.keys() & theirs.keys() - own.keys()
    }


def _later_word(own: Row, heard: Row | None, row: Row | None, at: Set[int]) -> Row:
    if heard is None or row is None:
        return heard or own
    cells = enumerate(zip(own, heard, row, strict=True))
    return tuple([o if t == o or i not in at else h for i, (o, h, t) in cells])


def base_of_repeated(given: Rows, heard: Rows, theirs: Rows) -> Rows:
    """The base of a table that shows an old state again: as it was `given` out, or `heard` once.

    Somebody who has that state open still saves what was heard and more; a backup of it holds
    nothing of what was heard.
    """
    differing = [r for r in {**given, **heard} if given.get(r) != heard.get(r)]
    rows = [(given.get(r), heard.get(r), theirs.get(r)) for r in differing]
    as_heard = any(_has_of(heard_row, given_row, row) for given_row, heard_row, row in rows)
    as_given = any(_has_of(given_row, heard_row, row) for given_row, heard_row, row in rows)
    return given if as_given and not as_heard else heard


def _has_of(one: Row | None, other: Row | None, row: Row | None) -> bool:
    """Whether a row is like one of two in something that the other has not."""
    if one is None or other is None:
        return (row is None) == (one is None)
    if row is None:
        return False
    return any(cell == a != b for cell, a, b in zip(row, one, other, strict=True))
