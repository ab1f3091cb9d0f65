"""Categories that speak of an age, in a table of its own."""

from datetime import date

import pytest

from ledgersync.checks.ages import age_on, age_rule
from ledgersync.model import Invalid, Value
from ledgersync.schema import TableSchema

TODAY = date(2022, 6, 30)


def table(kind: str = "choice", number: str = "id_number", end: bool = False) -> TableSchema:
    fields: list[dict[str, object]] = [
        {
            "id": "kind",
            "header": "类别",
            "type": kind,
            "choices": {"高龄": [], "儿童": [], "其他": []},
        },
        {"id": "number", "header": "证件", "type": number},
    ]
    if end:
        fields.append({"id": "end_date", "header": "止", "type": "date"})
    return TableSchema.validated({"id": "t", "sheet": "表", "key": ["number"], "fields": fields})


def told(category: Value, born: str, *end: Value, kind: str = "choice") -> str | None:
    """What the rule says of a row; None where it says nothing."""
    made = table(kind, end=bool(end))
    rule = age_rule(made, made.fields[0], TODAY)
    assert rule is not None
    fault = rule((category, f"110101{born}0029", *end))
    return fault.message.zh if fault else None


@pytest.mark.parametrize(
    ("category", "born", "said"),
    [
        ("高龄", "19420701", "不满80周岁"),
        ("高龄", "19420630", None),
        ("儿童", "20040630", "已满18周岁"),
        ("儿童", "20040701", None),
        ("其他", "20040701", None),
        (None, "20040701", None),
        (Invalid("高龄", "choice"), "20040701", None),
        ("高龄", "20041301", None),
    ],
)
def test_one_category(category: Value, born: str, said: str | None) -> None:
    found = told(category, born)
    assert (found is None) if said is None else (found is not None and said in found)
    assert found is None or f"“{category}”" in found


def test_of_several_categories_the_first_that_does_not_fit() -> None:
    assert "“儿童”" in (told(("其他", "儿童", "高龄"), "19800101", kind="choices") or "")
    assert "“高龄”" in (told(("高龄", "儿童"), "19800101", kind="choices") or "")
    assert told(("其他",), "19800101", kind="choices") is None


@pytest.mark.parametrize(
    ("end", "fits"),
    [
        (date(2022, 6, 29), True),
        (date(2022, 6, 30), False),
        (date(2023, 1, 1), False),
        (None, False),
        (Invalid("x", "type.date"), False),
    ],
)
def test_a_row_that_ended_is_judged_as_of_its_end(end: Value, fits: bool) -> None:
    """Eighteen on 30 June 2022."""
    assert (told("儿童", "20040630", end) is None) is fits


def test_where_ages_do_not_matter_there_is_no_rule() -> None:
    without = table(number="code")
    assert age_rule(without, without.fields[0], TODAY) is None
    made = table()
    assert age_rule(made, made.fields[1], TODAY) is None
    rule = age_rule(made, made.fields[0], TODAY)
    assert rule is not None and rule(("高龄", None)) is None
    assert rule(("高龄", Invalid("1", "id.length"))) is None


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2004, 2, 29), date(2022, 2, 28), 17),
        (date(2004, 2, 29), date(2022, 3, 1), 18),
        (date(2004, 6, 30), date(2022, 6, 30), 18),
        (date(2004, 7, 1), date(2022, 6, 30), 17),
    ],
)
def test_full_years(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age
