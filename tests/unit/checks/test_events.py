"""Days that cannot be when something happened: a birth, a day still to come."""

from datetime import date

import pytest

from ledgersync.checks.events import event_rules
from ledgersync.model import Invalid, Value
from ledgersync.schema import FieldSchema, TableSchema

TODAY = date(2022, 6, 30)
NUMBER = "11010119900307299X"


def table(*fields: dict[str, object]) -> TableSchema:
    shaped = [{"header": str(f["id"]), **f} for f in fields]
    return TableSchema.validated({"id": "t", "sheet": "表", "key": ["note"], "fields": shaped})


NOTE: dict[str, object] = {"id": "note", "type": "text"}
PERSON: dict[str, object] = {"id": "number", "type": "id_number"}
STATE: dict[str, object] = {"id": "state", "type": "choice", "choices": {"离开": [], "在": []}}
LEFT: dict[str, object] = {
    "id": "left",
    "type": "date",
    "wanted_if": {"field": "state", "values": ["离开"]},
}


def said(made: TableSchema, field: FieldSchema, *row: Value) -> list[tuple[str, str]]:
    faults = [rule(row) for rule in event_rules(made, field, TODAY)]
    return [(f.rule, f.severity) for f in faults if f is not None]


@pytest.mark.parametrize(
    ("day", "number", "found"),
    [
        (date(1990, 3, 7), NUMBER, [("compare", "warning")]),
        (date(1990, 3, 8), NUMBER, []),
        (None, NUMBER, []),
        (date(1990, 3, 7), None, []),
        (Invalid("1990", "type.date"), NUMBER, []),
        (date(1990, 3, 7), Invalid(NUMBER, "id.checksum"), []),
    ],
)
def test_a_birth_date_in_its_place(day: Value, number: Value, found: list[tuple[str, str]]) -> None:
    made = table(NOTE, PERSON, {"id": "day", "type": "date"})
    assert said(made, made.by_id["day"], "x", number, day) == found
    assert said(made, made.by_id["note"], "x", number, day) == []


@pytest.mark.parametrize(
    ("day", "state", "found"),
    [
        (date(2022, 7, 1), "离开", []),  # written on the eve
        (date(2022, 7, 2), "离开", [("date.future", "warning")]),
        (date(2022, 7, 2), "在", []),
        (date(2022, 7, 2), None, []),
        (None, "离开", []),
    ],
)
def test_nobody_has_left_next_month(day: Value, state: Value, found: list[tuple[str, str]]) -> None:
    made = table(NOTE, STATE, LEFT)
    assert said(made, made.by_id["left"], "x", state, day) == found
    strict = table(NOTE, STATE, LEFT | {"not_future": True})
    assert said(strict, strict.by_id["left"], "x", state, day) == []


def test_without_a_person_or_a_condition_a_day_is_a_day() -> None:
    made = table(NOTE, {"id": "day", "type": "date"})
    assert list(event_rules(made, made.by_id["day"], TODAY)) == []
