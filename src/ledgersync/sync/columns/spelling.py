"""One spelling for the values of short lists (grids, groups), whatever was stored once."""

from ledgersync.model import Row, Rows, Value
from ledgersync.schema import TableSchema
from ledgersync.values.listed import Listing, listing_of


def listed_fields(table: TableSchema) -> dict[int, Listing]:
    """The fields that take their values from a list, by position."""
    found = ((i, listing_of(f)) for i, f in enumerate(table.fields))
    return {i: listing for i, listing in found if listing}


class Spelling:
    """Rows as they were stored once, spelled as they are read today."""

    def __init__(self, table: TableSchema) -> None:
        self._table, self._listed = table, listed_fields(table)
        self._spelled: dict[tuple[int, str], str] = {}

    def row(self, row: Row) -> Row:
        cells = None
        for at in self._listed:
            value = row[at]
            if isinstance(value, str) and (new := self._of(at, value)) != value:
                cells = cells or list(row)
                cells[at] = new
        return row if cells is None else tuple(cells)

    def rows(self, rows: Rows) -> Rows:
        """The very same rows where all are spelled so already."""
        if all(self._of(at, v) == v for at in self._listed for v in _texts(rows, at)):
            return rows
        return {record: self.row(row) for record, row in rows.items()}

    def cell(self, field: str, value: Row | Value) -> Row | Value:
        """A single cell of a field."""
        at = self._table.position.get(field, -1)
        if at in self._listed and isinstance(value, str):
            return self._of(at, value)
        return value

    def _of(self, at: int, value: str) -> str:
        known = self._spelled.get((at, value))
        if known is None:
            known = self._spelled[at, value] = self._listed[at].spelled(value)
        return known


def _texts(rows: Rows, at: int) -> set[str]:
    return {value for row in rows.values() if isinstance(value := row[at], str)}
