"""The stamp in a package: written twice, read straight from it, put back by the patcher.

An issued copy or a primary says in its custom document properties *and* in the very hidden sheet
`_ledgersync` what it is. Programs and people lose one or the other, so either suffices.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import IO, Any

from lxml import etree

from ledgersync.errors import PatchRefused
from ledgersync.messages import message
from ledgersync.model import Stamp
from ledgersync.workbook.broken import DAMAGE
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
_SMALL, _LARGE = 1 << 20, 64 << 20  # parts beyond these sizes are not ours


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
    root = _parsed(existing) if existing else None
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
            has_sheet = _sheet_part(package) is not None
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
    root = _part(package, PROPERTIES_PART, _SMALL)
    if root is None:
        return None
    texts = {p.get("name", ""): "".join(map(str, p.itertext())).strip() for p in root}
    return stamp_from({n.removeprefix(PREFIX): text for n, text in texts.items()})


def _from_sheet(package: zipfile.ZipFile) -> Stamp | None:
    part = _sheet_part(package)
    root = _part(package, part, _SMALL) if part else None
    if root is None:
        return None
    cells = dict(_cells(package, root))
    return stamp_in((cells.get(f"A{r}", ""), cells.get(f"B{r}", "")) for r in range(2, 40))


def _sheet_part(package: zipfile.ZipFile) -> str | None:
    """The part that holds sheet `_ledgersync`."""
    book = _part(package, "xl/workbook.xml", _LARGE)
    links = _part(package, "xl/_rels/workbook.xml.rels", _SMALL)
    if book is None or links is None:
        return None
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iterfind(".//{*}sheets/{*}sheet"):
        if sheet.get("name") == STAMP_SHEET:
            ids = [v for k, v in sheet.attrib.items() if str(k).endswith("}id")]
            target = targets.get(str(ids[0])) if ids else None
            return _resolved("xl/workbook.xml", target) if target else None
    return None


def _resolved(source: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(join(dirname(source), target))


def _cells(package: zipfile.ZipFile, root: etree._Element) -> Iterator[tuple[str, str]]:
    shared: list[str] | None = None
    for cell in root.iterfind(".//{*}c"):
        text = "".join(map(str, cell.itertext()))
        if cell.get("t") == "s":
            shared = _shared_strings(package) if shared is None else shared
            at = int(text) if text.isdigit() else -1
            text = shared[at] if 0 <= at < len(shared) else ""
        yield cell.get("r", ""), text.strip()


def _shared_strings(package: zipfile.ZipFile) -> list[str]:
    root = _part(package, "xl/sharedStrings.xml", _LARGE)
    if root is None:
        return []
    return ["".join(t.text or "" for t in item.iterfind(".//{*}t")) for item in root]


def _part(package: zipfile.ZipFile, name: str, limit: int) -> etree._Element | None:
    try:
        with package.open(name) as stream:
            content = stream.read(limit + 1)
    except KeyError:
        return None
    return _parsed(content) if len(content) <= limit else None


def _parsed(content: bytes) -> etree._Element | None:
    """The document's root, None for what is no XML; entities are never followed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
