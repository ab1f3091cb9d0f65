"""A list of two tables read: one record above for each group of rows, one below for each row."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from ledgersync.messages import counted, message
from ledgersync.schema import FieldSchema, LedgerSchema
from ledgersync.values.text import is_blank, typed
from ledgersync.workbook.foreign.assigned import Assigned
from ledgersync.workbook.foreign.content.numbered import beside, is_none, parts_of
from ledgersync.workbook.foreign.families import Family, heads_value, starts_of
from ledgersync.workbook.foreign.findings import count_findings, left_out
from ledgersync.workbook.foreign.lists import YEAR, Listing, complete, give_year, records_of
from ledgersync.workbook.foreign.plan import SheetPlan, TablePlan, TakenRow
from ledgersync.workbook.foreign.rewrite import Line
from ledgersync.workbook.read.layout.rows import Sorted

Decided = Callable[[str], str | None]


def read_family(
    listing: Listing, ledger: LedgerSchema, family: Family, decided: Decided, plan: SheetPlan
) -> list[TablePlan]:
    """The upper and the lower table; lower records know the position of the upper one."""
    parent, child = family.parent, family.child
    whole = Assigned(parent.table, {**child.fields, **parent.fields})
    rows = listing.sorted(ledger.id, whole)
    list(give_year(listing, whole, rows, decided(YEAR)))
    serials = frozenset(c.index for c in listing.head.block.columns if c.is_serial)
    starts = starts_of(listing.grid, rows.records, family, serials)
    shared = frozenset(c for c in child.fields if c in parent.fields)
    listing = replace(listing, source=listing.grid, shared=shared)
    upper = _upper(replace(listing, added={}), ledger, family, rows, starts, decided)
    lower = _lower(replace(listing, added={}), ledger, family, rows, starts, decided)
    _link(family, upper, lower, starts)
    _from_heads(family, upper, lower)
    _counted(ledger, upper, lower)
    plan.remarks.append(
        message(
            "一张表里有两样：{parent} {p} 条，{child} {c} 条。",
            parent=parent.table.sheet,
            p=len(upper.rows),
            child=child.table.sheet,
            c=len(lower.rows),
        )
    )
    return [upper, lower]


def _upper(
    listing: Listing, ledger: LedgerSchema, family: Family, rows: Sorted,
    starts: Mapping[int, int], decided: Decided,
) -> TablePlan:  # fmt: skip
    """What each group says once: the rows that go on with it are blank here."""
    firsts = set(starts.values())
    listing.sheet = listing.sheet.blanked({row: None for row in rows.records if row not in firsts})
    hidden = frozenset(family.child.fields) - frozenset(family.parent.fields)
    hidden |= _columns_of_rows(listing, family, rows, starts)
    return _read(listing, ledger, family.parent, decided, hidden, rows, firsts)


def _columns_of_rows(
    listing: Listing, family: Family, rows: Sorted, starts: Mapping[int, int]
) -> frozenset[int]:
    """Own columns that say something in rows that go on: they are the lower table's."""
    going_on = [row for row in rows.records if starts[row] != row]
    known = {*family.parent.fields, *family.child.fields}
    source = listing.sheet.origin
    return frozenset(
        c.index
        for c in listing.head.block.columns
        if c.index not in known
        if any(not is_blank(listing.original.cell(source[r - 1], c.index)) for r in going_on)
    )


def _lower(
    listing: Listing, ledger: LedgerSchema, family: Family, rows: Sorted,
    starts: Mapping[int, int], decided: Decided,
) -> TablePlan:  # fmt: skip
    """A record for each row that has one, and for each of several things numbered in a cell."""
    child = family.child
    hidden = frozenset(c.index for c in listing.head.block.columns if c.index not in child.fields)
    hidden -= _columns_of_rows(listing, family, rows, starts)
    lines = {row: list(_lines(listing, child, row)) for row in rows.records}
    many = any(len(found) > 1 for found in lines.values())
    empty = {row: None for row, found in lines.items() if not found}
    if many:
        listing.sheet = listing.sheet.expanded({r: found for r, found in lines.items() if found})
        empty = {listing.sheet.row(row): None for row in empty}
    listing.sheet = listing.sheet.blanked(empty)
    kept = {row for row, found in lines.items() if found}
    return _read(listing, ledger, child, decided, hidden, rows, kept)


def _lines(listing: Listing, child: Assigned, row: int) -> Sequence[Line]:
    """The row's lines for the lower table: none where it says nothing of it."""
    needed = [c for c, m in child.fields.items() if m.field.required and c not in listing.shared]
    typed_there = [typed(listing.grid.cell(row, c)).strip() for c in needed]
    line = listing.grid.rows[row - 1]
    texts = [c for c, m in child.fields.items() if m.field.type in ("text", "choice")]
    main = next((c for c in texts if c in needed and child.fields[c].field.type == "text"), None)
    text = typed(line[main - 1]).strip() if main is not None else ""
    says_none = bool(text) and is_none(text)
    if says_none or not any(t and not is_none(t) for t in typed_there):
        return []
    parts = parts_of(text)
    if main is None or len(parts) < 2:
        return [line]
    found = []
    for i, part in enumerate(parts):
        new = list(line)
        for c in texts:
            if c != main and c not in listing.shared:
                new[c - 1] = beside(parts, typed(line[c - 1]))[i]
        new[main - 1] = part
        found.append(new)
    return found


def _read(
    listing: Listing, ledger: LedgerSchema, assigned: Assigned, decided: Decided,
    hidden: frozenset[int], rows: Sorted, kept: Collection[int],
) -> TablePlan:  # fmt: skip
    """The records of one of the tables; `rows` and `kept` are rows before lines were added."""
    skipped = [(listing.sheet.row(row), reason) for row, reason in rows.skipped]
    records = list(listing.records(sorted(kept)))
    completed = complete(listing, assigned, Sorted(records, skipped), decided)
    filled = {f.id: told for f, told in completed if f}
    data = listing.read(ledger.id, assigned)
    taken = records_of(data, listing, listing.around.file, hidden)
    table = TablePlan(
        listing.grid.sheet, ledger.id, assigned.table.id, data.header_rows, [], taken,
        list(left_out(listing, data)), filled,
    )  # fmt: skip
    count_findings(table, data)
    return table


def _link(family: Family, upper: TablePlan, lower: TablePlan, starts: Mapping[int, int]) -> None:
    """Each lower record knows its upper one, and has from it what both have: the day."""
    at = {row.row: row for row in upper.rows}
    above = {c: m.field.id for c, m in family.parent.fields.items()}
    both = {m.field.id: above[c] for c, m in family.child.fields.items() if c in above}
    for row in lower.rows:
        row.parent = at.get(starts.get(row.row, row.row))
        for name, source in both.items():
            if row.parent is not None and row.values.get(name) is None:
                row.values[name] = row.parent.values.get(source)


def _groups(lower: TablePlan) -> dict[int, list[TakenRow]]:
    """The lower records by the row of the upper one."""
    groups: dict[int, list[TakenRow]] = {}
    for row in lower.rows:
        if row.parent is not None:
            groups.setdefault(row.parent.row, []).append(row)
    return groups


def _from_heads(family: Family, upper: TablePlan, lower: TablePlan) -> None:
    """Names and numbers of the head, from the head's own row."""
    groups = _groups(lower)
    for name, source in family.from_head.items():
        wanted = family.parent.table.by_id[name]
        for above in upper.rows:
            head = _head_of(family, wanted, above, groups.get(above.row, []))
            if head is not None and above.values.get(name) is None:
                above.values[name] = head.values.get(source)
        upper.filled[name] = message("〔{field}〕取自户主那一行", field=wanted.header)


def _head_of(
    family: Family, wanted: FieldSchema, above: TakenRow, rows: Sequence[TakenRow]
) -> TakenRow | None:
    """The row of the head: by the relation, else by the name."""
    mark = heads_value(family.child.table, wanted)
    if mark is not None:
        found = [r for r in rows if r.values.get(mark[0].id) == mark[1]]
        if len(found) == 1:
            return found[0]
    names = {v for f in family.parent.table.fields if f.type == "name" and f.required
             if (v := above.values.get(f.id))}  # fmt: skip
    own = [f.id for f in family.child.table.fields if f.type == "name" and f.required]
    same = [r for r in rows if any(r.values.get(name) in names for name in own)]
    return same[0] if len(same) == 1 else None


def _counted(ledger: LedgerSchema, upper: TablePlan, lower: TablePlan) -> None:
    """How many are in each group, for fields that say so and have no column."""
    schema = ledger.by_id[upper.table]
    for f in schema.fields:
        if not f.counts or any(row.values.get(f.id) is not None for row in upper.rows):
            continue
        table, _, only = f.counts.partition(".")
        if table != lower.table:
            continue
        groups = _groups(lower)
        for above in upper.rows:
            mine = groups.get(above.row, [])
            above.values[f.id] = (
                sum(r.values.get(only) is not False for r in mine) if mine else None
            )
        n = sum(r.values.get(only) is not False for r in lower.rows)
        upper.filled[f.id] = counted("〔{field}〕按成员行数计（共 {n} 行）", n, field=f.header)
