"""Values stored before their field changed, as the field is meant today."""

from datetime import date
from decimal import Decimal

import pytest

from ledgersync.model import Invalid, Value
from ledgersync.schema import FieldSchema
from ledgersync.values.former import from_json, is_untouched

KINDS: dict[str, dict[str, object]] = {
    "choice": {"choices": {"甲": ["子"], "乙": [], "丙丁": []}},
    "choices": {"choices": {"甲": [], "乙": [], "丙丁": []}},
}


def field(kind: str, *former: str) -> FieldSchema:
    """A field of this kind that was of those kinds before, the oldest first."""
    earlier = [{"id": "f", "header": "项", "type": k, **KINDS.get(k, {})} for k in former]
    shape = {"id": "f", "header": "项", "type": kind, "formerly": earlier}
    return FieldSchema.validated(shape | KINDS.get(kind, {}))


@pytest.mark.parametrize(
    ("kind", "former", "stored", "value"),
    [
        ("integer", ["text"], "3人", 3),
        ("integer", ["text"], 3, 3),
        ("integer", ["text"], "若干", Invalid("若干", "type.integer")),
        ("integer", ["text"], {"invalid": "?", "rule": "type.text"}, Invalid("?", "type.integer")),
        ("integer", ["text"], {"invalid": "3", "rule": "type.text"}, 3),
        ("money", ["integer"], 3, Decimal("3.00")),
        ("money", ["text"], "1570.40", Decimal("1570.40")),
        ("integer", ["money"], "3.00", 3),
        ("text", ["integer"], 3, "3"),
        ("text", ["bool"], True, "是"),
        ("bool", ["text"], "是", True),
        ("text", ["date"], "2022-06-01", "2022-06-01"),
        ("date", ["text"], "2022年6月1日", date(2022, 6, 1)),
        ("date", ["text"], "2022-06-01", date(2022, 6, 1)),
        ("date", ["integer"], "不久", Invalid("不久", "type.date")),
        ("text", ["choices"], ["甲", "乙"], "甲、乙"),
        ("name", ["choices"], ["甲", "乙"], "甲、乙"),
        ("choice", ["choices"], ["甲"], "甲"),
        ("choice", ["choices"], ["甲", "乙"], Invalid("甲、乙", "choice")),
        ("choices", ["choice"], "丙丁", ("丙丁",)),
        ("choices", ["text"], "甲、乙", ("甲", "乙")),
        ("choices", ["text"], ["甲"], ("甲",)),
        ("integer", ["choices"], ["甲"], Invalid("甲", "type.integer")),
        ("choice", ["text"], "子", "甲"),
        ("choice", ["text"], "戊", Invalid("戊", "choice")),
        ("integer", ["text", "decimal"], 2.0, 2),
        ("text", ["integer"], None, None),
        ("integer", [], 3, 3),
    ],
)  # fmt: skip
def test_a_stored_value_as_its_field_is_meant_today(
    kind: str, former: list[str], stored: object, value: Value
) -> None:
    found = from_json(field(kind, *former), stored)
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "former", "base", "theirs", "same"),
    [
        ("integer", "text", 3, 3, True),
        ("integer", "text", 3, 4, False),
        ("text", "date", "2022-06-01", "2022-06-01", True),
        ("text", "date", "2022-06-01", "2022-06-02", False),
        ("choices", "choice", ("甲",), ("甲",), True),
        ("choices", "choice", ("甲",), ("乙",), False),
        ("integer", "", 3, 3, False),
    ],
)
def test_a_cell_that_holds_what_was_given_out(
    kind: str, former: str, base: Value, theirs: Value, same: bool
) -> None:
    made = field(kind, *filter(None, [former]))
    assert is_untouched(made, base, theirs) is same
