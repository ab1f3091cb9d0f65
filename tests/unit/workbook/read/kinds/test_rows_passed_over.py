"""Kind: rows that are records, or told. A new sibling is one more line in one of the tables."""

import pytest
from tests.entries import (
    ACTIVITIES,
    HOUSEHOLDS,
    ISSUES,
    PEOPLE,
    VALID,
    VISITS,
    grid,
    read_grid,
    table_of,
    told_at,
)
from tests.reading import grid_of, skipped_of

from ledgersync.schema import TableKey

# Texts that begin or go on like a hint, a total, a note, a register or a contact.
TEXTS = """
请求维修3栋楼道灯 · 请物业清理下水道 · 请尽快处理 · 请在3栋加装路灯 · 填写错误的门牌号
填错门牌 · 例行检查发现漏水 · 例如路灯不亮 · 注意楼道积水 · 注意：楼道湿滑 · 说明：路灯不亮
说明书没有发 · ①路灯不亮 · ①路灯不亮②水管漏 · 【紧急】路灯不亮 · 【路灯不亮】 · （路灯不亮）
《物业条例》没有公示 · 3栋电梯故障累计5次 · 合计多收物业费 · 小计不对 · 总计缴费两次
汇总表没贴 · 共5户反映漏水 · 全部停水 · 其中：2户漏水 · 备注：已告知 · 备注栏没有填
提示牌倒了 · 注：已告知居民 · 联系人：王芳 5栋 · 联系电话：13800000001 · 登记表没有贴
台账没有公示 · 名单漏了2户 · 记录仪坏了 · 年报未交 · 必填项目看不清 · 下拉窗坏了 · 格式不对
单选题没有讲 · 示例小区路灯坏了 · 截止今天还没修 · 第3页通知看不清 · 负责人不接电话 · 审核太慢
单位门口积水 · 填表说明看不懂 · 文本看不清 · 如：路灯不亮 · 平均每周停水2次 · 是/否都可以
元旦放炮 · 人行道破损 · 户外广告牌松动
"""
WORDS = [w.strip() for line in TEXTS.strip().splitlines() for w in line.split("·")]
# Table, the column that the text stands in, another column of texts.
COLUMNS = [
    (ISSUES, "description", "place"),
    (ISSUES, "remark", "description"),
    (VISITS, "household", "remark"),
    (VISITS, "remark", "household"),
    (ACTIVITIES, "title", "content"),
    (ACTIVITIES, "content", "place"),
    (HOUSEHOLDS, "address", "remark"),
    (HOUSEHOLDS, "remark", "address"),
    (PEOPLE, "address", "remark"),
]


def record_or_told(key: TableKey, row: dict[str, object], at: int, total: int = 3) -> bool:
    """The row stands at place `at` among right records; it is one of them, or told at its row."""
    rows: list[dict[str, object]] = [VALID[key] for _ in range(total)]
    rows.insert(at, row)
    data = read_grid(grid(key, rows))
    return at + 2 in table_of(data, key).rows or bool(told_at(data, key, at + 2))


@pytest.mark.parametrize("at", [0, 1, 3], ids=["first", "between", "last"])
@pytest.mark.parametrize(("key", "field", "other"), COLUMNS, ids=lambda c: str(c))
def test_a_text_with_any_other_entry_is_a_record(
    key: TableKey, field: str, other: str, at: int
) -> None:
    date = next(f for f in VALID[key] if f in ("date", "start_date", "enrolled"))
    missed = []
    for word in WORDS:
        for companion in (date, other):
            row = {field: word, companion: VALID[key][companion]}
            rows: list[dict[str, object]] = [VALID[key] for _ in range(3)]
            rows.insert(at, row)
            data = read_grid(grid(key, rows))
            if at + 2 not in table_of(data, key).rows:
                missed.append((word, companion))
    assert missed == []


@pytest.mark.parametrize("at", [0, 1, 3], ids=["first", "between", "last"])
@pytest.mark.parametrize(("key", "field"), [c[:2] for c in COLUMNS], ids=str)
def test_a_text_alone_is_a_record_or_told(key: TableKey, field: str, at: int) -> None:
    missed = [w for w in WORDS if not record_or_told(key, {field: w}, at)]
    assert missed == []


BELOW_NOTES = [
    "备注：1.本表每月5日前上报",
    "说明：由网格员填写",
    "注：以上为6月数据",
    "填表人：王芳　审核人：李强",
]


@pytest.mark.parametrize("note", BELOW_NOTES)
@pytest.mark.parametrize("word", WORDS[::3])
def test_rows_below_a_note_are_records(note: str, word: str) -> None:
    rows: list[dict[str, object]] = [VALID[ISSUES], {"issue_no": note}]
    rows += [{"description": word, "place": "3栋"}, {"date": "2022-06-09", "remark": word}]
    data = read_grid(grid(ISSUES, rows))
    assert table_of(data, ISSUES).rows == [2, 4, 5]


LONE_VALUES = [
    (HOUSEHOLDS, "cert_no", "DB70009"),
    (HOUSEHOLDS, "head_name", "李强"),
    (HOUSEHOLDS, "family_size", 3.0),
    (HOUSEHOLDS, "monthly_amount", 500.0),
    (HOUSEHOLDS, "start_date", "2021-04-01"),
    (HOUSEHOLDS, "status", "停发"),
    (HOUSEHOLDS, "phone", "13900001234"),
    (ISSUES, "date", "2022-06-09"),
    (ISSUES, "handler", "李强"),
    (ISSUES, "issue_no", "WT-9"),
    (ACTIVITIES, "participants", 3.0),
    (ACTIVITIES, "kind", "助老服务"),
    (VISITS, "visitor", "李强"),
    (PEOPLE, "category", "孤儿"),
]


@pytest.mark.parametrize("at", [0, 1, 3], ids=["first", "between", "last"])
@pytest.mark.parametrize(("key", "field", "value"), LONE_VALUES, ids=str)
def test_one_valid_value_makes_a_record(key: TableKey, field: str, value: object, at: int) -> None:
    rows: list[dict[str, object]] = [VALID[key] for _ in range(3)]
    rows.insert(at, {field: value})
    data = read_grid(grid(key, rows))
    assert at + 2 in table_of(data, key).rows


A, B, C = "36070219351024220X", "500113197504263435", "330106198007250499"
HEAD = (
    "序号 | 低保证号 | 户主姓名 | 户主身份证号 | 家庭人口数 | 保障人数 | 月保障金额 | "
    "保障状态 | 备注"
)
ROWS = f"1 | DB1 | 王芳 | {A} | 3 | 2 | 900 | 在保 | \n2 | DB2 | 李娜 | {B} | 2 | 2 | 600 | 在保 | "
SILENT = [
    "合计 | | | | 5 | 4 | 1500 | |",
    "合计 | 2户 | | | 5人 | 4人 | 1,500.00元 | |",
    "小 计 | | | | 5 | 4 | 1500 | | 已核对",
    " | 共2户4人",
    "平均 | | | | 2.5 | 2 | 750 | |",
    "备注：1.本表每月5日前上报；2.身份证号须为18位。",
    " | 备注：\n | 1.本表一式两份；\n | 2.每月5日前上报。",
    "填表人： | 王芳 | 审核人： | 李强 | 日期： | 2022-7-1",
    "填表人：王芳　　审核人：李强　　负责人（签字）：",
    " | | | | | | 单位（盖章）",
    " | | | | | | 2022年6月30日",
    " | | 以下空白",
    "/ | / | / | / | / | / | / | / | /",
    " | 无 | 无 | 无 | | | | | 无",
    "3 | ",
    "第三村民小组",
    "一、东风村",
]


@pytest.mark.parametrize("line", SILENT)
def test_what_is_no_entry_is_passed_over_in_silence(line: str) -> None:
    last = f"9 | DB3 | 赵敏 | {C} | 1 | 1 | 300 | 在保 | "
    text = f"幸福社区低保台账\n填报单位：幸福社区\n{HEAD}\n{ROWS}\n{line}"
    for sheet in (text, f"{text}\n{last}"):
        data = read_grid(grid_of(sheet, "A1:I1"))
        assert [(f.row, f.rule) for f in data.findings] == []
        assert all(row not in skipped_of(data.tables[0]) for row in data.tables[0].rows)


HINTS = [
    " | | | （18位） | | | | 【在保、渐退期】 | ",
    " | | | （必填） | （人） | （人） | （元） | ①在保②停发 | ",
    "填写说明 | 必填 | 必填 | 18位文本 | 人 | 人 | 元 | 下拉选择 | 选填",
    "1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9",
    "甲 | 乙 | 1 | 2 | 3 | 4 | 5 | 6 | 7",
    "请如实填写",
    " | | | | | | （元） | | ",
]


@pytest.mark.parametrize("line", HINTS)
def test_hints_below_the_header_are_silent(line: str) -> None:
    data = read_grid(grid_of(f"{HEAD}\n{line}\n{ROWS}"))
    assert data.findings == []
    assert data.tables[0].rows == [3, 4]


def test_an_example_with_a_real_identity_number_is_told() -> None:
    data = read_grid(grid_of(f"{HEAD}\n例 | DB0 | 张三 | {C} | 1 | 1 | 300 | 在保 | \n{ROWS}"))
    assert skipped_of(data.tables[0]) == {2: "hint"}
    assert told_at(data, HOUSEHOLDS, 2) == ("w:row.passed_over",)


@pytest.mark.parametrize(
    "line",
    [
        "合计 | | | | 5 | 4 | 1600 | |",
        "总计 | | | | 6人 | 4人 | 1500元 | |",
        "小计 | 2户 | | | 5 | 3 | 1500 | |",
    ],
)
def test_a_total_that_does_not_equal_its_rows_is_told(line: str) -> None:
    data = read_grid(grid_of(f"{HEAD}\n{ROWS}\n{line}"))
    assert told_at(data, HOUSEHOLDS, 4) == ("w:row.passed_over",)


def test_subtotals_and_totals_of_totals_are_equal() -> None:
    data = read_grid(
        grid_of(
            f"{HEAD}\n合计 | | | | 6 | 5 | 1800 | |\n{ROWS}\n小计 | | | | 5 | 4 | 1500 | |\n"
            f"3 | DB3 | 赵敏 | {C} | 1 | 1 | 300 | 在保 | \n小计 | | | | 1 | 1 | 300 | |\n"
            "总计 | | | | 6 | 5 | 1800 | |"
        )
    )
    assert data.findings == []


def test_a_record_above_the_header_is_told() -> None:
    data = read_grid(grid_of(f"1 | DB1 | 王芳 | {A} | 3 | 2 | 900 | 在保 | \n{HEAD}\n{ROWS}"))
    assert told_at(data, HOUSEHOLDS, 1) == ("e:row.passed_over",)


def test_the_last_row_of_a_table_is_not_taken_for_the_title_of_the_next() -> None:
    data = read_grid(
        grid_of(
            "登记日期 | 问题描述 | 地点 | 处理状态\n2022-06-01 | 路灯不亮 | 3栋 | 待处理\n"
            "2022-06-02 | 居民登记表丢失\n走访日期 | 户址 | 受访人\n2022-06-01 | 幸福路1号 | 王芳"
        )
    )
    assert table_of(data, ISSUES).rows == [2, 3]
    assert table_of(data, VISITS).rows == [5]


def test_a_prepared_row_is_a_record_with_whatever_is_typed_into_it() -> None:
    sheet = grid_of(
        "走访编号 | 走访日期 | 户址 | 备注 | 校验 | _LS_ID\n"
        + "\n".join(f"ZF-{n} | | | {word} | | a{n}" for n, word in enumerate(WORDS))
    )
    sheet.formulas = {1: set(range(2, sheet.height + 1))}
    table = table_of(read_grid(sheet), VISITS)
    assert table.rows == list(range(2, sheet.height + 1))


_VISIT = "走访日期 | 户址 | 受访人 | 走访人 | 所属网格 | 备注\n"
_ONE = "2022-06-01 | 幸福路1号 | 王芳 | 赵敏 | 第1网格 |"


@pytest.mark.parametrize(
    "closing",
    ["填表人 | 赵敏 | 审核人 | 钱力 | |", "填表人：赵敏 | | 审核人：钱力 | | |",
     "| | | | 幸福社区 | 2022年6月30日", "| | | | 幸福社区居民委员会 | 2022年6月30日",
     "| | | | 幸福街道 | 2022年6月30日"],
)  # fmt: skip
def test_who_closed_a_page_and_when_is_silent(closing: str) -> None:
    data = read_grid(grid_of(f"{_VISIT}{_ONE}\n{closing}"))
    assert table_of(data, VISITS).rows == [2]
    assert told_at(data, VISITS, 3) == ()


@pytest.mark.parametrize("row", ["| | | | 第2网格 |", "| 幸福路9号 | | | |", "| | | | | 门锁坏了"])
def test_a_lone_text_in_its_column_is_a_record_or_told(row: str) -> None:
    data = read_grid(grid_of(f"{_VISIT}{_ONE}\n{row}"))
    assert told_at(data, VISITS, 3) != ()


@pytest.mark.parametrize(
    "text", ["单位：物业未答复", "填报人不在", "制表错误要求更正", "①漏水②灯坏"]
)
def test_a_lone_description_before_the_first_record_is_told(text: str) -> None:
    head = "登记日期 | 问题类别 | 问题描述 | 处理状态"
    data = read_grid(grid_of(f"{head}\n | | {text} |\n2022-06-02 | 照明道路 | 灯坏 | 待处理"))
    assert told_at(data, ISSUES, 2) != ()


@pytest.mark.parametrize("text", ["请填写具体问题", "必填", "示例", "（请如实填写）", "选填项"])
def test_a_lone_request_before_the_first_record_is_silent(text: str) -> None:
    head = "登记日期 | 问题类别 | 问题描述 | 处理状态"
    data = read_grid(grid_of(f"{head}\n | | {text} |\n2022-06-02 | 照明道路 | 灯坏 | 待处理"))
    assert told_at(data, ISSUES, 2) == ()
