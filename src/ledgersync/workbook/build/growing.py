"""A worksheet whose row heights are proposals: a program fits a row again when its text changes.

XlsxWriter marks every height as the user's own (`customHeight`), after which rows no longer grow
with what is typed into them, and long remarks are cut on screen and on paper. It also holds a
table's rows cell by cell, fills its columns before they are filled, and looks into every formula
for a hundred names of functions: here rows are put as text, and what is known is looked up.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from ledgersync.model import column_letters

BLANK = "/>"  # what stands in a cell behind its place and its look: nothing
_ROW = "\0"  # in the text of all rows: the number of the row
_ROW_NUMBER = re.compile("[$][0-9]+")
_OTHER = "\x01"  # in front of what stands in a cell: which other look it has
_OTHER_LOOK = re.compile(f's="[0-9]+"{_OTHER}([0-9])')


def of_other_look(number: int, inside: str) -> str:
    """What stands in a cell that looks as its rows' `others` say at this place, from 0 to 9."""
    return f"{_OTHER}{number}{inside}"


class RowsOfOneLook:
    """Rows one below the other, from column A on, whose cells look alike in each column.

    `first_row` counts from 1. `others` are looks that single cells may have instead.
    """

    def __init__(
        self, first_row: int, formats: Sequence[Format], others: Sequence[Format] = ()
    ) -> None:
        self.first_row, self.formats, self._others = first_row, formats, others
        self._rows: list[tuple[str, ...]] = []
        self._heights: dict[int, str] = {}

    def add(self, insides: Sequence[str], height: float | None = None) -> None:
        """One more row: what stands in each cell; a height in points where it has its own."""
        if height is not None:
            pixels = int(height * 4 / 3 + 0.5)
            self._heights[len(self._rows)] = f' ht="{pixels * 0.75:.16g}"'
        self._rows.append(tuple(insides))

    @property
    def last_row(self) -> int:
        return self.first_row + len(self._rows) - 1

    def texts(self) -> Iterator[str]:
        """The rows' XML; numbers of formats are given now, as they are first used."""
        if not self._rows:
            return
        start = f'<row r="{_ROW}" spans="1:{len(self.formats)}"%s>'
        cells = [
            f'<c r="{column_letters(column)}{_ROW}" s="{look._get_xf_index()}"%s'
            for column, look in enumerate(self.formats, 1)
        ]
        text = "".join([start, *cells, "</row>"])
        for number, insides in enumerate(self._rows):
            height = self._heights.get(number, "")
            row = text.replace(_ROW, str(self.first_row + number)) % (height, *insides)
            yield _OTHER_LOOK.sub(self._other_look, row) if _OTHER in row else row

    def _other_look(self, found: re.Match[str]) -> str:
        return f's="{self._others[int(found[1])]._get_xf_index()}"'


class GrowingSheet(Worksheet):  # type: ignore[misc, unused-ignore]
    """Writes `<row>` without `customHeight`; rows of a table are put as text."""

    def __init__(self) -> None:
        super().__init__()
        self._put: list[RowsOfOneLook] = []
        self._texts: dict[str, str] = {}
        self._days: dict[date, str] = {}

    def declare_table(
        self, header_row: int, last_row: int, name: str, columns: Sequence[dict[str, object]]
    ) -> None:
        """A table from column A on; whoever calls this writes its rows. Rows count from 1."""
        options = {"name": name, "style": None, "columns": columns}
        first, right = header_row - 1, len(columns) - 1
        self.add_table(first, 0, first + 1, right, options)
        del self.table[first + 1]  # the formulas of its columns, which are written with the rows
        whole = xl_range(first, 0, last_row - 1, right)
        self.tables[-1] |= {"range": whole, "a_range": whole, "autofilter": whole}

    def put(self, rows: RowsOfOneLook) -> None:
        """Puts rows that are ready below all that is written a cell at a time."""
        if rows.last_row >= rows.first_row:
            self._put.append(rows)
            self._check_dimensions(rows.last_row - 1, len(rows.formats) - 1)

    def text_inside(self, text: str) -> str:
        """What a cell with a text holds."""
        found = self._texts.get(text)
        if found is None:
            index = self.str_table._get_shared_string_index(text)
            found = self._texts[text] = f' t="s"><v>{index}</v></c>'
        else:
            self.str_table.count += 1
        return found

    def number_inside(self, number: float) -> str:
        return f"><v>{number:.16G}</v></c>"

    def day_inside(self, day: date) -> str:
        if day not in self._days:
            self._days[day] = self.number_inside(self._convert_date_time(day))
        return self._days[day]

    def formula_inside(self, formula: str) -> str:
        """What a cell with a formula holds that is not yet calculated; for use in `put`."""
        return f"><f>{escape(self._prepare_formula(formula), quote=False)}</f><v></v></c>"

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """Formulas that differ by the rows they speak of are looked into once."""
        bare, like = formula.removeprefix("="), _ROW_NUMBER.sub("$1", formula)
        if _prepared(like, expand_future_functions) == like.removeprefix("="):
            return bare
        return str(super()._prepare_formula(formula, expand_future_functions))

    def _write_rows(self) -> None:
        super()._write_rows()
        for rows in self._put:
            self.fh.writelines(rows.texts())

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = None) -> None:
        super()._xml_start_tag_unencoded(tag, _proposed(tag, attributes))

    def _xml_empty_tag_unencoded(self, tag: str, attributes: Any = None) -> None:
        super()._xml_empty_tag_unencoded(tag, _proposed(tag, attributes))


def _proposed(tag: str, attributes: Any) -> Any:
    if tag != "row" or not attributes:
        return attributes
    return [(name, value) for name, value in attributes if name != "customHeight"]


@lru_cache(maxsize=2048)
def _prepared(formula: str, expand_future_functions: bool) -> str:
    """XlsxWriter's own preparation, which looks for a hundred names of functions, done once."""
    return str(Worksheet._prepare_formula(_ANY_SHEET, formula, expand_future_functions))


_ANY_SHEET = Worksheet()
