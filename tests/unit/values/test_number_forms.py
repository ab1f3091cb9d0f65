"""Every form that people type amounts, counts and decimals in, and what is made of it."""

from decimal import Decimal

import pytest
from tests.unit.values.forms import invalid, parse


@pytest.mark.parametrize(
    ("raw", "amount"),
    [
        *((raw, "100.00") for raw in ("100元", "100", 100, 100.0, "１００元")),
        *((raw, "100.00") for raw in ("￥100", "¥100", "100块", "人民币100元", " 100 ", "一百")),
        ("1,570.44", "1570.44"),
        ("1，570.44", "1570.44"),
        ("1,234,567.89", "1234567.89"),
        (1570.4399999999998, "1570.44"),
        (0.1 + 0.2, "0.30"),
        ("五百", "500.00"),
        ("五百元", "500.00"),
        ("两百", "200.00"),
        ("一千二百零五", "1205.00"),
        ("壹佰贰拾元整", "120.00"),
        ("0", "0.00"),
        ("-5", "-5.00"),
        (".5", "0.50"),
    ],
)
def test_amounts(raw: object, amount: str) -> None:
    value, noted = parse("money", raw)
    assert (str(value), noted) == (amount, [])


def test_fractions_of_a_cent_are_rounded_and_told() -> None:
    assert parse("money", "1.005") == (Decimal("1.01"), ["i:type.money"])


NO_NUMBERS = (
    *("约100", "100左右", "待定", "1,57", "12,34.5", "3.5万", "1e3", "（5）", "$100", "50%", "1/2"),
    *(
        "100 200",
        "3 5",
        "1 570.44",
        "1.234.567",
        "半",
        "5.",
        True,
        float("inf"),
        float("nan"),
        1e20,
    ),
)


@pytest.mark.parametrize("raw", NO_NUMBERS, ids=repr)
def test_what_is_no_amount_is_never_zero(raw: object) -> None:
    assert invalid("money", raw) == "type.money"


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        *(
            (raw, 3)
            for raw in ("3人", "3户", "3", "３", 3, 3.0, "3.0", "三", "三人", "3 人", "3口")
        ),
        *((raw, 3) for raw in ("3口", "第3轮", "3个", "3人次", "3次")),
        ("十二户", 12),
        ("二十一", 21),
        ("1,000", 1000),
        ("-1", -1),
        ("零", 0),
    ],
)
def test_whole_numbers(raw: object, number: int) -> None:
    value, noted = parse("integer", raw)
    assert (value, type(value), noted) == (number, int, [])


@pytest.mark.parametrize(
    "raw", ["3.5", 3.5, "3-4", "3+1", "三五个", "三口多", "3人左右", "看情况", True, "1 2"]
)
def test_what_is_no_whole_number(raw: object) -> None:
    assert invalid("integer", raw) == "type.integer"


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        *(("1.5小时", 1.5), ("1.5", 1.5), (1.5, 1.5), ("1.5个小时", 1.5), ("1.5h", 1.5)),
        *(("2小时", 2), (2.0, 2), ("2.0", 2), ("两小时", 2), ("一点五", 1.5)),
    ],
)
def test_decimals_are_whole_where_they_can_be(raw: object, number: float) -> None:
    value, noted = parse("decimal", raw)
    assert (value, type(value), noted) == (number, type(number), [])


@pytest.mark.parametrize("raw", ["半天", "90分钟", "1小时30分", "1,5", "2～3", "不定"])
def test_what_is_no_decimal(raw: object) -> None:
    assert invalid("decimal", raw) == "type.decimal"


@pytest.mark.parametrize(
    ("raw", "fits"), [(0, False), (1, True), (30, True), (31, False), ("三十一", False)]
)
def test_the_value_out_of_range_stays(raw: object, fits: bool) -> None:
    value, noted = parse("integer", raw, min=1, max=30)
    assert isinstance(value, int)
    assert noted == ([] if fits else ["e:range"])


def test_bounds_are_compared_exactly() -> None:
    assert parse("money", "0.10", min=0.1) == (Decimal("0.10"), [])
    assert parse("money", "0.09", min=0.1) == (Decimal("0.09"), ["e:range"])
    assert parse("decimal", 0.3, max=0.3) == (0.3, [])
