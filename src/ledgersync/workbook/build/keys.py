"""The very hidden sheet of keys: what is compared of each record, in the record's own row.

It is one formula a column, thousands of times, so its rows are written as text, a row at a time:
the bytes are XlsxWriter's, and a tenth of the work.
"""

from collections.abc import Iterator

from xlsxwriter import Workbook

from ledgersync.model import column_letters
from ledgersync.workbook.build.growing import GrowingSheet
from ledgersync.workbook.build.layout import FIRST_ROW
from ledgersync.workbook.build.native.repeats import Repeats
from ledgersync.workbook.stamp_text import KEY_SHEET

_BLOCK = 16  # rows that say together how far they reach
_ROW = "\0"  # in the text of all rows: the number of the row


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
        top = FIRST_ROW
        for end, span in self._runs():
            cells = "".join(
                f'<c r="{column_letters(column)}{_ROW}"><f>{formula}</f><v></v></c>'
                for column, (formula, last) in sorted(self._fills.items())
                if last >= end
            )
            text = f'<row r="{_ROW}" spans="{span}">{cells}</row>'
            self.fh.writelines(text.replace(_ROW, str(row)) for row in range(top, end + 1))
            top = end + 1

    def _runs(self) -> Iterator[tuple[int, str]]:
        """Rows of one text, by their last one, with the span of columns that they tell of.

        A column is told of to the end of the block in which it ends.
        """
        lasts = {last for _, last in self._fills.values()}
        ends = lasts | {min(max(lasts), -(-last // _BLOCK) * _BLOCK) for last in lasts}
        for end in sorted(ends):
            yield end, self._span(end)

    def _span(self, row: int) -> str:
        """The first and last column of the rows that are told of together."""
        top = max(FIRST_ROW, (row - 1) // _BLOCK * _BLOCK + 1)
        columns = [column for column, (_, end) in self._fills.items() if end >= top]
        return f"{min(columns)}:{max(columns)}"


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
