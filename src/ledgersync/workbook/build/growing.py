"""A worksheet whose row heights are proposals: a program fits a row again when its text changes.

XlsxWriter marks every height as the user's own (`customHeight`), after which rows no longer grow
with what is typed into them, and long remarks are cut on screen and on paper. It also looks into
every formula for thirty names of functions, and fills a table's columns before they are filled.
"""

import re
from collections.abc import Callable
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet

_SPECIAL = re.compile("[<>&]")


class GrowingSheet(Worksheet):  # type: ignore[misc, unused-ignore]
    """Writes `<row>` without `customHeight`; looks into equal formulas once."""

    def __init__(self) -> None:
        super().__init__()
        self._prepared: dict[tuple[str, bool], str] = {}
        self._declaring = False

    def add_table(self, *arguments: Any) -> Any:
        """Declares a table; its cells, formulas too, are written by whoever calls this."""
        self._declaring = True
        try:
            return super().add_table(*arguments)
        finally:
            self._declaring = False

    def _write_formula(self, *arguments: Any) -> Any:
        return 0 if self._declaring else super()._write_formula(*arguments)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        key = formula, expand_future_functions
        if key not in self._prepared:
            self._prepared[key] = super()._prepare_formula(*key)
        return self._prepared[key]

    # Cells are named by numbers here: no call is looked at for `A1` first.
    write_string = Worksheet._write_string
    write_blank = Worksheet._write_blank
    write_number = Worksheet._write_number
    write_datetime = Worksheet._write_datetime

    def write_formula(self, *arguments: Any) -> Any:
        return self._write_formula(*arguments)

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """What most cells are is written at once; XlsxWriter looks for what else they might be."""
        inside = _INSIDE.get(cell.__class__.__name__)
        text = inside(cell) if inside and cell.format else None
        if text is None:
            super()._write_cell(row, col, cell)
            return
        place, style = xl_rowcol_to_cell_fast(row, col), cell.format._get_xf_index()
        self.fh.write(f'<c r="{place}" s="{style}"{text}')

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = None) -> None:
        super()._xml_start_tag_unencoded(tag, _proposed(tag, attributes))

    def _xml_empty_tag_unencoded(self, tag: str, attributes: Any = None) -> None:
        super()._xml_empty_tag_unencoded(tag, _proposed(tag, attributes))


def _proposed(tag: str, attributes: Any) -> Any:
    if tag != "row" or not attributes:
        return attributes
    return [(name, value) for name, value in attributes if name != "customHeight"]


def _plain_formula(cell: Any) -> str | None:
    """A formula without a value, and without a character that XML writes otherwise."""
    if cell.value or _SPECIAL.search(cell.formula):
        return None
    return f"><f>{cell.formula}</f><v></v></c>"


# By kind of cell: all that is written of it behind place and format.
_INSIDE: dict[str, Callable[[Any], str | None]] = {
    "Blank": lambda _: "/>",
    "String": lambda cell: f' t="s"><v>{cell.string}</v></c>',
    "Number": lambda cell: f"><v>{cell.number:.16G}</v></c>",
    "Datetime": lambda cell: f"><v>{cell.number:.16G}</v></c>",
    "Formula": _plain_formula,
}
