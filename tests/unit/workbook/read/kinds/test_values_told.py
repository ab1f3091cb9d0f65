"""Kinds of single cells: dates, several values, ditto marks, zeros of look-ups: right, or told."""

from datetime import date, datetime, time

import pytest
from tests.entries import (
    ACTIVITIES,
    CATALOG,
    HOUSEHOLDS,
    IDS,
    ISSUES,
    MEMBERS,
    PEOPLE,
    SERVICE,
    VALID,
    VISITS,
    grid,
    read_cell,
    read_cells,
    read_grid,
    table_of,
    told_at,
)

from ledgersync.model import Invalid
from ledgersync.schema import TableKey

DATES: list[tuple[TableKey, str]] = [
    (HOUSEHOLDS, "start_date"),
    (PEOPLE, "enrolled"),
    (ACTIVITIES, "date"),
    (VISITS, "date"),
    (ISSUES, "date"),
]
RIGHT_DATES = [
    ("2021 1 2", "2021-01-02"),
    ("2021 11 5", "2021-11-05"),
    ("2021　6　1", "2021-06-01"),
    ("2021\u00a06\u00a01", "2021-06-01"),
    ("2021年 1月 1 日", "2021-01-01"),
    ("2021. 6. 1", "2021-06-01"),
    ("2021- 6 -1", "2021-06-01"),
    ("2021/6/1 星期二", "2021-06-01"),
    ("2021年6月1日（周二）", "2021-06-01"),
    ("2021-06-01 上午 8:30", "2021-06-01"),
    ("2021-06-01T08:30:00Z", "2021-06-01"),
    ("2021-02-28 23:59:59.991", "2021-03-01"),
    (datetime(2021, 2, 28, 23, 59, 59, 991000), "2021-03-01"),
    (44255.9999999, "2021-03-01"),
    ("44255.9999999", "2021-03-01"),
    (44255.99, "2021-02-28"),
    ("20210601.0", "2021-06-01"),
    ("'2021-06-01", "2021-06-01"),
    ('"2021-06-01"', "2021-06-01"),
    ("\u202a2021-06-01\u202c", "2021-06-01"),
    ("2021.10", "2021-10-01"),
]
TOLD_DATES = [
    *("2021-6-1 2", "2021 5", "2021 05", "20 21-6-1", "2021-1 1-5", "2021 0601", "2021\t5"),
    *("2021-6-1 12", "2021-6-1\n2021-7-1", "2021-6-1 2021-7-1", "2021 13 1", "2021-6-1、2021-7-1"),
    *("1899-12-31", "1821-06-01", "1900-01-01", "1921-06-01", "2222-06-01", "2121-06-01", 0, 1),
    *(2021.1, 2021.9, "21.6.1", "同上", time(8, 30), "民国110年6月1日", date(1921, 6, 1)),
]


@pytest.mark.parametrize(("raw", "day"), RIGHT_DATES, ids=repr)
@pytest.mark.parametrize(("key", "field"), DATES, ids=str)
def test_days(key: TableKey, field: str, raw: object, day: str) -> None:
    assert read_cell(key, field, raw).value == day


@pytest.mark.parametrize("raw", TOLD_DATES, ids=repr)
@pytest.mark.parametrize(("key", "field"), DATES, ids=str)
def test_what_is_hardly_a_day_is_told(key: TableKey, field: str, raw: object) -> None:
    assert read_cell(key, field, raw).told


@pytest.mark.parametrize("raw", ["2052-01-01", "2022-07-15", "1935-10-24", "1946-01-01"])
def test_days_on_which_nobody_can_have_left(raw: str) -> None:
    row = {**VALID[PEOPLE], "status": "转出", "enrolled": "1930-01-01", "end_date": raw}
    data = read_grid(grid(PEOPLE, [row]))
    assert told_at(data, PEOPLE, 2, "end_date")


def test_the_usual_days_are_not_told() -> None:
    for key, row in VALID.items():
        data = read_grid(grid(key, [{**row, "status": row.get("status", "")}]))
        assert [f for f in told_at(data, key, 2) if "date" in f or "compare" in f] == [], key


def test_months_between_september_and_november_are_unclear() -> None:
    """A month typed 2021.10 that arrives as 2021.1, in a sheet, too."""
    found = read_cells(HOUSEHOLDS, "start_date", ["2020.9", "2020.1", "2020.11", "2020.12"])
    assert [r.value for r in found] == ["2020-09-01", None, "2020-11-01", "2020-12-01"]
    lone = read_cells(HOUSEHOLDS, "start_date", ["2020.3", "2020.1", "2020.12"])
    assert lone[1].value == "2020-01-01"


BETWEEN = [
    '/', ' ', '，', ',', ';', '；', '、', '\n', '\r\n', '\t', '|', '  ', '\u3000', ' / ',
    '或', '和',
]  # fmt: skip
PHONES: list[tuple[TableKey, str]] = [
    (HOUSEHOLDS, "phone"),
    (PEOPLE, "phone"),
    (PEOPLE, "guardian_phone"),
    (SERVICE, "phone"),
]


@pytest.mark.parametrize("between", BETWEEN, ids=repr)
@pytest.mark.parametrize(("key", "field"), PHONES, ids=str)
def test_two_telephone_numbers_are_both_kept(key: TableKey, field: str, between: str) -> None:
    found = read_cell(key, field, f"13800001234{between}0797-8123456")
    assert found.value == "13800001234、0797-8123456"
    assert found.told == ("w:value.several",)


@pytest.mark.parametrize("between", BETWEEN, ids=repr)
@pytest.mark.parametrize(
    ("key", "field", "one", "two"),
    [
        (HOUSEHOLDS, "head_id", IDS[0], IDS[1]),
        (MEMBERS, "member_id", IDS[0], IDS[1]),
        (HOUSEHOLDS, "cert_no", "DB70001", "DB70002"),
        (HOUSEHOLDS, "cert_no", "3607020001", "3607020002"),
        (HOUSEHOLDS, "family_size", "1", "2"),
        (HOUSEHOLDS, "monthly_amount", "350", "400"),
        (ACTIVITIES, "hours", "2", "3"),
        (HOUSEHOLDS, "start_date", "2021-06-01", "2021-07-01"),
        (HOUSEHOLDS, "status", "在保", "停发"),
        (HOUSEHOLDS, "head_name", "王芳", "李娜"),
        (PEOPLE, "name", "王芳", "李娜"),
        (SERVICE, "name", "王芳", "欧阳娜娜"),
    ],
    ids=str,
)
def test_two_values_in_one_cell_are_told(
    key: TableKey, field: str, one: str, two: str, between: str
) -> None:
    found = read_cell(key, field, f"{one}{between}{two}")
    assert found.told, found
    assert found.value != f"{one}{two}"


@pytest.mark.parametrize("name", ["王 芳", "王\u3000小明", "欧阳 娜娜", "诸葛\n亮",
                                  "阿依古丽·买买提",
                                  "王芳（户主）", "John Smith", "𠮷田 一"])  # fmt: skip
def test_a_name_with_a_blank_is_one_name(name: str) -> None:
    assert read_cell(HOUSEHOLDS, "head_name", name).told == ()


@pytest.mark.parametrize(
    "name", ["王*", "王**", "王?", "王？芳", "□芳", "王芳13800001234", "13800001234", 12.0, True,
             date(2021, 3, 1), "王\ufffd", "王芳<br>李娜", "无", "/", "nan"], ids=repr,
)  # fmt: skip
def test_what_is_no_name_is_told(name: object) -> None:
    for key, field in ((HOUSEHOLDS, "head_name"), (MEMBERS, "name"), (PEOPLE, "name")):
        found = read_cell(key, field, name)
        assert found.value is None and found.told


DITTO = [
    '同上', '同 上', '同上。', '（同上）', '同前', '同上行', '如上', '皆同上', '〃', '〃〃',
    '″', '"', '“', '”', "''", '，，', ',,', '、、', '—〃—', '↑', 'ditto', '上同',
]  # fmt: skip
REPEATABLE: list[tuple[TableKey, str]] = [
    (VISITS, "household"),
    (VISITS, "visitor"),
    (VISITS, "grid"),
    (VISITS, "date"),
    (VISITS, "method"),
    (VISITS, "round"),
    (MEMBERS, "cert_no"),
    (HOUSEHOLDS, "head_name"),
    (HOUSEHOLDS, "address"),
    (HOUSEHOLDS, "phone"),
    (HOUSEHOLDS, "monthly_amount"),
    (ISSUES, "description"),
    (ISSUES, "responsible"),
    (ACTIVITIES, "place"),
    (PEOPLE, "category"),
    (PEOPLE, "remark"),
]


@pytest.mark.parametrize("mark", DITTO)
@pytest.mark.parametrize(("key", "field"), REPEATABLE, ids=str)
def test_a_ditto_mark_is_the_value_above(key: TableKey, field: str, mark: str) -> None:
    above = VALID[key][field]
    found = read_cells(key, field, [above, mark, mark])
    assert found[0].value is not None
    assert [r.value for r in found] == [found[0].value] * 3
    assert all("w:value.ditto" in r.told for r in found[1:])


@pytest.mark.parametrize("mark", DITTO)
@pytest.mark.parametrize(
    ("key", "field", "above"),
    [
        (VISITS, "household", ""),
        (VISITS, "household", "#REF!"),
        (HOUSEHOLDS, "monthly_amount", "约500"),
        (HOUSEHOLDS, "head_id", IDS[0]),
        (HOUSEHOLDS, "cert_no", "DB70001"),
        (VISITS, "visit_no", "ZF-0001"),
    ],
    ids=str,
)
def test_a_ditto_mark_below_nothing_plain_is_told(
    key: TableKey, field: str, above: object, mark: str
) -> None:
    found = read_cells(key, field, [above, mark])[1]
    assert found.value is None and "e:value.ditto" in found.told
    first = read_cells(key, field, [mark])[0]
    assert first.value is None and first.told


@pytest.mark.parametrize("mark", ["同左", "同下", "同右"])
def test_marks_that_point_elsewhere_are_told(mark: str) -> None:
    found = read_cells(VISITS, "household", ["幸福路1号", mark])[1]
    assert found.value is None and "e:value.ditto" in found.told


@pytest.mark.parametrize(
    "text", ["同上街1号", "同前路2号", "如上所述已办", "上同仁路3号", "同意", "同心小区"]
)
def test_words_that_only_begin_like_ditto(text: str) -> None:
    assert read_cells(VISITS, "household", ["幸福路1号", text])[1].value == text


ZEROS = [
    0, 0.0, '0', '0.0', '0.00', '０', ' 0 ', "'0", time(0, 0), datetime(1899, 12, 30),
]  # fmt: skip
_NEVER_ZERO = ("text", "name", "code", "phone", "id_number", "date")
NO_ZERO = [
    (key, f.id)
    for key, row in VALID.items()
    for f in CATALOG.table(*key).fields
    if f.id in row and f.type in _NEVER_ZERO
]


@pytest.mark.parametrize("raw", ZEROS, ids=repr)
@pytest.mark.parametrize(("key", "field"), NO_ZERO, ids=str)
def test_zero_is_no_name_no_address_and_no_number(key: TableKey, field: str, raw: object) -> None:
    found = read_cell(key, field, raw)
    assert found.value is None and any(t.startswith("e:") for t in found.told), found


def test_a_ditto_column_keeps_what_is_invalid_above_and_below() -> None:
    rows = [{**VALID[VISITS], "visitor": v} for v in ("同上", "赵敏", "同上", "〃", "", "同上")]
    values = table_of(read_grid(grid(VISITS, rows)), VISITS).values["visitor"]
    assert values[1:4] == ["赵敏"] * 3
    assert isinstance(values[0], Invalid) and isinstance(values[5], Invalid)
