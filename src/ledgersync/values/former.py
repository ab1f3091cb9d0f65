"""Values that were stored before their field changed, read as the field is meant today.

A text that became a number, a choice that is gone: what was typed stays, and is a value of the
field or an invalid cell of it. What is stored since is left as it is.
"""

from collections.abc import Callable
from datetime import date
from decimal import InvalidOperation
from typing import Any

from ledgersync.model import Value
from ledgersync.schema import FieldSchema
from ledgersync.values.cells import as_cell
from ledgersync.values.codec import decoded, to_json
from ledgersync.values.parse import CellParser

_LATEST = date.max  # what may not lie in the future is a matter of the day, not of the form


def from_json(field: FieldSchema, stored: Any) -> Value:
    """The value that `to_json` stored for this field, or for what the field was formerly."""
    if field.formerly and stored is not None:
        return refitter(field)(stored)
    return decoded(field, stored)


def refitter(field: FieldSchema) -> Callable[[Any], Value]:
    """From stored JSON to a value, for a field that was another one formerly."""
    parse = CellParser(field, _LATEST)

    def refit(stored: Any) -> Value:
        for form in (field, *reversed(field.formerly)):
            value = _native(form, stored)
            if value is None:
                continue
            now = parse(as_cell(form, value)).value
            if form is not field and _is_of(form, value):
                return now
            if form is field and now == value and type(now) is type(value):
                return value
        return parse(_text(stored)).value

    return refit


def _is_of(form: FieldSchema, value: Value) -> bool:
    """A former field would have read it so."""
    return bool(CellParser(form, _LATEST)(as_cell(form, value)).value == value)


def is_untouched(field: FieldSchema, base: Value, theirs: Value) -> bool:
    """A cell that, read as its field was formerly, holds what was given out."""
    refit = refitter(field)
    return any(
        refit(to_json(CellParser(form, _LATEST)(as_cell(field, theirs)).value)) == base
        for form in field.formerly
    )


def _native(field: FieldSchema, stored: Any) -> Value:
    """The stored value as this field has it; None where it cannot."""
    is_list = isinstance(stored, list)
    if is_list != (field.type == "choices") and not isinstance(stored, dict):
        return None
    try:
        return decoded(field, stored)
    except (InvalidOperation, ValueError, TypeError):
        return None


def _text(stored: Any) -> Any:
    if isinstance(stored, dict):
        return stored["invalid"]
    return "、".join(stored) if isinstance(stored, list) else stored
