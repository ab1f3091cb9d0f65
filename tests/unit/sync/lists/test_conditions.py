"""Conditions as people say them: what each picks out of a few rows."""

from datetime import date

import pytest

from ledgersync.errors import UsageFault
from ledgersync.model import Row
from ledgersync.schema import load_catalog
from ledgersync.sync.lists.asked import Asked
from ledgersync.sync.lists.conditions import conditions_in

TODAY = date(2022, 6, 30)
TABLE = load_catalog().table("care", "people")
# name, id number (born), category, grid, status, phone, enrolled
PEOPLE = {
    "甲": ("320106194206305616", ("独居老人",), "第1网格", "在册", "13800000001", "2020-01-01"),
    "乙": ("320106194207015613", ("高龄老人",), "第2网格", "在册", None, "2021-01-01"),
    "丙": (
        "320106196001015616",
        ("独居老人", "重度残疾人"),
        "第11网格",
        "转出",
        "13800000003",
        None,
    ),
    "丁": (None, ("重度残疾人",), None, "在册", None, "2022-05-01"),
}
VISITS = {"甲": date(2022, 6, 1), "乙": date(2022, 1, 1)}


def row(name: str) -> Row:
    number, category, grid, status, phone, since = PEOPLE[name]
    values = {
        "name": name,
        "id_number": number,
        "category": category,
        "grid": grid,
        "status": status,
        "phone": phone,
        "enrolled": date.fromisoformat(since) if since else None,
        "responsible": {"甲": "王芳", "乙": "李强", "丙": "王芳"}.get(name),
    }
    return tuple(values.get(field) for field in TABLE.field_ids)  # type: ignore[arg-type]


def asked() -> Asked:
    return Asked(TABLE, TODAY, ("第1网格", "第2网格", "第11网格"), VISITS)


def picked(text: str) -> tuple[str, str]:
    """Who fits, and of whom it cannot be told."""
    conditions = conditions_in(text, asked())
    fits, unknown = "", ""
    for name in PEOPLE:
        told = [c.holds(name, row(name)) for c in conditions]
        if False not in told:
            fits, unknown = (fits, unknown + name) if None in told else (fits + name, unknown)
    return fits, unknown


@pytest.mark.parametrize(
    ("text", "fits", "unknown"),
    [
        ("80岁以上", "甲", "丁"),  # 乙 turns 80 tomorrow
        ("80周岁及以上", "甲", "丁"),
        ("年满80周岁", "甲", "丁"),
        ("79岁以上", "甲乙", "丁"),
        ("80岁以下", "乙丙", "丁"),
        ("不满80岁", "乙丙", "丁"),
        ("62岁以内", "丙", "丁"),
        ("60-79岁", "乙丙", "丁"),
        ("60至80岁", "甲乙丙", "丁"),
        ("80岁以上独居老人", "甲", ""),
        ("独居老人", "甲丙", ""),
        ("独居老人，第1网格", "甲", ""),
        ("第1网格", "甲", ""),
        ("第11网格的独居老人", "丙", ""),
        ("所属网格=第1网格", "甲", ""),
        ("所属网格 为 第2网格", "乙", ""),
        ("网格包含1网格", "甲丙", ""),
        ("人员类别=重度残疾人", "丙丁", ""),
        ("人员类别=重度残疾人、高龄老人", "乙丙丁", ""),
        ("人员类别=重度残疾人,高龄老人 在册", "乙丁", ""),
        ("人员类别!=独居老人", "乙丁", ""),
        ("人员类别不是独居老人", "乙丁", ""),
        ("在册状态：转出", "丙", ""),
        ("联系电话为空", "乙丁", ""),
        ("联系电话已填", "甲丙", ""),
        ("姓名=“甲”", "甲", ""),
        ("纳入日期>=2021-01-01", "乙丁", "丙"),
        ("纳入日期早于2021年1月1日", "甲", "丙"),
        ("90天未走访", "乙丙丁", ""),
        ("超过90天没有走访", "乙丙丁", ""),
        ("90天内未走访", "乙丙丁", ""),
        ("近30天走访过", "甲", ""),
        ("从未走访", "丙丁", ""),
        ("80岁以上；90天未走访", "", "丁"),
        ("70岁以上、90天未走访、在册", "乙", "丁"),
        ("年龄大于79", "甲", "丁"),
        ("年龄>=80", "甲", "丁"),
        ("年龄小于80岁", "乙丙", "丁"),
        ("年龄不超过62", "丙", "丁"),
        ("年龄80岁以上", "甲", "丁"),
        ("年龄在60-79岁", "乙丙", "丁"),
        ("男", "甲乙丙", "丁"),
        ("80岁以上男性", "甲", "丁"),
        ("性别=女", "", "丁"),
        ("高龄老人或重度残疾人", "乙丙丁", ""),
        ("60岁以上独居老人或高龄老人", "甲乙丙", ""),
        ("80岁以上或重度残疾人", "甲丙丁", ""),
        ("第1网格、或第2网格", "甲乙", ""),
        ("不是独居老人", "乙丁", ""),
        ("在册 非第1网格", "乙丁", ""),
        ("没有联系电话", "乙丁", ""),
        ("没联系电话的独居老人", "", ""),
        ("有联系电话", "甲丙", ""),
        ("没有身份证号", "丁", ""),
        ("没有走访过", "丙丁", ""),
        ("2021年纳入", "乙", ""),
        ("2021年以前纳入", "甲", ""),
        ("2021年以来纳入的", "乙丁", ""),
        ("2022年5月纳入", "丁", ""),
        ("2022年5月份登记", "丁", ""),
        ("今年新纳入", "丁", ""),
        ("去年纳入的高龄老人", "乙", ""),
        ("姓甲", "甲", ""),
        ("姓甲的独居老人", "甲", ""),
        ("姓乙或姓丙", "乙丙", ""),
        ("姓欧阳", "", ""),
        ("王芳负责", "甲丙", ""),
        ("由李强包联", "乙", ""),
        ("王芳负责的独居老人，在册", "甲", ""),
        ("", "甲乙丙丁", ""),
    ],
)
def test_who_fits(text: str, fits: str, unknown: str) -> None:
    assert picked(text) == (fits, unknown)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("高个子", "没有看懂条件“高个子”"),
        ("独居老人 高个子", "没有看懂条件“高个子”"),
        ("独居老人或高个子", "没有看懂条件“高个子”"),
        ("独居老人或", "没有看懂条件“”"),
        ("没有钱", "没有看懂条件“没有钱”"),
        ("人员类别=高个子", "“高个子”不能和〔人员类别〕比较"),
        ("纳入日期>去年冬天", "不能和〔纳入日期〕比较"),
        ("2021年", "没有看懂“2021年”说的是哪一项日期"),
        ("2021年13月纳入", "“2021年13月”不是一个月份"),
        ("去年发的", "没有看懂“去年”说的是哪一项日期"),
    ],
)
def test_what_is_not_understood_is_named(text: str, said: str) -> None:
    with pytest.raises(UsageFault) as fault:
        conditions_in(text, asked())
    assert said in fault.value.message.zh


def test_a_table_without_id_numbers_has_no_ages() -> None:
    visits = load_catalog().table("visit", "visits")
    plain = Asked(load_catalog().table("volunteer", "activities"), TODAY)
    assert not any(f.type == "id_number" for f in plain.table.fields)
    with pytest.raises(UsageFault, match="算不出年龄"):
        conditions_in("80岁以上", plain)
    with pytest.raises(UsageFault, match="不是走访对象"):
        conditions_in("90天未走访", Asked(visits, TODAY))


def test_what_a_table_does_not_say_is_refused_with_what_it_does() -> None:
    catalog = load_catalog()
    households = Asked(catalog.table("dibao", "households"), TODAY)
    with pytest.raises(UsageFault, match="没有写由谁负责") as fault:
        conditions_in("王芳负责", households)
    assert "网格=" in fault.value.next_step.zh
    assert conditions_in("2021年纳入", households)[0].fields == ("start_date",)
    visits = Asked(catalog.table("visit", "visits"), TODAY)
    assert conditions_in("王芳走访", visits)[0].fields == ("visitor",)
    assert conditions_in("姓冯", visits)[0].fields == ("subject_name", "host_name")
    with pytest.raises(UsageFault) as fault:
        conditions_in("2021年", visits)
    assert "2021年走访" in fault.value.next_step.zh
