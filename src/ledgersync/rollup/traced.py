"""A row behind a number. Light: it needs no engine."""

from ledgersync.dataclass import dataclass
from ledgersync.rollup.figures import Number


@dataclass(frozen=True, slots=True)
class TracedRow:
    """A row that was counted; `part` is numerator or denominator of a ratio, else `value`.

    Contributions of a sum add up to it, those of a ratio to each part. Of different ones, rows of
    one `group` are the same one, and the first of them brings 1. Of a median it is the row's own
    value.
    """

    unit: str
    ledger: str
    table: str
    file: str
    sheet: str
    row: int
    record: str
    part: str = "value"
    contribution: Number | None = None
    group: int | None = None

    @property
    def is_package(self) -> bool:
        """It is what a unit submitted, not a row of a workbook."""
        return self.row == 0 and self.file.endswith(".lsp")
