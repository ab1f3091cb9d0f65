"""A small table with a key, a fallback key and required fields, for tests of the merge's parts."""

from typing import Any

from ledgersync.model import Row, Value
from ledgersync.schema import TableSchema

FIELDS: list[dict[str, Any]] = [
    {"id": "no", "header": "编号", "type": "code"},
    {"id": "name", "header": "姓名", "type": "name", "required": True},
    {"id": "place", "header": "住址", "type": "text"},
    {"id": "size", "header": "人口", "type": "integer"},
]
_KEYS = {"key": ["no"], "fallback_key": ["name", "place"]}
HOMES = TableSchema.validated({"id": "homes", "sheet": "户", "fields": FIELDS, **_KEYS})
NUMBERED = TableSchema.validated(
    {"id": "homes", "sheet": "户", "key": ["no"], "number_prefix": "H"}
    | {"fields": [{**FIELDS[0], "generated": True}, *FIELDS[1:]]}
)
KEYED = TableSchema.validated({"id": "homes", "sheet": "户", "key": ["no"], "fields": FIELDS})


def home(no: Value, name: Value = None, place: Value = None, size: Value = None) -> Row:
    return no, name, place, size
