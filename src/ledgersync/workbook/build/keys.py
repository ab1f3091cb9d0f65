"""The very hidden sheet of keys: what is compared of each record, in the record's own row."""

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ledgersync.workbook.build.growing import GrowingSheet
from ledgersync.workbook.build.layout import FIRST_ROW
from ledgersync.workbook.build.native.repeats import Repeats
from ledgersync.workbook.stamp import KEY_SHEET


class KeySheet:
    """Made when the first table needs it; tables stand side by side."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._sheet: Worksheet | None = None
        self.next_column = 1

    def add(self, repeats: Repeats | None) -> None:
        if repeats is None:
            return
        if self._sheet is None:
            self._sheet = self._workbook.add_worksheet(KEY_SHEET, GrowingSheet)
            self._sheet.very_hidden()
        for column, name in repeats.cells.items():
            for row in range(FIRST_ROW, repeats.last_row + 1):
                self._sheet.write_formula(row - 1, column - 1, f"={name}", None, "")
        self.next_column += len(repeats.cells)
