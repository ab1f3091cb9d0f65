"""CSV and TSV files, and HTML tables that call themselves .xls, as grids of texts."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ledgersync.messages import counted, message
from ledgersync.patterns import pattern_of
from ledgersync.workbook.read import refusals
from ledgersync.workbook.read.formats.delimited import read_delimited
from ledgersync.workbook.read.layout.grid import Book, Grid, Merge

if TYPE_CHECKING:
    from lxml import html

_DELIMITERS = (",", "\t", ";", "；", "|", "，")
_SEPARATOR_LINE = pattern_of(r"\ufeff?\"?sep=(.)\"?\r?(?:\n|$)", re.IGNORECASE)
_EXCEL_TEXT = pattern_of(r'^="(.*)"$', re.DOTALL)
_WAS_NUMBER = pattern_of(r"[1-9]\d{14}000")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_BLOCKS = "br p div li ul ol tr td table h1 h2 h3 h4 h5 h6 hr pre dl dt dd"
_OF_A_LINE = frozenset(f"{_BLOCKS} del s strike".split(" "))
_UNSEEN = frozenset(
    ["script", "style", "template", "noscript", "head", "title", "textarea", "select"]
)
_HIDING = ("display:none", "visibility:hidden", "mso-hide:all", "font-size:0;", "opacity:0;")
_WIDE = r"[\u2e80-\u9fff\uff00-\uffef]"
_SOURCE_BREAK = pattern_of(rf"(?<={_WIDE})\s*[\r\n]\s*(?={_WIDE})")
_MOST_COLUMNS = 16_384
_MOST_CELLS = 20_000_000


def is_html(content: bytes) -> bool:
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")) or (
        head.startswith((b"<?xml", b"<!--")) and b"<html" in head
    )


def is_text(content: bytes) -> bool:
    """No binary file: no control characters in its beginning, whatever the encoding."""
    head = content[:8192]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    if head.count(b"\0") * 5 > len(head):  # every other byte of Latin text in UTF-16
        return _utf16_order(head) is not None
    return not any(b < 9 or 13 < b < 27 for b in head)


def decoded(content: bytes, name: str) -> str:
    """The text: BOM first, then UTF-8, then GB18030 (which holds GBK and GB2312)."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    order = _utf16_order(content[:8192])
    if order:
        return content.decode(order, "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    from charset_normalizer import from_bytes  # slow to import, and hardly ever needed

    best = from_bytes(content).best()
    if best is None:
        raise refusals.unknown_format(name, "文字编码无法识别")
    return str(best)


def _utf16_order(head: bytes) -> str | None:
    """UTF-16 without a BOM: the zeros of its line ends, commas and digits tell."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 20 < len(head) or min(even, odd) * 4 > max(even, odd):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def read_csv(content: bytes, name: str, sheet: str) -> Book:
    """One grid; raises UnreadableFile for what is no table of texts."""
    text = decoded(content, name)
    named = _SEPARATOR_LINE.match(text)
    text = text[named.end(1) :].lstrip('"') if named else text  # the line itself stays, empty
    try:
        found = read_delimited(text, named[1] if named else _delimiter(text))
    except csv.Error as error:
        raise refusals.damaged(name, str(error)) from error
    rows = found.rows
    width = max(map(len, rows), default=0)
    if width > _MOST_COLUMNS or width * len(rows) > _MOST_CELLS:
        raise refusals.hostile(name, counted("有 {n} 列", n=width))
    cells: list[list[object]] = [
        [*map(_unwrapped, row), *[""] * (width - len(row))] for row in rows
    ]
    grid = Grid(sheet, cells, is_text=True, row_rules=dict.fromkeys(found.fields, "csv.fields"))
    grid.row_rules |= dict.fromkeys(found.quotes, "csv.quote")
    grid.widths = list(map(len, rows))
    return Book([grid])


def _unwrapped(cell: str) -> object:
    """`="3607…"`, the way to keep digits in a CSV that a spreadsheet opens.

    18 digits that end in 000 were a number once: given as one, they count as damaged.
    """
    match = _EXCEL_TEXT.match(cell)
    if match:
        return match[1].replace('""', '"')
    return int(cell) if _WAS_NUMBER.fullmatch(cell) else cell


def _delimiter(text: str) -> str:
    """The separator that cuts most of the first lines into equally many cells."""
    lines = [line for line in text[:20_000].splitlines()[:40] if line.strip()]
    best, score = ",", 0
    for delimiter in _DELIMITERS:
        counts = Counter(line.count(delimiter) for line in lines)
        cuts = [(n, how_many) for n, how_many in counts.items() if n]
        found = max((n * how_many * how_many for n, how_many in cuts), default=0)
        if found > score:
            best, score = delimiter, found
    return best


def read_html(content: bytes, name: str) -> Book:
    """Every table of an HTML page as a grid with its spans; raises UnreadableFile."""
    from lxml import etree, html  # few are pages

    declared = _CHARSET.search(content[:4096])
    encoding = declared[1].decode().lower() if declared else ""
    if encoding in ("gb2312", "gbk", "x-gbk"):
        encoding = "gb18030"
    try:
        text = content.decode(encoding) if encoding else decoded(content, name)
    except (UnicodeDecodeError, LookupError):
        text = decoded(content, name)
    try:
        page = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff")))
    except (etree.ParserError, ValueError) as error:
        raise refusals.damaged(name) from error
    tables = [t for t in page.iter("table") if not t.xpath(".//table")]
    if not tables:
        raise refusals.unknown_format(name, "网页里没有表格")
    return Book([_html_grid(t, f"Sheet{n}", name) for n, t in enumerate(tables, 1)])


def _html_grid(table: "html.HtmlElement", sheet: str, name: str) -> Grid:
    cells: dict[tuple[int, int], str] = {}
    merges: list[Merge] = []
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(table.iter("tr"), 1):
        column = 1
        for cell in line.iterchildren("td", "th"):
            while (row, column) in taken:
                column += 1
            height, width = _span(cell, "rowspan"), _span(cell, "colspan")
            if len(taken) + height * width > _MOST_CELLS // 10:
                raise refusals.hostile(name, message("表格跨度过大"))
            taken.update((row + r, column + c) for r in range(height) for c in range(width))
            cells[row, column] = _visible_text(cell)
            if height * width > 1:
                merges.append(Merge(row, column, row + height - 1, column + width - 1))
            column += width
    bottom, right = max((r for r, _ in taken), default=0), max((c for _, c in taken), default=0)
    rows: list[list[object]] = [
        [_unwrapped(cells.get((r, c), "")) for c in range(1, right + 1)]
        for r in range(1, bottom + 1)
    ]
    return Grid(sheet, rows, merges, is_text=True)


def _visible_text(cell: "html.HtmlElement") -> str:
    """The text of a cell as a page shows it: what stands in lines of its own stays apart."""
    lines = "".join(_shown_parts(cell)).split("\n")
    return "\n".join(filter(None, (re.sub(r"[ \t\r\f]+", " ", line).strip(" ") for line in lines)))


def _shown_parts(element: "html.HtmlElement") -> Iterator[str]:
    yield _flowing(element.text)
    for child in element:
        if isinstance(child.tag, str) and not _is_hidden(child):
            apart = "\n" if child.tag in _OF_A_LINE else ""
            yield apart
            yield from _shown_parts(child)
            yield apart
        yield _flowing(child.tail)


def _flowing(text: str | None) -> str:
    """A line break in the source is a blank on the page, and none between Chinese characters."""
    return _SOURCE_BREAK.sub("", text or "").replace("\n", " ")


def _is_hidden(element: "html.HtmlElement") -> bool:
    style = str(element.get("style", "")).lower().replace(" ", "")
    return (
        element.tag in _UNSEEN
        or element.get("hidden") is not None
        or element.get("type") == "hidden"
        or any(word in style for word in _HIDING)
    )


def _span(cell: "html.HtmlElement", name: str) -> int:
    text = str(cell.get(name, "1")).strip()
    return max(1, min(int(text), 20_000)) if text.isdigit() else 1
