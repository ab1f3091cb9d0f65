"""Where things stand on a table's sheet: title, caption, one header row, data directly beneath."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import cached_property
from typing import Literal

from ledgersync.dataclass import dataclass
from ledgersync.model import Row, Value, column_letters
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.workbook.lines import line_count, units

Kind = Literal["primary", "copy", "template"]
CAPTION = (2, 1)  # the cell that says whose the workbook is and of which day
HEADER_ROW = 3  # all rows and columns here count from 1
FIRST_ROW = HEADER_ROW + 1
RESERVED_ROWS = 200
ROW_HEIGHT = 20.25  # in points, of a row with one line
ROWS_AHEAD = 2000  # validations and formats reach this far beyond the table
MANY_ROWS = 3000  # the banner counts anew at every entry: beyond so many rows, less
# A formula with TODAY() is calculated anew at every entry anywhere: beyond so many rows the check
# column leaves future dates to the colours and validations, which look at visible cells only.
LIVELY_ROWS = 3000
UNIQUE_ROWS = 5000  # in larger tables `check` alone looks for what stands twice

_WIDTHS = {
    "id_number": 20.0,
    "phone": 14.0,
    "date": 12.0,
    "name": 10.0,
    "code": 15.5,
    "digits": 15.5,
    "integer": 8.0,
    "decimal": 8.0,
    "money": 11.0,
    "bool": 7.0,
    "choice": 9.0,
    "choices": 16.0,
    "text": 17.0,
}
_WRAPPED = frozenset({"text", "choices", "choice", "name"})


@dataclass(frozen=True)
class SheetRows:
    """What goes into one table: records by id in their order, and ids of empty rows below.

    `numbers` are those that wait for empty rows, by record id.
    """

    records: Sequence[tuple[str, Row]] = ()
    reserved: Sequence[str] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)


def size_class(rows: int) -> list[int]:
    """Tables of one class (`rows` with the empty ones) are checked in the same way.

    What reaches beyond the table (the sheet of keys) is enough for all of one class.
    """
    last = FIRST_ROW + rows - 1
    limits = [last > MANY_ROWS, last - FIRST_ROW < LIVELY_ROWS, last - FIRST_ROW >= UNIQUE_ROWS]
    return [*map(int, limits), 2 * rows // ROWS_AHEAD]


@dataclass(frozen=True)
class NameList:
    """A drop-down of names; choosing one proposes the values in `fills` (by field id)."""

    names: Sequence[str]
    fills: Mapping[str, Sequence[Value]] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposals:
    """What a copy suggests in one table: fixed defaults and lists of names, by field id."""

    defaults: Mapping[str, Value] = field(default_factory=dict)
    names: Mapping[str, NameList] = field(default_factory=dict)


@dataclass(frozen=True)
class TableLayout:
    """One table on its sheet; `last_checked_row` is where checks end if not at the usual row."""

    table: TableSchema
    rows: SheetRows
    kind: Kind
    proposals: Proposals = Proposals()
    last_checked_row: int | None = None

    @cached_property
    def columns(self) -> dict[str, int]:
        return {f.id: i for i, f in enumerate(self.table.fields, 1)}

    @property
    def check_column(self) -> int:
        return len(self.table.fields) + 1

    @property
    def id_column(self) -> int:
        return len(self.table.fields) + 2

    @property
    def first_reserved(self) -> int:
        return FIRST_ROW + len(self.rows.records)

    @property
    def last_row(self) -> int:
        """The table's last row; a spreadsheet table has at least one."""
        return max(FIRST_ROW, self.first_reserved + len(self.rows.reserved) - 1)

    @property
    def last_checked(self) -> int:
        """Validations and conditional formats end here."""
        return self.last_checked_row or self.last_row + ROWS_AHEAD

    @property
    def sheet(self) -> str:
        """The sheet's name as a formula writes it."""
        return "'" + self.table.sheet.replace("'", "''") + "'"

    def letter(self, field_id: str) -> str:
        return column_letters(self.columns[field_id])

    def cell(self, field_id: str) -> str:
        """A field's cell in the row where a defined name is used."""
        return self.cell_at(self.columns[field_id])

    def cell_at(self, column: int) -> str:
        return f"{self.sheet}!${column_letters(column)}1"

    def cells_of_row(self, columns: Sequence[int]) -> list[str]:
        """Neighbouring columns as ranges of the row: `$B1:$P1`."""
        runs: list[list[int]] = []
        for column in sorted(columns):
            if runs and runs[-1][1] == column - 1:
                runs[-1][1] = column
            else:
                runs.append([column, column])
        return [f"{self.sheet}!${column_letters(a)}1:${column_letters(b)}1" for a, b in runs]

    def block(self, column: int) -> str:
        """A column's data cells, and room for more below."""
        letter = column_letters(column)
        return f"{self.sheet}!${letter}${FIRST_ROW}:${letter}${self.last_checked}"

    def below_header(self, column: int) -> str:
        """The block with its header: a row inserted above the first record is in it."""
        letter = column_letters(column)
        return f"{self.sheet}!${letter}${HEADER_ROW}:${letter}${self.last_checked}"

    @cached_property
    def fills(self) -> dict[str, str]:
        """Fields that a name list fills in, with the field whose list it is."""
        lists = self.proposals.names.items()
        return {target: source for source, names in lists for target in names.fills}

    @cached_property
    def proposed(self) -> frozenset[str]:
        """Fields whose empty cells show a proposal, so that they hold formulas."""
        if self.kind == "primary":
            return frozenset()
        generated = {f.id for f in self.table.fields if f.generated}
        return frozenset(generated | set(self.proposals.defaults) | set(self.fills))

    @cached_property
    def frozen_columns(self) -> int:
        """Columns up to the first name stay in view when they are few."""
        for i, f in enumerate(self.table.fields[:3], 1):
            if f.type == "name" or f.id == "title":
                return i
        return 1


def width_of(f: FieldSchema) -> float:
    """Wide enough for the usual values, and for the header in a few lines with its filter button.

    No wider, because a table must fit across one page of A4.
    """
    usual = 28.0 if f.privacy == "address" else _WIDTHS[f.type]
    if f.type == "choice":
        usual = max(usual, min(18.0, max(map(units, f.choices), default=0.0) + 3))
    return f.width or max(usual, units(f.header) / (1 if len(f.header) < 4 else 2) + 3.5)


def header_lines(table: TableSchema) -> int:
    """Lines of the tallest header."""
    return max(line_count(f.header, width_of(f)) for f in table.fields)


def wraps(kind: str) -> bool:
    """Long values of a field of this type are shown in several lines."""
    return kind in _WRAPPED


def caption(kind: Kind, unit: str, staff: str | None, today: date) -> str:
    """Who fills it in, for which unit, on which day; blanks in a template."""
    blank = "＿＿＿＿＿＿"
    if kind == "template":
        parts = [f"填报单位：{unit or blank}", f"填报人：{blank}", f"填报日期：{blank}"]
    else:
        parts = [f"填报单位：{unit}", *([f"填报人：{staff}"] if staff else [])]
        parts.append(f"填报日期：{today.isoformat()}")
    return "　　".join(parts)
