"""Cell styles: which number format a style has, and copies of a style with another one.

The style part only ever grows: existing styles keep their numbers and their bytes.
"""

import re
from typing import NamedTuple

from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.scan.cell_xml import Kind
from ledgersync.workbook.patch.scan.xml_scan import (
    Element,
    Splices,
    Tag,
    elements,
    first,
    opening,
    tags,
    whole_number,
)

GENERAL, TEXT, DATE, DATETIME = 0, 49, 14, 22
_BUILTIN_TIMES = frozenset([18, 19, 20, 21, *range(32, 36), 45, 46, 47])
_BUILTIN_DATES = frozenset([14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 59)])
_NOT_DATE_PARTS = re.compile(r"\"[^\"]*\"|\\.|_.|\*.|\[[^\]]*\]")
_DURATION = re.compile(r"\[([hHmMsS]+)\]")
_DATE_SIGNS = re.compile(r"[yYdDeE]")
_TIME_SIGNS = re.compile(r"[yYdDeEmMhHsS]")
_WRAPS = re.compile(rb"\swrapText\s*=\s*[\"'](?:1|true)[\"']")
_MINIMAL = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<fonts count="1"><font><sz val="11"/><name val="等线"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    "</styleSheet>"
)


class Variant(NamedTuple):
    """A copy of a style: `base` with another number format or fill (None: as it is), or wrapped."""

    base: int
    number_format: int | None
    fill: int | None = None
    wrap: bool = False


def is_date_code(code: str) -> bool:
    """Whether a number format shows a day (a mere time of day does not count)."""
    return bool(_DATE_SIGNS.search(_signs(code)))


def is_time_code(code: str) -> bool:
    """Whether a number format shows a day, a time of day or a duration."""
    return bool(_TIME_SIGNS.search(_signs(code, durations=True)))


def _signs(code: str, durations: bool = False) -> str:
    """The signs of a format's first section that stand for digits or parts of a date."""
    section = code.split(";")[0]
    if durations:
        section = _DURATION.sub(r"\1", section)
    bare = _NOT_DATE_PARTS.sub("", section).strip()
    return "" if bare.lower() in ("general", "standard") else _without_exponents(bare)


def _without_exponents(code: str) -> str:
    return re.sub(r"[eE][+-]", "", code)


class Styles:
    """The style part of a workbook with the styles that this patch adds."""

    def __init__(self, data: bytes | None) -> None:
        self.data = _MINIMAL.encode() if data is None or _is_empty(data) else data
        self._xfs = self._read_xfs()
        self._codes = {
            whole_number(tag.get(b"numFmtId")): tag.text(b"formatCode") or ""
            for tag in opening(self.data, b"numFmt")
        }
        self._variants: dict[Variant, int] = {}
        self._fills: dict[str, int] = {}
        self._wrapping: dict[int, bool] = {}
        self._fitting: dict[tuple[int, Kind, int | None], int] = {}

    @property
    def grown(self) -> bool:
        """Whether any style was added."""
        return bool(self._variants)

    def number_format(self, style: int) -> int:
        """The number format's id of a style."""
        variant = self._resolve(style)
        if variant.number_format is not None or not self._xfs:
            return variant.number_format or GENERAL
        return whole_number(self._xf(variant.base).tag.get(b"numFmtId"))

    def is_date(self, style: int) -> bool:
        """Whether a style shows a number as a day."""
        number = self.number_format(style)
        if number in self._codes:
            return is_date_code(self._codes[number])
        return number in _BUILTIN_DATES

    def is_time(self, style: int) -> bool:
        """Whether a style shows a number as a day, a time or a duration."""
        number = self.number_format(style)
        if number in self._codes:
            return is_time_code(self._codes[number])
        return number in _BUILTIN_DATES or number in _BUILTIN_TIMES

    def wraps(self, style: int) -> bool:
        """Whether a style shows a long text in several lines."""
        if style not in self._wrapping:
            self._wrapping[style] = self._wraps(self._resolve(style))
        return self._wrapping[style]

    def _wraps(self, known: Variant) -> bool:
        xf = self._xfs[known.base] if known.base < len(self._xfs) else None
        own = xf and _WRAPS.search(self.data, xf.tag.start, xf.end)
        return known.wrap or own is not None

    def fitting(self, style: int, kind: Kind, column_date: int | None = None) -> int:
        """The style for a value of this kind: a date on days only, text format on long digits.

        `column_date` is a date style that the column already uses, taken before a new one.
        """
        asked = style, kind, column_date
        if asked not in self._fitting:
            self._fitting[asked] = self._fitted(*asked)
        return self._fitting[asked]

    def _fitted(self, style: int, kind: Kind, column_date: int | None) -> int:
        if kind in ("date", "datetime"):
            if self.is_date(style):
                return style
            if column_date is not None:
                return self.variant(style, self.number_format(column_date))
            return self.variant(style, DATE if kind == "date" else DATETIME)
        if kind == "number" and self.is_time(style):
            return self.variant(style, GENERAL)
        if kind == "digits" and self.number_format(style) != TEXT:
            return self.variant(style, TEXT)
        return style

    def variant(
        self, style: int, number_format: int | None, fill: int | None = None, *, wrap: bool = False
    ) -> int:
        """The number of the style that differs from `style` only by that."""
        known = self._resolve(style)
        self._xf(known.base)
        wanted = Variant(
            known.base,
            known.number_format if number_format is None else number_format,
            known.fill if fill is None else fill,
            known.wrap or wrap,
        )
        if wanted not in self._variants:
            self._variants[wanted] = len(self._xfs) + len(self._variants)
        return self._variants[wanted]

    def _resolve(self, style: int) -> Variant:
        """What a style number stands for; one that does not exist stands for the default."""
        if style < len(self._xfs):
            return Variant(style, None)
        for variant, number in self._variants.items():
            if number == style:
                return variant
        return Variant(0, None)

    def fill(self, rgb: str) -> int:
        """The number of a solid fill of this colour, added once."""
        if rgb not in self._fills:
            self._fills[rgb] = self._fill_count() + len(self._fills)
        return self._fills[rgb]

    def render(self) -> bytes:
        """The style part with the added styles at its end."""
        splices = Splices()
        added = b"".join(self._render(variant) for variant in self._variants)
        self._append(splices, b"cellXfs", added, len(self._xfs) + len(self._variants))
        if self._fills:
            fills = b"".join(_fill_xml(self._prefix(), rgb) for rgb in self._fills)
            self._append(splices, b"fills", fills, self._fill_count() + len(self._fills))
        return splices.apply(self.data)

    def _prefix(self) -> bytes:
        return self._list(b"cellXfs").tag.prefix

    def _append(self, splices: Splices, name: bytes, added: bytes, count: int) -> None:
        element = self._list(name)
        if element.tag.span(b"count"):
            splices.attribute(element.tag, b"count", str(count))
        splices.insert(element.inner_end, added)

    def _list(self, name: bytes) -> Element:
        found = next(elements(self.data, name), None)
        if found is None or found.tag.empty:
            raise refuse("styles.missing")
        return found

    def _read_xfs(self) -> list[Element]:
        parent = next(elements(self.data, b"cellXfs"), None)
        if parent is None:
            return []
        return [
            item
            for item in elements(self.data, b"xf")
            if parent.inner_start <= item.tag.start < parent.inner_end
        ]

    def _fill_count(self) -> int:
        parent = self._list(b"fills")
        inside = self.data[parent.inner_start : parent.inner_end]
        return sum(1 for _ in elements(inside, b"fill"))

    def _xf(self, style: int) -> Element:
        if style >= len(self._xfs):
            raise refuse("styles.missing")
        return self._xfs[style]

    def _render(self, variant: Variant) -> bytes:
        element = self._xf(variant.base)
        data = self.data[element.tag.start : element.end]
        if variant.number_format is not None:
            data = _with(data, b"numFmtId", variant.number_format, b"applyNumberFormat")
        if variant.fill is not None:
            data = _with(data, b"fillId", variant.fill, b"applyFill")
        return _with_wrap(data) if variant.wrap else data


def _is_empty(data: bytes) -> bool:
    """Whether a style part has no content at all."""
    return sum(1 for tag in tags(data) if not tag.closing) <= 1


def _with(xf: bytes, name: bytes, value: int, apply: bytes) -> bytes:
    """An xf element with one attribute set and its `apply` flag raised."""
    for attribute, text in ((name, str(value)), (apply, "1")):
        tag = first(xf, b"xf")
        assert isinstance(tag, Tag)
        splices = Splices()
        splices.attribute(tag, attribute, text)
        xf = splices.apply(xf)
    return xf


def _with_wrap(xf: bytes) -> bytes:
    """An xf element that shows long texts in several lines."""
    tag, alignment = first(xf, b"xf"), first(xf, b"alignment")
    assert isinstance(tag, Tag)
    splices = Splices()
    splices.attribute(tag, b"applyAlignment", "1")
    if alignment is not None:
        splices.attribute(alignment, b"wrapText", "1")
        return splices.apply(xf)
    new = b'<%salignment vertical="center" wrapText="1"/>' % tag.prefix
    if not tag.empty:
        splices.insert(tag.end, new)
        return splices.apply(xf)
    opened = splices.apply(xf).rstrip().removesuffix(b"/>").rstrip()
    return opened + b">" + new + b"</%sxf>" % tag.prefix


def _fill_xml(prefix: bytes, rgb: str) -> bytes:
    p = prefix.decode()
    return (
        f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{rgb}"/>'
        f'<{p}bgColor indexed="64"/></{p}patternFill></{p}fill>'
    ).encode()
