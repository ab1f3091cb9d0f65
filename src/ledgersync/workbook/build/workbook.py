"""A whole ledger workbook: primary, issued copy or template."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from io import BytesIO

from xlsxwriter import Workbook

from ledgersync.model import Stamp, Value
from ledgersync.schema import Catalog, LedgerSchema, TableSchema
from ledgersync.values import shown
from ledgersync.workbook.build.entry import add_colours, add_validations
from ledgersync.workbook.build.expr import SHARED_NAMES, text
from ledgersync.workbook.build.growing import GrowingSheet
from ledgersync.workbook.build.guide import write_guide
from ledgersync.workbook.build.keys import KeySheet
from ledgersync.workbook.build.layout import (
    HEADER_ROW,
    Kind,
    Proposals,
    SheetRows,
    TableLayout,
    caption,
)
from ledgersync.workbook.build.lists import Lists
from ledgersync.workbook.build.native import NativeTable, native_table
from ledgersync.workbook.build.packing import BuiltWorkbook
from ledgersync.workbook.build.sheet import write_table
from ledgersync.workbook.build.styles import DARK, MID, Styles
from ledgersync.workbook.stamp import GUIDE_SHEET, property_texts, stamp_cells
from ledgersync.workbook.stamp_text import STAMP_SHEET

_TEMPLATE_DAY = date(2024, 1, 1)  # a template is the same file whenever it is made


def ledger_workbook(
    ledger: LedgerSchema,
    catalog: Catalog,
    *,
    kind: Kind,
    unit: str,
    rows: Mapping[str, SheetRows],
    stamp: Stamp | None,
    today: date,
    staff: str | None = None,
    proposals: Mapping[str, Proposals] | None = None,
    vba: bytes | None = None,
) -> bytes:
    """The workbook as it lies on disk; equal arguments give equal bytes.

    `rows` and `proposals` go by table id; a table without rows is empty. `vba` is a whole
    `vbaProject.bin`, for an `.xlsm`. Raises LedgerSyncError for an over-long cell.
    """
    workbook = BuiltWorkbook()
    made = _Book(workbook, ledger, catalog, kind, unit)
    told = caption(kind, unit, staff, today)
    for table in ledger.tables:
        suggested = (proposals or {}).get(table.id, Proposals())
        layout = TableLayout(table, rows.get(table.id, SheetRows()), kind, suggested)
        made.add(layout)
    made.write(told)
    _properties(workbook, ledger, unit, _TEMPLATE_DAY if kind == "template" else today)
    if stamp:
        _stamp(workbook, stamp)
    if vba:
        workbook.add_vba_project(BytesIO(vba), is_stream=True)
    return workbook.packed()


class _Book:
    """The workbook while it is made: sheets first, then what refers from one to another."""

    def __init__(
        self, workbook: BuiltWorkbook, ledger: LedgerSchema, catalog: Catalog, kind: Kind, unit: str
    ) -> None:
        self.workbook, self.ledger, self.catalog, self.kind = workbook, ledger, catalog, kind
        self.owner = "　".join(filter(None, (unit, ledger.title or ledger.workbook)))
        self.styles = Styles(workbook)
        self.lists = Lists(workbook)
        self.keys = KeySheet(workbook)
        self.tables: list[tuple[GrowingSheet, TableLayout]] = []

    def add(self, layout: TableLayout) -> None:
        sheet: GrowingSheet = self.workbook.add_worksheet(layout.table.sheet, GrowingSheet)
        sheet.set_tab_color(DARK)
        self.tables.append((sheet, layout))

    def write(self, caption: str) -> None:
        guide = self.workbook.add_worksheet(GUIDE_SHEET)
        guide.set_tab_color(MID)
        for name, formula in SHARED_NAMES.items():
            self.workbook.hide_name(name, formula)
        for sheet, layout in self.tables:
            self._table(sheet, layout, caption)
        write_guide(guide, self.ledger, self.catalog, self.styles, self.owner)

    def _table(self, sheet: GrowingSheet, layout: TableLayout, caption: str) -> None:
        native = self._native(layout)
        heading = (self._title(layout.table), caption)
        formulas = self._proposals(layout, native)
        write_table(sheet, layout, native, formulas, self.styles, heading, self.owner)
        add_validations(sheet, layout, native, self.lists, self.catalog)
        add_colours(sheet, layout, native, self.styles)

    def _native(self, layout: TableLayout) -> NativeTable:
        native = native_table(layout, self.keys.next_column)
        self.keys.add(native.keys)
        for f in layout.table.fields:
            source = self._listed(f.ref) if f.ref else None
            if source:
                native.lists[f.id] = native.define(f"list_{f.id}", source)
        for target, source in self._fills(layout):
            native.define(f"fill_{target}", source)
        if layout.rows.numbers:
            for numbered in native.numbers:
                native.define(f"no_{numbered}", self._waiting(layout, native))
        for name, formula in native.names.items():
            self.workbook.hide_name(name, formula)
        return native

    def _listed(self, ref: str) -> str | None:
        """The filled part of the column that a reference of this workbook points to."""
        ledger, table, name = ref.split(".")
        if ledger != self.ledger.id:
            return None
        layout = next(layout for _, layout in self.tables if layout.table.id == table)
        block = layout.block(layout.columns[name])
        header = f"{layout.sheet}!${layout.letter(name)}${HEADER_ROW}"  # no row that may go
        return f'OFFSET({header},1,0,MAX(1,COUNTIF({block},"?*")),1)'

    def _waiting(self, layout: TableLayout, native: NativeTable) -> str:
        """The number that waits for a row, by its record id: the same formula in every row.

        So it may be dragged, copied and sorted, and no row shows the number of another one.
        """
        ids = self.lists.range(list(layout.rows.numbers))
        numbers = self.lists.range(list(layout.rows.numbers.values()))
        at = f"MATCH({layout.cell_at(layout.id_column)},{ids},0)"
        return f'IF({native.typed},IFERROR(INDEX({numbers},{at}),""),"")'

    def _title(self, table: TableSchema) -> str:
        title = self.ledger.title or self.ledger.workbook
        return title if len(self.ledger.tables) == 1 else f"{title}　·　{table.sheet}"

    def _proposals(self, layout: TableLayout, native: NativeTable) -> dict[str, str]:
        """Formulas of reserved rows: they show something once the row has been typed into."""
        if self.kind == "primary":
            return {}
        formulas = {f: f"={name}" for f, name in native.numbers.items()}
        for field_id, value in layout.proposals.defaults.items():
            formulas[field_id] = f'=IF({native.entered},{_literal(value)},"")'
        for target in layout.fills:
            formulas[target] = f'=IF({native.entered},{native.prefix}fill_{target},"")'
        return formulas

    def _fills(self, layout: TableLayout) -> Iterator[tuple[str, str]]:
        """What belongs to the chosen name, by field; "" where the name is not in the list."""
        for target, source in layout.fills.items():
            chosen = layout.proposals.names[source]
            names, values = self.lists.range(chosen.names), self.lists.range(chosen.fills[target])
            at = f"MATCH({layout.cell(source)},{names},0)"
            found = f"INDEX({values},{at})"
            yield target, f'IF(ISERROR({at}),"",IF({found}="","",{found}))'


def _literal(value: Value) -> str:
    if isinstance(value, date):
        return f"DATE({value.year},{value.month},{value.day})"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value)
    return text(shown(value))


def _properties(workbook: Workbook, ledger: LedgerSchema, unit: str, day: date) -> None:
    workbook.set_properties(
        {
            "title": ledger.title or ledger.workbook,
            "author": "LedgerSync",
            "company": unit,
            "created": datetime(day.year, day.month, day.day),
        }
    )


def _stamp(workbook: Workbook, stamp: Stamp) -> None:
    for name, value in property_texts(stamp).items():
        workbook.set_custom_property(name, value, "text")
    sheet = workbook.add_worksheet(STAMP_SHEET)
    for (row, column), value in stamp_cells(stamp).items():
        sheet.write_string(row - 1, column - 1, value)
    sheet.very_hidden()
