"""A worksheet whose row heights are proposals: a program fits a row again when its text changes.

XlsxWriter marks every height as the user's own (`customHeight`), after which rows no longer grow
with what is typed into them, and long remarks are cut on screen and on paper. It also looks into
every formula for thirty names of functions, and fills a table's columns before they are filled.
"""

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet


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

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """What most cells are is written at once; XlsxWriter looks for what else they might be."""
        kind = cell.__class__.__name__
        if not cell.format or kind not in ("Blank", "String") or self.constant_memory:
            super()._write_cell(row, col, cell)
            return
        start = f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}"'
        self.fh.write(
            f"{start}/>" if kind == "Blank" else f'{start} t="s"><v>{cell.string}</v></c>'
        )

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = None) -> None:
        super()._xml_start_tag_unencoded(tag, _proposed(tag, attributes))

    def _xml_empty_tag_unencoded(self, tag: str, attributes: Any = None) -> None:
        super()._xml_empty_tag_unencoded(tag, _proposed(tag, attributes))


def _proposed(tag: str, attributes: Any) -> Any:
    if tag != "row" or not attributes:
        return attributes
    return [(name, value) for name, value in attributes if name != "customHeight"]
