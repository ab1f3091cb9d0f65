"""Reads XML as bytes with positions, so that an edit leaves every other byte alone.

Tags, attributes and texts are found by regular expressions that know comments, CDATA and both
kinds of quotes; `Splices` collects replacements and applies them in one pass.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from lxml import etree

from ledgersync.workbook.patch.refusals import refuse

_ANY_NAME = rb"[^\s/>:<!?\"']+"
_ATTR = re.compile(rb"([^\s=/\"'<>]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#(\d+)|(\w+));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ENCODING = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']*)")
_MASKED = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.S)


Names = tuple[bytes, ...]


class Tag(NamedTuple):
    """One tag in a part: `start` and `end` include the angle brackets."""

    start: int
    end: int
    closing: bool
    empty: bool
    prefix: bytes
    name: bytes
    attrs_start: int
    attrs: bytes

    def get(self, name: bytes) -> bytes | None:
        """The raw value of the attribute with this local name."""
        span = self.span(name)
        if span is None:
            return None
        return self.attrs[span[0] - self.attrs_start : span[1] - self.attrs_start]

    def text(self, name: bytes) -> str | None:
        """The attribute's value with its entities resolved."""
        raw = self.get(name)
        return None if raw is None else unescape(raw)

    def span(self, name: bytes) -> tuple[int, int] | None:
        """Where in the part the attribute's value stands."""
        for match in _ATTR.finditer(self.attrs):
            if match[1].rpartition(b":")[2] == name:
                group = 2 if match[2] is not None else 3
                return self.attrs_start + match.start(group), self.attrs_start + match.end(group)
        return None


@cache
def _tag_pattern(*names: bytes) -> re.Pattern[bytes]:
    """Tags with one of these local names, or with any, and all that only looks like tags."""
    name = b"|".join(map(re.escape, names)) or _ANY_NAME
    return re.compile(
        rb"<(?:!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>"
        rb"|(?P<close>/?)(?P<prefix>(?:[^\s/>:<!?\"']+:)?)(?P<name>" + name + rb")(?=[\s/>])"
        rb"(?P<attrs>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>)",
        re.DOTALL,
    )


def tags(data: bytes, start: int = 0, end: int | None = None, names: Names = ()) -> Iterator[Tag]:
    """The tags of a part in order, those with one of these local names, if any are given.

    Comments, CDATA and instructions are skipped.
    """
    end = len(data) if end is None else end
    for match in _tag_pattern(*names).finditer(data, start, end):
        if match["name"] is None:
            continue
        attrs = match["attrs"]
        yield Tag(
            match.start(),
            match.end(),
            bool(match["close"]),
            attrs.endswith(b"/"),
            match["prefix"],
            match["name"],
            match.start("attrs"),
            attrs,
        )


def opening(data: bytes, *names: bytes) -> Iterator[Tag]:
    """The opening (or empty) tags with one of these local names."""
    return (tag for tag in tags(data, names=names) if not tag.closing)


def first(data: bytes, name: bytes) -> Tag | None:
    """The first opening tag of this local name."""
    return next(opening(data, name), None)


class Element(NamedTuple):
    """An element without regard to what is inside: its tags and the span of its content."""

    tag: Tag
    inner_start: int
    inner_end: int
    end: int


def elements(data: bytes, *names: bytes) -> Iterator[Element]:
    """The elements with one of these local names, outermost first, in document order."""
    open_tags: list[Tag] = []
    for tag in tags(data, names=names):
        if not tag.closing and tag.empty:
            yield Element(tag, tag.end, tag.end, tag.end)
        elif not tag.closing:
            open_tags.append(tag)
        elif open_tags:
            opened = open_tags.pop()
            yield Element(opened, opened.end, tag.start, tag.end)


def inside(data: bytes, outer: Element, *names: bytes) -> Iterator[Element]:
    """The elements with one of these local names inside another, with positions in the part."""
    offset = outer.inner_start
    for item in elements(data[offset : outer.inner_end], *names):
        tag = item.tag._replace(
            start=item.tag.start + offset,
            end=item.tag.end + offset,
            attrs_start=item.tag.attrs_start + offset,
        )
        yield Element(tag, item.inner_start + offset, item.inner_end + offset, item.end + offset)


class Splices:
    """Replacements in one part, collected in any order and applied once."""

    def __init__(self) -> None:
        self._edits: list[tuple[int, int, bytes]] = []

    def __bool__(self) -> bool:
        return bool(self._edits)

    def replace(self, start: int, end: int, new: bytes) -> None:
        self._edits.append((start, end, new))

    def insert(self, at: int, new: bytes) -> None:
        self._edits.append((at, at, new))

    def attribute(self, tag: Tag, name: bytes, value: str) -> None:
        """Sets an attribute of a tag, adding it behind the tag's name where it is absent."""
        span = tag.span(name)
        if span:
            self.replace(*span, escape(value))
        else:
            self.insert(tag.attrs_start, b" " + name + b'="' + escape(value) + b'"')

    def apply(self, data: bytes) -> bytes:
        """The part with all replacements; one inside a replaced stretch is dropped."""
        if not self._edits:
            return data
        pieces: list[bytes | memoryview] = []
        position, view = 0, memoryview(data)
        for start, end, new in sorted(self._edits, key=_order):
            if start < position:
                continue
            pieces += [view[position:start], new]
            position = end
        pieces.append(view[position:])
        return b"".join(pieces)


def _order(edit: tuple[int, int, bytes]) -> tuple[int, bool, int]:
    """Insertions before a replacement that starts at the same place, wider ones first."""
    return edit[0], edit[1] > edit[0], -edit[1]


class Rewrites:
    """Stretches of one part that will read otherwise, by where they start; none overlap."""

    def __init__(self) -> None:
        self._new: dict[int, tuple[int, bytes]] = {}
        self._starts: list[int] = []

    def __bool__(self) -> bool:
        return bool(self._new)

    def put(self, start: int, end: int, new: bytes) -> None:
        if start not in self._new:
            self._starts.clear()
        self._new[start] = end, new

    def at(self, start: int) -> bytes | None:
        """What was put there."""
        found = self._new.get(start)
        return None if found is None else found[1]

    def apply(self, data: bytes, start: int, stop: int) -> bytes | memoryview:
        """A stretch that cuts no rewritten one, as it will read; else a view of it."""
        view = memoryview(data)
        if not self._new:
            return view[start:stop]
        self._starts = self._starts or sorted(self._new)
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, stop)
        if first == last:
            return view[start:stop]
        pieces: list[bytes | memoryview] = []
        for begin in self._starts[first:last]:
            end, new = self._new[begin]
            pieces += [view[start:begin], new]
            start = end
        return b"".join([*pieces, view[start:stop]])


def whole_number(raw: bytes | None, default: int = 0) -> int:
    """An attribute's value as a number; the default where it is absent or none."""
    text = (raw or b"").strip()
    return int(text) if text.isdigit() and len(text) < 10 else default


def unescape(raw: bytes) -> str:
    """The text of raw XML characters."""
    text = raw.decode("utf-8", "replace")
    return _ENTITY.sub(_entity, text) if "&" in text else text


def _entity(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED.get(match[3], match[0])
    code = int(match[1], 16) if match[1] else int(match[2])
    return chr(code) if code < 0x110000 else match[0]


def escape(text: str) -> bytes:
    """A text as XML characters, good for content and for double-quoted attributes."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").encode()


def require_utf8(data: bytes, part: str) -> bytes:
    """The part itself, refused when its encoding or a DTD makes byte positions unsafe."""
    head = data[:400]
    declared = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf").lstrip())
    name = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or name not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise refuse("xml.encoding", part)
    if b"<!DOCTYPE" in data[:4096]:
        raise refuse("xml.doctype", part)
    return data


def mask(data: bytes) -> bytes:
    """The same bytes with comments, CDATA and instructions blanked, lengths unchanged."""
    return _MASKED.sub(lambda match: b" " * len(match[0]), data)


def require_well_formed(data: bytes, part: str) -> None:
    """Refuses a part that an XML parser would not take."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise refuse("xml.malformed", part) from error
