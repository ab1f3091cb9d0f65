"""What a parser makes of one cell, in short. Today is 30 June 2022."""

from datetime import date
from typing import Any

from ledgersync.model import Invalid, Value
from ledgersync.schema import FieldSchema
from ledgersync.values import CellParser

TODAY = date(2022, 6, 30)


def parse(type_: str, raw: object, **rules: Any) -> tuple[Value, list[str]]:
    field = FieldSchema(id="f", header="字段", type=type_, **rules)
    parsed = CellParser(field, TODAY)(raw)
    return parsed.value, [f"{n.severity[0]}:{n.rule}" for n in parsed.notes]


def invalid(type_: str, raw: object, **rules: Any) -> str:
    """The rule that makes the cell invalid; the note and the value agree about it."""
    value, noted = parse(type_, raw, **rules)
    assert isinstance(value, Invalid)
    assert noted == [f"e:{value.rule}"]
    return value.rule
