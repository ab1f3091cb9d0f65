"""A person at the keyboard of a real LibreOffice: every field × spelling, typed in a locale.

What was typed goes through three places: the check column, `LS_CHECK` over the cells as the
program holds them, and `ledgersync check` over the saved file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from tests.e2e.native_bench import _right_cells, verdict
from tests.e2e.office import Office, load_uno
from tests.e2e.spellings import of_choices

from ledgersync.checks import check_workbook
from ledgersync.files import atomic_write
from ledgersync.model import Row, column_letters
from ledgersync.plugin.functions import RowMessages, columns_of
from ledgersync.schema import Catalog, FieldSchema, LedgerSchema, TableSchema
from ledgersync.values import CellParser
from ledgersync.workbook.build import SheetRows, ledger_workbook, record_ids
from ledgersync.workbook.read import read_workbook

HINT = "提示："
_ERRORS = {"=1/0": "#DIV/0!", "=NA()": "#N/A"}
LOCALES = ("zh-CN", "en-US")
# What only a whole table, another table or the file decides.
_NOT_OF_A_ROW = ("duplicate.", "id.sequence_fill", "ref.", "deadline.", "header.", "table.")
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>{locale}</value></prop></item></oor:items>
"""


def speaking(folder: Path, locale: str) -> Office:
    """An office, not yet started, in which numbers and dates are typed as in `locale`."""
    office = Office(folder)
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(_PROFILE.format(locale=locale), "utf-8")
    office.give(folder)
    return office


@dataclass(frozen=True)
class Entry:
    """One cell to type, in a row that is right otherwise."""

    field: FieldSchema
    typed: str
    row: Row


@dataclass(frozen=True)
class Verdict:
    """Headers with faults by place, the check cell itself, and what the program made of it."""

    entry: Entry
    native: tuple[str, ...]
    function: tuple[str, ...]
    check: tuple[str, ...]
    said: str
    held: object

    @property
    def is_yellow(self) -> bool:
        names = (self.entry.field.header, "同上")
        return any(f"{HINT}合并时再核〔{name}〕" in self.said for name in names)

    @property
    def agree(self) -> bool:
        """All three say the same, or the sheet says that merging will judge this cell."""
        return self.is_yellow or self.native == self.function == self.check

    def __str__(self) -> str:
        places = f"native={self.native} LS_CHECK={self.function} check={self.check}"
        name = f"{self.entry.field.type} {self.entry.field.id}"
        return f"{name} {self.entry.typed!r} → {self.held!r}: {places} {self.said!r}"


def entries_of(table: TableSchema, spellings: dict[str, Sequence[str]], today: date) -> list[Entry]:
    rng = Random(table.id)
    parsers = {f.id: CellParser(f, today) for f in table.fields}
    found = []
    for f in table.fields:
        words = tuple(s for group in f.choices.values() for s in group)
        own = of_choices(tuple(f.choices), words) if f.choices else spellings.get(f.type, ())
        for typed in own:
            cells = _right_cells(table, rng, today) | {f.id: None}
            row = tuple(parsers[name](cell).value for name, cell in cells.items())
            found.append(Entry(f, typed, row))
    return found


def typed_book(
    office: Office,
    folder: Path,
    ledger: LedgerSchema,
    catalog: Catalog,
    entries: dict[str, list[Entry]],
    today: date,
) -> Iterator[Verdict]:
    """Builds a copy, types every entry, saves it and asks the three places."""
    path = folder / f"{ledger.id}.xlsx"
    ids = record_ids("typed")
    rows = {t: SheetRows([(next(ids), e.row) for e in some]) for t, some in entries.items()}
    kind = {"kind": "copy", "unit": "幸福社区", "stamp": None, "today": today}
    atomic_write(path, ledger_workbook(ledger, catalog, rows=rows, **kind))  # type: ignore[arg-type]
    office.give(folder)
    saved = folder / f"{ledger.id}-typed.xlsx"
    document = opened(office, path)
    try:
        for table in ledger.tables:
            _type(document, table, entries[table.id])
        document.calculateAll()
        store(document, saved)
        faults = _faults(saved, catalog, today)
        for table in ledger.tables:
            yield from _verdicts(document, table, entries[table.id], faults, today)
    finally:
        document.close(True)


def opened(office: Office, path: Path) -> Any:
    desktop = office.context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", office.context
    )
    return desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (_property("Hidden", True),))


def store(document: Any, path: Path, filter_name: str = "Calc MS Excel 2007 XML") -> None:
    document.storeToURL(path.as_uri(), (_property("FilterName", filter_name),))


def _property(name: str, value: object) -> Any:
    uno = load_uno()
    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made


def _type(document: Any, table: TableSchema, entries: Sequence[Entry]) -> None:
    """As a person at the keyboard: the program decides what the characters are."""
    sheet = document.Sheets.getByName(table.sheet)
    for row, entry in enumerate(entries, 3):
        column = table.position[entry.field.id]
        sheet.getCellByPosition(column, row).FormulaLocal = entry.typed


def _faults(path: Path, catalog: Catalog, today: date) -> dict[tuple[str, int], set[str]]:
    """(table, row) → ids of the fields in which `check` finds an error."""
    data = read_workbook(path, catalog, today=today)
    found: dict[tuple[str, int], set[str]] = {}
    for f in check_workbook(data, catalog, today):
        if f.severity == "error" and f.table and f.row and not f.rule.startswith(_NOT_OF_A_ROW):
            found.setdefault((f.table, f.row), set()).add(str(f.field))
    return found


def _verdicts(
    document: Any,
    table: TableSchema,
    entries: Sequence[Entry],
    faults: dict[tuple[str, int], set[str]],
    today: date,
) -> Iterator[Verdict]:
    sheet = document.Sheets.getByName(table.sheet)
    width = len(table.fields)
    last = column_letters(width + 1)
    cells = sheet.getCellRangeByName(f"A4:{last}{3 + len(entries)}").getDataArray()
    header = [f.header for f in table.fields]
    rows = [[_as_handed_over(c) for c in line[:width]] for line in cells]
    for row, entry in zip(rows, entries, strict=True):
        at = table.position[entry.field.id]
        if row[at] is None and entry.typed in _ERRORS:
            row[at] = _ERRORS[entry.typed]
    told = RowMessages(table, columns_of(table, [header]), today).notes(rows)
    for n, (entry, line, notes) in enumerate(zip(entries, cells, told, strict=True)):
        errors = {key for key, note in notes.items() if note.severity == "error"}
        bad = {f for f, rule in errors if not rule.startswith(_NOT_OF_A_ROW)}
        yield Verdict(
            entry,
            verdict(str(line[width])),
            _headers(table, bad),
            _headers(table, faults.get((table.id, n + 4), set())),
            str(line[width]),
            line[table.position[entry.field.id]],
        )


def _as_handed_over(cell: object) -> object:
    """What a function gets: nothing for an empty cell."""
    return None if cell == "" else cell


def _headers(table: TableSchema, fields: set[str]) -> tuple[str, ...]:
    return tuple(f.header for f in table.fields if f.id in fields)
