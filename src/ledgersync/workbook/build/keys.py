"""The very hidden sheet of keys: what is compared of each record, in the record's own row.

It is one formula a column, thousands of times, so its rows are written as text, a row at a time:
the bytes are XlsxWriter's, and a tenth of the work.
"""

from collections.abc import Iterator

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from ledgersync.workbook.build.growing import GrowingSheet
from ledgersync.workbook.build.layout import FIRST_ROW
from ledgersync.workbook.build.native.repeats import Repeats
from ledgersync.workbook.stamp_text import KEY_SHEET

_BLOCK = 16  # rows that say together how far they reach


class FilledSheet(GrowingSheet):
    """A worksheet whose columns hold one formula each, from the first row of records down."""

    def __init__(self) -> None:
        super().__init__()
        self._fills: dict[int, tuple[str, int]] = {}  # by column: the formula, its last row

    def fill(self, column: int, formula: str, last_row: int) -> None:
        """Puts a formula, a plain name, into every row of a column up to `last_row`."""
        self._fills[column] = formula, last_row
        for row in (FIRST_ROW, last_row):
            self._check_dimensions(row - 1, column - 1)

    def _write_rows(self) -> None:
        ends = sorted({end for _, end in self._fills.values()})
        top = FIRST_ROW
        for end in ends:  # down to each of them, rows hold the same
            cells = list(self._cells_down_to(end))
            for row in range(top, end + 1):
                self._write_row(row - 1, self._span(row))
                self.fh.write("".join([f"{before}{row}{behind}" for before, behind in cells]))
                self._xml_end_tag("row")
            top = end + 1

    def _span(self, row: int) -> str:
        """The first and last column of the rows that are told of together."""
        top = max(FIRST_ROW, (row - 1) // _BLOCK * _BLOCK + 1)
        columns = [column for column, (_, end) in self._fills.items() if end >= top]
        return f"{min(columns)}:{max(columns)}"

    def _cells_down_to(self, last_row: int) -> Iterator[tuple[str, str]]:
        """What stands before and behind the number of the row, by column."""
        for column, (formula, end) in sorted(self._fills.items()):
            if end >= last_row:
                yield f'<c r="{xl_col_to_name(column - 1)}', f'"><f>{formula}</f><v></v></c>'


class KeySheet:
    """Made when the first table needs it; tables stand side by side."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._sheet: FilledSheet | None = None
        self.next_column = 1

    def add(self, repeats: Repeats | None) -> None:
        if repeats is None:
            return
        if self._sheet is None:
            self._sheet = self._workbook.add_worksheet(KEY_SHEET, FilledSheet)
            self._sheet.very_hidden()
        for column, name in repeats.cells.items():
            self._sheet.fill(column, name, repeats.last_row)
        self.next_column += len(repeats.cells)
