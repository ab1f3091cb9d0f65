"""The sheets of a summary workbook: titles, captions, tables, their look and their print setup."""

import math
from collections.abc import Callable, Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.dataclass import dataclass
from ledgersync.report.wording import NOTHING, hidden_text
from ledgersync.rollup.figures import Figure, Line
from ledgersync.workbook import a4
from ledgersync.workbook.lines import height_of, line_count
from ledgersync.workbook.pages import break_before, set_up_page

CellValue = str | int | float | Decimal | None
_FONT = "宋体"
_BLUE, _PALE, _TOTAL = "1F4E79", "DDEBF7", "F2F7FC"
_THIN = Side(style="thin", color="9DB2C6")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_CENTER = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_RIGHT = Alignment(horizontal="right", vertical="center")
_SIGNS = 9  # characters of footnote signs
LINE = 18.0  # points, of a row with one line
_GAP = 15.0  # of an empty row
_SAFE = 0.97  # of a page is used, since programs differ a little in their heights
_CM = 72 / 2.54  # points
_TALLEST_CHART = 14.0  # centimetres, with a title above it on the page
PERCENT, POINTS = "+0.0%;-0.0%;0.0%", '+0.0"个百分点";-0.0"个百分点";0.0"个百分点"'


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands above and below every table."""

    unit: str
    period: str
    reported: date


@dataclass(frozen=True, slots=True)
class ChartOf:
    """What a chart shows: the numbers of a column, named by column A, rows from to."""

    title: str
    sheet: Worksheet
    column: int
    first: int
    last: int

    @property
    def height(self) -> float:
        """In centimetres, so that every bar has its line of text."""
        return min(_TALLEST_CHART, 3 + 0.6 * (self.last - self.first + 1))

    def cells(self, column: int) -> Reference:
        return Reference(self.sheet, min_col=column, min_row=self.first, max_row=self.last)


def figure_cell(figure: Figure | None, line: Line) -> tuple[CellValue, str]:
    """Value and number format of a figure."""
    if figure is not None and figure.value is None and figure.mark:
        return figure.mark, "@"
    if figure is None or figure.value is None:
        return hidden_text(figure), "@"
    if line.is_ratio:
        return float(figure.value), "0.0%"
    if isinstance(figure.value, Decimal):
        return figure.value, "#,##0.00"
    return figure.value, "#,##0" if isinstance(figure.value, int) else "#,##0.0"


def change_cell(value: float | None, line: Line) -> tuple[CellValue, str]:
    """Value and number format of a change."""
    if value is None:
        return NOTHING, "@"
    return (value * 100, POINTS) if line.is_ratio else (value, PERCENT)


class Page:
    """One sheet, filled from the top down; its title reaches over all columns.

    It knows how much of the printed page is used, so that what belongs together stays together.
    """

    def __init__(
        self, sheet: Worksheet, widths: Sequence[float], owner: str, *, portrait: bool = False
    ) -> None:
        self.sheet = sheet
        self.columns = len(widths)
        self.row = 1
        self.figures: list[tuple[object, str]] = []
        self.link: Callable[[object], str | None] = lambda _: None
        self._widths = list(widths)
        self._looks: dict[tuple[str, int, bool], Any] = {}
        self._repeated = self._used = 0.0
        scale = min(1.0, a4.scale_of(widths, portrait=portrait))
        self._room = _SAFE * a4.points_down(portrait=portrait) / scale
        sheet.sheet_view.showGridLines = False
        set_up_page(sheet, owner, portrait=portrait)
        for column, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(column)].width = width

    @property
    def widths(self) -> Sequence[float]:
        return self._widths

    def repeat(self, row: int) -> None:
        """This row, which is written, stands on top of every page."""
        self.sheet.print_title_rows = f"{row}:{row}"
        self._repeated = self.sheet.row_dimensions[row].height or _GAP

    def keep_together(self, height: float) -> None:
        """What follows, so many points high, begins a page unless it fits on this one."""
        if self._used + height > self._room and self._used > self._repeated:
            break_before(self.sheet, self.row)
            self._used = self._repeated

    def lines_on_a_page(self, height: float) -> int:
        """How many lines stand on a page beside something of this height."""
        return max(1, int((self._room - self._repeated - height) / LINE))

    def _next(self, height: float) -> None:
        """The row is done; it takes `height` points."""
        self.sheet.row_dimensions[self.row].height = height
        self.skip(height)

    def skip(self, height: float = _GAP) -> None:
        """Goes on in the next row."""
        self.row += 1
        self._used += height
        if self._used > self._room:
            self._used = self._repeated + height

    def title(self, text: str, caption: Caption) -> None:
        """The title, and beneath it who reports and when."""
        self._merged(text, Font(name="黑体", size=16, bold=True, color=_BLUE), _CENTER, 34)
        line = f"填报单位：{caption.unit}　　统计期：{caption.period}"
        self._merged(line, Font(name=_FONT, size=10), _LEFT, 20)
        signed = f"填报人：　　　　　　审核人：　　　　　　报出日期：{_day(caption.reported)}"
        self._merged(signed, Font(name=_FONT, size=10), _LEFT, 20)

    def note(self, text: str, lines: int = 1) -> None:
        """A remark in small type."""
        font = Font(name=_FONT, size=9, italic=True, color="595959")
        self._merged(text, font, _LEFT, 15 * lines)

    def heading(self, text: str) -> None:
        self.skip()
        self._merged(text, Font(name="黑体", size=12, bold=True, color=_BLUE), _LEFT, 22)

    def _text(self, column: int, text: str) -> Any:
        """A cell of this row with a text, which is no formula whatever it begins with."""
        cell = self.sheet.cell(self.row, column, text)
        cell.data_type = "s"
        return cell

    def _merged(self, text: str, font: Font, alignment: Alignment, height: float) -> None:
        cell = self._text(1, text)
        cell.font, cell.alignment = font, alignment
        self.sheet.merge_cells(
            start_row=self.row, end_row=self.row, start_column=1, end_column=self.columns
        )
        self._next(height)

    def header(self, texts: Sequence[str], height: float = 32) -> None:
        for column, text in enumerate(texts, 1):
            _as_header(self._text(column, text))
        self._next(max(height, self._height(texts)))

    def band(self, text: str) -> None:
        """A row that names the lines beneath it."""
        for column in range(1, self.columns + 1):
            cell = self.sheet.cell(self.row, column)
            cell.fill, cell.border = PatternFill("solid", fgColor=_PALE), _GRID
        cell = self._text(1, text)
        cell.font, cell.alignment = Font(name="黑体", size=10, color=_BLUE), _LEFT
        self._next(LINE + 1)

    def line(
        self,
        texts: Sequence[str],
        numbers: Sequence[tuple[CellValue, str] | tuple[CellValue, str, object]],
        *,
        total: bool = False,
        note: str | None = None,
    ) -> None:
        """Texts on the left, then numbers with their formats, then what stands beside them."""
        for column, text in enumerate(texts, 1):
            self._cell(column, text, "@", _LEFT if column == 1 else _CENTER, total)
        for column, (value, shown, *figure) in enumerate(numbers, len(texts) + 1):
            self._cell(column, value, shown, _RIGHT, total)
            self._remember(column, *figure)
        height = self._height(texts)
        if note is not None:
            column = len(texts) + len(numbers) + 1
            is_short = len(note) < _SIGNS
            self._cell(column, note or None, "@", _CENTER if is_short else _LEFT, total)
            height = max(height, height_of(line_count(note, self._widths[column - 1])))
        self._next(max(LINE, height))

    def _remember(self, column: int, figure: object = None) -> None:
        """Where a figure stands: `表!C5`."""
        if figure is not None:
            place = f"{self.sheet.title}!{get_column_letter(column)}{self.row}"
            self.figures.append((figure, place))
            where = self.link(figure)
            if where is not None:
                link_to(self.sheet.cell(self.row, column), where)

    def spread(
        self,
        cells: Sequence[str | tuple[CellValue, str, object]],
        spans: Sequence[int],
        *,
        header: bool = False,
    ) -> None:
        """Cells over several columns each; texts wrap, the row is as high as the longest."""
        column, height = 1, 0.0
        for cell, span in zip(cells, spans, strict=True):
            text = cell if isinstance(cell, str) else ""
            self._spread_one(column, cell, span, header=header)
            room = sum(self._widths[column - 1 : column - 1 + span])
            height = max(height, height_of(line_count(text, room)))
            column += span
        self._next(max(LINE + 4 if header else LINE, height))

    def _spread_one(
        self, column: int, cell: str | tuple[CellValue, str, object], span: int, *, header: bool
    ) -> None:
        for at in range(column, column + span):
            self._cell(at, None, "@", _LEFT, False)
        if isinstance(cell, str):
            is_short = line_count(cell, 13) == 1 and column > 1
            self._cell(column, cell, "@", _CENTER if is_short else _LEFT, False)
        else:
            self._cell(column, cell[0], cell[1], _RIGHT, False)
            self._remember(column, cell[2])
        if header:
            self._head(column, span)
        if span > 1:  # every cell has its borders already, and no two spans meet
            last = column + span - 1
            merged = CellRange(min_row=self.row, max_row=self.row, min_col=column, max_col=last)
            self.sheet.merged_cells.ranges.add(merged)

    def _head(self, column: int, span: int) -> None:
        for at in range(column, column + span):
            _as_header(self.sheet.cell(self.row, at))

    def _height(self, texts: Sequence[str]) -> float:
        """Of a row with these texts; one line needs no more than usual."""
        cells = zip(texts, self._widths, strict=False)
        lines = max((line_count(text, width) for text, width in cells), default=1)
        return height_of(lines) if lines > 1 else 0.0

    def _cell(
        self, column: int, value: CellValue, shown: str, alignment: Alignment, total: bool
    ) -> None:
        cell = self.sheet.cell(self.row, column, value)
        if shown == "@" and isinstance(value, str):
            cell.data_type = "s"
        look = (shown, id(alignment), total)
        if look in self._looks:  # openpyxl makes every style of every cell anew
            cell._style = copy(self._looks[look])  # type: ignore[attr-defined]
            return
        cell.font = Font(name=_FONT, size=10, bold=total)
        cell.number_format, cell.alignment, cell.border = shown, alignment, _GRID
        if total:
            cell.fill = PatternFill("solid", fgColor=_TOTAL)
        self._looks[look] = copy(cell._style)  # type: ignore[attr-defined]

    def bars(self, chart: ChartOf) -> None:
        """A bar chart across the page, whole on one page."""
        rows = math.ceil(chart.height * _CM / _GAP) + 2
        self.keep_together(rows * _GAP)
        self.sheet.add_chart(_drawn(chart, self._widths), f"A{self.row + 1}")
        for _ in range(rows):
            self._next(_GAP)


def _as_header(cell: Any) -> None:
    cell.font = Font(name="黑体", size=10, bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=_BLUE)
    cell.alignment, cell.border = _CENTER, _GRID


def link_to(cell: Any, place: str) -> None:
    """A click leads to another cell of the workbook; the look stays."""
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place)


def _drawn(chart: ChartOf, widths: Sequence[float]) -> BarChart:
    """The chart, a little narrower than the columns, with its numbers at the bars."""
    drawn = BarChart()
    drawn.type, drawn.style, drawn.title, drawn.legend = "bar", 10, chart.title, None
    drawn.add_data(chart.cells(chart.column))
    drawn.set_categories(chart.cells(1))
    drawn.series[0].graphicalProperties.solidFill = _BLUE
    drawn.dataLabels = _values_only()
    drawn.y_axis.delete = drawn.x_axis.delete = False
    drawn.y_axis.numFmt, drawn.y_axis.majorGridlines = "#,##0", None
    drawn.x_axis.scaling.orientation = "maxMin"
    across = sum(7 * width + 5 for width in widths) / 96 * 2.54
    drawn.gapWidth, drawn.width, drawn.height = 40, int(across), chart.height
    return drawn


def _values_only() -> DataLabelList:
    labels = DataLabelList(showVal=True)
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    return labels


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
