"""Adds worksheets to an existing workbook; every other part stays byte for byte.

The workbook part gains an entry at the end of its list of sheets, so that names, filters and the
active sheet, which count sheets, still mean the same ones. The file is written, read back and
put in place by the patcher.
"""

import posixpath
import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import field
from itertools import count
from pathlib import Path

from lxml import etree

from ledgersync.dataclass import dataclass
from ledgersync.files import file_hash
from ledgersync.workbook import a4
from ledgersync.workbook.lines import height_of, line_count
from ledgersync.workbook.patch.package.parts import OFFICE, Package
from ledgersync.workbook.patch.package.styles import TEXT, Styles
from ledgersync.workbook.patch.package.stylesheet import open_styles, save_styles
from ledgersync.workbook.patch.package.zipcopy import ZipSource
from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.scan.cell_xml import address, content
from ledgersync.workbook.patch.scan.edits import PatchReport
from ledgersync.workbook.patch.scan.refs import Area, cell_name
from ledgersync.workbook.patch.scan.row_map import MAX_COLUMN, MAX_ROW
from ledgersync.workbook.patch.scan.xml_scan import (
    Element,
    Splices,
    Tag,
    elements,
    escape,
    first,
    whole_number,
)
from ledgersync.workbook.patch.sheet.validations import Validation, validations_xml
from ledgersync.workbook.patch.whole.patcher import FOREIGN_FAULTS, patch_sheets

_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_FLAVOURS = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": OFFICE,
    "http://purl.oclc.org/ooxml/spreadsheetml/main": (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_XMLNS = re.compile(rb"(?<![\w:.-])xmlns(?::([\w.-]+))?\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")
_LONGEST_NAME = 31
_MOST_SHEET_IDS = 65_534
_USUAL_WIDTH = 9.0
_TITLES = b'<%sdefinedName name="_xlnm.Print_Titles" localSheetId="%d">%s!$%d:$%d</%sdefinedName>'
_PAGE = (
    f'<printOptions horizontalCentered="1"/><pageMargins left="{a4.SIDES}" right="{a4.SIDES}"'
    f' top="{a4.TOP}" bottom="{a4.BOTTOM}" header="0.3" footer="{a4.FOOTER}"/>'
    f'<pageSetup paperSize="{a4.PAPER}" orientation="landscape" fitToHeight="0"/>'
    f"<headerFooter><oddFooter>&amp;L&amp;F&amp;C&amp;A&amp;R"
    f"{a4.PAGE_NUMBERS.replace('&', '&amp;')}</oddFooter></headerFooter>"
).encode()


@dataclass(frozen=True)
class SheetContent:
    """What a new sheet holds: texts by row and column from 1, and how its columns look.

    `text` are columns in which whatever is typed stays text (long numbers, leading zeros).
    `links` lead from a cell to a place in the workbook (`'表'!B2`), `fills` colour a cell (ARGB),
    `frozen` first rows stay in sight, with a filter on the last of them; `landscape` sheets print
    fitted to the page's width, their texts wrapped, the frozen row on every page. `validations`
    hold by column, from the first row below the cells down to `last_checked`.
    """

    cells: Mapping[tuple[int, int], str]
    widths: Mapping[int, float] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    text: frozenset[int] = frozenset()
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)
    fills: Mapping[tuple[int, int], str] = field(default_factory=dict)
    frozen: int = 0
    landscape: bool = False
    validations: Mapping[int, Validation] = field(default_factory=dict)
    last_checked: int = 5000


def sheet_names(path: Path) -> list[str]:
    """The names of all sheets of a workbook, in their order. Raises PatchRefused."""
    with closing(ZipSource(path)) as source:
        return [sheet.name for sheet in _opened(source).sheets]


def add_sheets(
    source: Path | str,
    target: Path | str,
    sheets: Mapping[str, SheetContent],
    *,
    very_hidden: Collection[str] = frozenset(),
) -> PatchReport:
    """Writes `source` with more worksheets (behind the others) as `target`, which is replaced.

    Raises `PatchRefused` before the target is touched: a sheet of that name exists, or the
    package is such that a sheet cannot be added safely; `OSError` when the disk fails.
    """
    source, target = Path(source), Path(target)
    sha256 = file_hash(source) if source.resolve() == target.resolve() else None
    with closing(ZipSource(source)) as file:
        package = _opened(file)
        try:
            _plan(package, sheets, very_hidden)
        except FOREIGN_FAULTS as error:
            raise refuse("package.malformed", source.name) from error
    parts = {**package.changed, **package.added}
    return patch_sheets(source, target, {}, parts=parts, expect_sha256=sha256)


def _opened(source: ZipSource) -> Package:
    try:
        return Package(source)
    except FOREIGN_FAULTS as error:
        raise refuse("package.malformed", source.path.name) from error


def _plan(
    package: Package, sheets: Mapping[str, SheetContent], very_hidden: Collection[str]
) -> None:
    """Every refusal comes from here; the package's changes are collected in it."""
    _check_names([sheet.name for sheet in package.sheets], list(sheets))
    if package.related(package.workbook, "revisionHeaders"):
        raise refuse("sheet.shared_workbook")
    frame = _Frame(package.read(package.workbook))
    styles = open_styles(package)
    for name, sheet in sheets.items():
        part = _worksheet(name, sheet, frame.namespace, styles)
        relation = _add_part(package, part)
        repeated = sheet.frozen if sheet.landscape else 0
        frame.add(name, relation, very_hidden=name in very_hidden, repeated=repeated)
    save_styles(package, styles)
    package.replace(package.workbook, frame.done())


def _check_names(existing: list[str], new: list[str]) -> None:
    taken = {name.casefold() for name in existing}
    for name in new:
        units = len(name.encode("utf-16-le", "surrogatepass")) // 2
        if not 1 <= units <= _LONGEST_NAME or _NOT_IN_NAMES.search(name):
            raise refuse("sheet.name", name)
        if name.casefold() in taken:
            raise refuse("sheet.exists", name)
        taken.add(name.casefold())


def _add_part(package: Package, data: bytes) -> str:
    folder = posixpath.dirname(package.workbook.replace("\\", "/"))
    member = package.free_member(posixpath.join(folder, "worksheets/sheet{}.xml"))
    return package.add_related(package.workbook, member, data, "worksheet", _CONTENT)


class _Frame:
    """The workbook part, with entries added to its one list of sheets."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._list = _sheet_list(data)
        root = first(data, b"workbook")
        spaces = {} if root is None else _namespaces(root)
        self.namespace = spaces.get(root.prefix.rstrip(b":") if root else b"", b"").decode()
        if self.namespace not in _FLAVOURS:
            raise refuse("package.malformed", "workbook")
        self._prefix = self._list.tag.prefix
        self._relation = _relation_attribute(spaces, _FLAVOURS[self.namespace].encode())
        self._ids = _sheet_ids(data)
        self._entries: list[bytes] = []
        self._names: list[bytes] = []
        self._wanted = _linked(data)

    def add(self, name: str, relation: str, *, very_hidden: bool, repeated: int = 0) -> None:
        """One more sheet; its row `repeated` stands on top of every printed page."""
        number = _free_id(self._ids)
        self._ids.add(number)
        state = b' state="veryHidden"' if very_hidden else b""
        entry = b'<%ssheet name="%s" sheetId="%d"%s %s="%s"/>'
        link = self._relation, escape(relation)
        self._entries.append(entry % (self._prefix, escape(name), number, state, *link))
        if repeated:
            title = escape("'" + name.replace("'", "''") + "'")
            where = self._prefix, len(self._wanted), title, repeated, repeated, self._prefix
            self._names.append(_TITLES % where)
        self._wanted.append((name, relation))

    def done(self) -> bytes:
        """The part with its new entries, refused unless an XML parser finds them all."""
        splices = Splices()
        splices.insert(self._list.inner_end, b"".join(self._entries))
        if self._names:
            self._name(splices)
        grown = splices.apply(self.data)
        if _linked(grown) != self._wanted:
            raise refuse("package.malformed", "workbook")
        return grown

    def _name(self, splices: Splices) -> None:
        """Adds the new names to the list of names, or a list where the schema wants it."""
        names, prefix = b"".join(self._names), self._prefix
        whole = b"<%sdefinedNames>%s</%sdefinedNames>" % (prefix, names, prefix)
        for found in elements(self.data, b"definedNames"):
            if found.tag.empty:
                splices.replace(found.tag.start, found.end, whole)
            else:
                splices.insert(found.inner_end, names)
            return
        before = (b"sheets", b"functionGroups", b"externalReferences")
        at = max(item.end for name in before for item in elements(self.data, name))
        splices.insert(at, whole)


def _sheet_list(data: bytes) -> Element:
    """The element `sheets`; a workbook without sheets, or with several lists, is not touched."""
    found = list(elements(data, b"sheets"))
    if len(found) != 1 or found[0].tag.empty:
        raise refuse("package.malformed", "workbook")
    return found[0]


def _namespaces(tag: Tag) -> dict[bytes, bytes]:
    """The namespaces that a tag declares, by prefix (empty for the default one)."""
    found = _XMLNS.finditer(tag.attrs)
    return {match[1] or b"": match[2] if match[2] is not None else match[3] for match in found}


def _relation_attribute(spaces: Mapping[bytes, bytes], flavour: bytes) -> bytes:
    """`r:id` with the workbook's own prefix, or with one that the entry declares itself."""
    for prefix, space in spaces.items():
        if prefix and space == flavour:
            return prefix + b":id"
    return b'xmlns:r="%s" r:id' % flavour


def _sheet_ids(data: bytes) -> set[int]:
    return {whole_number(item.tag.get(b"sheetId")) for item in elements(data, b"sheet")}


def _free_id(used: Collection[int]) -> int:
    following = max(used, default=0) + 1
    if following <= _MOST_SHEET_IDS:
        return following
    return next(number for number in count(1) if number not in used)


def _linked(data: bytes) -> list[tuple[str | None, str]]:
    """Name and relationship of every sheet, as a parser that knows namespaces sees them."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    space = etree.QName(root).namespace or ""
    attribute = f"{{{_FLAVOURS[space]}}}id"
    sheets = root.iterfind(f"{{{space}}}sheets/{{{space}}}sheet")
    return [(sheet.get("name"), sheet.get(attribute) or "") for sheet in sheets]


def _worksheet(name: str, sheet: SheetContent, namespace: str, styles: Styles) -> bytes:
    """A whole worksheet part, without prefixes."""
    rows = _rows(name, sheet, styles)
    area = Area(1, 1, max(rows, default=1), max((c for _, c in sheet.cells), default=1))
    heights = _heights(sheet)
    lines = (
        b'<row r="%d"%s>%s</row>' % (row, heights.get(row, b""), b"".join(rows[row]))
        for row in sorted(rows)
    )
    fitted = b'<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' if sheet.landscape else b""
    head = b'%s<worksheet xmlns="%s">%s<dimension ref="%s"/>%s%s<sheetData>' % (
        _HEAD,
        namespace.encode(),
        fitted,
        str(area).encode(),
        _view(sheet),
        _columns(sheet, styles),
    )
    return head + b"".join(lines) + b"</sheetData>" + _tail(sheet, area) + b"</worksheet>"


def _view(sheet: SheetContent) -> bytes:
    if not sheet.frozen:
        return b""
    return (
        b'<sheetViews><sheetView workbookViewId="0"><pane ySplit="%d" topLeftCell="A%d"'
        b' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    ) % (sheet.frozen, sheet.frozen + 1)


def _tail(sheet: SheetContent, area: Area) -> bytes:
    """Filter, links and page setup, in the order that the schema wants."""
    filtered = Area(sheet.frozen, area.left, area.bottom, area.right)
    tail = b'<autoFilter ref="%s"/>' % str(filtered).encode() if sheet.frozen else b""
    tail += validations_xml(
        [
            (Area(area.bottom + 1, column, sheet.last_checked, column), sheet.validations[column])
            for column in sorted(sheet.validations)
        ]
    )
    if sheet.links:
        links = (
            b'<hyperlink ref="%s" location="%s"/>' % (cell_name(*place).encode(), escape(target))
            for place, target in sorted(sheet.links.items())
        )
        tail += b"<hyperlinks>" + b"".join(links) + b"</hyperlinks>"
    return tail + _PAGE if sheet.landscape else tail


def _heights(sheet: SheetContent) -> dict[int, bytes]:
    """The heights of the rows that need more than a line for their wrapped texts."""
    lines: dict[int, int] = {}
    for (row, column), text in sheet.cells.items() if sheet.landscape else ():
        width = sheet.widths.get(column, _USUAL_WIDTH)
        needed = line_count(text, width) if _wraps(sheet, row) else 1
        if needed > lines.get(row, 1):
            lines[row] = needed
    return {row: f' ht="{height_of(n):g}"'.encode() for row, n in lines.items()}


def _rows(name: str, sheet: SheetContent, styles: Styles) -> dict[int, list[bytes]]:
    rows: dict[int, list[bytes]] = defaultdict(list)
    for (row, column), value in sorted(sheet.cells.items()):
        if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN):
            raise refuse("edit.address", name)
        made = content(value, False, f"{name}!{cell_name(row, column)}")
        style = _style(sheet, (row, column), styles)
        rows[row].append(made.xml(b"", address(row, column), style))
    return rows


def _style(sheet: SheetContent, place: tuple[int, int], styles: Styles) -> int:
    colour, wrap = sheet.fills.get(place), _wraps(sheet, place[0])
    if not colour and not wrap:
        return 0
    return styles.variant(0, None, styles.fill(colour) if colour else None, wrap=wrap)


def _wraps(sheet: SheetContent, row: int) -> bool:
    """Texts of a sheet for paper do; a title above the header runs on over its neighbours."""
    return sheet.landscape and row >= sheet.frozen


def _columns(sheet: SheetContent, styles: Styles) -> bytes:
    columns = sorted({*sheet.widths, *sheet.hidden, *sheet.text})
    entries = []
    for column in columns:
        width = b"%g" % sheet.widths.get(column, _USUAL_WIDTH)
        style = b' style="%d"' % styles.variant(0, TEXT) if column in sheet.text else b""
        hidden = b' hidden="1"' if column in sheet.hidden else b""
        entry = b'<col min="%d" max="%d" width="%s"%s%s customWidth="1"/>'
        entries.append(entry % (column, column, width, style, hidden))
    return b"<cols>" + b"".join(entries) + b"</cols>" if entries else b""
