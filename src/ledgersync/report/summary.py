"""The summary workbook of a level: 合计 first, 户 and 人 apart, compared, missing units named.

One sheet says what is in it and who is missing; then for each ledger one sheet with the whole
unit compared over time and one with all units of the level side by side; then every unit's
figures as one long list to filter.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.files import atomic_write
from ledgersync.report.cells import FigureCell, change_at, figure_at
from ledgersync.report.content import Shown
from ledgersync.report.groups import Group, Topic, topics
from ledgersync.report.marks import Marks
from ledgersync.report.sheets import LINE, Caption, ChartOf, Page
from ledgersync.report.wording import NOTHING
from ledgersync.rollup.caveats.comparing import BASES
from ledgersync.rollup.figures import WINDOWS, Line, RollUp, Window
from ledgersync.rollup.period.months import caution
from ledgersync.rollup.units.tree import LEVEL_NAMES, LEVELS, Level, Node
from ledgersync.schema import Catalog
from ledgersync.workbook.drawn import workbook_bytes
from ledgersync.workspace.place import keep_private

_Item = TypeVar("_Item")
_COMPARED = ("本期", "本年累计", "上年同期", "同比", "环比", "备注")
_TOGETHER = 8  # lines of one heading are not parted
_HEADS = 90.0  # points above the lines of a table: gap, heading, header
_WIDE = 10  # figures side by side on a landscape page
_MATRIX = (22, 12, *[12.5] * _WIDE)
_COVER, _TIMES = (26, 16, 44, 12, 12, 12), (30, 9, 13, 13, 13, 14, 14, 26)
_LIST, _CHARTS = (18, 10, 28, 9, 14, 14, 14, 14, 14, 26), (12.0,) * 8
_HINT = (
    "同比为较上年同期、环比为较上一个同样长的时期；率的变动为个百分点；基数为零或没有时为“—”，"
    "两期的单位不同、台账当时才开始、基数不足20或本期未完时为“不可比”；"
    "“*”为按规定不显示的小数，其中有这样的数的合计写“不少于…”。户数、人数在各级分别去重，上级数不一定等于下级之和。"
)


@dataclass(frozen=True)
class Summary:
    """One level's workbook of a roll-up."""

    found: RollUp
    catalog: Catalog
    level: Level
    reported: date
    pages: list[Page] = field(default_factory=list)

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
        book = Workbook()
        cover = book.active
        assert cover is not None
        cover.title = "说明"
        self._cover(self._page(cover, _COVER))
        charts: list[ChartOf] = []
        for topic in topics(self.found, self.catalog):
            charts += self._compared(self._page(book.create_sheet(topic.name), _TIMES), topic)
            if len(self.units) > 1 or self.top not in self.units:
                sheet = book.create_sheet(f"{topic.name}·分单位")
                self._side_by_side(self._page(sheet, _MATRIX), topic)
        self._details(self._page(book.create_sheet("分单位明细"), _LIST))
        self._charts(book, charts)
        return book

    def _page(self, sheet: Worksheet, widths: Sequence[float]) -> Page:
        """A sheet that says at its foot whose figures of when it shows; wide ones lie across."""
        owner = f"{self.top.unit.name}　{self.found.period.name}"
        page = Page(sheet, widths, owner, portrait=len(widths) < len(_MATRIX))
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
        said = caution(period, self.reported)
        return f"{span}，{said.zh}" if said else span

    def _cover(self, page: Page) -> None:
        self._title(page, f"社区工作汇总表·按{LEVEL_NAMES[self.level]}")
        page.note(_HINT, 2)
        page.heading("报送情况")
        page.header(("单位", "级别", "情况"), 22)
        for node in self.units:
            page.line((node.unit.name, LEVEL_NAMES[node.unit.level], self._state(node)), ())
        self._missing(page)
        self._marked(page)
        if self.found.imbalances:
            page.heading("数据不平衡，请核对")
            page.header(("单位", "级别", "关系", "左边", "右边"), 22)
            for found in self.found.imbalances:
                node = self.found.tree.find(found.unit)
                texts = (node.unit.name, LEVEL_NAMES[node.unit.level], found.name)
                page.line(texts, ((found.left, "General"), (found.right, "General")))

    def _marked(self, page: Page) -> None:
        """What could not be told together from the packages that units sent."""
        found: dict[tuple[str, str], list[str]] = {}
        for node in dict.fromkeys((self.top, *self.units)):
            for line in self.found.lines:
                figure = self.found.get(node.unit.code, line.id)
                if figure and figure.mark:
                    found.setdefault((node.unit.code, figure.mark), []).append(line.name)
        if not found:
            return
        page.heading("由上报包合并的数（相加而未跨单位去重的，可能偏大）")
        page.header(("单位", "级别", "说明"), 22)
        for (code, mark), names in found.items():
            unit = self.found.tree.find(code).unit
            page.line((unit.name, LEVEL_NAMES[unit.level], f"{mark}：{'、'.join(names)}"), ())

    def _missing(self, page: Page) -> None:
        if not self.found.missing:
            return
        page.heading("缺报单位（未计入合计，不按零处理）")
        page.header(("单位", "台账", "原因"), 22)
        for missing in self.found.missing:
            name = self.found.tree.find(missing.unit).unit.name
            ledger = self.catalog.ledgers[missing.ledger].name if missing.ledger else "全部"
            page.line((name, ledger, missing.reason.zh), ())

    def _state(self, node: Node) -> str:
        below = {n.unit.code for n in self._under(node)}
        missing = {m.unit for m in self.found.missing if m.unit in below}
        if not missing:
            return "已报"
        if self.level == "community":
            return self._own_state(node)
        return f"{len(missing)} 个单位有缺报"

    def _own_state(self, node: Node) -> str:
        """缺报, or what is the matter with which ledgers."""
        if self.marks.is_silent(node):
            return "缺报"
        if node.unit.code in self.found.nothing_in:
            return "空台账"
        names = ((ledger.name, self.marks.state(node, ledger.id)) for ledger in self.catalog)
        return "；".join(f"{name}：{state.zh}" for name, state in names if state)

    def _under(self, node: Node) -> Iterator[Node]:
        yield node
        for child in self.found.tree.children(node.code):
            yield from self._under(child)

    def _compared(self, page: Page, topic: Topic) -> Iterator[ChartOf]:
        """The whole unit over time: 合计. Yields what is worth a chart."""
        self._title(page, f"{topic.name}情况汇总表")
        page.note(_HINT, 2)
        page.header(("指标（合计）", "计量单位", *_COMPARED))
        page.sheet.freeze_panes = f"A{page.row}"
        page.repeat(page.row - 1)
        for group in topic.groups:
            page.keep_together(LINE * (1 + min(len(group.lines), _TOGETHER)))
            page.band(group.heading)
            first = page.row
            for line in group.lines:
                note = self._note(self.top, line)
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

    def _note(self, node: Node, line: Line) -> str:
        """What stands beside a figure."""
        figure = self.found.get(node.unit.code, line.id)
        return "；".join(said.zh for said in self.marks.beside(figure, line))

    def _side_by_side(self, page: Page, topic: Topic) -> None:
        """All units of the level, 合计 first, a table per group."""
        self._title(page, f"{topic.name}情况分{LEVEL_NAMES[self.level]}汇总表")
        page.sheet.freeze_panes = f"B{page.row}"
        page.repeat(1)
        for group in topic.groups:
            for number, lines in enumerate(_chunks(group.lines, _WIDE)):
                self._matrix(page, group, lines, number)

    def _matrix(self, page: Page, group: Group, lines: Sequence[Line], number: int) -> None:
        """One table, or several where the units do not fit on a page."""
        nodes = _first(self.top, self.units)
        for part, some in enumerate(_chunks(nodes, page.lines_on_a_page(_HEADS))):
            page.keep_together(_HEADS + LINE * len(some))
            self._matrix_header(page, group, lines, number + part)
            for node in some:
                self._unit_row(page, node, lines, total=node is self.top)

    def _matrix_header(self, page: Page, group: Group, lines: Sequence[Line], number: int) -> None:
        measures = dict.fromkeys(line.measure for line in lines)
        unit = f"（计量单位：{'、'.join(measures)}）" if len(measures) < 4 else ""
        page.heading(f"{group.heading}{'（续）' if number else ''}{unit}")
        page.header(("单位", "上级", *(_short(line, group) for line in lines)), 36)

    def _unit_row(self, page: Page, node: Node, lines: Sequence[Line], *, total: bool) -> None:
        above = self.found.tree.nodes.get(node.parent or "")
        said = [above.unit.name] if above and not total else []
        lacking = self.marks.lacking(node, lines) if node.unit.level != "community" else None
        texts = (
            "合计" if total else node.unit.name,
            "；".join([*said, *([lacking.zh] if lacking else [])]),
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
                    numbers, note = self._numbers(node, line), self._note(node, line)
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


@dataclass(frozen=True)
class Built:
    """A finished workbook: its name and bytes, and every figure of it by its cell."""

    name: str
    data: bytes
    figures: Mapping[str, Shown]


def build_summaries(
    found: RollUp, reported: date, catalog: Catalog, level: str | None = None, whose: str = ""
) -> Iterator[Built]:
    """One workbook per level that has units, or for one level; `whose` stands in their names."""
    present = {node.unit.level for node in found.tree}
    for each in LEVELS:
        if each in present and level in (None, each):
            summary = Summary(found, catalog, each, reported)
            name = f"汇总表-{LEVEL_NAMES[each]}{whose}-{found.period.text}.xlsx"
            yield Built(name, workbook_bytes(summary.build()), summary.figures)


def write_summaries(
    found: RollUp, folder: Path, reported: date, *, catalog: Catalog, level: str | None = None
) -> list[Path]:
    """Writes one workbook per level that has units (or for one level); returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for built in build_summaries(found, reported, catalog, level):
        path = folder / built.name
        atomic_write(path, built.data)
        keep_private(path)
        written.append(path)
    return written
