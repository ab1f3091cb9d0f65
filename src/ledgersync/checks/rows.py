"""What a record's own row decides: empty, invalid, out of range, too late, at odds with itself.

Rules are compiled once per table into closures over positions, because merging and checking ask
them for every row.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from operator import ge, le

from ledgersync.checks.ages import age_rule
from ledgersync.checks.events import event_rules
from ledgersync.messages import Message, message
from ledgersync.model import Invalid, Note, Row, RowFault, Value
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.values import notes, shown
from ledgersync.values.numbers import Bounds
from ledgersync.values.text import typed

Rule = Callable[[Row], RowFault | None]
_ORDERED = {
    "integer": "number",
    "decimal": "number",
    "money": "number",
    "date": "date",
}
_COMPARED = {  # dates or numbers, the limit is the most or the least
    (True, True): message("〔{field}〕{value} 晚于〔{other}〕{limit}"),
    (True, False): message("〔{field}〕{value} 早于〔{other}〕{limit}"),
    (False, True): message("〔{field}〕{value} 大于〔{other}〕{limit}"),
    (False, False): message("〔{field}〕{value} 小于〔{other}〕{limit}"),
}


class RowChecker:
    """The row rules of one table; `today` is the last day that is no future."""

    def __init__(self, table: TableSchema, today: date) -> None:
        self.table = table
        self._values = tuple(_value_rule(f, table.position[f.id], today) for f in table.fields)
        self._relations = dict(_relations(table, today))
        self._related = tuple(rule for rules in self._relations.values() for rule in rules)

    def faults(self, row: Row) -> list[RowFault]:
        """All faults of a row: what its values say one by one, then what they say together."""
        found = [fault for rule in self._values if (fault := rule(row)) is not None]
        found += [fault for rule in self._related if (fault := rule(row)) is not None]
        return found

    def relations(self, fields: Iterable[str]) -> tuple[Rule, ...]:
        """The rules that compare fields of a row, for those fields that a sheet has."""
        return tuple(rule for name in fields for rule in self._relations.get(name, ()))


def comparable(one: FieldSchema, other: FieldSchema) -> bool:
    """Both hold numbers, or both hold dates."""
    return one.type in _ORDERED and _ORDERED.get(other.type) == _ORDERED[one.type]


def compare_message(
    field: FieldSchema, value: Value, other: FieldSchema, limit: Value, *, at_most: bool
) -> Message:
    """`〔保障人数〕3 大于〔家庭人口数〕2`; both hold numbers or dates."""
    told = _COMPARED[field.type == "date", at_most]
    return told.filled(
        field=field.header, value=shown(value), other=other.header, limit=shown(limit)
    )


def _value_rule(field: FieldSchema, at: int, today: date) -> Rule:
    """The rule of a single value, of which most rows ask nothing."""
    empty = _empty_fault(field)
    limits = _limits(field, today)

    def rule(row: Row) -> RowFault | None:
        value = row[at]
        if value is None:
            return empty
        if type(value) is Invalid:
            return _fault(field, notes.for_invalid(field, value))
        return limits(value) if limits else None

    return rule


def _fault(field: FieldSchema, note: Note) -> RowFault:
    return RowFault(field.id, note.rule, note.severity, note.message, (field.id,))


def _empty_fault(field: FieldSchema) -> RowFault | None:
    if field.required:
        return _fault(field, notes.required(field))
    return _fault(field, notes.wanted(field)) if field.wanted else None


def _limits(field: FieldSchema, today: date) -> Callable[[Value], RowFault | None] | None:
    """Range or future, whichever the field has; None where it has neither."""
    if field.type == "date" and field.not_future:
        return lambda value: _too_late(field, value, today)
    if field.min is None and field.max is None:
        return None
    bounds = Bounds(field.min, field.max)
    return lambda value: _out_of_range(field, value, bounds)


def _too_late(field: FieldSchema, value: Value, today: date) -> RowFault | None:
    if isinstance(value, date) and value > today:
        return _fault(field, notes.future_date(field, value.isoformat()))
    return None


def _out_of_range(field: FieldSchema, value: Value, bounds: Bounds) -> RowFault | None:
    if not isinstance(value, (int, float, Decimal)) or bounds.hold(value):
        return None
    return _fault(field, notes.out_of_range(field, typed(value)))


def _relations(table: TableSchema, today: date) -> Iterator[tuple[str, tuple[Rule, ...]]]:
    """Per field the rules that look at another field of the row too."""
    for field in table.fields:
        rules = [
            _compare_rule(table, field, other, at_most)
            for other, at_most in ((field.le, True), (field.ge, False))
            if other and "." not in other and comparable(field, table.by_id[other])
        ]
        if field.wanted_if:
            rules.append(_wanted_if_rule(table, field))
        if by_age := age_rule(table, field, today):
            rules.append(by_age)
        rules += event_rules(table, field, today)
        if rules:
            yield field.id, tuple(rules)


def _compare_rule(table: TableSchema, field: FieldSchema, other_id: str, at_most: bool) -> Rule:
    other = table.by_id[other_id]
    at, limit_at = table.position[field.id], table.position[other_id]
    fits = le if at_most else ge

    def rule(row: Row) -> RowFault | None:
        value, limit = row[at], row[limit_at]
        if value is None or limit is None or type(value) is Invalid or type(limit) is Invalid:
            return None
        if fits(value, limit):  # type: ignore[arg-type]  # both numbers or both dates
            return None
        told = compare_message(field, value, other, limit, at_most=at_most)
        return RowFault(field.id, "compare", "error", told, (field.id, other_id))

    return rule


def _wanted_if_rule(table: TableSchema, field: FieldSchema) -> Rule:
    condition = field.wanted_if
    assert condition is not None
    other = table.by_id[condition.field]
    at, state_at, states = table.position[field.id], table.position[other.id], condition.values

    def rule(row: Row) -> RowFault | None:
        if row[at] is not None or row[state_at] not in states:
            return None
        state = shown(row[state_at])
        told = message(
            "〔{other}〕为“{state}”时，〔{field}〕最好填写，现为空",
            other=other.header,
            state=state,
            field=field.header,
        )
        return RowFault(field.id, "wanted", "warning", told, (field.id, other.id))

    return rule
