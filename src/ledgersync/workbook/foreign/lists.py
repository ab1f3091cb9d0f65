"""One list of a sheet read as a table: its records, what stays out, and what is to be asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ledgersync.messages import Message, message
from ledgersync.model import TableData, Value, column_letters
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.workbook.foreign.around import Around, section_values, short_days, with_year
from ledgersync.workbook.foreign.columns import Assigned
from ledgersync.workbook.foreign.heads import Head
from ledgersync.workbook.foreign.plan import TakenRow
from ledgersync.workbook.foreign.rewrite import Rewritten
from ledgersync.workbook.read.layout.choose import Layout
from ledgersync.workbook.read.layout.grid import Grid
from ledgersync.workbook.read.layout.headers import HeaderColumn, Match
from ledgersync.workbook.read.layout.rows import Sorted, sort_rows
from ledgersync.workbook.read.layout.tables import area_below, read_table

YEAR = "year"  # what is asked for days without one
EMPTY = "-"  # said of a field without a column: it stays empty


@dataclass(slots=True)
class Listing:
    """A list on a (rewritten) sheet while it is understood; rows are those of the rewritten one."""

    sheet: Rewritten
    head: Head
    around: Around
    today: date
    above: Sequence[int]
    date1904: bool = False
    added: dict[int, HeaderColumn] = field(default_factory=dict)
    source: Grid | None = None
    shared: frozenset[int] = (
        frozenset()
    )  # columns of two tables, which say nothing of the lower one

    @property
    def original(self) -> Grid:
        """The sheet as it lies on disk."""
        return self.source if self.source is not None else self.grid

    def records(self, sources: Sequence[int]) -> Iterator[int]:
        """The rows that came from these rows of the sheet."""
        wanted = set(sources)
        return (n for n, source in enumerate(self.sheet.origin, 1) if source in wanted)

    @property
    def grid(self) -> Grid:
        return self.sheet.grid

    @property
    def right(self) -> int:
        """With the columns that were added at the right of the sheet."""
        return max([self.head.right, *self.added])

    @property
    def last(self) -> int:
        return self.sheet.last(self.head.last)

    def layout(self, ledger: str, assigned: Assigned) -> Layout:
        """The header as the reader takes it, with every column that is to be read."""
        columns = (*self.head.block.columns, *self.added.values())
        fields = dict(sorted(assigned.fields.items()))
        unknown = tuple(
            c
            for c in columns
            if c.index not in fields and not (c.is_own or c.is_serial)
            if c.index not in assigned.ignored
        )
        block = type(self.head.block)(self.head.block.top, self.head.block.bottom, columns)
        key = (ledger, assigned.table.id)
        return Layout(key, block, fields, unknown, (), {}, frozenset(), 0.0)

    def sorted(self, ledger: str, assigned: Assigned) -> Sorted:
        """Which rows are records, captions, totals."""
        layout = self.layout(ledger, assigned)
        return sort_rows(area_below(self.grid, layout, self.last, self.right, self.today))

    def read(self, ledger: str, assigned: Assigned) -> TableData:
        """The records as values."""
        layout = self.layout(ledger, assigned)
        data, _ = read_table(
            self.grid, assigned.table, layout, self.last, self.right, self.today,
            above=self.above, is_first=self.head.is_first, date1904=self.date1904,
        )  # fmt: skip
        return data

    def add(self, wanted: FieldSchema, cells: Mapping[int, object], assigned: Assigned) -> None:
        """One more column at the right for a field, with cells by row."""
        self.sheet, at = self.sheet.with_column(cells)
        self.added[at] = HeaderColumn(at, (wanted.header,), (1,))
        assigned.fields[at] = Match(wanted, wanted.header)


def complete(
    listing: Listing, assigned: Assigned, rows: Sorted, said: Callable[[str], str | None]
) -> Iterator[tuple[FieldSchema | None, Message]]:
    """Adds what headings, title and names say of fields without a column; yields where from."""
    have = {m.field.id for m in assigned.fields.values()}
    absent = [f for f in assigned.table.fields if f.id not in have and not f.generated]
    for wanted in list(absent):
        value = said(wanted.id)
        if value and value != EMPTY:
            listing.add(wanted, dict.fromkeys(rows.records, value), assigned)
            absent.remove(wanted)
            yield (
                wanted,
                message("按您写的：〔{field}〕都是“{value}”", field=wanted.header, value=value),
            )
    sections = _sections(listing, assigned, rows, absent)
    for name, cells in sections.items():
        wanted = assigned.table.by_id[name]
        listing.add(wanted, dict(cells), assigned)
        absent.remove(wanted)
        yield wanted, message("分段标题给出〔{field}〕", field=wanted.header)
    needed = [f for f in absent if f.required or f.wanted or f.listed]
    for filled in listing.around.values(needed):
        listing.add(filled.field, dict.fromkeys(rows.records, filled.value), assigned)
        yield filled.field, filled.said


def _sections(
    listing: Listing, assigned: Assigned, rows: Sorted, absent: Sequence[FieldSchema]
) -> dict[str, dict[int, str]]:
    captions = [row for row, reason in rows.skipped if reason == "caption"]
    left = listing.head.block.left
    return section_values(
        assigned.table, listing.grid, captions, rows.records, absent, left, listing.right
    )


def give_year(
    listing: Listing, assigned: Assigned, rows: Sorted, said: str | None
) -> Iterator[FieldSchema]:
    """Days without a year get that of the title; yields the fields where nobody says which."""
    year = int(said) if said and said.isdigit() else listing.around.year()
    for column, match in list(assigned.fields.items()):
        if match.field.type != "date":
            continue
        days = short_days(listing.grid, rows.records, column)
        if days and year:
            listing.sheet = listing.sheet.with_cells(with_year(days, column, year))
        elif days:
            yield match.field


def records_of(
    data: TableData, listing: Listing, file: str, hidden: frozenset[int]
) -> list[TakenRow]:
    """The records with their own columns; `hidden` are columns that are another table's."""
    shown = [
        (name if u.header else column_letters(u.index), texts)
        for u, (name, texts) in zip(data.unknown_columns, data.extras.items(), strict=True)
        if u.index not in hidden and u.index not in listing.added
    ]
    found = []
    for i, row in enumerate(data.rows):
        values: dict[str, Value] = {name: column[i] for name, column in data.values.items()}
        extras = {header: text for header, texts in shown if (text := texts[i])}
        source = listing.sheet.origin[row - 1]
        found.append(TakenRow(listing.grid.sheet, source, values, extras, file))
    return found


def table_of(schema: TableSchema, rows: Sequence[TakenRow]) -> Iterator[tuple[TakenRow, str]]:
    """Rows and required fields that are empty in them."""
    for row in rows:
        for f in schema.required:
            if row.values.get(f.id) in (None, ""):
                yield row, f.id
