"""Headers of one to three rows: aliases, parents that decide, columns that are none of ours."""

import pytest
from tests.reading import fields_of, grid_of, read_grids, read_one

ID = "36070219351024220X"


def test_numbers_breaks_blanks_brackets_and_stars_do_not_matter() -> None:
    table = read_one(
        f"1.低保\u3000证号 | （2）户主姓名 | *③公民身份号码 | 4、家庭人口数（人） | ５．享受人数\n"
        f"DB001 | 王芳 | {ID} | 3 | 2"
    )
    assert list(fields_of(table).values()) == [
        "cert_no",
        "head_name",
        "head_id",
        "family_size",
        "covered_persons",
    ]


def test_a_parent_and_its_leaf_decide_together() -> None:
    table = read_one(
        "姓名 | 身份证号 | 人员类别 | 监护人 | | 包联责任人 | | 联系电话\n"
        " | | | 姓名 | 电话 | 姓名 | 电话 | \n"
        f"王芳 | {ID} | 独居老人 | 王强 | 13800000001 | 李娜 | 13800000002 | 13800000003",
        "A1:A2 B1:B2 C1:C2 D1:E1 F1:G1 H1:H2",
    )
    assert table.header_rows == (1, 2)
    assert fields_of(table) == {
        "姓名": "name",
        "身份证号": "id_number",
        "人员类别": "category",
        "监护人 ▸ 姓名": "guardian_name",
        "监护人 ▸ 电话": "guardian_phone",
        "包联责任人 ▸ 姓名": "responsible",
        "联系电话": "phone",
    }
    assert [c.header for c in table.unknown_columns] == ["包联责任人 ▸ 电话"]
    assert table.values["phone"] == ["13800000003"]


def test_a_leaf_under_somebody_else_is_never_the_subjects_own_phone() -> None:
    table = read_one(
        "姓名 | 身份证号 | 人员类别 | 紧急联系人 | | 网格员 |\n"
        " | | | 姓名 | 电话 | 姓名 | 电话\n"
        f"王芳 | {ID} | 独居老人 | 王强 | 13800000001 | 李娜 | 13800000002",
        "A1:A2 B1:B2 C1:C2 D1:E1 F1:G1",
    )
    assert "phone" not in table.values
    assert table.values["guardian_phone"] == ["13800000001"]


def test_members_beside_their_household_on_one_row() -> None:
    """户主 above a column is somebody else's name there, even where no other column has one."""
    table = read_one(
        "低保证号 | 户主 | | 家庭成员 | |\n | 姓名 | 身份证号 | 姓名 | 身份证号 | 与户主关系\n"
        f"D1 | 王芳 | {ID} | 王芳 | {ID} | 本人\n | | | 李强 | 500113197504263435 | 子",
        "A1:A2 B1:C1 D1:F1 A3:A4 B3:B4 C3:C4",
    )
    assert table.values["name"] == ["王芳", "李强"]
    assert [c.header for c in table.unknown_columns] == ["户主 ▸ 姓名", "户主 ▸ 身份证号"]


@pytest.mark.parametrize("leaf", ["享受人数", "保障人口", "（人）", "人"])
def test_a_leaf_or_a_unit_under_the_canonical_header(leaf: str) -> None:
    table = read_one(
        f"低保证号 | 户主姓名 | 户主身份证号 | 保障人数\n | | | {leaf}\nDB001 | 王芳 | {ID} | 3",
        "A1:A2 B1:B2 C1:C2",
    )
    assert table.values["covered_persons"] == [3]


def test_parts_of_a_number_are_not_the_number() -> None:
    table = read_one(
        "低保证号 | 户主姓名 | 户主身份证号 | 家庭人口数 | 保障人数 |\n | | | | 城市 | 农村\n"
        f"DB001 | 王芳 | {ID} | 3 | 1 | 2",
        "A1:A2 B1:B2 C1:C2 D1:D2 E1:F1",
    )
    assert "covered_persons" not in table.values
    assert [c.header for c in table.unknown_columns] == ["保障人数 ▸ 城市", "保障人数 ▸ 农村"]


def test_two_rows_without_merged_cells_as_a_csv_has_them() -> None:
    table = read_one(
        "序号 | 户主 | | 保障信息 | | 备注\n | 姓名 | 身份证号 | 家庭人口数 | 保障人数 |\n"
        f"1 | 王芳 | {ID} | 3 | 2 | 无"
    )
    assert table.header_rows == (1, 2)
    assert {"head_name", "head_id", "family_size", "covered_persons", "remark"} <= set(table.values)


def test_three_rows_under_a_title() -> None:
    table = read_one(
        "幸福社区低保台账\n"
        "一、对象信息 | | | 二、保障信息 | |\n"
        "户主 | | 住址 | 人数 | | 保障状态\n"
        "姓名 | 身份证号 | | 家庭人口数 | 保障人数 |\n"
        f"王芳 | {ID} | 幸福路1号 | 3 | 2 | 在保",
        "A1:F1 A2:C2 D2:F2 A3:B3 C3:C4 D3:E3 F3:F4",
    )
    assert table.header_rows == (2, 3, 4)
    assert table.rows == [5]
    assert table.values["head_name"] == ["王芳"]
    assert table.values["status"] == ["在保"]


def test_of_two_columns_the_canonical_header_wins_and_the_other_gets_a_finding() -> None:
    tables, findings = read_grids(
        grid_of(
            "姓名 | 身份证号 | 人员类别 | 电话 | 联系电话 | 手机号码\n"
            f"王芳 | {ID} | 独居 | 13800000001 | 13800000002 | 13800000003"
        )
    )
    assert tables[0].values["phone"] == ["13800000002"]
    assert [(f.rule, f.cell) for f in findings if f.rule == "header.unknown"] == [
        ("header.unknown", "D1"),
        ("header.unknown", "F1"),
    ]
    assert tables[0].extras == {"电话": ["13800000001"], "手机号码": ["13800000003"]}


def test_without_the_canonical_header_the_longest_wins() -> None:
    table = read_one(
        f"姓名 | 身份证号 | 人员类别 | 电话 | 手机号码\n王芳 | {ID} | 独居 | 1 | 13800000001"
    )
    assert table.column_of("phone") == 5


def test_a_text_column_full_of_choice_words_is_that_choice() -> None:
    table = read_one(
        "登记日期 | 问题描述 | 办理情况\n2022-03-01 | 路灯不亮 | 已办结\n"
        "2022-03-02 | 下水道堵 | 办理中\n2022-03-03 | 停车难 | 待处理"
    )
    assert table.values["status"] == ["已解决", "协调处置中", "待处理"]
    assert "progress" not in table.values


def test_a_text_column_stays_text_beside_the_choice_itself() -> None:
    table = read_one(
        "登记日期 | 问题描述 | 处理状态 | 办理情况\n2022-03-01 | 路灯不亮 | 已解决 | 已办结\n"
        "2022-03-02 | 下水道堵 | 待处理 | 办理中"
    )
    assert table.values["progress"] == ["已办结", "办理中"]


def test_missing_required_columns_are_findings_at_the_header() -> None:
    _, findings = read_grids(grid_of(f"低保证号 | 户主姓名 | 户主身份证号\nDB1 | 王芳 | {ID}"))
    missing = {f.field for f in findings if f.rule == "header.missing"}
    assert missing == {"family_size", "covered_persons", "monthly_amount", "status"}
    assert {f.severity for f in findings} == {"error"}


@pytest.mark.parametrize(
    ("title", "sheet", "file", "expected"),
    [
        ("幸福社区低保户花名册", "Sheet1", "a.xlsx", "households"),
        ("幸福社区重点人员台账", "Sheet1", "a.xlsx", "people"),
        ("花名册", "重点人员", "a.xlsx", "people"),
        ("花名册", "低保户", "a.xlsx", "households"),
        ("花名册", "Sheet1", "重点人员台账(1).xlsx", "people"),
    ],
)
def test_where_the_headers_fit_several_tables_names_decide(
    title: str, sheet: str, file: str, expected: str
) -> None:
    table = read_one(
        f"{title}\n姓名 | 身份证号 | 联系电话 | 住址 | 所属网格 | 备注\n"
        f"王芳 | {ID} | 13800000001 | 幸福路1号 | 第1网格 | ",
        "A1:F1",
        sheet,
        file,
    )
    assert table.table == expected


def test_distinctive_headers_weigh_more_than_names() -> None:
    table = read_one(
        "低保台账\n姓名 | 身份证号 | 人员类别 | 走访频次 | 监护人\n"
        f"王芳 | {ID} | 独居 | 每月 | 王强",
        sheet="低保户",
    )
    assert table.table == "people"


def test_columns_without_a_header_that_hold_something_are_unknown_columns() -> None:
    table = read_one(
        f"姓名 | 身份证号 | 人员类别 | | 联系电话\n王芳 | {ID} | 独居 | 低保 | 13800000001"
    )
    assert [(c.header, c.index) for c in table.unknown_columns] == [("", 4)]
    assert table.extras == {"D": ["低保"]}


def test_serial_numbers_and_our_own_columns_are_never_unknown() -> None:
    tables, findings = read_grids(
        grid_of(
            f"序号 | 姓名 | 身份证号 | 人员类别 | 校验 | _LS_ID\n1 | 王芳 | {ID} | 独居 | ✓ | a1"
        )
    )
    assert tables[0].unknown_columns == ()
    assert tables[0].record_ids == ["a1"]
    assert findings == []


def test_a_sheet_that_is_no_ledger_gets_a_finding_and_an_empty_one_does_not() -> None:
    foreign = grid_of(
        "物品 | 数量 | 单价\n桌子 | 3 | 100\n椅子 | 9 | 20\n灯 | 2 | 30", sheet="采购"
    )
    tables, findings = read_grids(foreign, grid_of(" | ", sheet="Sheet3"))
    assert tables == []
    assert [(f.rule, f.sheet, f.severity) for f in findings] == [
        ("table.unrecognised", "采购", "error")
    ]


def test_a_title_in_two_merged_parts_is_no_parent() -> None:
    table = read_one(
        "和平社区 | | 重点人员台账 | \n姓名 | 身份证号 | 人员类别 | 住址\n"
        f"王芳 | {ID} | 独居 | 路1号",
        "A1:B1 C1:D1",
    )
    assert table.header_rows == (2,)
    assert {c.header for c in table.columns} == {"姓名", "身份证号", "人员类别", "住址"}


def test_a_required_text_full_of_choice_words_stays_what_it_is() -> None:
    table = read_one(
        "活动名称 | 活动日期 | 活动地点\n垃圾分类 | 2022-03-01 | 广场\n义诊 | 2022-03-02 | 社区"
    )
    assert table.values["title"] == ["垃圾分类", "义诊"]
