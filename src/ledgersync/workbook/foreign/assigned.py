"""Which fields the columns of a list are, for one table."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from ledgersync.dataclass import dataclass
from ledgersync.schema import FieldSchema, TableSchema, header_key
from ledgersync.workbook.read.layout.headers import Match

Cells = Mapping[int, Sequence[object]]


@dataclass(slots=True)
class Assigned:
    """The columns of one table: fields by column, how sure, and what else they may be."""

    table: TableSchema
    fields: dict[int, Match] = field(default_factory=dict)
    confidence: dict[int, float] = field(default_factory=dict)
    proposals: dict[int, tuple[FieldSchema, ...]] = field(default_factory=dict)
    ignored: set[int] = field(default_factory=set)
    repeated: set[int] = field(default_factory=set)
    partial: set[str] = field(default_factory=set)  # required fields that only some rows have
    is_overruled: bool = False  # what stands in the cells says other than a known header

    def column_of(self, name: str) -> int | None:
        return next((c for c, m in self.fields.items() if m.field.id == name), None)

    @property
    def missing(self) -> list[FieldSchema]:
        """Required fields without a column."""
        have = {m.field.id for m in self.fields.values()} - self.partial
        return [f for f in self.table.required if f.id not in have]

    def give(self, column: int, found: FieldSchema, confidence: float) -> None:
        self.fields[column] = Match(found, header_key(found.header))
        self.confidence[column] = confidence
        self.proposals.pop(column, None)
