"""Dates that cannot be when something happened: a birth date in its place, a day still to come.

A list that was pasted one column off puts birth dates into a date column; somebody who left cannot
have left next month.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from ledgersync.messages import message
from ledgersync.model import Row, RowFault
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.values import shown
from ledgersync.values.identity import birth_date

EventRule = Callable[[Row], RowFault | None]


def event_rules(table: TableSchema, field: FieldSchema, today: date) -> Iterator[EventRule]:
    """The rules of one date field."""
    if field.type != "date":
        return
    person = next((f for f in table.fields if f.type == "id_number"), None)
    if person is not None:
        yield _not_the_birth_date(table, field, person)
    if field.wanted_if is not None and not field.not_future:
        yield _not_before_it_happened(table, field, today)


def _not_the_birth_date(table: TableSchema, field: FieldSchema, person: FieldSchema) -> EventRule:
    at, id_at = table.position[field.id], table.position[person.id]

    def rule(row: Row) -> RowFault | None:
        day, number = row[at], row[id_at]
        if type(day) is not date or not isinstance(number, str) or birth_date(number) != day:
            return None
        reason = message(
            "〔{field}〕与〔{person}〕里的出生日期相同，是不是填错了列？请核对",
            field=field.header,
            person=person.header,
        )
        return RowFault(field.id, "compare", "warning", reason, (field.id, person.id))

    return rule


def _not_before_it_happened(table: TableSchema, field: FieldSchema, today: date) -> EventRule:
    condition = field.wanted_if
    assert condition is not None
    other = table.by_id[condition.field]
    at, state_at, states = table.position[field.id], table.position[other.id], condition.values

    def rule(row: Row) -> RowFault | None:
        day = row[at]
        if type(day) is not date or row[state_at] not in states or _is_past(day, today):
            return None
        reason = message(
            "〔{other}〕已经是“{state}”，〔{field}〕却晚于今天，请核对",
            other=other.header,
            state=shown(row[state_at]),
            field=field.header,
        )
        return RowFault(field.id, "date.future", "warning", reason, (field.id, other.id))

    return rule


def _is_past(day: date, today: date) -> bool:
    """Today, or tomorrow: it may be written on the eve."""
    return today >= day - timedelta(days=1)
