"""Rows of totals in our own workbooks: what is one for the sheet is one for every reader."""

import pytest

from ledgersync.schema import load_catalog
from ledgersync.values.totals import is_total_amount, is_total_line, is_total_row

TABLE = load_catalog().table("visit", "visits")


@pytest.mark.parametrize(
    "text",
    ["合计", "合　计", "小计：", "张庄村合计", "第1网格小计", "合计28户", "总计", "本页共计"],
)
def test_words_of_totals(text: str) -> None:
    assert is_total_line(text)


@pytest.mark.parametrize(
    "text", ["合计村1号", "合计家", "与上次合计的数不一样，这次合计错", "统计", "", None, 28, "计"]
)
def test_words_that_are_none(text: object) -> None:
    assert not is_total_line(text)


@pytest.mark.parametrize("amount", ["28", 28, 2.5, "28户", "三户", "1,234.00元", "￥500", "-3"])
def test_amounts(amount: object) -> None:
    assert is_total_amount(amount)


@pytest.mark.parametrize(
    ("cells", "is_total"),
    [
        ({"visit_no": "合计", "household": "3"}, True),
        ({"household": "张庄村合计", "host_name": "三户", "remark": "无"}, True),
        ({"household": "合计"}, True),
        ({"household": "合计", "host_name": "赵甲"}, False),
        ({"host_name": "合计", "method": "入户"}, False),
        ({"visit_no": "合计", "date": "2022-06-01"}, False),
        ({"household": "3"}, False),
        ({}, False),
    ],
)
def test_rows(cells: dict[str, object], is_total: bool) -> None:
    assert is_total_row((f, cells.get(f.id)) for f in TABLE.fields) == is_total
