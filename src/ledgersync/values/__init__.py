"""What people type → typed values. Pure: no files, no clock (`today` is always given)."""

from ledgersync.values.cells import as_cell
from ledgersync.values.codec import shown, to_json
from ledgersync.values.columns import parse_column
from ledgersync.values.former import from_json, is_untouched, refitter
from ledgersync.values.parse import CellError, CellParser, UnclearAmount

__all__ = [
    "CellError",
    "CellParser",
    "UnclearAmount",
    "as_cell",
    "from_json",
    "is_untouched",
    "parse_column",
    "refitter",
    "shown",
    "to_json",
]
