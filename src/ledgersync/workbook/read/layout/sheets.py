"""A sheet taken apart into its tables, and what is to be said about the rest of it."""

from collections.abc import Sequence
from datetime import date

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, counted, message
from ledgersync.model import Finding, Severity, SkippedRow, TableData, column_letters
from ledgersync.values.text import typed
from ledgersync.workbook.read.layout import wording
from ledgersync.workbook.read.layout.blocks import Block, find_blocks
from ledgersync.workbook.read.layout.choose import Chooser, Context, Layout
from ledgersync.workbook.read.layout.evidence import Evidence
from ledgersync.workbook.read.layout.grid import Grid, Stray
from ledgersync.workbook.read.layout.headers import HeaderIndex
from ledgersync.workbook.read.layout.rows import reason_above
from ledgersync.workbook.read.layout.table_notes import TableNote, above_the_header
from ledgersync.workbook.read.layout.tables import read_table
from ledgersync.workbook.stamp_text import FORMULA_SHEETS, STAMP_MARK

GUIDE = "填表说明"
FINDINGS = ["工作表", "单元格", "级别", "字段", "问题", "规则"]  # of a marked workbook's list


@dataclass(frozen=True, slots=True)
class SheetReader:
    """Reads the sheets of one file with one catalog."""

    file: str
    index: HeaderIndex
    chooser: Chooser
    today: date
    date1904: bool = False

    def read(self, grid: Grid) -> tuple[list[TableData], list[Finding]]:
        """The tables of a sheet, and the faults of its layout."""
        if is_own(grid):
            return [], []
        blocks = find_blocks(grid, self.index)
        tables: list[TableData] = []
        findings: list[Finding] = []
        top = 1
        for n, block in enumerate(blocks):
            above = self._above(grid, top, block)
            words = " ".join(typed(grid_cell) for row in above for grid_cell in _texts(grid, row))
            context = Context(words, grid.sheet, self.file)
            layouts = self.chooser.layouts(block, context)
            following = blocks[n + 1] if n + 1 < len(blocks) else None
            top = self._end(grid, layouts, block, following)
            last = top - 1
            for i, layout in enumerate(layouts):
                right = layouts[i + 1].left - 1 if i + 1 < len(layouts) else grid.width
                data, told = self._table(grid, layout, last, right, above, i == 0)
                tables.append(data)
                findings += self._about(grid, layout, data)
                findings += [self._noted(grid, layout, note) for note in told]
        if grid.stray is not None and tables:
            findings.append(self._strayed(grid, grid.stray))
        if not tables and grid.sheet not in FORMULA_SHEETS and looks_like_a_table(grid):
            findings.append(self._unrecognised(grid, blocks))
        return tables, findings

    def _above(self, grid: Grid, top: int, block: Block) -> list[int]:
        return [row for row in range(top, block.top) if grid.filled(row)]

    def _table(
        self, grid: Grid, layout: Layout, last: int, right: int, above: Sequence[int], first: bool
    ) -> tuple[TableData, list[TableNote]]:
        schema = self.index.tables[layout.key]
        data, told = read_table(
            grid,
            schema,
            layout,
            last,
            right,
            self.today,
            above=above,
            is_first=first,
            date1904=self.date1904,
        )
        span = (layout.left, right) if not first else (1, right)
        data.skipped[:0] = above_reasons(grid, above, span)
        evidence = self._evidence([layout])
        told += [above_the_header(row) for row in above if _is_record(grid, row, evidence)]
        return data, told

    def _evidence(self, layouts: Sequence[Layout]) -> Evidence:
        fields = {c: m.field for layout in layouts for c, m in layout.fields.items()}
        return Evidence(fields, self.today)

    def _end(
        self, grid: Grid, layouts: Sequence[Layout], block: Block, following: Block | None
    ) -> int:
        """The first row that belongs to the next header: titles and captions above come along."""
        if following is None:
            return grid.height + 1
        return start_of(grid, following, block.bottom + 1, self._evidence(layouts))

    def _noted(self, grid: Grid, layout: Layout, note: TableNote) -> Finding:
        return Finding(
            self.file, grid.sheet, note.row, note.column, *layout.key, note.field,
            note.rule, note.severity, note.message,
        )  # fmt: skip

    def _about(self, grid: Grid, layout: Layout, data: TableData) -> list[Finding]:
        """Unknown and missing columns."""
        row = layout.block.bottom
        repeated = {c.index for c in layout.repeated}
        found = [
            self._finding(
                grid, layout, row, c.index, None, *_unknown(c.header, c.index in repeated)
            )
            for c in data.unknown_columns
            if c.kind != "serial"
            if c.index not in layout.ignored
        ]
        schema = self.index.tables[layout.key]
        seen = {c.field for c in data.columns}
        for f in schema.required:
            if f.id not in seen:
                found.append(self._finding(grid, layout, row, None, f.id, *_missing(f.header)))
        return found

    def _finding(
        self,
        grid: Grid,
        layout: Layout,
        row: int,
        column: int | None,
        field: str | None,
        rule: str,
        message: Message,
    ) -> Finding:
        severity: Severity = "info" if rule == "header.unknown" else "error"
        ledger, table = layout.key
        return Finding(
            self.file, grid.sheet, row, column, ledger, table, field, rule, severity, message
        )

    def _strayed(self, grid: Grid, stray: Stray) -> Finding:
        edge = f"{column_letters(stray.column)}{stray.row}"
        told = counted(
            "工作表“{sheet}”在 {edge} 以外还有 {n} 个零散单元格，未读取",
            n=stray.cells,
            sheet=grid.sheet,
            edge=edge,
        )
        return Finding(
            self.file, grid.sheet, stray.row, None, None, None, None,
            "table.unrecognised", "info", told,
        )  # fmt: skip

    def _unrecognised(self, grid: Grid, blocks: Sequence[Block]) -> Finding:
        row = blocks[0].bottom if blocks else None
        severity: Severity = "error" if grid.visibility == "visible" else "info"
        told = message(
            "工作表“{sheet}”里没有认出任何台账的表，其内容未读取；请核对表头，或用 "
            "ledgersync map 确认表头",
            sheet=grid.sheet,
        )
        return Finding(
            self.file, grid.sheet, row, None, None, None, None,
            "table.unrecognised", severity, told,
        )  # fmt: skip


def _texts(grid: Grid, row: int) -> list[object]:
    return [c for _, c in grid.filled(row) if isinstance(c, str)]


def _is_record(grid: Grid, row: int, evidence: Evidence) -> bool:
    """A row above the header that holds what only records hold, if one column off."""
    cells = grid.filled(row)
    entries = max(sum(evidence.is_entry(c + off, raw) for c, raw in cells) for off in (0, 1, -1))
    return entries > 2 or (entries > 1 and evidence.has_full_id(cells))


def start_of(grid: Grid, block: Block, floor: int, evidence: Evidence) -> int:
    """Upwards from a later header, as far as nothing there is of the table above it."""
    start = row = block.top
    while row - 1 >= floor:
        row -= 1
        filled = grid.filled(row)
        cells = [c for _, c in filled]
        if not cells:
            continue
        if evidence.decided(filled) or any(evidence.is_entry(c, raw) for c, raw in filled):
            break
        if len(cells) > 2 or any(_ends_a_table(c) for c in cells):
            break
        if row < start - 1 and not any(
            wording.is_title(c) for c in cells
        ):  # a gap between: only a title reaches over it
            break
        start = row
    return start


def _ends_a_table(raw: object) -> bool:
    if not isinstance(raw, str):
        return True
    return wording.is_total(raw) or (
        wording.is_note(raw) and not raw.strip().startswith("填报单位")
    )


def above_reasons(grid: Grid, above: Sequence[int], span: tuple[int, int]) -> list[SkippedRow]:
    """What the rows above a header are; of several plain lines one is the title."""
    rows = {row: [c for _, c in grid.filled(row, *span)] for row in above}
    reasons = {row: reason_above(cells) for row, cells in rows.items() if cells}
    plain = [row for row, reason in reasons.items() if reason == "title"]
    registers = [row for row in plain if any(wording.is_title(c) for c in rows[row])]
    title = next(iter(registers or plain), None)
    return [
        SkippedRow(row, "caption" if reason == "title" and row != title else reason)
        for row, reason in reasons.items()
    ]


def is_own(grid: Grid) -> bool:
    """A sheet that we wrote, though a format may have given it another name."""
    first = [typed(cell) for _, cell in grid.filled(1)]
    return (
        grid.sheet == GUIDE
        or (first[:1] == [STAMP_MARK] and len(first) <= 2)
        or (len(first) == 1 and first[0].endswith(GUIDE))
        or first == FINDINGS
    )


def looks_like_a_table(grid: Grid) -> bool:
    """At least two rows of three cells: worth a finding when it is none of ours."""
    full = (row for row in range(1, grid.height + 1) if len(grid.filled(row)) >= 3)
    return next(full, None) is not None and next(full, None) is not None


def _unknown(header: str, repeated: bool) -> tuple[str, Message]:
    shown = header or "（无表头）"
    if repeated:
        return "header.unknown", message(
            "列“{shown}”与另一列指同一项，已采用另一列，本列未读入", shown=shown
        )
    return "header.unknown", message(
        "不认识列“{shown}”，本列只随行保留，不参与校验和汇总", shown=shown
    )


def _missing(header: str) -> tuple[str, Message]:
    return "header.missing", message(
        "缺少必填列“{header}”；请补上该列，或用 ledgersync map 指明哪一列就是它", header=header
    )
