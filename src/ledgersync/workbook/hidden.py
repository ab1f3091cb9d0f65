"""Hidden sheets of our own, read straight from a package: what is beyond their size is not ours."""

import zipfile
from collections.abc import Iterator
from posixpath import dirname, join, normpath

from lxml import etree

_SMALL, _LARGE = 1 << 20, 64 << 20


def sheet_cells(package: zipfile.ZipFile, name: str) -> dict[str, str]:
    """The texts of a sheet's cells by address, stripped; nothing where there is none of ours."""
    part = sheet_part(package, name)
    root = part_of(package, part, _SMALL) if part else None
    return {} if root is None else dict(_cells(package, root))


def first_row(package: zipfile.ZipFile, name: str) -> dict[str, str]:
    """The texts of a sheet's first row by address, however long the sheet is."""
    part = sheet_part(package, name)
    root = part_of(package, part, _LARGE) if part else None
    row = None if root is None else root.find("{*}sheetData/{*}row[@r='1']")
    return {} if row is None else dict(_cells(package, row))


def sheet_part(package: zipfile.ZipFile, name: str) -> str | None:
    """The part that holds a sheet."""
    book = part_of(package, "xl/workbook.xml", _LARGE)
    links = part_of(package, "xl/_rels/workbook.xml.rels", _SMALL)
    if book is None or links is None:
        return None
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iterfind(".//{*}sheets/{*}sheet"):
        if sheet.get("name") == name:
            ids = [v for k, v in sheet.attrib.items() if str(k).endswith("}id")]
            target = targets.get(str(ids[0])) if ids else None
            return _resolved("xl/workbook.xml", target) if target else None
    return None


def _resolved(source: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(join(dirname(source), target))


def _cells(package: zipfile.ZipFile, root: etree._Element) -> Iterator[tuple[str, str]]:
    shared: list[etree._Element] | None = None
    for cell in root.iterfind(".//{*}c"):
        text = "".join(map(str, cell.itertext()))
        if cell.get("t") == "s":
            shared = _shared_strings(package) if shared is None else shared
            at = int(text) if text.isdigit() else -1
            runs = shared[at].iter("{*}t") if 0 <= at < len(shared) else ()
            text = "".join(run.text or "" for run in runs)
        yield cell.get("r", ""), text.strip()


def _shared_strings(package: zipfile.ZipFile) -> list[etree._Element]:
    root = part_of(package, "xl/sharedStrings.xml", _LARGE)
    return [] if root is None else list(root)


def part_of(package: zipfile.ZipFile, name: str, limit: int) -> etree._Element | None:
    """A part's document; None where it is missing, too large or no XML."""
    try:
        with package.open(name) as stream:
            content = stream.read(limit + 1)
    except KeyError:
        return None
    return parsed(content) if len(content) <= limit else None


def parsed(content: bytes) -> etree._Element | None:
    """The document's root, None for what is no XML; entities are never followed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
