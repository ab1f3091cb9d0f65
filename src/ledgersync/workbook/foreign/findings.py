"""What is to be said of a list's rows: those that stay out, and faults in the others."""

from collections.abc import Iterator

from ledgersync.model import TableData
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.workbook.foreign.lists import Listing
from ledgersync.workbook.foreign.plan import LeftOut, TablePlan, TakenRow
from ledgersync.workbook.read.layout.sheets import above_reasons


def left_out(listing: Listing, data: TableData) -> Iterator[LeftOut]:
    """The rows that are no records, as they lie on the sheet."""
    reasons = above_reasons(listing.grid, listing.above, (1, listing.grid.width))
    for skipped in (*reasons, *data.skipped):
        if skipped.reason != "blank":
            yield LeftOut(listing.sheet.origin[skipped.row - 1], skipped.reason)


def count_findings(table: TablePlan, data: TableData) -> None:
    """What the cells' parsers say."""
    notes = [n for found in data.notes.values() for n in found]
    table.errors += sum(n.severity == "error" for n in notes)
    table.warnings += sum(n.severity == "warning" for n in notes)


def count_gaps(table: TablePlan, schema: TableSchema) -> None:
    """Required cells that are empty, in columns that there are."""
    have = {c.field for c in table.columns if c.field} | set(table.filled)
    wanted = [f for f in schema.required if f.id in have]
    table.errors += sum(_is_gap(row, f) for row in table.rows for f in wanted)


def _is_gap(row: TakenRow, wanted: FieldSchema) -> bool:
    """Empty, and not given by the record above when that has its number."""
    return row.values.get(wanted.id) is None and not (wanted.ref and row.parent is not None)
