"""How summary workbooks lie on paper: pages, repeated rows, breaks, charts that stay whole."""

from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart
from openpyxl.worksheet.worksheet import Worksheet
from tests.unit.rollup.small import CATALOG, DISTRICT, community, facts, rolled

from ledgersync.report.sheets import Page
from ledgersync.report.summary import Summary
from ledgersync.rollup.figures import RollUp

VISIT, ISSUE, CARE = ("visit", "visits"), ("visit", "issues"), ("care", "people")
KINDS = ("安全饮水", "管道疏通", "设施维修", "屋顶漏水", "楼道堆物", "电梯", "停车充电")
ISSUES = "登记日期 | 问题类别 | 问题描述 | 处理状态\n" + "\n".join(
    f"2022-05-0{day} | {kind} | 待修 | 已解决" for day, kind in enumerate(KINDS, 1)
)
VISITS = """
走访日期   | 户址 | 走访结果
2022-05-01 | 1-1  | 见到本人
"""


@pytest.fixture(scope="module")
def found() -> RollUp:
    """A district of forty communities, two of which have rows."""
    units = [community(f"3607020010{n:02d}", f"第{n}社区") for n in range(1, 41)]
    texts = {VISIT: VISITS, ISSUE: ISSUES}
    return rolled([facts(unit, texts if n < 2 else {}) for n, unit in enumerate(units)])


@pytest.fixture(scope="module")
def book(found: RollUp, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """The communities' workbook, as it stands in the file."""
    path = tmp_path_factory.mktemp("summary") / "汇总表.xlsx"
    Summary(found, CATALOG, "community", date(2022, 7, 5)).build().save(path)
    return load_workbook(path)


def breaks(sheet: Worksheet) -> list[int]:
    """The rows that begin a page."""
    return [int(b.id or 0) + 1 for b in sheet.row_breaks.brk]


def test_every_sheet_is_one_page_of_a4_wide_and_says_whose_it_is(book: Workbook) -> None:
    assert len(book.sheetnames) >= 6
    for sheet in book.worksheets:
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToHeight == 0
        fitted = sheet.sheet_properties.pageSetUpPr
        assert fitted is not None
        assert fitted.fitToPage
        margins, footer = sheet.page_margins, sheet.oddFooter
        assert margins.bottom - margins.footer >= 0.3, "the footer has its own room"
        assert footer is not None
        assert (footer.left.text, footer.center.text) == (f"{DISTRICT.name}　2022年上半年", "&A")
        assert footer.right.text == "第 &P 页，共 &N 页"


def test_headers_stand_on_every_page(book: Workbook) -> None:
    for name, first in (("走访", "指标（合计）"), ("分单位明细", "单位")):
        sheet = book[name]
        row = int(str(sheet.print_title_rows).split("$")[1].rstrip(":"))
        assert sheet.cell(row, 1).value == first
    assert book["走访·分单位"].print_title_rows == "$1:$1"
    assert book["走访·分单位"].page_setup.orientation == "landscape"
    assert book["走访"].page_setup.orientation == "portrait"


def test_tables_of_many_units_are_parted_with_a_header_on_each_page(book: Workbook) -> None:
    sheet = book["走访·分单位"]
    headers = [c.row for c in sheet["A"] if c.value == "单位"]
    totals = [c.row for c in sheet["A"] if c.value == "合计"]
    assert len(headers) == 2 * len(totals), "forty units need two pages"
    assert [row - 1 for row in totals] == headers[::2]
    begun = breaks(sheet)
    assert begun == sorted(set(begun))
    for row in headers[1:]:
        assert {row - 2, row - 3} & set(begun), (
            "a page begins with the gap above the heading, not within a table"
        )


def test_no_heading_is_left_alone_at_the_foot_of_a_page(book: Workbook) -> None:
    sheet = book["走访·分单位"]
    for row in breaks(sheet):
        assert sheet.cell(row, 1).value is None
        assert "单位" in (sheet.cell(row + 2, 1).value, sheet.cell(row + 3, 1).value)


def test_small_groups_stand_beside_each_other_under_their_names(book: Workbook) -> None:
    sheet = book["低保·分单位"]
    header = next(c.row for c in sheet["A"] if c.value == "单位")
    bands = [c.value for c in sheet[header - 1] if c.value]
    assert bands[:3] == ["在保（户）", "在保（人）", "资金"]
    assert sheet.cell(header, 3).value == "低保户数" and sheet.cell(header, 6).value == "低保人数"


def test_charts_lie_whole_on_their_pages(found: RollUp) -> None:
    sheet = Summary(found, CATALOG, "community", date(2022, 7, 5)).build()["图表"]
    charts = sheet._charts  # type: ignore[attr-defined]
    assert charts
    begun = [1, *breaks(sheet)]
    for chart in charts:
        assert isinstance(chart, BarChart)
        assert chart.dataLabels is not None
        assert chart.dataLabels.showVal
        first = int(str(chart.anchor).removeprefix("A"))
        page = max(row for row in begun if row <= first)
        before = sum(sheet.row_dimensions[r].height or 15 for r in range(page, first))
        room = (11.69 - 0.5 - 0.65) * 72
        assert before + chart.height / 2.54 * 72 <= room


def test_what_fits_stays_on_the_page_and_what_does_not_begins_one() -> None:
    sheet = Workbook().create_sheet()
    page = Page(sheet, (20.0,) * 7, "甲")
    for _ in range(3):
        page.keep_together(200)
        for _ in range(10):
            page.skip(20)
    assert breaks(sheet) == [21]


def test_a_long_name_makes_its_row_taller() -> None:
    sheet = Workbook().create_sheet()
    page = Page(sheet, (20.0, 10.0), "甲")
    page.line(("短", "短"), ())
    page.line(("很长的单位名称" * 4, "短"), ())
    short, long = (sheet.row_dimensions[row].height for row in (1, 2))
    assert short == 18
    assert long is not None
    assert long > 50
