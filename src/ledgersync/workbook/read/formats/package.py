"""The parts of an .xlsx package that say where its sheets and number formats are."""

import zipfile
from posixpath import join, normpath
from xml.etree import ElementTree

from ledgersync.dataclass import dataclass
from ledgersync.workbook.read.formats.number_formats import format_code

SHARED_TEXTS = "xl/sharedStrings.xml"


@dataclass(frozen=True, slots=True)
class Package:
    """Where the sheets of an .xlsx package are, by sheet name."""

    parts: dict[str, str]
    date1904: bool


def read_package(archive: zipfile.ZipFile) -> Package:
    """Sheet parts and date system; an empty Package when workbook.xml is not where it should be."""
    names = {n.lower(): n for n in archive.namelist()}
    workbook = _workbook_part(archive, names)
    if workbook is None:
        return Package({}, False)
    root = ElementTree.fromstring(archive.read(workbook))
    folder, _, name = workbook.rpartition("/")
    relations = _relations(archive, names, join(folder, "_rels", f"{name}.rels"))
    parts: dict[str, str] = {}
    date1904 = False
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "workbookPr":
            date1904 = element.get("date1904", "0").lower() in ("1", "true")
        if tag == "sheet":
            target = relations.get(_relation_id(element))
            path = names.get(_target(folder, target)) if target else None
            if path:
                parts[element.get("name", "")] = path
    return Package(parts, date1904)


def _workbook_part(archive: zipfile.ZipFile, names: dict[str, str]) -> str | None:
    root = _relations(archive, names, "_rels/.rels", by_type="officeDocument")
    for target in [*root.values(), "xl/workbook.xml"]:
        found = names.get(target.lstrip("/").lower())
        if found:
            return found
    return None


def _relations(
    archive: zipfile.ZipFile, names: dict[str, str], part: str, by_type: str = ""
) -> dict[str, str]:
    found = names.get(part.lower())
    if found is None:
        return {}
    root = ElementTree.fromstring(archive.read(found))
    return {
        r.get("Id", ""): r.get("Target", "").replace("\\", "/")
        for r in root
        if r.get("Type", "").endswith(by_type)
    }


def _relation_id(element: ElementTree.Element) -> str:
    return next((v for k, v in element.attrib.items() if k.endswith("}id")), "")


def style_codes(archive: zipfile.ZipFile) -> list[str]:
    """The number format of each cell style, in the order of their numbers."""
    names = {n.lower(): n for n in archive.namelist()}
    workbook = _workbook_part(archive, names) or ""
    folder, _, name = workbook.rpartition("/")
    links = _relations(archive, names, join(folder, "_rels", f"{name}.rels"), by_type="/styles")
    part = next((names.get(_target(folder, t)) for t in links.values()), None)
    if part is None:
        return []
    custom: dict[int, str] = {}
    styles: list[str] = []
    for element in ElementTree.fromstring(archive.read(part)):
        tag = element.tag.rpartition("}")[2]
        if tag == "numFmts":
            custom |= {int(f.get("numFmtId", "0")): f.get("formatCode", "") for f in element}
        if tag == "cellXfs":
            styles = [format_code(int(xf.get("numFmtId", "0")), custom) for xf in element]
    return styles


def _target(folder: str, target: str) -> str:
    return normpath(join(folder, target)).lstrip("/").lower()
