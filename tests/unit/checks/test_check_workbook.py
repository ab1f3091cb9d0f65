"""Whole workbooks: every rule at its cell, and nothing said about what nobody could know."""

from datetime import date

from tests.tables import read_text, rows_of, told, workbook

from ledgersync.checks import check_workbook
from ledgersync.messages import Message
from ledgersync.model import Finding, WorkbookData
from ledgersync.schema import load_catalog

TODAY = date(2022, 6, 30)
CATALOG = load_catalog()
HOUSEHOLDS, MEMBERS = ("dibao", "households"), ("dibao", "members")
PEOPLE = ("care", "people")
ACTIVITIES, RECORDS = ("volunteer", "activities"), ("volunteer", "records")
VISITS, ISSUES = ("visit", "visits"), ("visit", "issues")
HOMES = """
低保证号 | 户主姓名 | 户主身份证号       | 城乡类别 | 家庭人口数 | 保障人数 | 月保障金额(元) | 享受起始日期 | 保障状态
DB001    | 王芳     | 11010119900307299X | 城市     | 3          | 2        | 900            | 2021-03-01   | 在保
DB002    | 李强     | 110101198805061235 | 农村     | 2          | 3        | 1,200.5元      | 2021年5月    | 正常
"""  # noqa: E501
FAMILY = """
低保证号 | 姓名 | 身份证号           | 与户主关系 | 是否享受
DB001    | 王芳 | 11010119900307299X | 户主       | 是
DB009    | 赵敏 | 110101199203041522 | 户主       | 是
"""


def findings(data: WorkbookData, **others: object) -> list[Finding]:
    return check_workbook(data, CATALOG, TODAY, **others)


def check(key: tuple[str, str], text: str, **others: object) -> list[Finding]:
    return findings(workbook(read_text(CATALOG, key, text, TODAY)), **others)


def test_value_notes_and_row_rules_stand_at_their_cells() -> None:
    assert told(check(HOUSEHOLDS, HOMES)) == [
        ("F3", "compare", "error"),
        ("H3", "date.month_only", "info"),
        ("I3", "value.synonym", "info"),
    ]


def test_a_finding_says_where_and_what_in_both_languages() -> None:
    [finding] = [f for f in check(HOUSEHOLDS, HOMES) if f.rule == "compare"]
    assert (finding.file, finding.sheet, finding.row, finding.column) == (
        "台账.xlsx",
        "低保户",
        3,
        6,
    )
    assert (finding.ledger, finding.table, finding.field) == (*HOUSEHOLDS, "covered_persons")
    assert finding.message.zh == "〔保障人数〕3 大于〔家庭人口数〕2"
    assert finding.message.en == "保障人数 3 is more than 家庭人口数 2"


def test_unknown_and_missing_columns() -> None:
    found = check(
        MEMBERS,
        """
        低保证号 | 姓名 | 是否享受 | 身份证号           | 鞋码
        DB001    | 王芳 | 是       | 11010119900307299X | 38
        """,
    )
    assert told(found) == [
        (None, "ref.missing", "info"),
        (None, "header.missing", "error"),
        ("E1", "header.unknown", "info"),
    ]
    assert [f.field for f in found] == ["cert_no", "relation", None]
    assert "〔与户主关系〕" in found[1].message.zh
    assert "鞋码" in found[2].message.zh


def test_what_the_reader_found_comes_along_once() -> None:
    lost = Finding(
        *("台账.xlsx", "Sheet3", None, None, None, None, None),
        "table.unrecognised",
        "error",
        Message("认不出", "unknown"),
    )
    data = workbook(read_text(CATALOG, PEOPLE, "姓名 | 人员类别 | 鞋码\n张伟 | 独居 | 38", TODAY))
    first = findings(data)
    data.findings += [lost, *[f for f in first if f.rule.startswith("header.")]]
    again = findings(data)
    assert [f for f in again if f.rule != "table.unrecognised"] == first
    assert again.count(lost) == 1


def test_a_reference_within_the_file() -> None:
    homes = read_text(CATALOG, HOUSEHOLDS, HOMES, TODAY)
    family = read_text(CATALOG, MEMBERS, FAMILY, TODAY)
    [missing] = [f for f in findings(workbook(homes, family)) if f.rule == "ref.missing"]
    assert (missing.sheet, missing.cell, missing.severity) == ("家庭成员", "A3", "warning")
    assert "DB009" in missing.message.zh
    assert "《低保台账》“低保户”" in missing.message.zh


def test_a_reference_into_given_tables_or_into_nothing() -> None:
    family = workbook(read_text(CATALOG, MEMBERS, FAMILY, TODAY))
    homes = rows_of(read_text(CATALOG, HOUSEHOLDS, HOMES, TODAY), CATALOG.table(*HOUSEHOLDS))
    with_homes = findings(family, references={HOUSEHOLDS: homes})
    assert told(with_homes, "ref.missing") == [("A3", "ref.missing", "warning")]
    [alone] = [f for f in findings(family) if f.rule == "ref.missing"]
    assert (alone.row, alone.column, alone.severity) == (None, 1, "info")
    none_there = findings(family, references={HOUSEHOLDS: {}})
    assert [f.cell for f in none_there if f.rule == "ref.missing"] == ["A2", "A3"]


def test_equal_rows_are_a_warning_and_different_ones_with_one_key_an_error() -> None:
    found = check(
        MEMBERS,
        """
        低保证号 | 姓名 | 身份证号           | 与户主关系 | 是否享受
        DB001    | 王芳 | 11010119900307299X | 户主       | 是
        DB001    | 王芳 | 11010119900307299x | 本人       | 是
        DB002    | 李强 | 110101198805061235 | 户主       | 是
        DB002    | 李强 | 110101198805061235 | 户主       | 否
        """,
    )
    doubles = [f for f in found if f.rule.startswith("duplicate")]
    assert [(f.row, f.column, f.rule, f.severity) for f in doubles] == [
        (3, None, "duplicate.row", "warning"),
        (4, 3, "duplicate.key", "error"),
        (5, 3, "duplicate.key", "error"),
    ]
    assert "第2行" in doubles[0].message.zh
    assert "第5行" in doubles[1].message.zh
    assert "19880506" not in doubles[1].message.zh


def test_a_key_twice_over_two_sheets_of_one_file() -> None:
    one = read_text(CATALOG, HOUSEHOLDS, HOMES, TODAY, "幸福社区")
    other = read_text(CATALOG, HOUSEHOLDS, HOMES.replace("王芳", "王方"), TODAY, "和平社区")
    doubles = [f for f in findings(workbook(one, other)) if f.rule.startswith("duplicate")]
    assert [(f.sheet, f.row, f.rule, f.field) for f in doubles] == [
        ("幸福社区", 2, "duplicate.key", "cert_no"),
        ("幸福社区", 2, "duplicate.key", "head_id"),
        ("和平社区", 2, "duplicate.key", "cert_no"),
        ("和平社区", 2, "duplicate.key", "head_id"),
        ("和平社区", 3, "duplicate.row", None),
    ]
    assert "工作表“和平社区”第2行" in doubles[0].message.zh


def test_a_unique_field_that_is_not_the_key() -> None:
    text = HOMES.replace("110101198805061235", "11010119900307299X")
    assert told(check(HOUSEHOLDS, text), "duplicate.key") == [
        ("C2", "duplicate.key", "error"),
        ("C3", "duplicate.key", "error"),
    ]


def test_without_a_key_the_fallback_key_counts() -> None:
    found = check(
        PEOPLE,
        """
        姓名 | 身份证号           | 人员类别 | 住址
        张伟 |                    | 独居老人 | 一号院2栋301
        张伟 |                    | 空巢老人 | 一号院2栋301
        张伟 |                    | 空巢老人 | 一号院2栋302
        张伟 | 11010119900307299X | 空巢老人 | 一号院2栋301
        李强 |                    | 空巢老人 |
        李强 |                    | 独居老人 |
        王芳 |                    | 独居老人 |
        王芳 |                    | 独居老人 |
        """,
    )
    assert [(f.row, f.rule) for f in found if f.rule.startswith("duplicate")] == [
        (2, "duplicate.key"),
        (3, "duplicate.key"),
        (9, "duplicate.row"),
    ]


def test_invalid_keys_are_not_compared() -> None:
    found = check(
        PEOPLE,
        """
        姓名 | 身份证号 | 人员类别 | 住址
        张伟 | 不详     | 独居老人 | 一号院
        李强 | 不详     | 独居老人 | 二号院
        """,
    )
    assert [f.rule for f in found if f.severity == "error"] == ["id.length", "id.length"]


def test_ids_dragged_down_the_column() -> None:
    found = check(
        PEOPLE,
        """
        姓名 | 身份证号           | 人员类别
        张伟 | 110101199003072098 | 独居老人
        李强 | 110101199003072099 | 独居老人
        王芳 | 110101199003072100 | 独居老人
        赵敏 | 110101199003072102 | 独居老人
        周涛 | 110101199003079999 | 独居老人
        """,
    )
    assert told(found, "id.sequence_fill") == [
        ("B3", "id.sequence_fill", "warning"),
        ("B4", "id.sequence_fill", "warning"),
    ]
    [first, _] = [f for f in found if f.rule == "id.sequence_fill"]
    assert "第2行" in first.message.zh


def test_comparisons_with_the_activity_a_record_belongs_to() -> None:
    activities = read_text(
        CATALOG,
        ACTIVITIES,
        """
        活动编号 | 活动名称 | 活动类别 | 主办单位 | 活动日期   | 活动时长(小时)
        HD-1     | 清扫     | 环境整治 | 居委会   | 2022-06-01 | 2
        HD-2     | 义诊     | 义诊便民 | 居委会   | 2021-09-24 |
        """,
        TODAY,
    )
    records = read_text(
        CATALOG,
        RECORDS,
        """
        活动编号 | 志愿者姓名 | 证件号码           | 服务时长(小时) | 记录日期
        HD-1     | 王芳       | 11010119900307299X | 2.5            | 2022-06-15
        HD-1     | 李强       | 110101198805061235 | 2              | 2022-06-16
        HD-2     | 赵敏       | 110101199203041522 | 9              | 2021-10-12
        HD-2     | 周涛       | 110101199508111114 | 9              | 2021-10-15
        HD-3     | 吴刚       | 110101197001011115 | 9              | 2022-06-16
        """,
        TODAY,
    )
    found = findings(workbook(activities, records))
    assert told(found, "compare") == [("D2", "compare", "warning")]
    # 2022-06-03 was Dragon Boat Festival: the tenth working day after 1 June is 16 June.
    # After 24 September 2021 it is 13 October: 26 September and 9 October were worked,
    # the first week of October was not.
    assert told(found, "deadline.workdays") == [("E5", "deadline.workdays", "warning")]
    assert told(found, "ref.missing") == [("A6", "ref.missing", "warning")]
    [late] = [f for f in found if f.rule == "deadline.workdays"]
    assert "2021-10-13" in late.message.zh
    assert "推算" not in late.message.zh


def test_comparisons_across_tables_use_given_rows_and_prefer_the_file() -> None:
    activity = """
        活动编号 | 活动名称 | 活动日期   | 活动时长(小时)
        HD-1     | 清扫     | 2022-06-01 | {}
        """
    schema = CATALOG.table(*ACTIVITIES)
    two, four = (read_text(CATALOG, ACTIVITIES, activity.format(hours), TODAY) for hours in (2, 4))
    records = read_text(
        CATALOG, RECORDS, "活动编号 | 志愿者姓名 | 服务时长(小时)\nHD-1 | 王芳 | 3", TODAY
    )
    known = {ACTIVITIES: rows_of(two, schema)}
    assert told(findings(workbook(records), references=known), "compare")
    assert not told(findings(workbook(records, four), references=known), "compare")


def test_an_empty_table_has_no_findings_but_its_headers() -> None:
    assert told(check(VISITS, "走访日期 | 户址 | 走访人 | 所属网格")) == []
    assert told(check(ISSUES, "登记日期 | 问题描述")) == [(None, "header.missing", "error")]


def test_one_key_in_very_many_rows_is_told_without_counting_them_over_and_over() -> None:
    lines = "".join(f"\nDB001 | 甲{n}" for n in range(20_000))
    found = check(HOUSEHOLDS, "低保证号 | 户主姓名" + lines)
    doubles = [f for f in found if f.rule == "duplicate.key"]
    assert len(doubles) == 20_000
    assert "第2行、工作表“低保户”第3行、工作表“低保户”第4行等19999行" in doubles[-1].message.zh
