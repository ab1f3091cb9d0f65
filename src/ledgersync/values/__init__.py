"""What people type → typed values. Pure: no files, no clock (`today` is always given)."""

from ledgersync.values.cells import as_cell
from ledgersync.values.codec import from_json, shown, to_json
from ledgersync.values.columns import parse_column
from ledgersync.values.parse import CellError, CellParser, UnclearAmount

__all__ = [
    "CellError",
    "CellParser",
    "UnclearAmount",
    "as_cell",
    "from_json",
    "parse_column",
    "shown",
    "to_json",
]
