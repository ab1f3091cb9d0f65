"""封面: what the workbook holds, each sheet a click away."""

from collections.abc import Sequence

from ledgersync.report.book.annexes import COMPLETENESS, MEANINGS, PLACES, QUALITY
from ledgersync.report.book.courses import BY_MONTH, COURSE
from ledgersync.report.book.pivot import PIVOT
from ledgersync.report.sheets import Page, link_to

COVER = "封面"
_HOLDS = {
    PIVOT: "全部指标，单位横排",
    "分单位明细": "每单位每指标一行，可筛选",
    "图表": "分类和分单位的条形图",
    COURSE: "近十二个月逐月的数和折线图",
    BY_MONTH: "各社区近十二个月哪个月有数、哪个月缺",
    COMPLETENESS: "谁没有报、谁报晚了、各台账从哪天起有数据",
    QUALITY: "差错率、没有计入的行、不平衡的数",
    MEANINGS: "每个指标怎么数的；表里的数点一下就到这里",
    PLACES: "每个数出自哪个工作簿、哪张表、哪些行（不列姓名住址）",
}


def contents(page: Page, sheets: Sequence[str]) -> None:
    page.heading("目录（点名称转到该表）")
    page.spread(("表", "内容"), (1, len(page.widths) - 1), header=True)
    for name in sheets:
        row = page.row
        page.spread((name, _holds(name)), (1, len(page.widths) - 1))
        link_to(page.sheet.cell(row, 1), f"'{name}'!A1")


def _holds(name: str) -> str:
    if name.endswith("·分单位"):
        return f"{name.removesuffix('·分单位')}：合计在前，各单位一行"
    return _HOLDS.get(name, f"{name}：合计，与上年同期、上期相比")
