"""Merged ranges of a sheet: which there are, and taking some of them apart."""

from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from ledgersync.workbook.patch.package.parts import Package
from ledgersync.workbook.patch.package.zipcopy import ZipSource
from ledgersync.workbook.patch.scan.data import SheetText
from ledgersync.workbook.patch.scan.refs import Area
from ledgersync.workbook.patch.scan.xml_scan import Splices, elements, inside, opening

_NAME = b"mergeCell"


def merged_areas(path: Path, sheet: str) -> list[Area]:
    """The merged ranges of a sheet."""
    with closing(ZipSource(path)) as source:
        raw = source.read(Package(source).sheet(sheet).member)
    if _NAME not in raw and b"\0" not in raw[:64]:  # nor in two bytes a sign
        return []
    text = SheetText(raw, sheet)
    tail = text.raw[text.data_end :]
    found = (Area.parse(tag.text(b"ref") or "") for tag in opening(tail, b"mergeCell"))
    return [area for area in found if area is not None]


def without_merges(raw: bytes, areas: Collection[Area]) -> bytes:
    """A worksheet part in which these ranges are single cells again."""
    if not areas:
        return raw
    splices = Splices()
    for outer in elements(raw, b"mergeCells"):
        items = list(inside(raw, outer, b"mergeCell"))
        gone = [i for i in items if Area.parse(i.tag.text(b"ref") or "") in areas]
        if len(gone) == len(items):
            splices.replace(outer.tag.start, outer.end, b"")
            continue
        for item in gone:
            splices.replace(item.tag.start, item.end, b"")
        if gone and outer.tag.span(b"count"):
            splices.attribute(outer.tag, b"count", str(len(items) - len(gone)))
    return splices.apply(raw)
