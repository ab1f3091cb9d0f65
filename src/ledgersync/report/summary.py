"""The summary workbook of a level: 合计 first, 户 and 人 apart, compared, missing units named.

One sheet says what is in it and who is missing; then for each ledger one sheet with the whole
unit compared over time and one with all units of the level side by side; then every unit's
figures as one long list to filter.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import cached_property
from typing import TypeVar

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.dataclass import dataclass
from ledgersync.report.annex.completeness import FULL, PARTLY
from ledgersync.report.annex.whole import annex_of
from ledgersync.report.book import annexes, cover
from ledgersync.report.book.annexes import Links, draw_meanings, draw_places, draw_tables
from ledgersync.report.book.courses import BY_MONTH, COURSE, draw_course
from ledgersync.report.book.courses import WIDTHS as _MONTHLY
from ledgersync.report.book.drawing import draw
from ledgersync.report.book.footnotes import Footnotes
from ledgersync.report.book.pivot import PIVOT, draw_pivot, widths
from ledgersync.report.book.sums import Total, adds_up
from ledgersync.report.cells import FigureCell, change_at, figure_at
from ledgersync.report.content import Annex, Shown
from ledgersync.report.groups import Group, Topic, side_by_side, topics
from ledgersync.report.marks import Marks
from ledgersync.report.reading import Reading
from ledgersync.report.sheets import LINE, Caption, ChartOf, Page
from ledgersync.report.wording import HINT, NOTHING
from ledgersync.rollup.caveats.comparing import BASES
from ledgersync.rollup.definitions import COMMON
from ledgersync.rollup.figures import WINDOWS, Line, RollUp, Window
from ledgersync.rollup.period.months import caution
from ledgersync.rollup.units.tree import LEVEL_NAMES, Node
from ledgersync.schema import Catalog
from ledgersync.workbook.drawn import workbook_bytes
from ledgersync.workbook.lines import line_count
from ledgersync.workspace.unitcodes import Level

_Item = TypeVar("_Item")
_COMPARED = ("本期", "本年累计", "上年同期", "同比", "环比", "备注")
_TOGETHER = 8  # lines of one heading are not parted
_HEADS = 112.0  # points above the lines of a table: gap, heading, groups, header
DETAILS = "分单位明细"
SCREEN_SHEETS = (DETAILS, annexes.PLACES)  # to be searched and filtered, not to be printed
_WIDE = 10  # figures side by side on a landscape page
_MATRIX = (22, 12, *[12.5] * _WIDE)
_COVER, _TIMES = (26, 16, 44, 12, 12, 12), (32, 9, 14, 14, 14, 15, 15, 12)
_LANDSCAPE = 133.0  # characters that a portrait page would make too small
_BARS = 24  # units that a chart compares
_LIST, _CHARTS = (18, 10, 28, 9, 14, 14, 14, 14, 14, 26), (12.0,) * 8


@dataclass(frozen=True)
class Summary:
    """One level's workbook of a roll-up."""

    found: RollUp
    catalog: Catalog
    level: Level
    reported: date
    annex: Annex | None = None
    pages: list[Page] = field(default_factory=list)
    totals: dict[str, dict[str, object]] = field(default_factory=dict)

    @cached_property
    def behind(self) -> Annex:
        """What the sheets behind the figures say."""
        return self.annex or annex_of(Reading(self.found), self.catalog)

    @cached_property
    def links(self) -> Links:
        return Links(self.found)

    @property
    def figures(self) -> dict[str, Shown]:
        """Every figure by its cell, once the workbook is built."""
        found = ((place, shown) for page in self.pages for shown, place in page.figures)
        return {place: shown for place, shown in found if isinstance(shown, Shown)}

    @property
    def top(self) -> Node:
        return self.found.tree.nodes[self.found.tree.root]

    @cached_property
    def marks(self) -> Marks:
        return Marks(self.found)

    @property
    def units(self) -> list[Node]:
        """The units of the level, those that do not report included."""
        return [n for n in self.found.tree if n.unit.level == self.level]

    def build(self) -> Workbook:
        """The sheets that figures lead to are drawn first, and stand last."""
        book = Workbook()
        book.properties.creator = book.properties.lastModifiedBy = self.top.unit.name
        book.properties.title = f"{self.top.unit.name}社区工作汇总表（{self.found.period.name}）"
        front = book.active
        assert front is not None
        front.title = cover.COVER
        self._behind(book)
        last = len(book.worksheets)
        charts = sorted(self._topics(book), key=lambda chart: not chart.title.startswith("分"))
        self._pivot(book)
        self._details(self._page(book.create_sheet(DETAILS), _LIST))
        self._charts(book, charts)
        self._course(book)
        self._by_month(book)
        sheets = book.worksheets
        book._sheets = [sheets[0], *sheets[last:], *sheets[1:last]]  # type: ignore[attr-defined]
        self._cover(self._page(front, _COVER), [s.title for s in book.worksheets[1:]])
        return book

    def data(self) -> bytes:
        return workbook_bytes(self.build(), self.totals)

    def _behind(self, book: Workbook) -> None:
        """缺报与迟报, 数据质量, 指标口径, 数据出处."""
        pages = {}
        for name in annexes.sheet_names(self.behind):
            sheet = book.create_sheet(name)
            pages[name] = self._page(sheet, annexes.WIDTHS[name])
            self._title(pages[name], name)
        draw_meanings(pages[annexes.MEANINGS], self.behind, self.found, self.links)
        nothing = "没有要说明的。"
        draw_tables(pages[annexes.COMPLETENESS], self.behind.completeness, self.found, nothing)
        draw_tables(pages[annexes.QUALITY], self.behind.quality, self.found, nothing)
        if self.behind.places is not None:
            back = pages[annexes.MEANINGS].sheet
            page = pages[annexes.PLACES]
            draw_places(page, self.behind.places, self.found, self.links, back)

    def _topics(self, book: Workbook) -> Iterator[ChartOf]:
        for topic in topics(self.found, self.catalog):
            yield from self._compared(self._page(book.create_sheet(topic.name), _TIMES), topic)
            if len(self.units) > 1 or self.top not in self.units:
                sheet = book.create_sheet(f"{topic.name}·分单位")
                yield from self._side_by_side(self._page(sheet, _MATRIX), topic)

    def _pivot(self, book: Workbook) -> None:
        nodes = _first(self.top, self.units)
        if len(nodes) < 2:
            return
        page = self._page(book.create_sheet(PIVOT), widths(len(nodes)))
        self._title(page, "单位×指标一览表")
        names = ["合计", *(node.unit.name for node in nodes[1:])]
        lines = self.found.lines
        cells = [[self._cell(node, line) for node in nodes] for line in lines]
        draw_pivot(page, topics(self.found, self.catalog), names, cells, lines)

    def _course(self, book: Workbook) -> None:
        if self.behind.trends:
            page = self._page(book.create_sheet(COURSE), _MONTHLY)
            self._title(page, f"{COURSE}（逐月）")
            for chart in self.behind.trends:
                draw_course(page, chart, self.found)

    def _by_month(self, book: Workbook) -> None:
        if self.behind.months is not None and self.behind.months.rows:
            page = self._page(book.create_sheet(BY_MONTH), _MONTHLY)
            self._title(page, BY_MONTH)
            page.repeat(draw(page, self.behind.months, self.found, heading=False) - 1)
            page.note(f"{FULL}：各台账都有数；{PARTLY}：有的台账缺；其余写明原因。")

    def _page(self, sheet: Worksheet, widths: Sequence[float]) -> Page:
        """A sheet that says at its foot whose figures of when it shows; wide ones lie across."""
        owner = f"{self.top.unit.name}　{self.found.period.name}"
        page = Page(sheet, widths, owner, portrait=sum(widths) < _LANDSCAPE)
        page.link = self.links
        self.pages.append(page)
        return page

    def _charts(self, book: Workbook, charts: Sequence[ChartOf]) -> None:
        """All charts on a sheet of their own, one below the other, each whole on a page."""
        if not charts:
            return
        page = self._page(book.create_sheet("图表"), _CHARTS)
        self._title(page, "工作情况图")
        for chart in charts:
            page.bars(chart)

    def _title(self, page: Page, what: str) -> None:
        unit, period = self.top.unit.name, self.found.period.name
        page.title(f"{unit}{what}（{period}）", Caption(unit, self._span(), self.reported))

    def _span(self) -> str:
        period = self.found.period
        span = f"{period.name}（{period.first.isoformat()} 至 {period.last.isoformat()}）"
        remark = caution(period, self.reported)
        return f"{span}，{remark.zh}" if remark else span

    def _cover(self, page: Page, sheets: Sequence[str]) -> None:
        self._title(page, f"社区工作汇总表·按{LEVEL_NAMES[self.level]}")
        page.note(HINT, 2)
        cover.contents(page, sheets)
        page.heading(f"报送情况{self._came()}")
        page.header(("单位", "级别", "情况"), 22)
        for node in self.units:
            page.line(
                (
                    node.unit.name,
                    LEVEL_NAMES[node.unit.level],
                    self.marks.reported(node, self.catalog),
                ),
                (),
            )

    def _came(self) -> str:
        """`（5/6 个社区报送）`."""
        code = self.top.unit.code
        counts = (self.found.value(code, name) for name in ("units_expected", "units_missing"))
        expected, missing = (None if n is None else int(n) for n in counts)
        if expected is None or missing is None:
            return ""
        return f"（{expected - missing}/{expected} 个社区报送）"

    def _compared(self, page: Page, topic: Topic) -> Iterator[ChartOf]:
        """The whole unit over time: 合计. Yields what is worth a chart."""
        self._title(page, f"{topic.name}情况汇总表")
        page.note(HINT, 3)
        notes = Footnotes([self._notes(self.top, x) for g in topic.groups for x in g.lines])
        for sentence in notes.sentences():
            page.note(sentence, line_count(sentence, sum(page.widths)))
        page.header(("指标（合计）", "计量单位", *_COMPARED))
        page.sheet.freeze_panes = f"A{page.row}"
        page.repeat(page.row - 1)
        for group in topic.groups:
            page.keep_together(LINE * (1 + min(len(group.lines), _TOGETHER)))
            page.band(group.heading)
            first = page.row
            for line in group.lines:
                note = notes.signs(self._notes(self.top, line))
                page.line((line.name, line.measure), self._numbers(self.top, line), note=note)
            if self._is_charted(group):
                yield ChartOf(f"{group.heading}（本期）", page.sheet, 3, first, page.row - 1)

    def _is_charted(self, group: Group) -> bool:
        """A family of some size, all of which may be shown."""
        figures = [self.found.get(self.top.unit.code, line.id) for line in group.lines]
        return group.is_family and len(figures) > 4 and not any(f and f.suppressed for f in figures)

    def _numbers(self, node: Node, line: Line) -> list[FigureCell]:
        windows: tuple[Window, ...] = ("current", "year_to_date", "year_before")
        values = [figure_at(self.found, node, line, window) for window in windows]
        return [*values, *(change_at(self.found, node, line, base) for base in BASES)]

    def _notes(self, node: Node, line: Line) -> list[str]:
        """What stands beside a figure."""
        figure = self.found.get(node.unit.code, line.id)
        return [remark.zh for remark in self.marks.beside(figure, line)]

    def _side_by_side(self, page: Page, topic: Topic) -> Iterator[ChartOf]:
        """All units of the level, 合计 first, a table per group; yields the units' chart."""
        self._title(page, f"{topic.name}情况分{LEVEL_NAMES[self.level]}汇总表")
        page.sheet.freeze_panes = f"B{page.row}"
        page.repeat(1)
        for at, parts in enumerate(side_by_side(topic.groups, _WIDE)):
            rows = self._matrix(page, parts)
            if at == 0 and rows is not None and topic.id != COMMON:
                line = parts[0].lines[0]
                title = f"分{LEVEL_NAMES[self.level]}：{line.name}（{line.measure}）"
                yield ChartOf(title, page.sheet, 3, *rows)

    def _matrix(self, page: Page, parts: Sequence[Group]) -> tuple[int, int] | None:
        """One table, or several where the units do not fit on a page.

        Returns the first and the last row of the units where they stand in one table.
        """
        nodes = _first(self.top, self.units)
        lines = [line for group in parts for line in group.lines]
        rows: list[int] = []
        pages = list(_chunks(nodes, page.lines_on_a_page(_HEADS)))
        for number, some in enumerate(pages):
            page.keep_together(_HEADS + LINE * len(some))
            self._matrix_header(page, parts, again=number > 0)
            for node in some:
                rows.append(page.row)
                self._unit_row(page, node, lines, total=node is self.top)
        self._sum_up(page.sheet, rows, lines)
        return (rows[1], rows[-1]) if len(pages) == 1 and 2 < len(rows) <= _BARS else None

    def _sum_up(self, sheet: Worksheet, rows: Sequence[int], lines: Sequence[Line]) -> None:
        """合计 as a formula where it is the sum of the units, with its value."""
        for column, line in enumerate(lines, 3):
            cell = sheet.cell(rows[0], column)
            value, parts = cell.value, {row: sheet.cell(row, column).value for row in rows[1:]}
            formula = Total(column, value, parts).formula() if adds_up(line.defined) else None
            if formula is not None:
                self.totals.setdefault(sheet.title, {})[cell.coordinate] = value
                cell.value = formula

    def _matrix_header(self, page: Page, parts: Sequence[Group], *, again: bool) -> None:
        """The groups, then their figures beneath them."""
        lines = [(line, group) for group in parts for line in group.lines]
        measures = dict.fromkeys(line.measure for line, _ in lines)
        unit = f"（计量单位：{'、'.join(measures)}）" if len(measures) < 4 else ""
        names = "、".join(dict.fromkeys(group.heading for group in parts))
        page.heading(f"{names}{'（续）' if again else ''}{unit}")
        if len(parts) > 1:
            heads, spans = [g.heading for g in parts], [len(g.lines) for g in parts]
            page.spread(["", "", *heads], [1, 1, *spans], header=True)
        page.header(("单位", "上级", *(_short(line, group) for line, group in lines)), 36)

    def _unit_row(self, page: Page, node: Node, lines: Sequence[Line], *, total: bool) -> None:
        above = self.found.tree.nodes.get(node.parent or "")
        cells = [above.unit.name] if above and not total else []
        lacking = self.marks.lacking(node, lines) if node.unit.level != "community" else None
        texts = (
            "合计" if total else node.unit.name,
            "；".join([*cells, *([lacking.zh] if lacking else [])]),
        )
        page.line(texts, [self._cell(node, line) for line in lines], total=total)

    def _cell(self, node: Node, line: Line) -> FigureCell:
        """A figure, or why there is none."""
        figure = self.found.get(node.unit.code, line.id)
        state = self.marks.state(node, line.defined.ledger)
        if state and figure is None:
            return FigureCell(state.zh, "@")
        return figure_at(self.found, node, line)

    def _details(self, page: Page) -> None:
        """Every unit's figures, one per row, to be filtered."""
        self._title(page, "分单位明细表")
        page.header(("单位", "台账", "指标", "计量单位", *_COMPARED))
        first = page.row
        page.repeat(first - 1)
        page.sheet.freeze_panes = f"A{first}"
        names = {topic.id: topic.name for topic in topics(self.found, self.catalog)}
        for node in _first(self.top, self.units):
            for line in self.found.lines:
                if any((node.unit.code, line.id) in self.found.by_window[w] for w in WINDOWS):
                    name = "合计" if node is self.top else node.unit.name
                    texts = (name, names[line.defined.ledger], line.name, line.measure)
                    numbers, note = self._numbers(node, line), "；".join(self._notes(node, line))
                    page.line(texts, numbers, total=node is self.top, note=note)
            self._absent(page, node, names)
        page.sheet.auto_filter.ref = f"A{first - 1}:J{max(first, page.row - 1)}"

    def _absent(self, page: Page, node: Node, names: Mapping[str, str]) -> None:
        """The ledgers that a unit has no figures of, one row each."""
        for ledger in self.catalog:
            state = self.marks.state(node, ledger.id)
            if state and ledger.id in names:
                texts = (node.unit.name, names[ledger.id], "（全部指标）", "")
                page.line(texts, [(NOTHING, "@")] * (len(_COMPARED) - 1), note=state.zh)


def _first(top: Node, units: Iterable[Node]) -> list[Node]:
    return [top, *(node for node in units if node is not top)]


def _chunks(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    return (items[at : at + size] for at in range(0, len(items), size))


def _short(line: Line, group: Group) -> str:
    """A family's member alone, since the heading says the rest."""
    if group.is_family and line.member is not None:
        return (
            f"第{line.member}轮" if line.member.isdigit() and len(line.member) < 3 else line.member
        )
    return line.name.removeprefix("其中：") if line.name else NOTHING
