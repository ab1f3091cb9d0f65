"""What runs inside LibreOffice: cells to functions and back, a pressed button to its code."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from ledgersync.plugin import registry
from ledgersync.plugin.grid import Answer, Reply

_EPOCH = date(1899, 12, 30)


def answer(name: str, cells: Sequence[object]) -> Any:
    """The reply of a worksheet function as Calc takes it: rows of cells, even of one cell.

    A plain `any` may hold no nested sequence that Calc would know, so a single cell is a range too.
    """
    reply: Reply = registry.BY_NAME[name].call(*cells)
    rows = reply if isinstance(reply, list) else [[reply]]
    return tuple(tuple(_plain(cell) for cell in row) for row in rows)


def _plain(cell: Answer) -> str | float:
    """Calc knows text and numbers; a date is the number of its day."""
    if isinstance(cell, str):
        return cell
    return float((cell - _EPOCH).days) if isinstance(cell, date) else float(cell)


def press(context: Any, button: str) -> None:
    """Run a button on the active workbook and show its report."""
    from ledgersync.plugin import uno_engine  # xlwings costs a tenth of a second
    from ledgersync.plugin.buttons import BUTTONS, pressed

    action: Callable[[Any], Any] = BUTTONS[button].action
    pressed(action, uno_engine.activate(context).books.active)
