"""Kind: ordinary words: what people write for a choice, and for a header, is understood."""

import pytest
from tests.entries import (
    ACTIVITIES,
    CATALOG,
    HOUSEHOLDS,
    ISSUES,
    MEMBERS,
    PEOPLE,
    TABLES,
    VALID,
    VISITS,
    header,
    read_cell,
    read_grid,
    table_of,
)

from ledgersync.schema import TableKey
from ledgersync.values.choices import mark
from ledgersync.workbook.read.layout.grid import Grid

WORDS: list[tuple[TableKey, str, object, object]] = [
    (VISITS, "method", "入户走访", "入户"),
    (VISITS, "method", "电话访问", "电话"),
    (VISITS, "result", "在家", "见到本人"),
    (VISITS, "result", "没人", "无人在家"),
    (VISITS, "result", "不在家", "无人在家"),
    (VISITS, "group", "居民、低保对象", ["普通居民", "低保户"]),
    (PEOPLE, "visit_cycle", "每月1次", "每月"),
    (PEOPLE, "visit_cycle", "一周一次", "每周"),
    (PEOPLE, "visit_cycle", "每月两次", "每半月"),
    (PEOPLE, "category", "独居、高龄", ["独居老人", "高龄老人"]),
    (ISSUES, "kind", "漏水", "屋顶漏水"),
    (ISSUES, "kind", "噪音扰民", "噪声油烟"),
    (ISSUES, "status", "正在处理", "协调处置中"),
    (ISSUES, "source", "微信", "微信群"),
    (HOUSEHOLDS, "hukou", "农业户口", "农村"),
    (HOUSEHOLDS, "status", "已停发", "停发"),
    (MEMBERS, "relation", "长子", "子女"),
    (MEMBERS, "left_reason", "病故", "死亡"),
    (MEMBERS, "disability", 2.0, "二级"),
    (ACTIVITIES, "kind", "防汛", "应急救援"),
]
HEADERS: list[tuple[TableKey, str, str]] = [
    (HOUSEHOLDS, "head_id", "身份证"),
    (HOUSEHOLDS, "monthly_amount", "月补助金"),
    (HOUSEHOLDS, "start_date", "批准时间"),
    (HOUSEHOLDS, "address", "家庭地址"),
    (MEMBERS, "member_id", "身份证"),
    (PEOPLE, "id_number", "身份证"),
    (PEOPLE, "phone", "手机号"),
    (VISITS, "household", "家庭地址"),
    (ISSUES, "date", "登记时间"),
    (ISSUES, "closed", "办结时间"),
]


@pytest.mark.parametrize(("key", "field", "word", "value"), WORDS, ids=str)
def test_words_for_a_choice(key: TableKey, field: str, word: object, value: object) -> None:
    table = CATALOG.table(*key)
    rows = [[VALID[key].get(f, "") for f in VALID[key]]]
    fields = list(VALID[key])
    if field not in fields:
        fields.append(field)
        rows[0].append("")
    rows[0][fields.index(field)] = word
    data = read_grid(Grid(table.sheet, [header(key, fields), *rows]))
    read = table_of(data, key).values[field][0]
    assert (list(read) if isinstance(read, tuple) else read) == value


@pytest.mark.parametrize(("key", "field", "wording"), HEADERS, ids=str)
def test_words_for_a_header(key: TableKey, field: str, wording: str) -> None:
    fields = list(dict.fromkeys([*VALID[key], field]))
    heads = [wording if f == field else h for f, h in zip(fields, header(key, fields), strict=True)]
    table = CATALOG.table(*key)
    data = read_grid(Grid(table.sheet, [heads, [VALID[key].get(f, "") for f in fields]]))
    assert field in {c.field for c in table_of(data, key).columns}


@pytest.mark.parametrize("key", TABLES, ids=str)
def test_a_word_means_one_choice_only(key: TableKey) -> None:
    for field in CATALOG.table(*key).fields:
        meant: dict[str, str] = {}
        for value, synonyms in field.choices.items():
            for word in (value, *synonyms):
                assert meant.setdefault(mark(word), value) == value, (field.id, word)


@pytest.mark.parametrize(
    ("key", "field", "word"),
    [(VISITS, "method", "去了"), (HOUSEHOLDS, "hukou", "居民户口"), (ISSUES, "status", "已上报"),
     (PEOPLE, "category", "半失能"), (VISITS, "satisfaction", "一般")],
)  # fmt: skip
def test_words_that_mean_more_than_one_thing_come_back(
    key: TableKey, field: str, word: str
) -> None:
    if field in VALID[key]:
        found = read_cell(key, field, word)
        assert found.value is None and found.told
