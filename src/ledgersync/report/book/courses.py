"""走势: the course of twelve months as tables, each with a native line chart."""

from openpyxl.chart import LineChart, Reference
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.series_factory import SeriesFactory

from ledgersync.report.book.drawing import draw
from ledgersync.report.content import Chart
from ledgersync.report.sheets import Page
from ledgersync.rollup.figures import RollUp

COURSE = "走势"
BY_MONTH = "逐月台账"
WIDTHS = (26.0, *[9.5] * 12)
_COLORS = ("1F4E79", "C55A11", "548235", "7F6000", "7030A0", "A61C3C")
_HEIGHT = 4.1  # centimetres: two with their tables on a page
_ROWS = 8  # empty rows under a chart


def draw_course(page: Page, chart: Chart, found: RollUp) -> None:
    """Its table, and the lines beneath it, on one page."""
    rows = len(chart.table.rows)
    page.keep_together(60 + 18.0 * rows + 15.0 * _ROWS)
    first = draw(page, chart.table, found)
    last, width = first + rows - 1, len(chart.table.heads) - 1
    _blank_unknown(page, first, last, width)
    page.sheet.add_chart(_lines(page, chart, first, last, width), f"A{page.row}")
    for _ in range(_ROWS):
        page.sheet.row_dimensions[page.row].height = 15.0
        page.skip(15.0)


def _blank_unknown(page: Page, first: int, last: int, width: int) -> None:
    """A text would be drawn as zero; an empty cell is a gap."""
    for row in page.sheet.iter_rows(min_row=first, max_row=last, min_col=2, max_col=width + 1):
        for cell in row:
            if isinstance(cell.value, str):
                cell.value = None


def _lines(page: Page, chart: Chart, first: int, last: int, width: int) -> LineChart:
    drawn = LineChart()
    drawn.style = 10
    drawn.height, drawn.width = _HEIGHT, 26
    labels = Reference(page.sheet, min_col=2, max_col=width + 1, min_row=first - 1)
    for number, row in enumerate(range(first, last + 1)):
        cells = Reference(page.sheet, min_col=2, max_col=width + 1, min_row=row)
        series = SeriesFactory(cells)
        series.tx = SeriesLabel(strRef=StrRef(f"'{page.sheet.title}'!$A${row}"))
        series.smooth = False
        series.graphicalProperties.line.solidFill = _COLORS[number % len(_COLORS)]
        series.graphicalProperties.line.width = 22000
        series.marker = Marker(symbol="circle", size=5)
        drawn.series.append(series)
    drawn.set_categories(labels)
    drawn.y_axis.numFmt = "0%" if chart.measure == "%" else "#,##0"
    drawn.y_axis.scaling.min = 0
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.legend = Legend() if last > first else None
    if drawn.legend is not None:
        drawn.legend.position = "r"
    drawn.display_blanks = "gap"
    return drawn
