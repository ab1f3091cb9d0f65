"""Kinds of whole sheets: units of measure, two columns for one field, headings, raw forms."""

from pathlib import Path

import pytest
import xlwt
from tests.entries import (
    CATALOG,
    HOUSEHOLDS,
    ISSUES,
    MEMBERS,
    VALID,
    VISITS,
    read_grid,
    table_of,
    told_at,
)
from tests.fuzz.hostile import SHEET, repacked
from tests.reading import TODAY, grid_of, save

from ledgersync.model import WorkbookData
from ledgersync.values import to_json
from ledgersync.workbook.read.formats.text_files import read_html
from ledgersync.workbook.read.layout.grid import Grid
from ledgersync.workbook.read.reading import read_here

A, B, C = "36070219351024220X", "500113197504263435", "330106198007250499"
MONEY = "低保证号 | 户主姓名 | 户主身份证号 | 家庭人口数 | 保障人数 | {} | 保障状态"
ROWS = f"DB1 | 王芳 | {A} | 3 | 2 | 5 | 在保\nDB2 | 李娜 | {B} | 2 | 2 | 6.5 | 在保"


def amounts(text: str, merges: str = "") -> tuple[list[object], list[str]]:
    """The monthly amounts of a sheet, and what is said of units of measure."""
    data = read_grid(grid_of(text, merges))
    values = [to_json(v) for v in table_of(data, HOUSEHOLDS).values["monthly_amount"]]
    said = [f"{f.severity[0]}:{f.row}" for f in data.findings if f.rule == "unit.measure"]
    return values, said


HUNDREDS = [
    "单位：百元",
    "计量单位：百元",
    "金额单位:百元",
    "（单位：百元）",
    "填报单位：幸福社区　　单位：百元",
    "填报单位：幸福社区 | | 单位：百元",
    "填报单位：幸福社区 | | 单位： | 百元",
    "单位：户、人、百元",
    "单位为百元",
    "金额以百元为单位",
    "单位：人民币百元",
    "（百元）",
    "单位：百元/月",
    "数据单位 | 百元",
]


@pytest.mark.parametrize("caption", HUNDREDS)
@pytest.mark.parametrize("place", ["above", "below"])
def test_a_unit_in_a_caption_or_note(caption: str, place: str) -> None:
    head = MONEY.format("月保障金额")
    lines = ["低保台账", caption, head, ROWS] if place == "above" else [head, ROWS, caption]
    values, said = amounts("\n".join(lines), "A1:G1" if place == "above" else "")
    assert values == ["500.00", "650.00"]
    assert len(said) == 1 and said[0].startswith("w:")


@pytest.mark.parametrize(
    "unit", ["（百元）", "百元", "单位：百元", "[百元]", "【百元】", "百元/月", "金额（百元）"]
)
def test_a_row_of_units_below_the_header(unit: str) -> None:
    for row in (
        f" | | | | | {unit} |",
        f" | | （18位） | （人） | （人） | {unit} | 【在保、停发】",
    ):
        values, said = amounts(f"{MONEY.format('月保障金额')}\n{row}\n{ROWS}")
        assert values == ["500.00", "650.00"]
        assert said == ["w:2"]


@pytest.mark.parametrize(
    "head",
    [
        "月保障金额(百元)",
        "月保障金额（百元）",
        "月保障金额(单位：百元)",
        "月保障金额/百元",
        "月保障金额：百元",
        "保障金额百元",
    ],
)
def test_a_unit_in_the_header(head: str) -> None:
    values, said = amounts(f"{MONEY.format(head)}\n{ROWS}")
    assert values == ["500.00", "650.00"]
    assert len(said) == 1


@pytest.mark.parametrize(
    ("unit", "first"),
    [
        ("元", "5.00"),
        ("十元", "50.00"),
        ("千元", "5000.00"),
        ("万元", "50000.00"),
        ("百元", "500.00"),
    ],
)
def test_units(unit: str, first: str) -> None:
    values, said = amounts(f"单位：{unit}\n{MONEY.format('月保障金额')}\n{ROWS}")
    assert values[0] == first
    assert bool(said) == (unit != "元")


@pytest.mark.parametrize(
    "caption",
    [
        "填报单位：百元村委会", "单位：元", "单位：户、人、元", "填报单位：幸福社区",
        "共发放100元", "标准：每户500元",
        "责任单位：万元里社区", "单位：幸福社区 备注：元旦前报",
    ],
)  # fmt: skip
def test_what_is_no_other_unit_changes_nothing(caption: str) -> None:
    assert amounts(f"{caption}\n{MONEY.format('月保障金额')}\n{ROWS}") == (["5.00", "6.50"], [])


def test_the_nearest_word_wins_and_two_units_are_told() -> None:
    own = amounts(f"单位：百元\n{MONEY.format('月保障金额(元)')}\n{ROWS}")
    assert own == (["5.00", "6.50"], ["w:2"])
    both = read_grid(grid_of(f"单位：元、万元\n{MONEY.format('月保障金额')}\n{ROWS}"))
    assert told_at(both, HOUSEHOLDS, 3, "monthly_amount") == ("e:unit.measure",)
    cells = amounts(
        f"单位：百元\n{MONEY.format('月保障金额')}\n{ROWS.replace('| 6.5 |', '| 650元 |')}"
    )
    assert cells[0] == ["500.00", "650.00"]


def test_minutes_are_hours() -> None:
    data = read_grid(
        grid_of(
            "活动名称 | 活动日期 | 活动时长(分钟) | 参加人数\n清扫 | 2022-03-05 | 90 | 12\n"
            "义诊 | 2022-03-06 | 120 | 3"
        )
    )
    assert table_of(data, ("volunteer", "activities")).values["hours"] == [1.5, 2]


TWO = "低保证号 | 户主姓名 | 户主身份证号 | 家庭人口数 | 保障人数 | 月保障金额 | 保障状态 | {} | {}"


def two_phones(first: str, second: str, *rows: str) -> WorkbookData:
    head = TWO.format(first, second)
    people = [f"DB1 | 王芳 | {A} | 3 | 2 | 5 | 在保 | ", f"DB2 | 李娜 | {B} | 2 | 2 | 6 | 在保 | "]
    lines = [person + row for person, row in zip(people, rows, strict=True)]
    return read_grid(grid_of("\n".join([head, *lines])))


def test_of_two_columns_with_one_header_the_fuller_is_read() -> None:
    data = two_phones("联系电话", "联系电话", " | 13800000001", "13900000009 | 13800000002")
    assert table_of(data, HOUSEHOLDS).values["phone"] == ["13800000001", "13800000002"]
    assert told_at(data, HOUSEHOLDS, 2, "phone") == ()
    assert told_at(data, HOUSEHOLDS, 3, "phone") == ("w:value.several",)


@pytest.mark.parametrize(
    ("first", "second"), [("联系电话", "联系电话"), ("联系电话", "手机"), ("手机", "电话")]
)
def test_what_the_other_column_says_is_told(first: str, second: str) -> None:
    data = two_phones(first, second, "13800000001 | 13800000001", "13800000002 | 13900000002")
    assert told_at(data, HOUSEHOLDS, 2, "phone") == ()
    assert told_at(data, HOUSEHOLDS, 3, "phone") == ("w:value.several",)


def test_a_copy_reads_the_first_of_two_columns_always() -> None:
    row = f"DB1 | 王芳 | {A} | 3 | 2 | 5 | 在保 | | 13800000001 | a1"
    text = f"{TWO.format('联系电话', '联系电话')} | _LS_ID\n{row}"
    data = read_grid(grid_of(text))
    assert table_of(data, HOUSEHOLDS).values["phone"] == [None]
    assert "w:value.several" in told_at(data, HOUSEHOLDS, 2, "phone")


VISIT = "走访日期 | 户址 | 受访人 | 走访人 | 所属网格\n"
GRIDS = ["第1网格", "一、第1网格", "第1网格：", "第1网格（2户）", "1网格", "第一网格", "网格1"]


@pytest.mark.parametrize("heading", GRIDS)
def test_a_heading_that_carries_a_value_fills_the_blanks_below(heading: str) -> None:
    text = (
        f"{VISIT}{heading}\n2022-06-01 | 幸福路1号 | 王芳 | 赵敏 | \n"
        "2022-06-02 | 幸福路2号 | 李娜 | 赵敏 | 第3网格\n"
        "第2网格\n2022-06-03 | 幸福路3号 | 孙静 | 赵敏 | "
    )
    data = read_grid(grid_of(text, "A2:E2 A5:E5"))
    table = table_of(data, VISITS)
    assert table.rows == [3, 4, 6]
    first = table.values["grid"][0]
    assert isinstance(first, str) and "网格" in first
    assert table.values["grid"][1:] == ["第3网格", "第2网格"]
    assert told_at(data, VISITS, 2) == ("w:row.passed_over",)


def test_a_heading_whose_value_has_no_column_is_told() -> None:
    without = VISIT.replace(" | 所属网格", "")
    text = (
        f"{without}第1网格\n2022-06-01 | 幸福路1号 | 王芳 | 赵敏\n"
        "第2网格\n2022-06-03 | 幸福路3号 | 孙静 | 赵敏"
    )
    data = read_grid(grid_of(text, "A2:D2 A4:D4"))
    assert told_at(data, VISITS, 2) == told_at(data, VISITS, 4) == ("e:row.passed_over",)


@pytest.mark.parametrize(
    "heading", ["一、独居老人", "独居老人", "（一）独居老人（2人）", "1.空巢老人"]
)
def test_a_heading_with_a_choice(heading: str) -> None:
    people = f"王芳 | {A} | | 幸福路1号\n李娜 | {B} | 孤儿 | 幸福路2号"
    text = f"姓名 | 身份证号 | 人员类别 | 住址\n{heading}\n{people}"
    data = read_grid(grid_of(text, "A2:D2"))
    found = [to_json(v) for v in table_of(data, ("care", "people")).values["category"]]
    assert found[0] in (["独居老人"], ["空巢老人"])
    assert found[1] == ["孤儿"]


@pytest.mark.parametrize("heading", ["一、东风村", "第三村民小组", "（二）幸福小区"])
def test_other_headings_are_silent(heading: str) -> None:
    data = read_grid(
        grid_of(f"{VISIT}{heading}\n2022-06-01 | 幸福路1号 | 王芳 | 赵敏 | 第1网格", "A2:E2")
    )
    assert data.findings == []


def html(*cells: str) -> Grid:
    row = "".join(f"<td>{c}</td>" for c in cells)
    page = f"<html><meta charset=utf-8><table><tr>{row}</tr></table></html>"
    return read_html(page.encode(), "a.xls").grids[0]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("50<br>60", "50\n60"), ("1<br/>2", "1\n2"), ("50<p>60</p>", "50\n60"),
        ("<div>50</div><div>60</div>", "50\n60"), ("<ul><li>50<li>60</ul>", "50\n60"),
        ("50<s>60</s>", "50\n60"),
        ("王<span style='display:none'>x</span>芳", "王芳"), ("王<span hidden>x</span>芳", "王芳"),
        ("王<span style='mso-hide:all'>x</span>芳", "王芳"), ("王<!-- x -->芳", "王芳"),
        ("王<script>x</script>芳", "王芳"), ("王<style>x</style>芳", "王芳"),
        ("<b>王</b><i>芳</i>", "王芳"), ("解放\n  路1号", "解放路1号"), ("a\n b", "a b"),
        ("1<font color=red>2</font>", "12"), ("王&nbsp;芳", "王\xa0芳"),
        ("<input type=hidden value=x>王芳", "王芳"),
    ],
)  # fmt: skip
def test_cells_of_a_page(cell: str, text: str) -> None:
    assert html(cell, "x").rows[0][0] == text


def inline(cells: list[str], *, prefix: str = "", numbered: bool = False) -> str:
    """A row of cells that do not say where they stand; `#REF!` is an error cell."""
    row = f"<{prefix}row>" if not numbered else f'<{prefix}row r="9">'
    for cell in cells:
        text = f"<{prefix}is><{prefix}t>{cell}</{prefix}t></{prefix}is>"
        kind = "inlineStr"
        if cell.startswith("#"):
            kind, text = "e", f"<{prefix}v>{cell}</{prefix}v>"
        row += f'<{prefix}c t="{kind}">{text}</{prefix}c>'
    return f"{row}</{prefix}row>"


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize("numbered", [False, True])
def test_error_cells_without_a_reference(tmp_path: Path, prefix: str, numbered: bool) -> None:
    fields = list(VALID[ISSUES])
    heads = [CATALOG.table(*ISSUES).by_id[f].header for f in fields]
    row = ["#REF!" if f == "place" else str(VALID[ISSUES][f]) for f in fields]
    space = ":x" if prefix else ""
    xml = (
        f'<{prefix}worksheet xmlns{space}="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<{prefix}sheetData>{inline(heads, prefix=prefix)}"
        f"{inline(row, prefix=prefix, numbered=numbered)}</{prefix}sheetData></{prefix}worksheet>"
    )
    path = save(tmp_path / "a.xlsx", 问题诉求=[["x"]])
    path.write_bytes(repacked(path.read_bytes(), {SHEET: lambda _: xml.encode()}))
    data = read_here(path, CATALOG, today=TODAY)
    at = 9 if numbered else 2
    assert told_at(data, ISSUES, at, "place") == ("e:cell.error",)
    assert table_of(data, ISSUES).values["description"] == ["楼道灯不亮"]


def old_book(path: Path, rows: list[list[object]], *, dates_1904: bool = False) -> Path:
    book = xlwt.Workbook()
    book.dates_1904 = dates_1904
    sheet = book.add_sheet("家庭成员")
    for n, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(n, column, xlwt.Formula(cell[1:]) if str(cell).startswith("=") else cell)
    book.save(str(path))
    return path


HEAD = ["低保证号", "姓名", "身份证号", "与户主关系", "减员日期", "备注", "_LS_ID"]


def test_formulas_of_prepared_rows_are_no_entries_in_an_old_workbook(tmp_path: Path) -> None:
    """xlwt leaves 0 behind every formula, as LibreOffice does for one not calculated."""
    rows: list[list[object]] = [list(HEAD), ["DB1", "王芳", A, "户主", "", "", "a1"]]
    rows += [
        ['=IF(A1="x","DB1","")', "", "", "", "", '=IF(A1="x","y","")', f"b{n}"] for n in range(3)
    ]
    data = read_here(old_book(tmp_path / "a.xls", rows), CATALOG, today=TODAY)
    table = table_of(data, MEMBERS)
    assert table.rows == [2]
    assert [record for _, record in table.reserved] == ["b0", "b1", "b2"]


def test_zeros_that_formulas_left_in_prepared_rows_are_no_entries() -> None:
    data = read_grid(
        grid_of(
            "走访编号 | 走访日期 | 户址 | 所属网格 | _LS_ID\n"
            "ZF-1 | 2022-06-01 | 幸福路1号 | 第1网格 | a1\n"
            "ZF-b0 | | 0 | 0 | b0\n | | '0 | | b1"
        )
    )
    assert table_of(data, VISITS).rows == [2]


@pytest.mark.parametrize("raw", [43251, "43251"])
def test_serials_of_1904_in_an_old_workbook(tmp_path: Path, raw: object) -> None:
    rows: list[list[object]] = [list(HEAD), ["DB1", "王芳", A, "户主", raw, "", "a1"]]
    data = read_here(old_book(tmp_path / "a.xls", rows, dates_1904=True), CATALOG, today=TODAY)
    assert to_json(table_of(data, MEMBERS).values["left_on"][0]) == "2022-06-01"


def test_a_small_sheet_that_is_no_table_of_ours_is_told() -> None:
    data = read_grid(
        grid_of(f"{VISIT}2022-06-01 | 幸福路1号 | 王芳 | 赵敏 | 第1网格"),
        grid_of("时间 | 地方 | 谁\n2022-06-01 | 幸福路2号 | 李娜", sheet="补充"),
    )
    assert [(f.sheet, f.rule, f.severity) for f in data.findings] == [
        ("补充", "table.unrecognised", "error")
    ]


def test_what_stands_left_of_the_header_is_kept_along() -> None:
    data = read_grid(grid_of(f" | {VISIT}东区 | 2022-06-01 | 幸福路1号 | 王芳 | 赵敏 | 第1网格"))
    assert table_of(data, VISITS).extras == {"A": ["东区"]}
