"""What a submission is compared with, and whether rows that are gone may be removals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ledgersync.merge.identity import Submitted
from ledgersync.merge.keys import KeyReader
from ledgersync.model import Row, Rows
from ledgersync.schema import TableSchema

ENOUGH = 0.8
BaseKind = Literal["stamped", "previous", "none"]


@dataclass(frozen=True, slots=True)
class Base:
    """The chosen base: `rows` taken in, `shadow` as last said, and the terms that follow."""

    kind: BaseKind
    rows: Rows
    shadow: Rows | None = None

    @property
    def removals(self) -> bool:
        return self.kind != "none"

    @property
    def additive(self) -> bool:
        return self.kind == "none"


def choose_base(
    table: TableSchema,
    submitted: Sequence[Submitted],
    *,
    stamped: Base | None,
    previous: Iterable[Base] = (),
) -> Base:
    """A stamped copy's base (its shadow, else what it was issued with); else the first of the
    person's earlier copies of which at least 80 % of the records appear; else none: additive.

    `previous` is in order of preference (the last copy first). Empty ones prove nothing.
    """
    if stamped is not None:
        return stamped
    for candidate in previous:
        rows = candidate.rows if candidate.shadow is None else candidate.shadow
        if rows and overlap(table, rows, submitted) >= ENOUGH:
            return Base("previous", candidate.rows, candidate.shadow)
    return Base("none", {})


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
