"""One table on one sheet as the rules see it: its schema, its rows as tuples, its findings."""

from collections.abc import Iterator
from functools import cached_property

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message
from ledgersync.model import Finding, Row, Severity, TableData, Value
from ledgersync.schema import TableKey, TableSchema


@dataclass(frozen=True, eq=False)
class Sheet:
    """A `TableData` with its file and schema; `i` counts its records from 0."""

    file: str
    data: TableData
    schema: TableSchema

    @property
    def key(self) -> TableKey:
        return self.data.ledger, self.data.table

    @cached_property
    def columns(self) -> dict[str, int]:
        """Sheet column by field, for those that the sheet has."""
        return {c.field: c.index for c in self.data.columns}

    def column(self, field: str) -> list[Value]:
        """The values of a field; empty ones where the sheet lacks its column."""
        return self.data.values.get(field) or [None] * len(self.data.rows)

    def rows(self) -> Iterator[Row]:
        """The records in schema order."""
        return zip(*map(self.column, self.schema.field_ids), strict=True)

    def finding(
        self, i: int | None, field: str | None, rule: str, severity: Severity, message: Message
    ) -> Finding:
        """A finding at a record's cell, at its row, at a column, or at the table."""
        return Finding(
            file=self.file,
            sheet=self.data.sheet,
            row=None if i is None else self.data.rows[i],
            column=None if field is None else self.columns.get(field),
            ledger=self.data.ledger,
            table=self.data.table,
            field=field,
            rule=rule,
            severity=severity,
            message=message,
        )
