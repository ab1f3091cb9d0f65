"""What the dataset looks like: folders, file names, columns and their types, and its version.

    facts/manifest.json
    facts/<ledger>.<table>/unit=<12 digits>/part-<hash>.parquet
    facts/<ledger>.<table>.history/unit=<12 digits>/part-<hash>.parquet

No name begins with `_` or `.`: Spark would pass over it.
"""

from collections.abc import Collection, Iterator
from typing import Any

import pyarrow as pa

from ledgersync.dataclass import dataclass
from ledgersync.facts.columns import PLACE, arrow_type, derived_names, key_type
from ledgersync.schema import FieldSchema, TableKey, TableSchema

SCHEMA_VERSION = 2
FOLDER = "facts"
MANIFEST = "manifest.json"
FORMAT = "ledgersync.facts/v1"
HISTORY = ".history"
_WHERE = (("_unit", pa.string()), *PLACE)
_WHEN = (
    ("_unit", pa.string()),
    ("_record", pa.string()),
    ("_from", pa.date32()),
    ("_until", pa.date32()),
)
HASHED = ("name", "id_number", "phone", "account")


@dataclass(frozen=True, slots=True)
class Content:
    """How a field stands in the dataset: as it is, as a keyed hash, or left out."""

    field: FieldSchema
    kept: bool
    hashed: bool


def contents(table: TableSchema, named: Collection[str], *, plain: bool) -> Iterator[Content]:
    """The fields of a table; `named` are columns that indicators name, `plain` masks nothing.

    Addresses and free text are left out (of an address its key stays), unless an indicator needs
    a text, such as an activity's title; what looks like a number of a person is masked in it.
    """
    for f in table.fields:
        is_free = f.type == "text" and f.privacy == "none" and f.id not in named
        left_out = not plain and (f.privacy == "address" or is_free)
        yield Content(f, not left_out, not plain and f.privacy in HASHED)


def part_schema(table: TableSchema, named: Collection[str], *, plain: bool) -> pa.Schema:
    """Arrow's schema of a table's parts."""
    columns: list[tuple[str, Any]] = list(_WHERE)
    for content in contents(table, named, plain=plain):
        if content.kept:
            columns.append((content.field.id, arrow_type(content.field)))
        columns += [(name, key_type(content.field)) for name in derived_names(content.field)]
    return pa.schema(columns)


def history_schema(table: TableSchema, fields: Collection[str]) -> pa.Schema:
    """What some fields held, from a first to a last day."""
    kept = [(f.id, arrow_type(f)) for f in table.fields if f.id in fields]
    return pa.schema([*_WHEN, *kept])


def table_folder(key: TableKey, *, history: bool = False) -> str:
    return f"{key[0]}.{key[1]}{HISTORY if history else ''}"


def unit_folder(code: str) -> str:
    return f"unit={code}"
