"""Taking operations back: a compensating revision, never a deletion of history."""

from collections.abc import Collection, Iterable, Sequence
from typing import cast

from ledgersync.merge.result import (
    Agreed,
    ConflictCandidate,
    ConflictKind,
    MergeResult,
    Operation,
    Side,
)
from ledgersync.model import Row, Rows, Value
from ledgersync.schema import TableSchema

_OPPOSITE = {"add": "remove", "remove": "add", "edit": "edit"}


def invert(operations: Sequence[Operation]) -> list[Operation]:
    """What undoes `operations`, the last one first."""
    return [
        Operation(_OPPOSITE[op.kind], op.record, op.field, op.new, op.old)  # type: ignore[arg-type]
        for op in reversed(operations)
    ]


def apply(table: TableSchema, rows: Rows, operations: Iterable[Operation]) -> Rows:
    """`rows` after `operations`, without asking what stood there before."""
    after = dict(rows)
    for op in operations:
        _do(table, after, op)
    return after


def undo(
    table: TableSchema,
    ours: Rows,
    operations: Sequence[Operation],
    agreed: Collection[Agreed] = (),
) -> MergeResult:
    """Takes back the operations of a revision; what later edits depend on becomes conflicts.

    `agreed` are cells and removals that somebody else wanted too, later: they are not taken back
    over that person's head.
    """
    result = MergeResult(dict(ours))
    for op in invert(operations):
        _take_back(table, result, op, _is_agreed(op, agreed))
    return result


def _is_agreed(op: Operation, agreed: Collection[Agreed]) -> bool:
    """A row that was added is another's too as soon as one of its cells is."""
    if op.kind == "remove":
        return any(record == op.record for record, _ in agreed)
    return (op.record, op.field) in agreed


def _do(table: TableSchema, rows: Rows, op: Operation) -> None:
    if op.kind == "remove":
        del rows[op.record]
    elif op.kind == "add":
        rows[op.record] = cast(Row, op.new)
    else:
        at = table.position[op.field or ""]
        row = rows[op.record]
        rows[op.record] = (*row[:at], cast(Value, op.new), *row[at + 1 :])


def _take_back(table: TableSchema, result: MergeResult, op: Operation, agreed: bool) -> None:
    """One inverted operation: `op.old` is what the revision left, `op.new` what was before."""
    there = op.record in result.merged
    mine = _side(table, result.merged, op)
    if mine == op.new and (there or op.kind == "remove"):
        result.counts.converged += 1
    elif mine == op.old and there == (op.kind != "add") and not agreed:
        _do(table, result.merged, op)
        result.operations.append(op)
        _count(result, op)
    else:
        result.counts.conflicts += 1
        ours = mine if there else None
        candidate = ConflictCandidate(_kind(op), op.record, op.field, op.old, ours, op.new)
        result.conflicts.append(candidate)


def _side(table: TableSchema, rows: Rows, op: Operation) -> Side:
    """What stands where the operation was: a row, or a cell; None where nothing does."""
    row = rows.get(op.record)
    return row if row is None or op.field is None else row[table.position[op.field]]


def _kind(op: Operation) -> ConflictKind:
    """A cell of a record that is gone by now stays a conflict about that cell."""
    kinds: dict[str, ConflictKind] = {"add": "add/add", "edit": "edit/edit"}
    return kinds.get(op.kind, "edit/delete")


def _count(result: MergeResult, op: Operation) -> None:
    if op.kind == "add":
        result.counts.added += 1
    elif op.kind == "remove":
        result.counts.removed += 1
    else:
        result.counts.applied += 1
