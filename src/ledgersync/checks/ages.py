"""Categories that speak of an age: 高龄 from 80 on, 儿童 below 18, by the birth date in the id.

Any table with such a choice and an id number has the rule; a row that says when it ended is judged
as of that day, since nobody corrects it afterwards.
"""

from collections.abc import Callable
from datetime import date

from ledgersync.messages import message
from ledgersync.model import Row, RowFault, Value
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.values.identity import birth_date

AGED, ADULT = 80, 18
_MISFIT = {
    True: message("〔{field}〕填“{category}”，但按身份证号不满80周岁，请核对"),
    False: message("〔{field}〕填“{category}”，但按身份证号已满18周岁，请核对"),
}


def age_on(birth: date, day: date) -> int:
    """Full years; somebody born on 29 February has a birthday on 1 March in common years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def age_rule(
    table: TableSchema, field: FieldSchema, today: date
) -> Callable[[Row], RowFault | None] | None:
    """The rule of a field of categories, None where ages do not matter."""
    bounds = {c: bound for c in field.choices if (bound := _bound(c))}
    id_field = next((f for f in table.fields if f.type == "id_number"), None)
    if not bounds or id_field is None:
        return None
    at, id_at = table.position[field.id], table.position[id_field.id]
    end_at = table.position.get("end_date")
    reads = (field.id, id_field.id)

    def rule(row: Row) -> RowFault | None:
        number = row[id_at]
        if not isinstance(number, str):
            return None
        wrong = [c for c in _words(row[at]) if c in bounds]
        if not wrong:
            return None
        end = None if end_at is None else row[end_at]
        age = _age(number, end if isinstance(end, date) and end < today else today)
        wrong = [c for c in wrong if age is not None and not _fits(age, bounds[c])]
        return _fault(field, reads, wrong[0], bounds[wrong[0]]) if wrong else None

    return rule


def _bound(category: str) -> str | None:
    if "高龄" in category:
        return "aged"
    return "child" if "儿童" in category else None


def _words(value: Value) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()


def _age(number: str, day: date) -> int | None:
    birth = birth_date(number)
    return None if birth is None else age_on(birth, day)


def _fits(age: int, bound: str) -> bool:
    return age >= AGED if bound == "aged" else age < ADULT


def _fault(field: FieldSchema, reads: tuple[str, ...], category: str, bound: str) -> RowFault:
    """The age itself stays unsaid: it would give a person away."""
    told = _MISFIT[bound == "aged"].filled(field=field.header, category=category)
    return RowFault(field.id, "age.category", "warning", told, reads)
