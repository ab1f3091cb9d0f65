"""Faults made visible: faulty cells are coloured and say why, and a second look clears them first.

What is marked can be told by its note; the colour that a person had given a cell is kept in it.
"""

import re
from collections.abc import Iterable
from contextlib import suppress

import xlwings

from ledgersync.dataclass import dataclass
from ledgersync.model import Finding, Severity

ERROR_COLOR, WARNING_COLOR = (255, 199, 206), (255, 235, 156)
MARK = "【校验】"
_KEPT = re.compile(r"\n〔原底色 #([0-9a-f]{6})〕$")
LIMIT = 2000  # more marks help nobody and take long


def worth_marking(finding: Finding) -> bool:
    """Errors and warnings at a cell; a wish (`wanted`) never colours one."""
    return finding.cell is not None and finding.severity != "info" and finding.rule != "wanted"


@dataclass(frozen=True, slots=True)
class Marked:
    """How many cells bear a mark now, and which do not, because the sheet is protected."""

    cells: int
    refused: tuple[str, ...] = ()


def clear_marks(sheet: xlwings.Sheet) -> int:
    """Take back the marks of an earlier look; how many there were. A protected cell keeps its."""
    own = [note for note in sheet.notes if note.text.startswith(MARK)]
    for note in own:
        cell, kept = note.location, _KEPT.search(note.text)
        before = f"#{kept[1]}" if kept else None
        with suppress(Exception):  # each program has an error of its own for a protected cell
            note.delete()
            cell.color = before
    return len(own)


def mark(sheet: xlwings.Sheet, findings: Iterable[Finding]) -> Marked:
    """Colour the cells of these findings, and note the reasons."""
    by_cell: dict[tuple[int, int], list[Finding]] = {}
    for finding in findings:
        if worth_marking(finding) and finding.row and finding.column:
            by_cell.setdefault((finding.row, finding.column), []).append(finding)
    refused = []
    for place, found in list(by_cell.items())[:LIMIT]:
        if not _is_marked(sheet.range(place), found):
            refused.append(str(found[0].cell))
    return Marked(len(by_cell) - len(refused), tuple(refused))


def _is_marked(cell: xlwings.Range, found: list[Finding]) -> bool:
    """Marks it; a protected cell raises in one program and stays as it was in another."""
    worst: Severity = "error" if any(f.severity == "error" for f in found) else "warning"
    colour = ERROR_COLOR if worst == "error" else WARNING_COLOR
    with suppress(Exception):
        _mark_cell(cell, found, colour)
    return bool(cell.color == colour)


def _mark_cell(cell: xlwings.Range, found: list[Finding], colour: tuple[int, int, int]) -> None:
    before = cell.color
    kept = f"\n〔原底色 #{before[0]:02x}{before[1]:02x}{before[2]:02x}〕" if before else ""
    reasons = "\n".join(dict.fromkeys(f.message.zh for f in found))
    if cell.note is None:
        cell.add_note(f"{MARK}{reasons}{kept}")
    cell.color = colour
