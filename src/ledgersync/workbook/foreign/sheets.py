"""One sheet of a foreign workbook: the lists on it, each as tables of one ledger."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from ledgersync.dataclass import dataclass
from ledgersync.messages import counted, message
from ledgersync.model import column_letters
from ledgersync.schema import Catalog, LedgerSchema, TableSchema
from ledgersync.schema.mappings import IGNORED
from ledgersync.values.text import typed
from ledgersync.workbook.foreign.around import Around, labels_above
from ledgersync.workbook.foreign.asking import questions_below, questions_of
from ledgersync.workbook.foreign.assigned import Assigned, Cells
from ledgersync.workbook.foreign.columns import Assigner
from ledgersync.workbook.foreign.cross import Cross, cross_of, crossed, read_cross
from ledgersync.workbook.foreign.families import Family, family_of
from ledgersync.workbook.foreign.findings import count_findings, left_out
from ledgersync.workbook.foreign.grown import read_family
from ledgersync.workbook.foreign.heads import Head, cells_below, heads_of
from ledgersync.workbook.foreign.lists import YEAR, Listing, complete, give_year, records_of
from ledgersync.workbook.foreign.mixed import Sifter
from ledgersync.workbook.foreign.pivot import (
    When,
    pivot_fields,
    pivot_of,
    pivoted_columns,
    propose_latest,
)
from ledgersync.workbook.foreign.plan import (
    Decisions,
    LeftOut,
    Question,
    SheetPlan,
    TablePlan,
)
from ledgersync.workbook.foreign.rewrite import Rewritten
from ledgersync.workbook.foreign.shown import columns_of, is_of_accounts, told_of_accounts
from ledgersync.workbook.foreign.signin import linked, signed_in
from ledgersync.workbook.foreign.unit import know
from ledgersync.workbook.read.layout.choose import Chooser, Context, Layout
from ledgersync.workbook.read.layout.evidence import NUMBERS
from ledgersync.workbook.read.layout.grid import Grid
from ledgersync.workbook.read.layout.headers import HeaderColumn, HeaderIndex
from ledgersync.workbook.read.layout.sheets import is_own, looks_like_a_table

_CLEARLY = 1.6  # another ledger's table has to fit so much better
_FEW = 2


_Read = tuple[Sequence[TablePlan], tuple[Assigned, ...]]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A list's columns: those of months, those of fields, and what they make together."""

    cells: Cells
    months: dict[int, When]
    plain: list[HeaderColumn]
    assigned: dict[str, Assigned]
    cross: Cross | None
    family: Family | None

    @property
    def is_single(self) -> bool:
        return self.cross is None and self.family is None

    @property
    def shown(self) -> list[HeaderColumn]:
        """The columns to show; those of a cross table are told otherwise."""
        crossing = {a.column.index for a in self.cross.columns} if self.cross else set()
        return [c for c in self.plain if c.index not in crossing]


class SheetPlanner:
    """Understands the sheets of one file for one ledger."""

    def __init__(
        self, ledger: LedgerSchema, catalog: Catalog, file: str, today: date,
        decisions: Decisions, date1904: bool = False, staff: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self.ledger, self.catalog, self.file, self.today = ledger, catalog, file, today
        self.decisions, self.date1904, self.staff = decisions, date1904, staff
        own = replace(catalog, ledgers={ledger.id: ledger})
        self.index, self.all = HeaderIndex(own), HeaderIndex(catalog)
        self._own, self._any = Chooser(own, self.index), Chooser(catalog, self.all)
        self._sifter = Sifter(ledger, catalog, self.all)

    def plan(self, grid: Grid) -> SheetPlan | None:
        """What the sheet gives; None for one that holds no list."""
        if is_own(grid) or not looks_like_a_table(grid):
            return None
        found = SheetPlan(self.file, grid.sheet)
        if grid.visibility != "visible":
            found.remarks.append(
                message("工作表“{sheet}”是隐藏的，不收；要收，请先取消隐藏。", sheet=grid.sheet)
            )
            return found
        if grid.sheet in self.decisions.left_out:
            found.remarks.append(message("工作表“{sheet}”：不收。", sheet=grid.sheet))
            return found
        top = 1
        heads = heads_of(grid, self.all)
        for head in heads:
            above = [row for row in range(top, head.block.top) if grid.filled(row)]
            self._list(grid, head, above, found)
            top = head.last + 1 if head.right == grid.width else top
        if len(heads) > 1 or grid.stray is not None:
            found.is_plain = False
        if not found.tables and not found.remarks:
            found.remarks.append(message("工作表“{sheet}”里没有认出表。", sheet=grid.sheet))
        return found

    def _list(self, grid: Grid, head: Head, above: Sequence[int], plan: SheetPlan) -> None:
        columns = [c for c in head.block.columns if not c.is_own]
        out = self._strangers(grid, head, columns, plan)
        if out and all(row in out for row in _below(grid, head)):
            return
        grid = Rewritten.of(grid).blanked(dict.fromkeys(out)).grid if out else grid
        words = tuple(typed(c) for row in above for _, c in grid.filled(row) if isinstance(c, str))
        around = Around(words, grid.sheet, self.file, labels_above(grid, above))
        context = Context(" ".join(words), grid.sheet, self.file)
        seen = self._look(grid, head, columns, around, context)
        other = self._of_another(head, context) if seen.is_single else None
        if other is not None:
            self._leave(grid, head, other, plan)
            return
        listing = Listing(Rewritten.of(grid), head, around, self.today, above, self.date1904)
        read = self._crossed(listing, seen, plan) or self._family(listing, seen, plan)
        read = read or self._alone(listing, seen, context, plan)
        if read is not None:
            tables, pair = read
            self._show(grid, plan, tables, pair, seen.shown, seen.cells, out)

    def _look(
        self, grid: Grid, head: Head, columns: Sequence[HeaderColumn], around: Around,
        context: Context,
    ) -> "_Seen":  # fmt: skip
        """What the columns say before it is decided which tables they make.

        Months make rows in a table of what happened; in a roster they are columns of its rows.
        """
        cells = {c.index: cells_below(grid, head, c.index) for c in columns}
        months = pivoted_columns(columns)
        seen = self._assigned(grid, columns, cells, months, around)
        if months:
            best = self._best(seen.assigned, head, context)
            if best is not None and best.table.yearly is None:
                seen = self._assigned(grid, columns, cells, {}, around)
                propose_latest(seen.assigned[best.table.id], months, cells)
        return seen

    def _assigned(
        self, grid: Grid, columns: Sequence[HeaderColumn], cells: Cells, months: dict[int, When],
        around: Around,
    ) -> "_Seen":  # fmt: skip
        plain = [c for c in columns if c.index not in months]
        assigner = self._assigner(grid, plain, cells, around)
        assigned = {t.id: assigner.assign(t) for t in self.ledger.tables}
        cross = None if months else cross_of(self.ledger, assigned, columns, cells)
        family = None if months or cross else family_of(self.ledger, assigned, cells)
        return _Seen(cells, months, plain, assigned, cross, family)

    def _crossed(self, listing: Listing, seen: "_Seen", plan: SheetPlan) -> "_Read | None":
        if seen.cross is None:
            return None
        plan.is_plain = False
        decided = self._decided(listing.grid)
        tables = read_cross(listing, self.ledger, seen.cross, seen.cells, decided, plan)
        return tables, (Assigned(seen.cross.parent), seen.cross.child)

    def _family(self, listing: Listing, seen: "_Seen", plan: SheetPlan) -> "_Read | None":
        if seen.family is None:
            return None
        plan.is_plain = False
        tables = read_family(listing, self.ledger, seen.family, self._decided(listing.grid), plan)
        return tables, (seen.family.parent, seen.family.child)

    def _alone(
        self, listing: Listing, seen: "_Seen", context: Context, plan: SheetPlan
    ) -> "_Read | None":
        """One table, of which every line is a record."""
        grid, best = listing.grid, self._best(seen.assigned, listing.head, context)
        if best is None:
            self._leave_unknown(grid, seen.assigned, plan, crossed(seen.plain, seen.cells))
            return None
        above = None if seen.months else signed_in(listing, self.ledger, best, plan)
        table = self._single(listing, best, seen.months, seen.cells, plan)
        if above is not None:
            tables = linked(table, above, self.ledger, plan)
            return tables, (*[Assigned(self.ledger.by_id[above.table])][: len(tables) - 1], best)
        if not seen.months:
            below = questions_below(self.ledger, grid.sheet, best, seen.assigned, seen.plain)
            plan.questions += list(below)
        return [table], (best,)

    def _show(
        self, grid: Grid, plan: SheetPlan, tables: Sequence[TablePlan], pair: Sequence[Assigned],
        columns: Sequence[HeaderColumn], cells: Cells, out: Sequence[int],
    ) -> None:  # fmt: skip
        """Columns, rows that stay out and questions of the tables of a list; `out`: strangers."""
        plan.remarks += told_of_accounts(grid.sheet, columns, pair)
        for n, table in enumerate(tables):
            table.columns += columns_of(columns, cells, pair, n)
        tables[0].left_out += [LeftOut(row, "other") for row in out]
        plan.tables += tables
        plan.questions += questions_of(grid.sheet, tables, pair, self.decisions)

    def _strangers(
        self, grid: Grid, head: Head, columns: Sequence[HeaderColumn], plan: SheetPlan
    ) -> list[int]:
        """Rows of other ledgers, which stay out and are named."""
        decided = self._decided_columns(grid, columns)
        found = self._sifter.strangers(grid, _below(grid, head), columns, {*decided})
        plan.remarks += [s.told(grid.sheet) for s in found]
        plan.is_plain = plan.is_plain and not found
        return sorted(row for s in found for row in s.rows)

    def _decided_columns(self, grid: Grid, columns: Sequence[HeaderColumn]) -> dict[int, str]:
        """What a person said of columns; those of bank accounts stay out unless one says other."""
        decided = [
            (c, self.decisions.column(grid.sheet, c.key, column_letters(c.index))) for c in columns
        ]
        return {c.index: name or IGNORED for c, name in decided if name or is_of_accounts(c)}

    def _assigner(
        self, grid: Grid, columns: Sequence[HeaderColumn], cells: Cells, around: Around
    ) -> Assigner:
        decided = self._decided_columns(grid, columns)
        return Assigner(
            self.ledger.id, self.index, columns, cells, self.today, decided,
            lambda assigner, found: know(assigner, found, self.staff),
            of_a_month=around.month() is not None,
        )  # fmt: skip

    def _decided(self, grid: Grid) -> Callable[[str], str | None]:
        return lambda name: self.decisions.value(grid.sheet, name)

    def _of_another(self, head: Head, context: Context) -> Layout | None:
        """The table of another ledger, where it fits clearly better."""
        there, here = self._any.best(head.block, context), self._own.best(head.block, context)
        if there is None or there.key[0] == self.ledger.id:
            return None
        if here is None:
            return there
        return there if there.score > here.score + _CLEARLY else None

    def _best(self, assigned: dict[str, Assigned], head: Head, context: Context) -> Assigned | None:
        known = self._own.best(head.block, context)
        if known is not None:
            return assigned[known.key[1]]
        fitting = [a for a in assigned.values() if _is_enough(a)]
        return max(fitting, key=_score, default=None)

    def _leave(self, grid: Grid, head: Head, other: Layout, plan: SheetPlan) -> None:
        table = self.catalog.table(*other.key)
        workbook = self.catalog.ledgers[other.key[0]].workbook
        plan.is_plain = False
        plan.remarks.append(
            message(
                "工作表“{sheet}”第 {first}–{last} 行是{workbook}的“{table}”，不收入这里；请另外 "
                "ledgersync adopt {ledger:sh} 收。",
                sheet=grid.sheet,
                first=head.block.top,
                last=head.last,
                workbook=workbook,
                table=table.sheet,
                ledger=self.catalog.ledgers[other.key[0]].name,
            )
        )

    def _leave_unknown(
        self, grid: Grid, assigned: dict[str, Assigned], plan: SheetPlan, heads: Sequence[str]
    ) -> None:
        nearest = max(assigned.values(), key=_score)
        plan.is_plain = False
        if heads:
            plan.remarks.append(
                message(
                    "工作表“{sheet}”像一张交叉表（列：{heads}），没有看懂。请改成一行一条"
                    "（至少有：{needed}）再收。",
                    sheet=grid.sheet,
                    heads=list(heads),
                    needed=[f.header for f in nearest.table.required],
                )
            )
            return
        plan.remarks.append(
            message(
                "工作表“{sheet}”没有认出来。最接近的是“{table}”，但缺少：{missing}。",
                sheet=grid.sheet,
                table=nearest.table.sheet,
                missing=[f.header for f in nearest.missing],
            )
        )

    def _single(
        self,
        listing: Listing,
        best: Assigned,
        months: dict[int, When],
        cells: Cells,
        plan: SheetPlan,
    ) -> TablePlan:
        as_it_is = listing.sheet
        rows = listing.sorted(self.ledger.id, best)
        decided = self._decided(listing.grid)
        if months:
            self._pivot(listing, best, months, cells, plan)
            rows = listing.sorted(self.ledger.id, best)
        for _ in give_year(listing, best, rows, decided(YEAR)):
            plan.questions.append(which_year(listing.grid.sheet, best.table))
        filled = {f.id: told for f, told in complete(listing, best, rows, decided) if f}
        plan.is_plain = plan.is_plain and listing.sheet is as_it_is and not best.is_overruled
        data = listing.read(self.ledger.id, best)
        records = records_of(data, listing, self.file, frozenset())
        table = TablePlan(
            listing.grid.sheet, self.ledger.id, best.table.id, data.header_rows, [], records,
            list(left_out(listing, data)), filled,
        )  # fmt: skip
        count_findings(table, data)
        if apart := _merged_numbers(listing.grid, best, data.rows):
            plan.remarks.append(counted("{n} 处合并的数字拆开，各归所在的第一行。", apart))
        return table

    def _pivot(
        self,
        listing: Listing,
        best: Assigned,
        months: dict[int, When],
        cells: Cells,
        plan: SheetPlan,
    ) -> None:
        pivot = pivot_of(months, best, [c for at in months for c in cells[at]])
        if pivot is None:
            return
        rows = listing.sorted(self.ledger.id, best)
        decided = self.decisions.value(listing.grid.sheet, YEAR)
        year = int(decided) if decided and decided.isdigit() else listing.around.year()
        if year is None and any(w.year is None for w in months.values()):
            plan.questions.append(which_year(listing.grid.sheet, best.table))
        listing.sheet = pivot.rows(listing.sheet, rows.records, year)
        best.ignored |= set(months)
        for at, wanted in pivot_fields(pivot, listing.grid.width).items():
            listing.added[at] = HeaderColumn(at, (wanted.header,), (1,))
            best.give(at, wanted, 1.0)
        plan.is_plain = False
        plan.remarks.append(message("按月（日）分列的内容改成一行一条。"))


def _below(grid: Grid, head: Head) -> list[int]:
    """The rows under a header that say something."""
    rows = range(head.block.bottom + 1, head.last + 1)
    return [row for row in rows if grid.filled(row, head.block.left, head.right)]


def _merged_numbers(grid: Grid, assigned: Assigned, rows: Sequence[int]) -> int:
    """Numbers that are merged over several records."""
    numbers = {c for c, m in assigned.fields.items() if m.field.type in NUMBERS}
    tall = [m for m in grid.merges if m.height > 1 and m.left == m.right and m.left in numbers]
    records = set(rows)
    return sum(len(records.intersection(range(m.top, m.bottom + 1))) > 1 for m in tall)


def which_year(sheet: str, table: TableSchema) -> Question:
    return Question(
        sheet, "value", table.id,
        message("工作表“{sheet}”的日期没有写年份，是哪一年？", sheet=sheet), field=YEAR,
    )  # fmt: skip


def _is_enough(assigned: Assigned) -> bool:
    found = {m.field.id for m in assigned.fields.values()}
    return len(found) >= _FEW and any(f.id in found for f in assigned.table.required)


def _score(assigned: Assigned) -> float:
    needed = assigned.table.required
    covered = len(needed) - len(assigned.missing)
    likely = sum(0.3 for _ in assigned.proposals)
    return sum(assigned.confidence.values()) + likely + 2 * covered / max(1, len(needed))
