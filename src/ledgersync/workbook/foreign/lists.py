"""One list of a sheet read as a table: its records, what stays out, and what is to be asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, listed, message
from ledgersync.model import TableData, Value, column_letters
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.workbook.foreign.around import Around, section_values
from ledgersync.workbook.foreign.assigned import Assigned
from ledgersync.workbook.foreign.content.answers import answered
from ledgersync.workbook.foreign.content.days import Known, finished, unfinished_days
from ledgersync.workbook.foreign.content.ticks import ticked
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
        return sort_rows(
            area_below(self.grid, assigned.table, layout, self.last, self.right, self.today)
        )

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
    listing: Listing, assigned: Assigned, rows: Sorted, decided: Callable[[str], str | None]
) -> Iterator[tuple[FieldSchema | None, Message]]:
    """Adds what headings, title and names say of fields without a column; yields where from.

    A value for the whole list goes where no heading between the rows says another. A required
    field that is still empty somewhere is not told: it is to be asked for.
    """
    have = {m.field.id for m in assigned.fields.values()}
    absent = [f for f in assigned.table.fields if f.id not in have and not f.generated]
    by_row = dict(_ticks(listing, assigned, rows, absent))
    for name, cells in _sections(listing, assigned, rows, absent).items():
        by_row[name] = cells, [_by_sections(assigned.table.by_id[name])]
    around = {f.field.id: f for f in listing.around.values(absent, listing.today)}
    for wanted in absent:
        value = decided(wanted.id)
        below, told = by_row.get(wanted.id, ({}, []))
        for_all = value if value != EMPTY else None
        if for_all:
            told = [*told, _by_a_person(wanted, for_all)]
        elif value is None and wanted.id in around:
            for_all = around[wanted.id].value
            told = [*told, around[wanted.id].remark]
        filled = {row: v for row in rows.records if (v := below.get(row) or for_all)}
        if not filled:
            continue
        listing.add(wanted, filled, assigned)
        if not wanted.required or len(filled) == len(rows.records):
            yield wanted, listed(told, "；")
        else:
            assigned.partial.add(wanted.id)


def _by_a_person(wanted: FieldSchema, value: str) -> Message:
    return message("按您写的：〔{field}〕都是“{value}”", field=wanted.header, value=value)


def _by_sections(wanted: FieldSchema) -> Message:
    return message("分段标题给出〔{field}〕", field=wanted.header)


def _ticks(
    listing: Listing, assigned: Assigned, rows: Sorted, absent: Sequence[FieldSchema]
) -> Iterator[tuple[str, tuple[Mapping[int, str], list[Message]]]]:
    """By field what ticks give and what is told; their columns are not read otherwise."""
    columns = listing.head.block.columns
    for wanted, found in ticked(listing.grid, columns, rows.records, assigned, absent):
        assigned.ignored.update(c.index for c in found.columns)
        for c in found.columns:
            assigned.proposals.pop(c.index, None)
        heads = [c.parts[-1] for c in found.columns]
        told = message("打勾的列（{heads}）给出〔{field}〕", heads=heads, field=wanted.header)
        yield wanted.id, (found.cells, [told])


def _sections(
    listing: Listing, assigned: Assigned, rows: Sorted, absent: Sequence[FieldSchema]
) -> dict[str, dict[int, str]]:
    captions = [row for row, reason in rows.skipped if reason == "caption"]
    left = listing.head.block.left
    return section_values(
        assigned.table, listing.grid, captions, rows.records, absent, left, listing.right
    )


def give_year(
    listing: Listing, assigned: Assigned, rows: Sorted, decided: str | None
) -> Iterator[FieldSchema]:
    """Days that lack the year or the month get that of the title, a yes its choice.

    Yields the fields where nobody says which year.
    """
    answers = answered(listing.grid, listing.head.block.columns, rows.records, assigned)
    if cells := dict(answers):
        listing.sheet = listing.sheet.with_cells(cells)
    around = listing.around
    known = Known(int(decided) if decided and decided.isdigit() else around.year(), around.month())
    for column, match in list(assigned.fields.items()):
        if match.field.type != "date":
            continue
        days = unfinished_days(listing.grid, rows.records, column, known.year)
        if not days:
            continue
        listing.sheet = listing.sheet.with_cells(dict(finished(days, column, known)))
        if known.year is None and any(y is None for y, _, _ in days.values()):
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
