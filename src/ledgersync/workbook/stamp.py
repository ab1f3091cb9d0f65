"""The stamp in a package: written twice, read straight from it, put back by the patcher.

An issued copy or a primary says in its custom document properties *and* in the very hidden sheet
`_ledgersync` what it is. Programs and people lose one or the other, so either suffices.
"""

import zipfile
from pathlib import Path
from typing import IO, Any

from lxml import etree

from ledgersync.errors import PatchRefused
from ledgersync.messages import message
from ledgersync.model import Stamp
from ledgersync.workbook.broken import DAMAGE
from ledgersync.workbook.hidden import parsed, part_of, sheet_cells, sheet_part
from ledgersync.workbook.stamp_text import (
    PREFIX,
    STAMP_MARK,
    STAMP_SHEET,
    stamp_from,
    stamp_in,
    stamp_texts,
)

ID_HEADER = "_LS_ID"
CHECK_HEADER = "校验"
GUIDE_SHEET = "填表说明"
PROPERTIES_PART = "docProps/custom.xml"

_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_NAMESPACES: Any = {None: _CUSTOM, "vt": _TYPES}
_LARGEST = 1 << 20  # properties beyond are not ours


def property_texts(stamp: Stamp) -> dict[str, str]:
    """The custom document properties by name; what is absent has none."""
    return {PREFIX + name: text for name, text in stamp_texts(stamp).items() if text}


def stamp_cells(stamp: Stamp) -> dict[tuple[int, int], str]:
    """The cells of sheet `_ledgersync`, by row and column from 1: names beside values.

    A cell without a value stays empty, so that a later stamp never leaves an older one's.
    """
    cells = {(1, 1): STAMP_MARK, (1, 2): "2"}
    for row, (name, text) in enumerate(stamp_texts(stamp).items(), 2):
        cells[row, 1] = name
        cells[row, 2] = text
    return cells


def stamp_properties(stamp: Stamp, existing: bytes | None) -> bytes:
    """`docProps/custom.xml` with this stamp; every other property in `existing` is kept."""
    root = parsed(existing) if existing else None
    if root is None:
        root = etree.Element(f"{{{_CUSTOM}}}Properties", nsmap=_NAMESPACES)
    for old in list(root):
        if old.get("name", "").startswith(PREFIX):
            root.remove(old)
    taken = {int(pid) for p in root if (pid := p.get("pid", "")).isdigit()}
    free = (pid for pid in range(2, 1 << 31) if pid not in taken)
    for name, text in property_texts(stamp).items():
        attributes = {"fmtid": _FORMAT_ID, "pid": str(next(free)), "name": name}
        entry = etree.SubElement(root, f"{{{_CUSTOM}}}property", attributes)
        etree.SubElement(entry, f"{{{_TYPES}}}lpwstr").text = text
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def restamping(path: Path, stamp: Stamp) -> tuple[dict[tuple[int, int], str], dict[str, bytes]]:
    """How to stamp an existing workbook: cells of its sheet `_ledgersync`, and whole parts.

    No cells where it has no such sheet; nothing at all where the stamp says so already. Raises
    PatchRefused (`target.changed`) for a file that somebody is saving at this moment.
    """
    try:
        with zipfile.ZipFile(path) as package:
            if _from_properties(package) == stamp:
                return {}, {}
            names = {name.casefold(): name for name in package.namelist()}
            member = names.get(PROPERTIES_PART.casefold())
            existing = package.read(member) if member else None
            has_sheet = sheet_part(package, STAMP_SHEET) is not None
    except zipfile.BadZipFile as error:
        told = message("{path} 正在保存", path=path.name)
        raise PatchRefused("target.changed", told) from error
    cells = stamp_cells(stamp) if has_sheet else {}
    return cells, {member or PROPERTIES_PART: stamp_properties(stamp, existing)}


def read_stamp(path: Path | IO[bytes]) -> Stamp | None:
    """What a workbook says about itself; None when it says nothing that can be understood."""
    try:
        with zipfile.ZipFile(path) as package:
            return _from_properties(package) or _from_sheet(package)
    except DAMAGE:
        return None


def _from_properties(package: zipfile.ZipFile) -> Stamp | None:
    root = part_of(package, PROPERTIES_PART, _LARGEST)
    if root is None:
        return None
    texts = {p.get("name", ""): "".join(map(str, p.itertext())).strip() for p in root}
    return stamp_from({n.removeprefix(PREFIX): text for n, text in texts.items()})


def _from_sheet(package: zipfile.ZipFile) -> Stamp | None:
    cells = sheet_cells(package, STAMP_SHEET)
    return stamp_in((cells.get(f"A{r}", ""), cells.get(f"B{r}", "")) for r in range(2, 40))
