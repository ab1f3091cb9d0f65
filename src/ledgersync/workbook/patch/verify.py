"""Reads a finished package back: the values at their cells, and every other member."""

import hashlib
from collections.abc import Collection
from pathlib import Path

from ledgersync.workbook.patch.cellxml import Read, agrees, read_back
from ledgersync.workbook.patch.plan import SheetPlan, Write
from ledgersync.workbook.patch.refs import cell_name
from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.sheetdata import SheetText
from ledgersync.workbook.patch.zipcopy import Member, ZipSource

Expected = dict[int, dict[int, Write]]


def verify_members(source: ZipSource, written: ZipSource, untouched: Collection[str]) -> None:
    """Every untouched member's stretch of the file is what it was, byte for byte."""
    for name in untouched:
        copy = written.by_name.get(name)
        if copy is None or _digest(source, source.by_name[name]) != _digest(written, copy):
            raise refuse("verify.members", name)


def _digest(package: ZipSource, member: Member) -> bytes:
    digest = hashlib.sha256()
    for block in package.raw(member):
        digest.update(block)
    return digest.digest()


def verify_parts(written: ZipSource, parts: dict[str, bytes]) -> None:
    """Every small part that was written inflates to what was meant."""
    for name, data in parts.items():
        if written.read(name) != data:
            raise refuse("verify.members", name)


def verify_sheet(written: ZipSource, plan_name: str, member: str, expected: Expected) -> None:
    """The cells of a sheet hold what they were asked to hold."""
    text = SheetText(written.read(member), plan_name)
    for row, cells in expected.items():
        index = text.find(row)
        found = {} if index is None else _fragments(text, index)
        for column, write in cells.items():
            got = read_back(found[column]) if column in found else Read("blank", "")
            if not agrees(write.value, write.content, got):
                raise refuse("verify.values", f"{plan_name}!{cell_name(row, column)}")


def _fragments(text: SheetText, index: int) -> dict[int, bytes]:
    row = text.row(index)
    return {cell.column: row.data[cell.start : cell.end] for cell in row.cells}


def expected_of(plan: SheetPlan) -> Expected:
    """What a plan says the sheet must hold."""
    return plan.writes


def open_written(path: Path) -> ZipSource:
    """The finished package, opened anew."""
    return ZipSource(path)
