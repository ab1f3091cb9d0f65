"""Values as JSON and back: what the journal stores and what `--json` prints."""

from datetime import date
from decimal import Decimal
from typing import Any

from ledgersync.model import Invalid, Value
from ledgersync.schema import FieldSchema
from ledgersync.values.text import number_text


def to_json(value: Value) -> Any:
    """Dates ISO 8601, money as `"1570.44"`, choices a list, an invalid cell an object."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Invalid):
        return {"invalid": value.typed, "rule": value.rule}
    return list(value)


def decoded(field: FieldSchema, stored: Any) -> Value:
    """The value that `to_json` stored for this very field (see `former.from_json`)."""
    if stored is None:
        return None
    if isinstance(stored, dict):
        return Invalid(stored["invalid"], stored["rule"])
    if field.type == "money":
        return Decimal(stored)
    if field.type == "date":
        return date.fromisoformat(stored)
    if field.type == "choices":
        return tuple(stored)
    value: Value = stored
    return value


def shown(value: Value) -> str:
    """A value as a person reads it: 是/否, `、` between choices, empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Invalid):
        return value.typed
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return number_text(value)
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)
