"""The tables of a workspace as the cross rules read them: by field name, faults left out.

A district's TOML may lack a ledger, a table or a field. Then the columns read empty, and `has`
tells a rule not to take that for an omission of a person.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from ledgersync.messages import Message
from ledgersync.model import Invalid, RecordFinding, Row, Rows, Value
from ledgersync.schema import Catalog, FieldSchema, TableKey, TableSchema


class View:
    """One table; a table that does not exist has no records and no fields."""

    def __init__(self, key: TableKey, schema: TableSchema | None, rows: Rows) -> None:
        self.key = key
        self.schema = schema
        self.rows = rows if schema else {}

    def has(self, *fields: str) -> bool:
        """The table exists and has all these fields."""
        return self.schema is not None and self.schema.by_id.keys() >= set(fields)

    def field(self, name: str) -> FieldSchema | None:
        return self.schema.by_id.get(name) if self.schema else None

    def select(self, *fields: str) -> Iterator[tuple[str, tuple[Value, ...]]]:
        """Record id and the valid values of these fields; None for invalid or unknown ones."""
        places = self.schema.position if self.schema else {}
        at = [places.get(name) for name in fields]
        for record, row in self.rows.items():
            yield record, tuple([_valid(row, i) for i in at])

    def finding(self, record: str, field: str, rule: str, message: Message) -> RecordFinding:
        """A warning at a record's cell, or at the record where the field does not exist."""
        at = field if self.has(field) else None
        return RecordFinding(*self.key, record, at, rule, "warning", message)


class Views:
    """All tables by ledger and table id."""

    def __init__(self, tables: Mapping[TableKey, Rows], catalog: Catalog) -> None:
        self._tables = tables
        self.catalog = catalog

    def table(self, ledger: str, table: str) -> View:
        """The table, or one without fields and records where it does not exist."""
        known = self.catalog.ledgers.get(ledger)
        schema = known.by_id.get(table) if known else None
        return View((ledger, table), schema, self._tables.get((ledger, table), {}))


def _valid(row: Row, at: int | None) -> Value:
    if at is None:
        return None
    value = row[at]
    return None if type(value) is Invalid else value


def text(value: Value) -> str | None:
    return value if isinstance(value, str) and value else None


def day(value: Value) -> date | None:
    return value if isinstance(value, date) else None


def count(value: Value) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
