"""The sheets of a summary workbook: titles, captions, tables, their look and their print setup."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.report.wording import HIDDEN, NOTHING
from ledgersync.rollup.figures import Figure, Line

CellValue = str | int | float | Decimal | None
_FONT = "宋体"
_BLUE, _PALE, _TOTAL = "1F4E79", "DDEBF7", "F2F7FC"
_THIN = Side(style="thin", color="9DB2C6")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_CENTER = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_RIGHT = Alignment(horizontal="right", vertical="center")
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
        return min(15.5, 3 + 0.6 * (self.last - self.first + 1))

    def cells(self, column: int) -> Reference:
        return Reference(self.sheet, min_col=column, min_row=self.first, max_row=self.last)


def figure_cell(figure: Figure | None, line: Line) -> tuple[CellValue, str]:
    """Value and number format of a figure."""
    if figure is None or figure.value is None:
        return (HIDDEN if figure is not None and figure.suppressed else NOTHING), "@"
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
    """One sheet, filled from the top down; `columns` is how far its title reaches."""

    def __init__(self, sheet: Worksheet, columns: int) -> None:
        self.sheet = sheet
        self.columns = columns
        self.row = 1
        sheet.sheet_view.showGridLines = False
        _print_setup(sheet)

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
        self.row += 1
        self._merged(text, Font(name="黑体", size=12, bold=True, color=_BLUE), _LEFT, 22)

    def _merged(self, text: str, font: Font, alignment: Alignment, height: float) -> None:
        cell = self.sheet.cell(self.row, 1, text)
        cell.font, cell.alignment = font, alignment
        self.sheet.merge_cells(
            start_row=self.row, end_row=self.row, start_column=1, end_column=self.columns
        )
        self.sheet.row_dimensions[self.row].height = height
        self.row += 1

    def header(self, texts: Sequence[str], height: float = 32) -> None:
        for column, text in enumerate(texts, 1):
            cell = self.sheet.cell(self.row, column, text)
            cell.font = Font(name="黑体", size=10, bold=True, color="FFFFFF")
            cell.fill = PatternFill("solid", fgColor=_BLUE)
            cell.alignment, cell.border = _CENTER, _GRID
        self.sheet.row_dimensions[self.row].height = height
        self.row += 1

    def band(self, text: str) -> None:
        """A row that names the lines beneath it."""
        for column in range(1, self.columns + 1):
            cell = self.sheet.cell(self.row, column)
            cell.fill, cell.border = PatternFill("solid", fgColor=_PALE), _GRID
        cell = self.sheet.cell(self.row, 1, text)
        cell.font, cell.alignment = Font(name="黑体", size=10, color=_BLUE), _LEFT
        self.sheet.row_dimensions[self.row].height = 19
        self.row += 1

    def line(
        self,
        texts: Sequence[str],
        numbers: Sequence[tuple[CellValue, str]],
        *,
        total: bool = False,
    ) -> None:
        """Texts on the left, then numbers with their formats."""
        for column, text in enumerate(texts, 1):
            self._cell(column, text, "@", _LEFT if column == 1 else _CENTER, total)
        for column, (value, shown) in enumerate(numbers, len(texts) + 1):
            self._cell(column, value, shown, _RIGHT, total)
        self.sheet.row_dimensions[self.row].height = 18
        self.row += 1

    def _cell(
        self, column: int, value: CellValue, shown: str, alignment: Alignment, total: bool
    ) -> None:
        cell = self.sheet.cell(self.row, column, value)
        cell.font = Font(name=_FONT, size=10, bold=total)
        cell.number_format, cell.alignment, cell.border = shown, alignment, _GRID
        if total:
            cell.fill = PatternFill("solid", fgColor=_TOTAL)

    def widths(self, widths: Sequence[float]) -> None:
        for column, width in enumerate(widths, 1):
            self.sheet.column_dimensions[get_column_letter(column)].width = width

    def bars(self, chart: ChartOf, at: str) -> None:
        """A bar chart at a cell of this sheet."""
        drawn = BarChart()
        drawn.type, drawn.style, drawn.title, drawn.legend = "bar", 10, chart.title, None
        drawn.add_data(chart.cells(chart.column))
        drawn.set_categories(chart.cells(1))
        drawn.series[0].graphicalProperties.solidFill = _BLUE
        drawn.y_axis.delete = drawn.x_axis.delete = False
        drawn.y_axis.numFmt, drawn.y_axis.majorGridlines = "#,##0", None
        drawn.x_axis.scaling.orientation = "maxMin"
        drawn.gapWidth, drawn.width, drawn.height = 40, 22, chart.height
        self.sheet.add_chart(drawn, at)


def _print_setup(sheet: Worksheet) -> None:
    """A4 across, one page wide, numbered."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top = margins.bottom = 0.6
    footer = sheet.oddFooter
    if footer is not None and footer.center is not None:
        footer.center.text = "第 &P 页 共 &N 页"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
