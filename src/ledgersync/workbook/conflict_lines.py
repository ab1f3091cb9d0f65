"""What stands in 冲突清单.xlsx and what people decide in it.

Most runs have no list to draw: openpyxl, which takes longer to load than all else, comes in only
when one is written or read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


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


def draw_conflict_list(path: Path, lines: Sequence[ConflictLine], unit: str) -> None:
    """A list with a drop-down per conflict; what was decided already stays, by number."""
    from ledgersync.workbook.conflicts import write_conflict_workbook

    write_conflict_workbook(path, lines, unit)


def read_conflict_list(path: Path) -> list[Decision]:
    """The decisions in a list. Raises UnreadableFile when it is none."""
    from ledgersync.workbook.conflicts import read_decisions

    return read_decisions(path)
