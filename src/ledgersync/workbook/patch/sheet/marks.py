"""Marks a cell for the person who gets the workbook back: a colour and a note with the reason.

Notes are legacy comments, which every spreadsheet program shows; existing ones are extended.
"""

import re

from ledgersync.workbook.patch.package.parts import OFFICE, Package, append_inside
from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.scan.refs import cell_name
from ledgersync.workbook.patch.scan.xml_scan import (
    Element,
    Splices,
    elements,
    escape,
    first,
    inside,
    tags,
)
from ledgersync.workbook.patch.sheet.plan import SheetPlan

AUTHOR = "LedgerSync"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AFTER_LEGACY = (
    b"legacyDrawingHF",
    b"drawingHF",
    b"picture",
    b"oleObjects",
    b"controls",
    b"webPublishItems",
    b"tableParts",
    b"extLst",
    b"AlternateContent",
)
_SHAPE_ID = re.compile(rb"_x0000_s(\d+)")
_ID_MAP = re.compile(rb"idmap[^>]*\sdata=[\"'](\d+)")
_EMPTY_COMMENTS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{_MAIN}">'
    "<authors></authors><commentList></commentList></comments>"
).encode()
_EMPTY_VML = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml"'
    b' xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    b'<o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202"'
    b' coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke'
    b' joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_SHAPE = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{number}"'
    ' type="#_x0000_t202" style="position:absolute;visibility:hidden" fillcolor="#ffffe1"'
    ' o:insetmode="auto"><v:fill color2="#ffffe1"/><v:textbox/>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 15, {top}, 2, {right}, 15, {bottom}, 4</x:Anchor>"
    "<x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


def attach_notes(package: Package, plan: SheetPlan, tail: bytes) -> bytes:
    """Plans the comment and drawing parts for a sheet's marks; returns the sheet's tail."""
    if not plan.marks:
        return tail
    new_cells = _write_comments(package, plan)
    return _write_shapes(package, plan, new_cells, tail) if new_cells else tail


def _write_comments(package: Package, plan: SheetPlan) -> list[tuple[int, int]]:
    """Adds or extends the comments; returns the cells that had none."""
    owner = plan.sheet.member
    found = package.related(owner, "comments")
    data = package.read(found[0]) if found else _EMPTY_COMMENTS
    data, author = _with_author(data)
    there = {item.tag.text(b"ref"): item for item in elements(data, b"comment")}
    new: dict[tuple[int, int], str] = {}
    splices = Splices()
    for place, text in sorted(plan.marks.items()):
        existing = there.get(cell_name(*place))
        if existing is not None:
            _extend_comment(data, existing, text, splices)
        elif text:
            new[place] = text
    if not new and not splices:
        return []
    data = _add_comments(splices.apply(data), author, new) if new else splices.apply(data)
    if found:
        package.replace(found[0], data)
    else:
        member = package.free_member("xl/comments{}.xml")
        package.add_related(owner, member, data, "comments", _COMMENTS)
    return list(new)


def _with_author(data: bytes) -> tuple[bytes, int]:
    """The comments with our author in the list, and the author's index."""
    authors = next(elements(data, b"authors"), None)
    if authors is None:
        raise refuse("marks.comments")
    names = [data[item.inner_start : item.inner_end] for item in inside(data, authors, b"author")]
    if AUTHOR.encode() in names:
        return data, names.index(AUTHOR.encode())
    p = authors.tag.prefix
    entry = b"<%sauthor>%s</%sauthor>" % (p, AUTHOR.encode(), p)
    return append_inside(data, authors.tag, entry), len(names)


def _add_comments(data: bytes, author: int, texts: dict[tuple[int, int], str]) -> bytes:
    where = first(data, b"commentList")
    if where is None:
        raise refuse("marks.comments")
    p = where.prefix.decode()
    closed = f"</{p}t></{p}text></{p}comment>".encode()
    entries = []
    for place, text in texts.items():
        opened = (
            f'<{p}comment ref="{cell_name(*place)}" authorId="{author}"><{p}text>'
            f'<{p}t xml:space="preserve">'
        )
        entries += [opened.encode(), escape(text), closed]
    return append_inside(data, where, b"".join(entries))


def _extend_comment(data: bytes, item: Element, text: str, splices: Splices) -> None:
    """Adds the reason to an existing comment, unless it says so already."""
    holder = next(inside(data, item, b"text"), None)
    if holder is None or escape(text) in data[item.tag.start : item.end]:
        return
    p = item.tag.prefix
    run = b'<%sr><%st xml:space="preserve">\n%s</%st></%sr>' % (p, p, escape(text), p, p)
    splices.insert(_run_place(data, holder), run)


def _run_place(data: bytes, holder: Element) -> int:
    """Runs stand before phonetic parts."""
    phonetic = next(inside(data, holder, b"rPh", b"phoneticPr"), None)
    return phonetic.tag.start if phonetic else holder.inner_end


def _write_shapes(
    package: Package, plan: SheetPlan, cells: list[tuple[int, int]], tail: bytes
) -> bytes:
    owner = plan.sheet.member
    legacy = first(tail, b"legacyDrawing")
    related = {relation.id: relation.target for relation in package.relations(owner)}
    member = related.get((legacy.text(b"id") or "") if legacy else "")
    data = package.read(member) if member else _EMPTY_VML
    data = _with_shapes(data, cells)
    if member:
        package.replace(member, data)
        return tail
    number = package.free_member("xl/drawings/vmlDrawing{}.vml")
    relation = package.add_related(owner, number, data, "vmlDrawing", _VML)
    return _with_legacy_drawing(plan, tail, relation)


def _with_shapes(data: bytes, cells: list[tuple[int, int]]) -> bytes:
    used = [int(number) for number in _SHAPE_ID.findall(data)]
    block = _ID_MAP.search(data)
    number = max([*used, (int(block[1]) if block else 1) * 1024])
    shapes = []
    for row, column in cells:
        number += 1
        shapes.append(_shape(number, row - 1, column - 1))
    at = data.rfind(b"</xml")
    if at == -1:
        raise refuse("marks.comments")
    return data[:at] + b"".join(shapes) + data[at:]


def _shape(number: int, row: int, column: int) -> bytes:
    top = max(row - 1, 0)
    text = _SHAPE.format(
        number=number,
        left=column + 1,
        right=column + 3,
        top=top,
        bottom=top + 4,
        row=row,
        column=column,
    )
    return text.encode()


def _with_legacy_drawing(plan: SheetPlan, tail: bytes, relation: str) -> bytes:
    """The tail with a reference to the new legacy drawing, where the schema wants it."""
    prefix = plan.text.prefix
    strict = b"purl.oclc.org/ooxml/spreadsheetml" in plan.text.raw[: plan.text.data_start]
    space = "http://purl.oclc.org/ooxml/officeDocument/relationships" if strict else OFFICE
    entry = b'<%slegacyDrawing xmlns:r="%s" r:id="%s"/>' % (
        prefix,
        space.encode(),
        relation.encode(),
    )
    at = _legacy_place(tail)
    return tail[:at] + entry + tail[at:]


def _legacy_place(tail: bytes) -> int:
    """In front of what the schema puts behind `legacyDrawing`, at the sheet's own level."""
    depth = 0
    for tag in tags(tail):
        if tag.closing:
            depth -= 1
            if depth == -2:
                return tag.start
            continue
        if depth == -1 and tag.name in _AFTER_LEGACY:
            return tag.start
        depth += 0 if tag.empty else 1
    return len(tail)
