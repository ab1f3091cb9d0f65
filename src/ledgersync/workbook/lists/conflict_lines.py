"""What stands in 冲突清单.xlsx and what people decide in it, without the workbook itself."""

from ledgersync.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """One conflict as people see it; texts are as they stand in the workbooks."""

    id: int
    ledger: str
    table: str
    record: str
    field: str
    kind: str
    base: str
    ours: str
    ours_by: str
    theirs: str
    theirs_by: str
    at: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """`take` is ours, theirs, base or value; then `value` is what was typed."""

    id: int
    take: str
    value: str = ""
