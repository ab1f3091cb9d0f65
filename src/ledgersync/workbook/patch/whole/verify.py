"""Reads a finished package back: the values at their cells, and every other member."""

from collections.abc import Collection, Mapping
from operator import eq

from lxml import etree

from ledgersync.workbook.patch.package.parts import Sheet
from ledgersync.workbook.patch.package.zipcopy import Member, ZipSource
from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.scan.read_back import Read, agrees, read_rows
from ledgersync.workbook.patch.scan.refs import cell_name
from ledgersync.workbook.patch.sheet.plan import Write

Expected = dict[int, dict[int, Write]]


def verify_members(source: ZipSource, written: ZipSource, untouched: Collection[str]) -> None:
    """Every untouched member's stretch of the file is what it was, byte for byte."""
    for name in untouched:
        copy = written.by_name.get(name)
        if copy is None or not _is_same(source, source.by_name[name], written, copy):
            raise refuse("verify.members", name)


def _is_same(source: ZipSource, member: Member, written: ZipSource, copy: Member) -> bool:
    if member.end - member.start != copy.end - copy.start:
        return False
    return all(map(eq, source.raw(member), written.raw(copy)))


def verify_parts(written: ZipSource, parts: dict[str, bytes]) -> None:
    """Every small part that was written inflates to what was meant."""
    for name, data in parts.items():
        if written.read(name) != data:
            raise refuse("verify.members", name)


def verify_sheet(
    written: ZipSource, sheet: Sheet, spans: Mapping[int, tuple[int, int]], expected: Expected
) -> None:
    """The cells of a sheet hold what they were asked to hold."""
    rows = sorted(spans)
    fragments = zip(rows, written.read_spans(sheet.member, [spans[r] for r in rows]), strict=True)
    try:
        found = read_rows({row: data for row, data in fragments if data}, expected)
    except etree.XMLSyntaxError as error:
        raise refuse("xml.malformed", sheet.member) from error
    for row, cells in expected.items():
        for column, write in cells.items():
            got = found.get((row, column), Read("blank", ""))
            if not agrees(write.value, write.content, got):
                raise refuse("verify.values", f"{sheet.name}!{cell_name(row, column)}")
