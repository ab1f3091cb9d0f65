"""A zip package looked at before any parser sees it.

Declared sizes can lie, so members are also inflated for real: small ones here, large ones while
the parser works (`Facts`), which stops the reading process when the lie is found.
"""

import re
import zipfile
from itertools import pairwise
from string import ascii_letters

from ledgersync.messages import counted, message
from ledgersync.model import column_number
from ledgersync.workbook.read import refusals
from ledgersync.workbook.read.formats.inflate import Broken, pieces
from ledgersync.workbook.read.formats.scan import has_plain_cells
from ledgersync.workbook.read.layout.grid import Stray

MOST_MEMBERS = 20_000
MOST_BYTES = 1_500_000_000  # all members together, inflated
BOMB_BYTES, BOMB_RATIO = 100_000_000, 400
SMALL = 4_000_000  # parts up to this size are inflated and looked at here
SCANNED = 500_000  # and up to this size searched cell by cell
MOST_CELLS = 20_000_000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of a worksheet
WASTE = 20  # a sheet may span so many times the cells it fills before it is looked at
_GAP_ROWS, _GAP_COLUMNS, _FEW = 1000, 200, 50
_HEAD = 65_536
_DOCTYPE = re.compile(rb"<!DOCTYPE|<\0!\0D\0O\0C|\0<\0!\0D\0O\0C", re.IGNORECASE)
_FILLED = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([^">]*)"(?:[^>]*[^/>])?>')
_PLAIN = re.compile(rb'<c r="([^">]*)"[^>]*+(?<!/)>')
_NAMELESS = re.compile(rb'<(?:\w+:)?row [^>]*?\br="(\d+)"[^>]*><(?:\w+:)?c(?![^>]*\br=)')
_REFERENCES = re.compile(rb"^([A-Za-z]{1,3})([1-9]\d{0,6})$", re.MULTILINE)
_ALL_REFERENCES = re.compile(rb"(?:[A-Za-z]{1,3}[1-9]\d{0,6}\n)*+")
_LETTERS = ascii_letters.encode()
_TWICE = re.compile(rb'<(?:\w+:)?c [^>]*\br="[^">]*"[^>]*\br="')
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="[A-Z]+\d+:[A-Z]+(\d+)"')
_LEAST_PER_ROW = 40  # bytes of XML that a filled row takes at least
_SHEET = re.compile(r"xl/(?:work|macro|dialog)?sheets/[^/]+\.xml$", re.IGNORECASE)


def check_package(archive: zipfile.ZipFile, content: bytes, name: str) -> dict[str, Stray]:
    """Sheet parts with stray cells; raises UnreadableFile for what no program writes."""
    members = archive.infolist()
    _check_names(members, name)
    _check_sizes(members, name, len(content))
    strays: dict[str, Stray] = {}
    for member in members:
        if member.filename.lower().endswith((".xml", ".rels", ".vml")):
            stray = _check_part(content, member, name)
            if stray is not None:
                strays[member.filename] = stray
    return strays


def _check_names(members: list[zipfile.ZipInfo], name: str) -> None:
    if len(members) > MOST_MEMBERS:
        raise refusals.hostile(name, counted("压缩包里有 {n} 个成员", n=len(members)))
    seen: set[str] = set()
    for member in members:
        path = member.filename.replace("\\", "/")
        if path.startswith("/") or ".." in path.split("/") or ":" in path.split("/")[0]:
            raise refusals.hostile(name, message("成员路径指向压缩包之外"))
        if path.lower() in seen:
            raise refusals.hostile(name, message("成员重名"))
        seen.add(path.lower())
        if member.flag_bits & 1:
            raise refusals.encrypted(name)


def _check_sizes(members: list[zipfile.ZipInfo], name: str, packed: int) -> None:
    total = sum(m.file_size for m in members)
    if total > MOST_BYTES or (total > BOMB_BYTES and total > BOMB_RATIO * packed):
        raise refusals.hostile(
            name,
            message("解压后有 {total} MB", total=total // 1000000),
        )


def _check_part(content: bytes, member: zipfile.ZipInfo, name: str) -> Stray | None:
    limit = member.file_size if member.file_size <= SMALL else _HEAD
    text = _start_of(content, member, limit, name)
    if len(text) > member.file_size:
        raise refusals.decompression_bomb(name)
    if _declares(text):
        raise refusals.hostile(name, message("含有 DTD 声明"))
    if not _SHEET.search(member.filename):
        return None
    is_named = not _may_be_placed_twice(text[:SCANNED])
    if not is_named and _TWICE.search(text, 0, SCANNED):
        raise refusals.damaged(name)
    if member.file_size > SCANNED:
        if not _looks_blown_up(text, member):
            return None
        text, is_named = _start_of(content, member, member.file_size, name), False
    return _stray(text, name, is_named=is_named)


def _declares(text: bytes) -> bool:
    """It begins with a document type; nearly all parts hold no `<!` at all."""
    marked = text.find(b"<!", 0, _HEAD) >= 0 or text.find(b"<\0!", 0, _HEAD) >= 0
    return marked and _DOCTYPE.search(text, 0, _HEAD) is not None


def _may_be_placed_twice(xml: bytes) -> bool:
    """Not every `r` stands first in its cell or row, or is the end of another name.

    Other names are looked for outside the rows only, where they are; what has some among its
    cells is searched.
    """
    cells = xml.count(b'<c r="')
    start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
    around = xml[:start] + xml[end:] if 0 <= start < end else xml
    other = sum(map(around.count, (b'xmlns:r="', b'er="', b'or="', b'ar="')))
    return xml.count(b'r="') != cells + xml.count(b'<row r="') + other or xml.count(b"<c ") != cells


def _looks_blown_up(head: bytes, member: zipfile.ZipInfo) -> bool:
    """The sheet says that it has more rows than its XML could fill."""
    found = _DIMENSION.search(head[:4096])
    return found is not None and int(found[1]) * _LEAST_PER_ROW > member.file_size


def _start_of(content: bytes, member: zipfile.ZipInfo, limit: int, name: str) -> bytes:
    """At least `limit` bytes of a member, or all there is."""
    found: list[bytes] = []
    length = 0
    try:
        for piece in pieces(content, member):
            found.append(piece)
            length += len(piece)
            if length > limit:
                break
    except Broken as error:
        raise refusals.damaged(name) from error
    return b"".join(found)


def _stray(xml: bytes, name: str, *, is_named: bool = False) -> Stray | None:
    """Few cells far apart would make the parser reserve memory for all that lies between.

    `is_named` says that every `<c ` is known to tell first where it stands.
    """
    is_plain = is_named and b"<c>" not in xml and b":c " not in xml
    is_plain = is_plain or has_plain_cells(xml)
    references = (_PLAIN if is_plain else _FILLED).findall(xml)
    if is_plain and _lie_close(references):
        return None
    filled = _places(references, name)
    nameless = [] if is_plain else list(map(int, _NAMELESS.findall(xml)))
    rows = max((*(row for row, _ in filled), *nameless), default=0)
    columns = max((*{column for _, column in filled}, *(1 for _ in nameless)), default=0)
    cells = [*filled, *((row, 1) for row in nameless)]
    if rows * columns <= max(100_000, WASTE * len(cells)):
        return None
    row = _before_gap({r for r, _ in cells}, _GAP_ROWS)
    column = _before_gap({c for _, c in cells}, _GAP_COLUMNS)
    lost = sum(1 for r, c in cells if r > row or c > column)
    if lost and lost <= min(_FEW, len(cells) // 2):
        return Stray(row, column, lost)
    if rows * columns <= MOST_CELLS:
        return None
    raise refusals.hostile(
        name,
        message("个别单元格远在第 {rows} 行、第 {columns} 列", rows=rows, columns=columns),
    )


def _lie_close(references: list[bytes]) -> bool:
    """All are where cells can be, with so little between them that nobody minds."""
    lines = b"\n".join([*references, b""])
    if lines.count(b"\n") != len(references) or not _ALL_REFERENCES.fullmatch(lines):
        return False
    letters = set(lines.translate(None, b"0123456789").split())
    columns = max((column_number(name.decode()) for name in letters), default=0)
    rows = max(map(int, set(lines.translate(None, _LETTERS).split())), default=0)
    within = rows <= LAST_ROW and columns <= LAST_COLUMN
    return within and rows * columns <= max(100_000, WASTE * len(references))


def _places(references: list[bytes], name: str) -> list[tuple[int, int]]:
    """Row and column of cells; calamine believes what no program writes (`E9999…`)."""
    lines = b"\n".join([*references, b""])
    parts = _REFERENCES.findall(lines)
    numbers = {letters: column_number(letters.decode()) for letters in {x for x, _ in parts}}
    if not len(parts) == len(references) == lines.count(b"\n"):
        raise refusals.damaged(name)
    places = [(int(row), numbers[letters]) for letters, row in parts]
    if any(row > LAST_ROW for row, _ in places) or max(numbers.values(), default=0) > LAST_COLUMN:
        raise refusals.damaged(name)
    return places


def _before_gap(numbers: set[int], gap: int) -> int:
    """The last number before the first gap of that size."""
    ordered = sorted(numbers)
    for number, following in pairwise(ordered):
        if following - number > gap:
            return number
    return ordered[-1]
