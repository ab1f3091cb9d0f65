"""What the VBA buttons call: `RunPython "from ledgersync.plugin.excel.press import press; …"`."""

import xlwings as xw

from ledgersync.plugin.buttons import BUTTONS, Report, pressed


def press(button: str) -> Report:
    """Run a button on the workbook in front, which need not be the one that holds the macros."""
    book = xw.Book.caller().app.books.active
    return pressed(BUTTONS[button].action, book)
