"""What a workbook lacks as a primary: sheets for its tables, and the stamp.

Without a sheet for each table of its ledger, records of the others would have no place in it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ledgersync.files import temporary_beside
from ledgersync.model import Stamp, column_letters
from ledgersync.schema import FieldSchema, LedgerSchema, TableSchema
from ledgersync.workbook.build.layout import width_of
from ledgersync.workbook.patch import (
    SheetContent,
    SheetEdit,
    Validation,
    add_sheets,
    patch_sheets,
    sheet_names,
)
from ledgersync.workbook.stamp import ID_HEADER, restamping, stamp_cells
from ledgersync.workbook.stamp_text import STAMP_SHEET

_TITLE_ROW, _HEADER_ROW = 1, 2
FIRST_ROW = _HEADER_ROW + 1  # of the records on a sheet added here
_TEXT_TYPES = frozenset(["id_number", "phone", "code", "digits", "name", "text"])
_ID_WIDTH = 24.0
_HEADER_FILL = "FFDDEBF7"


def complete_workbook(
    path: Path, ledger: LedgerSchema, present: Collection[str], stamp: Stamp
) -> None:
    """Adds an empty sheet for every table that is not `present`, and writes the stamp twice.

    The stamp stands in the very hidden sheet and in the document properties. Raises
    PatchRefused; the file may then have the sheets and not the stamp.
    """
    new = {t.sheet: empty_sheet(ledger, t) for t in ledger.tables if t.id not in present}
    if STAMP_SHEET not in sheet_names(path):
        new[STAMP_SHEET] = SheetContent(stamp_cells(stamp))
    if new:
        add_sheets(path, path, new, very_hidden={STAMP_SHEET})
    cells, parts = restamping(path, stamp)
    if parts:
        edits = {STAMP_SHEET: SheetEdit(cells=cells)} if cells else {}
        patch_sheets(path, path, edits, parts=parts)


@contextmanager
def with_sheets(path: Path, ledger: LedgerSchema, tables: Sequence[TableSchema]) -> Iterator[Path]:
    """A workbook, or where tables need a sheet, one beside it for a while that has them, empty.

    Raises PatchRefused.
    """
    if not tables:
        yield path
        return
    with temporary_beside(path) as beside:
        add_sheets(path, beside, {t.sheet: empty_sheet(ledger, t) for t in tables})
        yield beside


def empty_sheet(ledger: LedgerSchema, table: TableSchema) -> SheetContent:
    """A table's sheet without records: title, headers, and the hidden column of ids."""
    ids = len(table.fields) + 1
    columns = dict(enumerate(table.fields, 1))
    headers = {(_HEADER_ROW, n): f.header for n, f in columns.items()}
    return SheetContent(
        {
            (_TITLE_ROW, 1): f"{ledger.title or ledger.workbook}　·　{table.sheet}",
            **headers,
            (_HEADER_ROW, ids): ID_HEADER,
        },
        widths={n: width_of(f) for n, f in columns.items()} | {ids: _ID_WIDTH},
        hidden=frozenset([ids]),
        text=frozenset([ids, *(n for n, f in columns.items() if f.type in _TEXT_TYPES)]),
        fills=dict.fromkeys(headers, _HEADER_FILL),
        frozen=_HEADER_ROW,
        landscape=True,
        validations=_validations(columns),
    )


def _validations(columns: Mapping[int, FieldSchema]) -> dict[int, Validation]:
    """What is asked and offered as somebody types into such a sheet."""
    from ledgersync.workbook.build.loose import loose_validation  # sheets are rarely added

    found = {n: loose_validation(f, f"{column_letters(n)}{FIRST_ROW}") for n, f in columns.items()}
    return {n: validation for n, validation in found.items() if validation}
