"""Rewrites the references in a formula: after rows moved, or for another cell.

Only references are understood; strings, names, functions and structured references pass through.
"""

import re
from collections.abc import Callable

from ledgersync.dataclass import dataclass
from ledgersync.model import column_letters, column_number
from ledgersync.workbook.patch.scan.refs import Area, Growth, Reach
from ledgersync.workbook.patch.scan.row_map import MAX_COLUMN, MAX_ROW, RowMap
from ledgersync.workbook.patch.scan.xml_scan import Splices, Tag

_TOKEN = re.compile(
    r'"(?:[^"]|"")*"'
    r"|(?P<prefix>'(?:[^']|'')+'!|(?:\[[^\[\]]*\])?[^\W\d][\w.?\\]*(?::[\w.?\\]+)?!)?"
    r"(?:(?P<cells>\$?[A-Za-z]{1,3}\$?\d{1,7}(?::\$?[A-Za-z]{1,3}\$?\d{1,7})?)"
    r"|(?P<rows>\$?\d{1,7}:\$?\d{1,7}))(?![\w.(\[!])"
    r"|\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]"
    r"|[\w.\\?]+"
)
_PART = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})")
_ROW = re.compile(r"(\$?)(\d{1,7})")
_LOST = "#REF!"
_ENDS_IN_PATTERN = 20


@dataclass(frozen=True)
class Shift:
    """How references to one sheet change: rows that moved, and data that grew.

    `reach` is for references of all kinds, `growth` for names, whose ranges are also frames.
    """

    sheet: str
    rows: RowMap
    growth: Growth | None = None
    reach: Reach | None = None

    def concerns(self, prefix: str | None, home: str | None) -> bool:
        """Whether a reference with this prefix, in a formula on sheet `home`, is to this sheet."""
        name = home if prefix is None else sheet_of(prefix)
        return name is not None and name.casefold() == self.sheet.casefold()


def telling(shift: Shift) -> re.Pattern[bytes]:
    """What the XML of a formula holds if the formula changes.

    That is a reference to a row that can move, or to one at which the data ends; other numbers,
    and signs written as numbers, may be taken for one.
    """
    reach, growth, ends = shift.reach, shift.growth, set[int]()
    if reach:
        ends |= {max(reach.low, reach.first), *range(reach.low, reach.low + _ENDS_IN_PATTERN)}
    if growth and growth.active:
        ends.add(growth.last)
    if shift.rows.moves or (reach and reach.high - reach.low >= _ENDS_IN_PATTERN):
        row = _from(min([*ends, *shift.rows.breaks()[:1]]))
    else:
        row = b"|".join(map(_exactly, sorted(ends)))
    # begins with a class of characters, so that `re` passes over all others at once
    return re.compile(rb"[0-9&](?:(?<=&)#|(?<=[A-Za-z$:0]\d)(?:%s)(?!\d)|(?:%s):)" % (row, row))


def _from(row: int) -> bytes:
    """A pattern for the whole numbers from this one on, behind their first digit."""
    first, rest = str(row)[0], str(row)[1:]
    ways = [rb"\d{%d,}" % (len(rest) + 1), _exactly(row)]
    if first != "9":
        ways.append(rb"(?<=[%d-9])\d{%d}" % (int(first) + 1, len(rest)))
    for at, digit in enumerate(rest):
        if digit != "9":
            known = (first.encode(), rest[:at].encode(), int(digit) + 1, len(rest) - at - 1)
            ways.append(rb"(?<=%s)%s[%d-9]\d{%d}" % known)
    return b"|".join(ways)


def _exactly(row: int) -> bytes:
    return b"(?<=%s)%s" % (str(row)[:1].encode(), str(row)[1:].encode())


def sheet_of(prefix: str) -> str:
    """`'My ''Sheet'!` → `My 'Sheet`; external and 3-D prefixes keep their extra signs."""
    name = prefix[:-1]
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    return name


Stays = Callable[[Area], bool]
"""Whether a range (before) whose bottom row is relative stays as it is when the data grows."""


def relative_stays(_: Area) -> bool:
    """For names and rules: what is relative there is read anew from every cell."""
    return True


def shift_formula(formula: str, home: str | None, shift: Shift, stays: Stays | None = None) -> str:
    """The formula after rows of `shift.sheet` moved; `home` is the sheet it stands on."""

    def changed(match: re.Match[str]) -> str:
        reference = match["cells"] or match["rows"]
        if reference is None or not shift.concerns(match["prefix"], home):
            return match[0]
        if match["cells"]:
            new = _shift_cells(reference, shift, stays)
        else:
            new = _shift_rows(reference, shift.rows)
        return _LOST if new is None else (match["prefix"] or "") + new

    return _TOKEN.sub(changed, formula)


def _shift_cells(reference: str, shift: Shift, stays: Stays | None) -> str | None:
    area = Area.parse(reference)
    if area is None or area.bottom > MAX_ROW or area.right > MAX_COLUMN:
        return reference
    moved = area.moved(shift.rows)
    if shift.reach and ":" in reference and shift.reach.covers(area):
        own = area.is_across or (stays is not None and stays(area))
        if not own or _bottom_fixed(reference):
            moved = shift.reach.of(area, moved)
    if moved is None:
        return None
    if shift.growth and all(part[3] for part in _parts(reference)):
        moved = shift.growth.of(moved, single_rows=False)
    return reference if moved == area else _with_rows(reference, moved)


def _parts(reference: str) -> list[re.Match[str]]:
    return list(_PART.finditer(reference))


def _bottom_fixed(reference: str) -> bool:
    """Whether the bottom row of a range has a `$`."""
    return bool(max(_parts(reference), key=lambda part: int(part[4]))[3])


def _with_rows(reference: str, area: Area) -> str:
    """The reference with the area's rows, its columns and `$` signs kept."""
    ends = [area.top, area.bottom]
    parts = _parts(reference)
    if len(parts) == 2 and int(parts[0][4]) > int(parts[1][4]):
        ends.reverse()
    texts = [f"{part[1]}{part[2]}{part[3]}{row}" for part, row in zip(parts, ends, strict=False)]
    return ":".join(texts)


def _shift_rows(reference: str, rows: RowMap) -> str | None:
    parts = _ROW.findall(reference)
    ends = [int(row) for _, row in parts]
    span = rows.span(min(ends), max(ends))
    if span is None:
        return None
    ordered = span if ends == sorted(ends) else span[::-1]
    return ":".join(f"{sign}{row}" for (sign, _), row in zip(parts, ordered, strict=True))


LINKS = (
    b"fmlaLink",
    b"fmlaRange",
    b"fmlaGroup",
    b"fmlaTxbx",
    b"linkedCell",
    b"listFillRange",
    b"textlink",
)
"""Attributes of controls that hold a reference."""


def shift_attributes(splices: Splices, tag: Tag, home: str | None, shift: Shift) -> None:
    """Rewrites the references in a control's attributes."""
    for name in LINKS:
        old = tag.text(name)
        if old and (new := shift_formula(old, home, shift)) != old:
            splices.attribute(tag, name, new)


def translate(formula: str, down: int, right: int) -> str:
    """The formula as it reads when its cell is moved: relative references go along."""
    if not down and not right:
        return formula

    def moved(match: re.Match[str]) -> str:
        if match["cells"]:
            parts = [_translate_part(part, down, right) for part in _parts(match["cells"])]
            return _joined(match["prefix"], parts)
        if match["rows"]:
            ends = [_translate_row(sign, row, down) for sign, row in _ROW.findall(match["rows"])]
            return _joined(match["prefix"], ends)
        return match[0]

    return _TOKEN.sub(moved, formula)


def _joined(prefix: str | None, parts: list[str | None]) -> str:
    kept = [part for part in parts if part is not None]
    return (prefix or "") + ":".join(kept) if len(kept) == len(parts) else _LOST


def _translate_part(part: re.Match[str], down: int, right: int) -> str | None:
    column = column_number(part[2]) + (0 if part[1] else right)
    row = _translate_row(part[3], part[4], down)
    if row is None or not 1 <= column <= MAX_COLUMN:
        return None
    return f"{part[1]}{column_letters(column)}{row}"


def _translate_row(absolute: str, digits: str, down: int) -> str | None:
    row = int(digits) + (0 if absolute else down)
    return f"{absolute}{row}" if 1 <= row <= MAX_ROW else None


def anchored(rows: RowMap, anchor: Area | None) -> Callable[[str], str]:
    """Prepares a rule's formula whose first row goes: it is read from its first surviving row."""
    if anchor is None or not rows.removed:
        return str
    survivor = rows.survivor(anchor.top, anchor.bottom)
    down = 0 if survivor is None else survivor - anchor.top
    return lambda formula: translate(formula, down, 0)
