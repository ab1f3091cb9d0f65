"""What is to be written into a workbook, and what came of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from decimal import Decimal

from ledgersync.dataclass import dataclass
from ledgersync.workbook.patch.scan.refs import Area
from ledgersync.workbook.patch.scan.row_map import RowMap

CellValue = None | bool | int | float | Decimal | str | date | datetime
"""What a cell can take. Text stays text, whatever it looks like; None and "" clear the cell."""


@dataclass(frozen=True)
class SheetEdit:
    """The changes to one sheet; rows and columns count from 1, in the sheet as it is before.

    `append_before` puts the appended rows above that sheet row instead of below the content
    (above the lines 填表人, 审核人), and moves the rows below down. `append_column` is the
    column of the first appended value; by default the table's first column, else column A.
    `first_row` is the first row of the records that the appended ones continue, where known.
    `marks` colours a cell and attaches the text as a comment; an empty text only colours it.
    `colours` are fills (ARGB) of marked cells instead of the usual one. `hide` are columns to be
    hidden. `new_columns` are columns whose headers are among `cells`: they become part of a table
    or filter that ends left of them, so that its rows are sorted and filtered with them.
    `unmerge` are merged ranges that become single cells.
    """

    cells: Mapping[tuple[int, int], CellValue] = field(default_factory=dict)
    append: Sequence[Sequence[CellValue]] = ()
    remove_rows: Sequence[int] = ()
    append_before: int | None = None
    append_column: int | None = None
    marks: Mapping[tuple[int, int], str] = field(default_factory=dict)
    colours: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hide: Sequence[int] = ()
    first_row: int | None = None
    new_columns: Sequence[int] = ()
    unmerge: Collection[Area] = ()


@dataclass(frozen=True)
class SheetReport:
    """Where things are on one sheet after the patch."""

    appended_rows: list[int]
    append_column: int
    rows: RowMap
    cleared_rows: frozenset[int] = frozenset()

    def row_after(self, row: int) -> int | None:
        """The row number now of what was in `row` before; None when it was removed.

        `cleared_rows` (before) were emptied instead: a table keeps at least one data row.
        """
        return None if row in self.cleared_rows else self.rows.row(row)

    def rows_after(self, rows: Sequence[int]) -> list[int | None]:
        """`row_after` of each."""
        after = self.rows.after(rows)
        if not self.cleared_rows:
            return after
        return [None if b in self.cleared_rows else a for b, a in zip(rows, after, strict=True)]


@dataclass(frozen=True)
class PatchReport:
    """What a patch did: per sheet, and to the members of the package."""

    sheets: dict[str, SheetReport]
    changed_members: tuple[str, ...]
    added_members: tuple[str, ...]
    dropped_members: tuple[str, ...]
    untouched_members: int
    sha256: str

    @property
    def appended_rows(self) -> dict[str, list[int]]:
        """Per sheet the row numbers at which the appended rows landed."""
        return {name: report.appended_rows for name, report in self.sheets.items()}
