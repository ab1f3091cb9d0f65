"""Which office a workbook says it is of."""

import pytest

from ledgersync.workbook.read.layout.grid import Book, Grid
from ledgersync.workbook.read.layout.office import office_named

HEADER = ["走访日期", "户址", "走访结果"]


def named(*rows: list[object]) -> str | None:
    width = max(map(len, rows))
    return office_named(Book([Grid("表", [[*row, *[""] * (width - len(row))] for row in rows])]))


@pytest.mark.parametrize(
    ("caption", "office"),
    [
        (["填报单位：幸福社区　　填报人：王芳"], "幸福社区"),
        (["填报单位:幸福社区 填报日期:2022年6月1日"], "幸福社区"),
        (["报送单位（盖章）：幸福社区居委会"], "幸福社区居委会"),
        (["填报单位：", "幸福社区", "填报人："], "幸福社区"),
        (["单位：元", "填报单位：幸福社区"], "幸福社区"),
        (["填报单位：＿＿＿＿＿＿　　填报人：＿＿＿＿＿＿"], None),
        (["填报单位：", "", ""], None),
        (["填报人：王芳"], None),
        (["填报单位：联系村社区"], "联系村社区"),
        (["填报单位： 统计局社区　　填报人：王芳"], "统计局社区"),
        (["填报单位：负责村社区 填报日期：2022年6月1日"], "负责村社区"),
        (["填报单位：鄞州统计局"], "鄞州统计局"),
        (["填报单位：幸福社区统计期：6月"], "幸福社区"),
        (["填报单位：幸福社区联系电话：0510-82345678"], "幸福社区"),
        (["填报单位：幸福社区 联系  82345678"], "幸福社区"),
        (["填报单位：幸福社区填报人：王芳"], "幸福社区"),
        (["填报单位：　填报人：王芳"], None),
        (["填报单位：负责人：　审核："], None),
        (["填报单位：", "联系村社区"], "联系村社区"),
        (["请填报单位负责人审核"], None),
    ],
)
def test_captions(caption: list[object], office: str | None) -> None:
    assert named(["走访台账"], [], caption, HEADER) == office


def test_what_stands_far_below_is_no_caption() -> None:
    rows: list[list[object]] = [["2022-01-01", f"{n}号", ""] for n in range(20)]
    assert named(HEADER, *rows, ["填报单位：幸福社区"]) is None
