"""Shared formulas and formula blocks: what a cell's formula means beyond that cell.

A shared formula is written once, in its master, for all its members. When the master goes, the
next member becomes the master; when rows move, members get formulas of their own.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from ledgersync.workbook.patch.follow.formulas import translate
from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.scan.data import Cell, SheetText
from ledgersync.workbook.patch.scan.refs import Area
from ledgersync.workbook.patch.scan.xml_scan import Splices, escape, tags, unescape

Place = tuple[int, int]


class Formula(NamedTuple):
    """A formula element with attributes: where it stands, and what it says."""

    row: int
    column: int
    kind: str
    group: str
    area: Area | None
    text: str
    start: int
    end: int


def formulas_with_attributes(sheet: SheetText, members: bool = True) -> list[Formula]:
    """All shared, array and data table formulas of a sheet.

    Without `members` only those that carry a text or a range: masters and blocks.
    """
    found = []
    cells = _CellFinder(sheet)
    for match in sheet.formula_tags():
        if members or not match[1].endswith(b"/") or b"ref" in match[1]:
            found.append(_formula(sheet, match, cells))
    return found


def _formula(sheet: SheetText, match: re.Match[bytes], cells: "_CellFinder") -> Formula:
    tag = next(tags(sheet.scan, match.start(), match.end()), None)
    if tag is None:
        raise refuse("xml.malformed", sheet.where)
    start, end, text = match.start(), match.end(), ""
    if not tag.empty:
        inner_end = sheet.scan.find(b"</" + sheet.prefix + b"f", end)
        if inner_end == -1:
            raise refuse("xml.malformed", sheet.where)
        text = unescape(sheet.raw[end:inner_end])
        end = sheet.scan.index(b">", inner_end) + 1
    row, column = cells.place(start)
    kind, group = tag.text(b"t") or "normal", tag.text(b"si") or ""
    return Formula(row, column, kind, group, Area.parse(tag.text(b"ref") or ""), text, start, end)


class _CellFinder:
    """Which cell holds a position; the cells of the row last asked for are kept."""

    def __init__(self, sheet: SheetText) -> None:
        self._sheet = sheet
        self._start: int | None = None
        self._cells: list[Cell] = []

    def place(self, position: int) -> Place:
        """The row and column of the cell around a position."""
        start = self._sheet.starts[bisect_right(self._sheet.starts, position) - 1]
        if start != self._start:
            self._start, self._cells = start, self._sheet.cells(start)
        offset = position - start
        for cell in self._cells:
            if cell.start <= offset < cell.end:
                return self._sheet.number(start), cell.column
        raise refuse("xml.malformed", self._sheet.where)


def blocks(formulas: Collection[Formula]) -> list[tuple[str, Area]]:
    """The areas of array formulas and data tables, with their kind."""
    found = []
    for formula in formulas:
        if formula.kind in ("array", "dataTable"):
            own = Area(formula.row, formula.column, formula.row, formula.column)
            found.append((formula.kind, formula.area or own))
    return found


def masters(formulas: Collection[Formula]) -> set[Place]:
    """Where the masters of shared formulas stand."""
    return {(formula.row, formula.column) for formula in _masters(formulas)}


def rehome(sheet: SheetText, formulas: Collection[Formula], touched: Collection[Place]) -> bytes:
    """The sheet with each touched master's formula handed to its next untouched member."""
    splices = Splices()
    for master in _masters(formulas):
        if (master.row, master.column) not in touched:
            continue
        members = [
            formula
            for formula in formulas
            if formula.kind == "shared"
            and formula.group == master.group
            and (formula.row, formula.column) not in touched
        ]
        if members:
            _hand_over(sheet, splices, master, members)
    return splices.apply(sheet.raw)


def _masters(formulas: Collection[Formula]) -> list[Formula]:
    """The formulas that carry a group's text: the first with text of each group."""
    seen: dict[str, Formula] = {}
    for formula in formulas:
        if formula.kind == "shared" and formula.text:
            seen.setdefault(formula.group, formula)
    return list(seen.values())


def _hand_over(sheet: SheetText, splices: Splices, master: Formula, members: list[Formula]) -> None:
    heir = members[0]
    rows, columns = [m.row for m in members], [m.column for m in members]
    area = Area(min(rows), min(columns), max(rows), max(columns))
    text = heir.text or translate(master.text, heir.row - master.row, heir.column - master.column)
    attributes = f' t="shared" ref="{area}" si="{heir.group}"'.encode()
    splices.replace(heir.start, heir.end, _formula_xml(sheet.prefix, attributes, text))


def unshare(
    sheet: SheetText, formulas: Collection[Formula], groups: Collection[str] | None = None
) -> bytes:
    """The sheet with shared formulas (of these groups) written out in each of their members."""
    splices = Splices()
    for formula, text in _written_out(formulas):
        if groups is None or formula.group in groups:
            splices.replace(formula.start, formula.end, _formula_xml(sheet.prefix, b"", text))
    return splices.apply(sheet.raw)


def _written_out(formulas: Collection[Formula]) -> Iterator[tuple[Formula, str]]:
    """Each member of a shared formula with the text that it stands for."""
    masters = {master.group: master for master in _masters(formulas)}
    for formula in formulas:
        master = masters.get(formula.group)
        if formula.kind == "shared" and master is not None:
            down, right = formula.row - master.row, formula.column - master.column
            yield formula, formula.text or translate(master.text, down, right)


def unshare_changing(sheet: SheetText, changes: Callable[[Formula, str], bool]) -> bytes:
    """The sheet without the shared formulas over ranges of which a member is about to change."""
    heads = formulas_with_attributes(sheet, members=False)
    ranged = {master.group for master in _masters(heads) if ":" in master.text}
    if not ranged:
        return sheet.raw
    formulas = [
        formula
        for formula in formulas_with_attributes(sheet)
        if formula.kind == "shared" and formula.group in ranged
    ]
    groups = {formula.group for formula, text in _written_out(formulas) if changes(formula, text)}
    return unshare(sheet, formulas, groups) if groups else sheet.raw


def _formula_xml(prefix: bytes, attributes: bytes, text: str) -> bytes:
    return b"<%sf%s>%s</%sf>" % (prefix, attributes, escape(text), prefix)
