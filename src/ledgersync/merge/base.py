"""What a file is compared with: whether it is the copy it may be, or speaks a second time."""

from collections.abc import Iterable, Mapping, Set
from itertools import compress
from operator import is_not

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


def base_of_sibling(table: TableSchema, given: Rows, ingested: Rows, theirs: Rows) -> Rows:
    """The base of a file saved from the same copy as another one, which still lies beside it.

    Nobody can tell whether whoever saved it had seen what the other file says (`ingested`), or
    began anew with the copy as it was `given` out. So only what it shows of that counts as seen: a
    cell as it was given out is no change back, a record of the other file that is missing here was
    not removed, and another record under the same reserved id is a new one.
    """
    reader = KeyReader(table)
    rows = {
        r: _seen(reader, given.get(r), ingested.get(r), theirs.get(r))
        for r in {**given, **ingested}
    }
    return {record: row for record, row in rows.items() if row is not None}


def _seen(
    reader: KeyReader, given: Row | None, ingested: Row | None, row: Row | None
) -> Row | None:
    if given is None or ingested is None:
        if row is None:
            return None
        same = ingested is not None and (
            reader.alike(ingested, row) or reader.is_corrected(ingested, row)
        )
        return ingested if same else given
    if row is None or given == ingested:
        return ingested
    return tuple(g if t == g else h for g, h, t in zip(given, ingested, row, strict=True))


def base_of_own_word(own: Rows, ingested: Rows, theirs: Rows, at: Set[int]) -> Rows:
    """The base of a file that spoke before, when another one of its copy has spoken since.

    What the file says as it did is no change; a cell that it changes now (`at` are those that it
    has) is its sender's later word, and is compared with what that person said last (`ingested`).
    """
    return {r: _later_word(own[r], ingested.get(r), theirs.get(r), at) for r in own} | {
        r: ingested[r] for r in ingested.keys() & theirs.keys() - own.keys()
    }


def _later_word(own: Row, ingested: Row | None, row: Row | None, at: Set[int]) -> Row:
    if ingested is None or row is None:
        return ingested or own
    cells = enumerate(zip(own, ingested, row, strict=True))
    return tuple([o if t == o or i not in at else h for i, (o, h, t) in cells])


def base_of_repeated(given: Rows, ingested: Rows, theirs: Rows) -> Rows:
    """The base of a table that shows an old state again: as it was `given` out, or `ingested` once.

    Somebody who has that state open still saves what was ingested and more; a backup of it holds
    nothing of what was ingested.
    """
    differing = [r for r in {**given, **ingested} if given.get(r) != ingested.get(r)]
    rows = [(given.get(r), ingested.get(r), theirs.get(r)) for r in differing]
    as_ingested = any(
        _has_of(ingested_row, given_row, row) for given_row, ingested_row, row in rows
    )
    as_given = any(_has_of(given_row, ingested_row, row) for given_row, ingested_row, row in rows)
    return given if as_given and not as_ingested else ingested


def _has_of(one: Row | None, other: Row | None, row: Row | None) -> bool:
    """Whether a row is like one of two in something that the other has not."""
    if one is None or other is None:
        return (row is None) == (one is None)
    if row is None:
        return False
    return any(cell == a != b for cell, a, b in zip(row, one, other, strict=True))


def differing(rows: Rows, others: Mapping[str, Row]) -> list[str]:
    """The records of `rows` of which `others` says something else or nothing, in their order.

    Two tuples are compared cell by cell even if they are one object; here only those that are not.
    """
    unlike = compress(rows, map(is_not, rows.values(), map(others.get, rows)))
    return [record for record in unlike if rows[record] != others.get(record)]
