"""Kinds: words among serial numbers, and cells pasted one column off: right, or told."""

import pytest
from tests.entries import (
    CATALOG,
    HOUSEHOLDS,
    IDS,
    ISSUES,
    PEOPLE,
    VALID,
    VISITS,
    grid,
    read_cell,
    read_grid,
    told_at,
)
from tests.reading import TODAY, grid_of

from ledgersync.checks import check_workbook
from ledgersync.schema import TableKey

VISIT = "序号 | 走访日期 | 户址 | 受访人 | 走访人 | 所属网格\n"
ROW = "2022-06-01 | 幸福路{n}号 | 王芳 | 赵敏 | 第1网格"
# What somebody types where the serial number belongs.
_WORDS = """
重点 新增 3★ 删除 作废 补 低保户 王芳 ✓ √ × 2022-06-11 2022.6.11 已核 1重点
3（新） 重复 ？ 待定 搬走 1、重点 注销 难 同上
"""
WORDS = _WORDS.split()
_NUMBERS = """
4 04 (4) （4） 4. 4、 ④ 四 十一 第4 第4号 No.4 NO4 №4 #4 4# 4-1 2.1
A4 A-4 ４ ㈣ ⑷ / — ……
"""
NUMBERS = _NUMBERS.split()


def said(word: str, at: int) -> list[str]:
    lines = [f"{word if n == at else n} | {ROW.format(n=n)}" for n in range(1, 5)]
    data = read_grid(grid_of(VISIT + "\n".join(lines)))
    assert data.tables[0].rows == [2, 3, 4, 5]
    return [f"{f.cell}:{f.rule}:{f.severity}" for f in check_workbook(data, CATALOG, TODAY)]


@pytest.mark.parametrize("at", [1, 2, 4])
@pytest.mark.parametrize("word", WORDS)
def test_a_word_among_serial_numbers_is_told_at_its_cell(word: str, at: int) -> None:
    assert f"A{at + 1}:column.left_out:error" in said(word, at)


@pytest.mark.parametrize("at", [1, 2, 4])
@pytest.mark.parametrize("number", NUMBERS)
def test_every_habit_of_numbering_is_silent(number: str, at: int) -> None:
    assert said(number, at) == []


def test_a_cell_in_a_column_without_header_is_told_by_check() -> None:
    data = read_grid(grid_of(f"{VISIT}1 | {ROW.format(n=1)} | | 再去一次"))
    told = [(f.cell, f.rule) for f in check_workbook(data, CATALOG, TODAY)]
    assert ("H2", "column.left_out") in told


ASTRAY: list[tuple[TableKey, str, str]] = [
    *[(VISITS, "host_name", w) for w in ("第1网格", "1网格", "幸福路2号", "3栋2单元501", "满意",
                                         "入户", "见到本人", "基本满意", "3号楼")],
    *[(VISITS, "visitor", w) for w in ("第2网格", "解放路11号", "入户", "电话")],
    *[(VISITS, "household", w) for w in (IDS[0], "13800001111", "第1网格", "2022-06-05", "王芳",
                                         "2022年6月5日", "赵敏")],
    *[(HOUSEHOLDS, "head_name", w) for w in ("在保", "城市", "解放路1号", "第三网格")],
    *[(HOUSEHOLDS, "address", w) for w in (IDS[1], "13900001234", "第1网格", "王芳")],
    *[(PEOPLE, "responsible", w) for w in ("在册", "独居老人", "第1网格", "3栋501室")],
    *[(ISSUES, "handler", w) for w in ("待处理", "照明道路", "3栋")],
]  # fmt: skip
IN_PLACE: list[tuple[TableKey, str, str]] = [
    *[(VISITS, "host_name", w) for w in ("王芳", "高龄", "安路", "李网格", "John Smith", "王芳(女)",
                                         "阿依古丽·买买提", "欧阳娜娜", "王5")],
    *[(VISITS, "household", w) for w in ("幸福路1号", "3-2-501", "501", "王庄", "第1网格3栋501",
                                         "李村", "王芳家", "5栋", "网格中心旁")],
    *[(HOUSEHOLDS, "address", w) for w in ("解放路1号", "东风村", "2022小区3栋", "赵家湾")],
]  # fmt: skip


@pytest.mark.parametrize(("key", "field", "text"), ASTRAY)
def test_what_belongs_to_another_column_is_kept_and_told(
    key: TableKey, field: str, text: str
) -> None:
    found = read_cell(key, field, text)
    assert found.value == text and "w:type.text" in found.told


@pytest.mark.parametrize(("key", "field", "text"), IN_PLACE)
def test_what_is_in_its_place_is_silent(key: TableKey, field: str, text: str) -> None:
    assert "w:type.text" not in read_cell(key, field, text).told


@pytest.mark.parametrize("key", VALID)
def test_right_records_are_silent(key: TableKey) -> None:
    assert "w:type.text" not in told_at(read_grid(grid(key, [VALID[key]])), key, 2)


@pytest.mark.parametrize("lead", ["", " | "])
def test_an_entry_above_the_header_is_told_though_a_column_off(lead: str) -> None:
    entry = "2022-06-09 | 幸福路21号 | 李四 | 入户"
    header = "序号 | 走访日期 | 户址 | 受访人 | 走访方式"
    row = "1 | 2022-06-08 | 幸福路20号 | 张三 | 入户"
    data = read_grid(grid_of(f"走访记录\n{lead}{entry}\n{header}\n{row}"))
    assert [(f.row, f.rule) for f in data.findings if f.rule == "row.passed_over"] == [
        (2, "row.passed_over")
    ]


def test_captions_above_the_header_are_no_entries() -> None:
    captions = "填报单位：幸福社区 | 填报人：王芳 | 填报日期：2022-06-09 | 单位：户"
    header = "序号 | 走访日期 | 户址 | 受访人 | 走访方式"
    row = "1 | 2022-06-08 | 幸福路20号 | 张三 | 入户"
    data = read_grid(grid_of(f"走访记录\n{captions}\n{header}\n{row}"))
    assert [f.rule for f in data.findings if f.severity != "info"] == []
