"""What was stored once, read as the fields of a table are meant today.

A mapping, an alias or a new version of the ledger makes the header of an added column known. Bases
of copies, undone revisions and conflicts from before are then read as if the field had always been
meant; values of short lists are spelled as today.
"""

from collections.abc import Callable
from datetime import date

from ledgersync.merge import Operation
from ledgersync.model import Invalid, Row, Rows, Value
from ledgersync.schema import ExtraField, TableSchema
from ledgersync.sync.columns.spelling import Spelling
from ledgersync.values import CellParser


def field_parser(table: TableSchema, to: str, today: date) -> Callable[[Value], Value]:
    """What a text of an added column is as a value of the field that took over; "" for none."""
    if not to:
        return lambda _: None
    parser = CellParser(table.by_id[to], today)
    return lambda text: parser(text.typed if isinstance(text, Invalid) else text).value


class Reread:
    """Rows of a table as they were stored, read as its fields are meant today.

    `heads` are the added columns whose header stands in the file at hand for the field that took
    over: only there it meant that field all along (None: everywhere).
    """

    def __init__(
        self, table: TableSchema, today: date, heads: frozenset[str] | None = None
    ) -> None:
        self._table, self._heads = table, heads
        self._spelling = Spelling(table)
        self._gone = {
            f.id: (i, f.taken_by or "", field_parser(table, f.taken_by or "", today))
            for i, f in enumerate(table.fields)
            if isinstance(f, ExtraField) and not f.is_active
        }

    def row(self, row: Row) -> Row:
        cells: list[Value] | None = None
        for name, (i, to, parse) in self._gone.items():
            if row[i] is not None:
                cells = cells or list(row)
                there = self._table.position.get(to)
                meant = self._heads is None or name in self._heads
                if meant and there is not None and cells[there] is None:
                    cells[there] = parse(row[i])
                cells[i] = None
        return self._spelling.row(row if cells is None else tuple(cells))

    def rows(self, rows: Rows) -> Rows:
        if not self._gone:
            return self._spelling.rows(rows)
        return {r: self.row(row) for r, row in rows.items()}

    def operation(self, operation: Operation) -> Operation:
        """A logged operation about a column that was taken over is one about its field."""
        if operation.field is None:
            old, new = (
                self.row(side) if isinstance(side, tuple) else side
                for side in (operation.old, operation.new)
            )
            return _with_sides(operation, None, old, new)
        if (extra := operation.field) not in self._gone:
            cells = (self._spelling.cell(extra, side) for side in (operation.old, operation.new))
            return _with_sides(operation, extra, *cells)
        _, to, parse = self._gone[extra]
        sides = (parse(operation.old), parse(operation.new))  # type: ignore[arg-type]
        return _with_sides(operation, to if to in self._table.position else extra, *sides)


def _with_sides(
    operation: Operation, field: str | None, old: Value | Row, new: Value | Row
) -> Operation:
    return Operation(operation.kind, operation.record, field, old, new)
