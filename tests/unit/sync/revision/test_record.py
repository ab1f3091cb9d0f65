"""Cells and rows as the journal stores them."""

from datetime import date
from decimal import Decimal

import pytest
from tests.community import ROSTER

from ledgersync.journal.rows import decode_record
from ledgersync.model import Invalid, Row, Value
from ledgersync.schema.catalog import parse_ledger
from ledgersync.sync.revision.record import load_value, shown_typed, stored
from ledgersync.values import from_json

PEOPLE = parse_ledger(ROSTER, "roster.toml").by_id["people"]
DAY = date(2022, 6, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "王芳"),
        ("size", 3),
        ("since", DAY),
        ("phone", Invalid("123", "phone.format")),
        ("note", "“引号”\n换行"),
    ],
)
def test_a_cell_comes_back_as_it_was(field: str, value: Value) -> None:
    text = stored(PEOPLE, value, whole=False)
    found = from_json(PEOPLE.by_id[field], load_value(text))
    assert found == value and type(found) is type(value)


def test_a_row_comes_back_as_it_was() -> None:
    row: Row = ("A1", "王芳", Invalid("1", "phone.format"), "在册", DAY, 3, 2, None, "一")
    text = stored(PEOPLE, row, whole=True)
    assert text is not None and decode_record(PEOPLE, text) == row


def test_nothing_is_stored_as_nothing() -> None:
    assert stored(PEOPLE, None, whole=False) is stored(PEOPLE, None, whole=True) is None
    assert load_value(None) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("=1+1", "=1+1"),
        (DAY, "2022-06-01"),
        (Decimal("900.00"), "900.00"),
        (Invalid("12a", "type.integer"), "12a"),
        (("听力", "视力"), "听力、视力"),
    ],
)
def test_what_was_typed_is_shown_as_text(value: Value, text: str | None) -> None:
    assert shown_typed(value) == text
