"""Whether an unstamped file is the copy it may be."""

from collections.abc import Iterable

from ledgersync.merge.identity import Submitted
from ledgersync.merge.keys import KeyReader
from ledgersync.model import Row, Rows
from ledgersync.schema import TableSchema


def overlap(table: TableSchema, base: Rows, submitted: Iterable[Submitted]) -> float:
    """The share of the base's records that appear in a copy, by id, key or content; 1 of none."""
    if not base:
        return 1.0
    reader = KeyReader(table)
    ids, marks = set(), set()
    for row in submitted:
        if row.record_id is not None:
            ids.add(row.record_id)
        marks.add(_mark(reader, row.row))
    found = sum(record in ids or _mark(reader, row) in marks for record, row in base.items())
    return found / len(base)


def _mark(reader: KeyReader, row: Row) -> tuple[int, Row]:
    """What a record is recognised by: key, fallback key, or all that was typed."""
    key = reader.key(row)
    if key is not None:
        return 0, key
    fallback = reader.fallback(row)
    if fallback is not None:
        return 1, fallback
    return 2, reader.content(row, range(len(row)))
