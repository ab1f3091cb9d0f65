"""Workbooks as offices keep them by themselves: people are made up, layouts are of blank forms."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from stdnum.cn import ric

Line = Sequence[object]
REGIONS = ("360702", "360703", "360721")


def id_number(born: str, order: int = 1) -> str:
    """A valid identity number of somebody born on `yyyymmdd`."""
    body = f"{REGIONS[order % 3]}{born}{order % 999:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def save(
    path: Path, sheets: Mapping[str, Sequence[Line]], merges: Mapping[str, Sequence[str]] = {}
) -> Path:
    """A workbook with these lines on each sheet, and merged cells."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, lines in sheets.items():
        ws = book.create_sheet(name)
        for line in lines:
            ws.append(list(line))
        for area in merges.get(name, ()):
            ws.merge_cells(area)
        _dress(ws)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def _dress(ws: object) -> None:
    thin = Side(style="thin")
    for row in ws.iter_rows():  # type: ignore[attr-defined]
        for cell in row:
            cell.alignment = Alignment(vertical="center", wrap_text=True)
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            cell.font = Font(name="宋体", size=11)


def roster(path: Path, *, merged: bool = True) -> Path:
    """A list of 低保 households: the household's cells merged over its members, or blank below."""
    head = ["序号", "户主姓名", "家庭住址", "家庭人口", "保障人数", "月保障金额", "类别",
            "成员姓名", "与户主关系", "身份证", "健康状况"]  # fmt: skip
    lines: list[Line] = [["幸福社区2022年城市低保在保家庭花名册"], head]
    lines += [
        [1, "王建国", "阳光路1号1栋101", 3, 3, 1260, "A类", "王建国", "户主",
         id_number("19560301", 1), "残疾"],
        [None] * 7 + ["李桂英", "配偶", id_number("19580412", 2), "慢性病"],
        [None] * 7 + ["王小明", "子", id_number("20081220", 3), "健康"],
        [2, "赵秀兰", "阳光路1号2栋303", 1, 1, 620, "B类", "赵秀兰", "本人",
         id_number("19440505", 4), "重病"],
        [3, "钱大海", "阳光路7号", 2, 2, 980, "B类", "钱大海", "户主", id_number("19701111", 5),
         "健康"],
        [None] * 7 + ["钱多多", "女儿", id_number("20120601", 6), "健康"],
        ["合计", None, None, 6, 6, 2860],
    ]  # fmt: skip
    areas = ["A1:K1"]
    if merged:
        areas += [f"{c}3:{c}5" for c in "ABCDEFG"] + [f"{c}7:{c}8" for c in "ABCDEFG"]
    return save(path, {"低保花名册": lines}, {"低保花名册": areas})


def visits(path: Path) -> Path:
    """A visit register in which each row carries the problem and the answer."""
    head = ["时间", "走访干部", "走访户主", "家庭地址", "走访形式", "反映的问题", "处理结果"]
    lines: list[Line] = [["幸福社区2022年干部走访登记表"], ["填报单位：幸福社区"], head]
    lines += [
        ["2022-03-05", "赵敏", "王建国", "阳光路1号1栋101", "入户", "楼道灯不亮", "已办结"],
        ["2022-03-06", "赵敏", "赵秀兰", "阳光路1号2栋303", "入户", "无", None],
        ["2022.3.9", "钱进", "钱大海", "阳光路7号", "电话", "1.下水道堵塞；2.楼道堆物",
         "1.已办结；2.处理中"],
        ["2022-04-01", "钱进", "孙丽", "阳光路9号", "上门", "没有", ""],
    ]  # fmt: skip
    return save(path, {"走访": lines}, {"走访": ["A1:G1", "A2:G2"]})


def categories(path: Path) -> Path:
    """People in care, one sheet for each category, with the birth date beside the id."""
    head = ["序号", "姓名", "性别", "出生年月", "身份证", "家庭住址", "联系电话", "所在网格"]

    def line(n: int, name: str, born: str, phone: str, grid: str) -> Line:
        day = f"{born[:4]}.{born[4:6]}"
        return [n, name, "男", day, id_number(born, n + 20), f"阳光路{n}号", phone, grid]

    return save(
        path,
        {
            "独居老人": [
                ["独居老人名单"],
                head,
                line(1, "周大爷", "19400305", "13800000001", "第1网格"),
                line(2, "吴奶奶", "19421206", "13800000002", "第2网格"),
                line(3, "郑爷爷", "19380917", "13800000003", "第2网格"),
            ],
            "残疾人": [
                ["重度残疾人名单"],
                head,
                line(4, "冯先生", "19700101", "13800000004", "第1网格"),
                line(2, "吴奶奶", "19421206", "13800000002", "第2网格"),
            ],
            "说明": [["本表由社区填写"]],
        },
    )
