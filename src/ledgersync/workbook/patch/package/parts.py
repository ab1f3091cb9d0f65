"""The parts of a workbook package and how they refer to each other.

Reads come from the source or from what this patch already changed; changed, added and dropped
parts are collected here and written in one go.
"""

import posixpath
from functools import cache
from urllib.parse import unquote

from ledgersync.dataclass import dataclass
from ledgersync.workbook.patch.package.zipcopy import ZipSource
from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.scan.xml_scan import (
    Splices,
    Tag,
    elements,
    escape,
    first,
    opening,
    require_utf8,
    tags,
)

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CONTENT_TYPES = "[Content_Types].xml"
_CUSTOM_PROPERTIES = "docProps/custom.xml"
_CUSTOM_CONTENT = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_MAX_SMALL_PART = 256 << 20


@dataclass(frozen=True)
class Relation:
    """One relationship of a part: `kind` is the last word of its type, `target` a member name."""

    id: str
    kind: str
    type: str
    target: str
    external: bool


@dataclass(frozen=True)
class Sheet:
    """One sheet of the workbook; `member` is "" where the package lacks its part."""

    name: str
    sheet_id: str
    index: int
    kind: str
    member: str


class Package:
    """A workbook package: the source's members and the changes planned for it."""

    def __init__(self, source: ZipSource) -> None:
        self.source = source
        self.changed: dict[str, bytes] = {}
        self.added: dict[str, bytes] = {}
        self.dropped: set[str] = set()
        self._relations = cache(self._read_relations)
        self.workbook = self._workbook_member()
        self.sheets = self._sheets()

    def has(self, member: str) -> bool:
        return member in self.added or (
            member in self.source.by_name and member not in self.dropped
        )

    def read(self, member: str) -> bytes:
        """A part as it will be written."""
        for parts in (self.changed, self.added):
            if member in parts:
                return parts[member]
        if self.source.by_name[member].size > _MAX_SMALL_PART:
            raise refuse("package.too_large", member)
        return require_utf8(self.source.read(member), member)

    def replace(self, member: str, data: bytes) -> None:
        """Plans new content for a part; the same content plans nothing."""
        if member in self.added:
            self.added[member] = data
        elif data != self.read(member):
            self.changed[member] = data

    def put(self, member: str, data: bytes) -> None:
        """Plans a whole part from outside: replaced where it exists, else added.

        New custom properties are declared; any other new part must be declared already.
        """
        existing = self.source.find(member)
        if existing is not None:
            self.changed[existing] = data
        elif member == _CUSTOM_PROPERTIES:
            kind = f"{OFFICE}/custom-properties"
            self.add_related("", member, data, kind, _CUSTOM_CONTENT)
        else:
            self.added[member] = data

    def relations(self, member: str) -> tuple[Relation, ...]:
        """The relationships of a part, as in the source."""
        return self._relations(member)

    def related(self, member: str, *kinds: str) -> list[str]:
        """The members that a part refers to by relationships of these kinds."""
        found = [
            relation.target
            for relation in self.relations(member)
            if relation.kind in kinds and not relation.external and relation.target
        ]
        return [target for target in found if self.has(target)]

    def sheet(self, name: str) -> Sheet:
        """The sheet of this name; spelled in another case only where that is unambiguous."""
        exact = [sheet for sheet in self.sheets if sheet.name == name]
        near = exact or [s for s in self.sheets if s.name.casefold() == name.casefold()]
        if len(near) != 1:
            raise refuse("sheet.missing", name)
        if near[0].kind != "worksheet":
            raise refuse("sheet.not_worksheet", name)
        if not near[0].member:
            raise refuse("package.part_missing", name)
        return near[0]

    def add_related(self, owner: str, member: str, data: bytes, kind: str, content: str) -> str:
        """Adds a part with its content type and a relationship from `owner`; returns its id."""
        self.added[member] = data
        self._declare(member, content)
        return self._relate(owner, member, kind)

    def drop(self, owner: str, member: str) -> None:
        """Drops a part with its content type and the relationship from `owner`."""
        self.dropped.add(member)
        types = self.read(self._types_member())
        cut = Splices()
        for tag in opening(types, b"Override"):
            if _same_part(tag.text(b"PartName") or "", member):
                cut.replace(tag.start, tag.end, b"")
        self.replace(self._types_member(), cut.apply(types))
        rels = self.source.find(_rels_member(owner))
        if rels is not None:
            ids = {r.id for r in self.relations(owner) if r.target == member}
            self.replace(rels, _without_relations(self.read(rels), ids))

    def free_member(self, pattern: str) -> str:
        """The first name of `pattern` (with {} for a number) that no member has."""
        number = 1
        while self.has(pattern.format(number)) or self.source.find(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def _types_member(self) -> str:
        found = self.source.find(_CONTENT_TYPES)
        if found is None:
            raise refuse("package.part_missing", _CONTENT_TYPES)
        return found

    def _declare(self, member: str, content: str) -> None:
        """Adds an Override, unless the extension's Default already says the same."""
        types = self.read(self._types_member())
        extension = member.rpartition(".")[2].lower()
        for tag in opening(types, b"Default"):
            fits = (tag.text(b"Extension") or "").lower() == extension
            if fits and tag.text(b"ContentType") == content:
                return
        root = first(types, b"Types")
        if root is None:
            raise refuse("xml.malformed", _CONTENT_TYPES)
        entry = b"<%sOverride PartName=%s ContentType=%s/>" % (
            root.prefix,
            b'"/' + escape(member) + b'"',
            b'"' + escape(content) + b'"',
        )
        self.replace(self._types_member(), append_inside(types, root, entry))

    def _relate(self, owner: str, member: str, kind: str) -> str:
        name = self.source.find(_rels_member(owner)) or _rels_member(owner)
        if not self.has(name):
            empty = f'<Relationships xmlns="{_PACKAGE}/relationships"/>'
            self.added[name] = b'<?xml version="1.0" encoding="UTF-8"?>\n' + empty.encode()
        rels = self.read(name)
        root = first(rels, b"Relationships")
        if root is None:
            raise refuse("xml.malformed", name)
        used = {tag.text(b"Id") for tag in opening(rels, b"Relationship")}
        number = len(used) + 1
        while f"rId{number}" in used:
            number += 1
        target = posixpath.relpath(member, posixpath.dirname(owner.replace("\\", "/")) or ".")
        entry = b'<%sRelationship Id="rId%d" Type="%s" Target="%s"/>' % (
            root.prefix,
            number,
            self._relation_type(owner, kind).encode(),
            escape(target),
        )
        self.replace(name, append_inside(rels, root, entry))
        return f"rId{number}"

    def _relation_type(self, owner: str, kind: str) -> str:
        """The full relationship type in the flavour (transitional, strict) the package uses."""
        if "/" in kind:
            return kind
        for relation in self.relations(owner) or self.relations(self.workbook):
            if "officeDocument" in relation.type:
                return relation.type.rpartition("/")[0] + "/" + kind
        return f"{OFFICE}/{kind}"

    def _read_relations(self, member: str) -> tuple[Relation, ...]:
        name = self.source.find(_rels_member(member))
        if name is None:
            return ()
        data = require_utf8(self.source.read(name), name)
        folder = posixpath.dirname(member.replace("\\", "/"))
        return tuple(self._relation(tag, folder) for tag in opening(data, b"Relationship"))

    def _relation(self, tag: Tag, folder: str) -> Relation:
        kind, raw = tag.text(b"Type") or "", tag.text(b"Target") or ""
        external = (tag.text(b"TargetMode") or "").lower() == "external"
        target = "" if external else self._resolve(folder, raw)
        return Relation(tag.text(b"Id") or "", kind.rpartition("/")[2], kind, target, external)

    def _resolve(self, folder: str, target: str) -> str:
        """The member a relationship points at; "" when there is none."""
        path = target.partition("#")[0].replace("\\", "/")
        for candidate in (path, unquote(path)):
            joined = posixpath.normpath(posixpath.join("/" + folder, candidate)).lstrip("/")
            found = self.source.find(joined)
            if found is not None:
                return found
        return ""

    def _workbook_member(self) -> str:
        found = self.related("", "officeDocument")
        if not found:
            fallback = self.source.find("xl/workbook.xml")
            if fallback is None:
                raise refuse("package.no_workbook")
            return fallback
        if any("xmlsignatures" in name.lower() for name in self.source.by_name):
            raise refuse("package.signed")
        return found[0]

    def _sheets(self) -> list[Sheet]:
        data = self.read(self.workbook)
        relations = {relation.id: relation for relation in self.relations(self.workbook)}
        sheets = []
        for index, tag in enumerate(sheet_tags(data)):
            relation = relations.get(_relation_id(tag))
            kind, member = (relation.kind, relation.target) if relation else ("worksheet", "")
            number = tag.text(b"sheetId") or ""
            sheets.append(Sheet(tag.text(b"name") or "", number, index, kind, member))
        return sheets


def sheet_tags(workbook: bytes) -> list[Tag]:
    """The `sheet` tags inside the workbook's `sheets` element."""
    return [
        tag
        for outer in elements(workbook, b"sheets")
        for tag in tags(workbook, outer.inner_start, outer.inner_end, (b"sheet",))
        if not tag.closing
    ]


def _relation_id(tag: Tag) -> str:
    """The value of `r:id`, whatever its prefix; `sheetId` is another attribute."""
    return tag.text(b"id") or ""


def _rels_member(member: str) -> str:
    folder, name = posixpath.split(member.replace("\\", "/"))
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _same_part(part_name: str, member: str) -> bool:
    return part_name.replace("\\", "/").lstrip("/").casefold() == member.casefold()


def _without_relations(rels: bytes, ids: set[str]) -> bytes:
    cut = Splices()
    for tag in opening(rels, b"Relationship"):
        if tag.text(b"Id") in ids:
            cut.replace(tag.start, tag.end, b"")
    return cut.apply(rels)


def append_inside(data: bytes, tag: Tag, entry: bytes) -> bytes:
    """Adds an element as the last child of the (outermost) element that `tag` opens."""
    if tag.empty:
        head = data[tag.start : tag.end].rstrip(b"/> \t\r\n") + b">"
        tail = b"</" + tag.prefix + tag.name + b">"
        return data[: tag.start] + head + entry + tail + data[tag.end :]
    at = data.rfind(b"</" + tag.prefix + tag.name)
    if at == -1:
        raise refuse("xml.malformed")
    return data[:at] + entry + data[at:]
