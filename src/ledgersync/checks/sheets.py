"""One table on one sheet as the rules see it: its schema, its rows as tuples, its findings."""

from dataclasses import dataclass
from functools import cached_property

from ledgersync.errors import Message
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

    @cached_property
    def rows(self) -> list[Row]:
        """The records in schema order; a column that the sheet lacks is empty."""
        count = len(self.data.rows)
        blank: list[Value] = [None] * count
        values = [self.data.values.get(name, blank) for name in self.schema.field_ids]
        return list(zip(*values, strict=True)) if count else []

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
