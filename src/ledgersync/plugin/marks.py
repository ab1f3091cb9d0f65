"""Faults made visible: faulty cells are coloured and say why, and a second look clears them first.

What is marked can be told by its note; the colour that a person had given a cell is kept in it.
"""

import re
from collections.abc import Iterable

import xlwings

from ledgersync.model import Finding, Severity

ERROR_COLOR, WARNING_COLOR = (255, 199, 206), (255, 235, 156)
MARK = "【校验】"
_KEPT = re.compile(r"\n〔原底色 #([0-9a-f]{6})〕$")
LIMIT = 2000  # more marks help nobody and take long


def worth_marking(finding: Finding) -> bool:
    """Errors and warnings at a cell; a wish (`wanted`) never colours one."""
    return finding.cell is not None and finding.severity != "info" and finding.rule != "wanted"


def clear_marks(sheet: xlwings.Sheet) -> int:
    """Take back the marks of an earlier look; how many there were."""
    own = [note for note in sheet.notes if note.text.startswith(MARK)]
    for note in own:
        cell, kept = note.location, _KEPT.search(note.text)
        note.delete()
        cell.color = f"#{kept[1]}" if kept else None
    return len(own)


def mark(sheet: xlwings.Sheet, findings: Iterable[Finding]) -> int:
    """Colour the cells of these findings, and note the reasons; how many cells."""
    by_cell: dict[tuple[int, int], list[Finding]] = {}
    for finding in findings:
        if worth_marking(finding) and finding.row and finding.column:
            by_cell.setdefault((finding.row, finding.column), []).append(finding)
    for place, found in list(by_cell.items())[:LIMIT]:
        _mark_cell(sheet.range(place), found)
    return len(by_cell)


def _mark_cell(cell: xlwings.Range, found: list[Finding]) -> None:
    before = cell.color
    kept = f"\n〔原底色 #{before[0]:02x}{before[1]:02x}{before[2]:02x}〕" if before else ""
    reasons = "\n".join(dict.fromkeys(f.message.zh for f in found))
    if cell.note is None:
        cell.add_note(f"{MARK}{reasons}{kept}")
    worst: Severity = "error" if any(f.severity == "error" for f in found) else "warning"
    cell.color = ERROR_COLOR if worst == "error" else WARNING_COLOR
