"""冲突清单.xlsx, written and read back.

Most runs have no list to draw: openpyxl, which takes longer to load than all else, comes in only
when one is written or read.
"""

from collections.abc import Sequence
from pathlib import Path

from ledgersync.workbook.lists.conflict_lines import ConflictLine, Decision


def draw_conflict_list(path: Path, lines: Sequence[ConflictLine], unit: str) -> None:
    """A list with a drop-down per conflict; what was decided already stays, by number."""
    from ledgersync.workbook.lists.conflicts import write_conflict_workbook

    write_conflict_workbook(path, lines, unit)


def read_conflict_list(path: Path) -> list[Decision]:
    """The decisions in a list. Raises UnreadableFile when it is none."""
    from ledgersync.workbook.lists.conflicts import read_decisions

    return read_decisions(path)
