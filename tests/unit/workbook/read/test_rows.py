"""Which rows are records, and what the others are."""

import pytest
from tests.reading import grid_of, read_grids, read_one, skipped_of

A, B, C = "36070219351024220X", "500113197504263435", "330106198007250499"
HEAD = (
    "序号 | 低保证号 | 户主姓名 | 户主身份证号 | 家庭人口数 | 保障人数 | 月保障金额 | "
    "保障状态 | 备注"
)
ROWS = f"1 | DB1 | 王芳 | {A} | 3 | 2 | 900 | 在保 | \n2 | DB2 | 李娜 | {B} | 2 | 2 | 600 | 在保 | "


def test_titles_attachments_and_captions_above() -> None:
    table = read_one(
        "附件1\n幸福社区低保台账\n（2022年上半年）\n填报单位：幸福社区　填报人：王芳\n-\n"
        f"{HEAD}\n{ROWS}",
        "A2:I2",
    )
    assert skipped_of(table) == {1: "caption", 2: "title", 3: "caption", 4: "caption"}
    assert table.rows == [7, 8]


@pytest.mark.parametrize(
    "line",
    [
        "合计 | | | | 5 | 4 | 1500 | |",
        " | 合计2户，核定2户",
        " | | 总计 | 2户 | 5人 | 4人 | 1,500.00 | |",
        "合　计 | | | | | | 1,570.441 | |",
        "幸福社区合计 | | | | 5 | 4 | 1500 | |",
        " | 小计 | 2人",
        " | 共2户4人",
        " | | | | 5 | 4 | 1500 | |",
        "总计：2户",
        "截至2022年6月30日合计 | | | | 5 | 4 | 1500 | |",
        " | 总户数：2",
        "平均 | | | | 2.5 | 2 | 750 | |",
        "其中：城市 | | | | 3 | 2 | 900 | |",
    ],
)
def test_totals_below(line: str) -> None:
    table = read_one(f"{HEAD}\n{ROWS}\n{line}")
    assert table.rows == [2, 3]
    assert skipped_of(table) == {4: "total"}


def test_totals_above_and_inside() -> None:
    table = read_one(
        f"{HEAD}\n | 合计3户，核定3户\n{ROWS}\n小计 | | | | 5 | 4 | 1500 | |\n"
        f"3 | DB3 | 赵敏 | {C} | 1 | 1 | 300 | 在保 | \n总计 | | | | 6 | 5 | 1800 | |"
    )
    assert table.rows == [3, 4, 6]
    assert skipped_of(table) == {2: "total", 5: "total", 7: "total"}


@pytest.mark.parametrize(
    "line",
    [
        f"3 | DB3 | 赵敏 | {C} | 1 | 1 | 300 | 在保 | 合计领取3个月",
        f"3 | | 赵敏 | {C} | | | | | 小计",
        f" | | | {C}",
        "3 | DB3 | 赵敏",
        "3 | | 赵敏",
        "3 | DB3",
        f"3 | DB3 | 赵敏 | {C} | 1 | 1 | 300 | 在保 | 备注：待复核",
        " | DB3 | 赵敏 | | | | | | 说明：资料待补",
    ],
)
def test_records_with_few_cells_or_telling_remarks_stay_records(line: str) -> None:
    table = read_one(f"{HEAD}\n{ROWS}\n{line}\n4 | DB4 | 孙静 | {A} | 1 | 1 | 300 | 在保 | ")
    assert table.rows == [2, 3, 4, 5]


@pytest.mark.parametrize(
    "lines",
    [
        "备注：1.本表每月5日前上报；2.身份证号须为18位。",
        " | 备注：\n | 1.本表一式两份；\n | 2.每月5日前上报。",
        "注：本表数据截至填报日期",
        "填表人： | 王芳 | 审核人： | 李强 | 日期： | 2022-7-1",
        "填表人：王芳　　审核人：李强　　负责人（签字）：",
        "填报说明：按户填写",
        " | | | | | | 单位（盖章）",
        "联系人及电话：王芳 13800000001",
        " | | 以下空白",
        " | ——以下无正文——",
        " | | | 第1页 共3页",
    ],
)
def test_notes_and_signatures_below(lines: str) -> None:
    table = read_one(f"{HEAD}\n{ROWS}\n-\n{lines}")
    assert table.rows == [2, 3]
    assert set(skipped_of(table).values()) == {"note"}


def test_of_several_lines_above_the_one_that_names_the_register_is_the_title() -> None:
    table = read_one(f"幸福街道和平社区\n低保户花名册\n二〇二二年六月\n{HEAD}\n{ROWS}")
    assert skipped_of(table) == {1: "caption", 2: "title", 3: "caption"}


def test_instructions_above_the_header_are_notes() -> None:
    table = read_one(f"填表须知：1.不得空项\n2.身份证号18位\n低保户花名册\n{HEAD}\n{ROWS}")
    assert skipped_of(table) == {1: "note", 2: "note", 3: "title"}


@pytest.mark.parametrize(
    "line",
    [
        "填表人 | 李娜 | 填表日期 | '2022-06-30",
        " | | | | | | 2022年6月30日",
        " | | | | | | 年　月　日",
        " | 审核人 | 李强",
    ],
)
def test_signatures_without_a_colon(line: str) -> None:
    table = read_one(f"{HEAD}\n{ROWS}\n{line}")
    assert table.rows == [2, 3]
    assert skipped_of(table) == {4: "note"}


@pytest.mark.parametrize("word", ["例：张三", "（示例）张三", "示例"])
def test_a_row_that_shows_how_is_no_record(word: str) -> None:
    table = read_one(f"{HEAD}\n1 | DB0 | {word} | {C} | 1 | 1 | 300 | 在保 | \n{ROWS}")
    assert table.rows == [3, 4]
    assert skipped_of(table) == {2: "hint"}


def test_blank_rows_count_only_between_records_and_a_serial_number_alone_is_blank() -> None:
    table = read_one(
        f"{HEAD}\n-\n{ROWS}\n-\n3 | \n4 | DB4 | 孙静 | {C} | 1 | 1 | 300 | 在保 | \n5 |\n6 | "
    )
    assert table.rows == [3, 4, 7]
    assert skipped_of(table) == {5: "blank", 6: "blank"}


@pytest.mark.parametrize(
    "hint",
    [
        " | | | （18位） | | | | 【在保、渐退期】 | ",
        " | | | （必填） | （人） | （人） | （元） | ①在保②停发 | ",
        "填写说明 | 必填 | 必填 | 18位文本 | 人 | 人 | 元 | 下拉选择 | 选填",
        "1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9",
        "甲 | 乙 | 1 | 2 | 3 | 4 | 5 | 6 | 7",
        "(1) | (2) | (3) | (4) | (5) | (6) | (7) | (8) | (9)",
    ],
)
def test_hints_below_the_header(hint: str) -> None:
    table = read_one(f"{HEAD}\n{hint}\n{ROWS}")
    assert table.rows == [3, 4]
    assert skipped_of(table) == {2: "hint"}


def test_headings_between_groups_of_rows() -> None:
    table = read_one(
        f"{HEAD}\n一、东风村\n{ROWS}\n二、李家湾村（1户）\n"
        f"3 | DB3 | 赵敏 | {C} | 1 | 1 | 300 | 在保 | ",
        "A2:I2 A5:I5",
    )
    assert table.rows == [3, 4, 6]
    assert skipped_of(table) == {2: "caption", 5: "caption"}


def test_the_header_printed_again_on_every_page() -> None:
    tables, _ = read_grids(
        grid_of(f"{HEAD}\n{ROWS}\n{HEAD}\n3 | DB3 | 赵敏 | {C} | 1 | 1 | 300 | 在保 | ")
    )
    assert [(t.header_rows, t.rows) for t in tables] == [((1,), [2, 3]), ((4,), [5])]


def test_two_tables_below_each_other_with_their_own_titles() -> None:
    tables, _ = read_grids(
        grid_of(
            f"低保户\n{HEAD}\n{ROWS}\n合计 | | | | 5 | 4 | 1500 | |\n备注：按月更新\n-\n"
            "家庭成员\n填报单位：幸福社区\n低保证号 | 姓名 | 身份证号 | 与户主关系\n"
            f"DB1 | 王芳 | {A} | 户主\nDB1 | 李强 | {C} | 配偶\n审核人：",
            "A1:I1 A8:D8",
        )
    )
    assert [(t.table, t.rows) for t in tables] == [("households", [3, 4]), ("members", [11, 12])]
    assert skipped_of(tables[0]) == {1: "title", 5: "total", 6: "note"}
    assert skipped_of(tables[1]) == {8: "title", 9: "caption", 13: "note"}


def test_two_tables_beside_each_other() -> None:
    tables, _ = read_grids(
        grid_of(
            "活动编号 | 活动名称 | 活动日期 | | 活动编号 | 志愿者姓名 | 证件号码 | 服务时长\n"
            f"HD1 | 清扫 | 2022-03-05 | | HD1 | 王芳 | {A} | 2\n"
            f"HD2 | 义诊 | 2022-03-06 | | HD1 | 李娜 | {B} | 2\n"
            f" | | | | HD2 | 赵敏 | {C} | 3"
        )
    )
    assert [(t.table, t.rows) for t in tables] == [("activities", [2, 3]), ("records", [2, 3, 4])]
    assert tables[1].column_of("id_number") == 7


def test_vertically_merged_keys_hold_for_the_rows_below_but_amounts_do_not() -> None:
    table = read_one(
        "低保证号 | 姓名 | 身份证号 | 与户主关系 | 备注\n"
        f"DB1 | 王芳 | {A} | 户主 | 困难户\n | 李强 | {B} | 配偶 | \n | 李小 | {C} | 子女 | ",
        "A2:A4 E2:E3",
    )
    assert table.values["cert_no"] == ["DB1", "DB1", "DB1"]
    assert table.values["remark"] == ["困难户", "困难户", None]
    amounts = read_one(
        f"{HEAD}\n1 | DB1 | 王芳 | {A} | 3 | 2 | 900 | 在保 | \n"
        f"2 | DB2 | 李娜 | {B} | 2 | 2 | | 在保 |",
        "G2:G3",
    )
    assert amounts.values["monthly_amount"][1] is None


def test_a_record_merged_over_two_rows_is_one_record() -> None:
    table = read_one(
        "低保证号 | 姓名 | 身份证号 | 与户主关系\n"
        f"DB1 | 王芳 | {A} | 户主\n | | |\nDB1 | 李强 | {B} | 配偶",
        "A2:A3 B2:B3 C2:C3 D2:D3",
    )
    assert table.rows == [2, 4]


def test_rows_with_only_an_id_and_formulas_are_reserved() -> None:
    grid = grid_of(
        "走访编号 | 走访日期 | 户址 | 校验 | _LS_ID\n"
        "ZF-1 | 2022-03-01 | 幸福路1号 | ✓ | a1\nZF-2 | | | | a2\n"
        "ZF-3 | 2022-03-02 | 幸福路2号 | | a3"
    )
    grid.formulas = {1: {2, 3, 4}, 4: {2, 3, 4}}
    table = read_grids(grid)[0][0]
    assert table.rows == [2, 4]
    assert table.reserved == [(3, "a2")]


def test_headers_far_down_are_found() -> None:
    filler = "\n".join(f"说明{n} | " for n in range(120))
    table = read_one(f"{filler}\n{HEAD}\n{ROWS}")
    assert table.header_rows == (121,)
    assert table.rows == [122, 123]


@pytest.mark.parametrize("mark", ["/", "——", "……", "无"])
def test_rows_crossed_out_are_blank_far_down_too(mark: str) -> None:
    crossed = " | ".join(["3", *[mark] * 8])
    many = "\n".join([ROWS] * 60)
    long = read_one(f"{HEAD}\n{many}\n{crossed}\n{ROWS}")
    assert skipped_of(long) == {122: "blank"}
    table = read_one(f"{HEAD}\n{ROWS}\n{crossed}\n4 | DB4 | 孙静 | {C} | 1 | 1 | 300 | 在保 | ")
    assert table.rows == [2, 3, 5]
    assert skipped_of(table) == {4: "blank"}
