"""Cells as they are shown, where that decides what was meant.

A code is what its cell shows (`0000018`, `XF044`), and so is every text, name, telephone number
and choice; an amount or a day is its value, however it is shown. Some would show what a formula of
ours says, had the program that saved them calculated any.
"""

from collections.abc import Sequence
from datetime import date

from ledgersync.model import Note, TableData
from ledgersync.schema import FieldSchema
from ledgersync.values import notes
from ledgersync.values.identity import precision_lost
from ledgersync.values.text import is_blank
from ledgersync.workbook.read.layout.grid import Display, Grid
from ledgersync.workbook.read.layout.rows import Area

_AS_SHOWN = frozenset(
    {"code", "digits", "text", "name", "phone", "id_number", "choice", "choices", "bool"}
)


def shown_cells(
    grid: Grid, field: FieldSchema, column: int, rows: Sequence[int], cells: Sequence[object]
) -> tuple[Sequence[object], dict[int, Note]]:
    """The cells of a column as the field takes them, and what is doubtful, by position."""
    if grid.display is None:
        return cells, {}
    if grid.holds_texts_only(column) and not (field.type == "code" and grid.display.adds_to_texts):
        return cells, {}
    if not _may_differ(grid.display, field, cells):
        return cells, {}
    found = list(cells)
    told: dict[int, Note] = {}
    for i, (row, raw) in enumerate(zip(rows, cells, strict=True)):
        shown = _shown(grid.display, field, row, column, raw)
        if shown is not None:
            found[i] = shown
            if isinstance(raw, date) and field.type == "text":
                told[i] = notes.was_a_day(field)
    return found, told


def _may_differ(display: Display, field: FieldSchema, cells: Sequence[object]) -> bool:
    if field.type == "date":
        return float in set(map(type, cells)) and any(map(_is_month_as_number, cells))
    if field.type not in _AS_SHOWN:
        return False
    return set(map(type, cells)) != {str} or (field.type == "code" and display.adds_to_texts)


def _shown(display: Display, field: FieldSchema, row: int, column: int, raw: object) -> str | None:
    if field.type == "date":
        is_month = isinstance(raw, float) and _is_month_as_number(raw)
        return display.exactly(row, column, raw) if is_month else None  # type: ignore[arg-type]
    if raw == "" or precision_lost(raw) or (isinstance(raw, date) and field.type != "text"):
        return None
    return display.text(row, column, raw)


def _is_month_as_number(raw: object) -> bool:
    """October 2021 typed as 2021.10: only the places that are shown tell it from January."""
    return isinstance(raw, float) and 1900 < raw < 2100 and not raw.is_integer()


def uncalculated_in(data: TableData, area: Area) -> dict[str, set[int]]:
    """By field: the records (by index) of our own copy in which a proposal would stand.

    A program that only writes cells keeps formulas without their values, or leaves them all out. A
    blank cell in a sheet that keeps formulas elsewhere was emptied by a person.
    """
    if area.id_column is None:
        return {}
    found: dict[str, set[int]] = {}
    formulas = area.grid.formulas
    for column in data.columns:
        kept = formulas.get(column.index, set())
        if formulas and not kept:
            continue
        rows = [i for i, row in enumerate(data.rows) if not formulas or row in kept]
        blank = {i for i in rows if is_blank(area.grid.cell(data.rows[i], column.index))}
        if blank:
            found[column.field] = blank
    return found
