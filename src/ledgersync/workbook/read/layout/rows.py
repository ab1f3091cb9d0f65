"""The rows of a table, one by one: records, and what stands between and around them.

Most rows are records at a glance (many cells, no word of a total or note); only the others are
looked at cell by cell. A row is never passed over while it holds something that only a record
has: an id number, a date, a phone number, a choice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from ledgersync.model import Invalid, SkipReason
from ledgersync.schema import FieldSchema
from ledgersync.values import CellError, CellParser
from ledgersync.values.text import clean_name, is_blank, squeeze, trim, typed
from ledgersync.workbook.read.layout import wording
from ledgersync.workbook.read.layout.grid import NEAR_TOP, Grid

OtherKind = Literal["lone", "hint", "total", "blank", "note", "reserved"]
Kind = Literal["record"] | OtherKind
_ENOUGH = 5  # cells that make a row without suspicious words a record
_DECISIVE = frozenset({"id_number", "date", "phone", "choice", "choices"})
_NUMBERS = frozenset({"integer", "decimal", "money"})


@dataclass(frozen=True, slots=True)
class Area:
    """The part of a sheet that one table's rows are in; rows and columns from 1, ends included."""

    grid: Grid
    first: int
    last: int
    left: int
    right: int
    fields: dict[int, FieldSchema]
    serials: frozenset[int]
    own: frozenset[int]
    id_column: int | None
    today: date
    columns: list[tuple[object, ...]]  # cells of `first` to `last`, by column from `left`


@dataclass(slots=True)
class Sorted:
    """Sheet rows by what they are."""

    records: list[int] = field(default_factory=list)
    skipped: list[tuple[int, SkipReason]] = field(default_factory=list)
    reserved: list[int] = field(default_factory=list)


def sort_rows(area: Area) -> Sorted:
    """Every row of the area sorted; blank rows only between the first and the last record."""
    others = _Sorter(area).others()
    records = [row for row in range(area.first, area.last + 1) if row not in others]
    first, last = (records[0], records[-1]) if records else (0, 0)
    found = Sorted(records)
    for row, kind in others.items():
        if kind == "reserved":
            found.reserved.append(row)
        elif kind == "lone":
            found.skipped.append((row, "caption" if row < last else "note"))
        elif kind != "blank" or first < row < last:
            found.skipped.append((row, kind))
    return found


def reason_above(cells: Sequence[object]) -> SkipReason:
    """What a row above a header is; `title` for every plain text."""
    texts = [c for c in cells if isinstance(c, str)]
    if any(wording.is_total(c) for c in cells):
        return "total"
    if texts and wording.is_note(texts[0]) and not _is_filler(texts[0]):
        return "note"
    if texts and wording.is_sentence(texts[0]) and not wording.is_title(texts[0]):
        return "note"
    return "caption" if any(wording.is_caption(t) for t in texts) else "title"


def _is_filler(text: str) -> bool:
    """Who filled the sheet in, and when: a caption when it stands above."""
    return not wording.is_remark(text)


class _Sorter:
    def __init__(self, area: Area) -> None:
        self.area = area
        self._parsers = {c: CellParser(f, area.today) for c, f in area.fields.items()}
        self._wide = {
            (m.top, m.left)
            for m in area.grid.merges
            if m.width >= 3 and area.first <= m.top <= area.last
        }
        self._seen_record = False
        self._in_notes = False
        self._gap = False
        self._sums: dict[int, list[tuple[float, int]]] = {}

    def others(self) -> dict[int, OtherKind]:
        """The rows that are no records, in order, by what they are."""
        found: dict[int, OtherKind] = {}
        expected = self.area.first
        for row in self._to_look_at():
            if row > expected:  # what lies between are records at a glance
                self._gap = self._in_notes = False
            expected = row + 1
            kind = self._kind(row)
            if kind != "record":
                found[row] = kind
        return found

    def _to_look_at(self) -> Iterator[int]:
        """The rows up to the first record, and the doubtful ones below it."""
        area = self.area
        row = area.first
        while row <= area.last and not self._seen_record:
            yield row
            row += 1
        doubtful = self._doubtful() | self._sparse(row)
        yield from sorted(r for r in doubtful if r >= row)

    def _sparse(self, start: int) -> set[int]:
        """Rows with too few cells to be records at a glance."""
        area = self.area
        width = area.right - area.left + 1
        most = width - (_ENOUGH + len(area.own) + len(area.serials))
        rows = area.grid.rows[start - 1 : area.last]
        if width == area.grid.width:
            blanks = [cells.count("") for cells in rows]
        else:
            blanks = [cells[area.left - 1 : area.right].count("") for cells in rows]
        return {start + i for i, n in enumerate(blanks) if n > most}

    def _doubtful(self) -> set[int]:
        """Rows with a text that could make them a total or a note; the first ones in any case."""
        area = self.area
        found = set(range(area.first, min(area.last, NEAR_TOP) + 1))
        for column in range(area.left, area.right + 1):
            texts = {t for t in area.grid.words(column) if wording.unusual(t)}
            if texts:
                cells = area.columns[column - area.left]
                found.update(area.first + i for i, c in enumerate(cells) if c in texts)
        return found | self._crossed_out()

    def _crossed_out(self) -> set[int]:
        """Rows whose first field holds a mark for nothing."""
        area = self.area
        column = next(iter(area.fields), area.left)
        cells = area.columns[column - area.left]
        marks = wording.CROSSES & set(cells)
        return {area.first + i for i, c in enumerate(cells) if c in marks} if marks else set()

    def _kind(self, row: int) -> Kind:
        kind = self._look(row)
        if kind == "record":
            self._seen_record, self._in_notes = True, False
        self._in_notes |= kind == "note"
        self._gap = kind == "blank"
        return kind

    def _look(self, row: int) -> Kind:
        area = self.area
        cells = area.grid.filled(row, area.left, area.right)
        content = [(c, raw) for c, raw in cells if self._counts(row, c, raw)]
        if not content:
            if not cells:
                return "blank"
            has_id = area.id_column is not None and any(c == area.id_column for c, _ in cells)
            return "reserved" if has_id else "blank"
        if all(wording.is_nothing(raw) for _, raw in content):
            return "blank"
        if not self._seen_record and self._is_hint(content):
            return "hint"
        if self._is_total(content):
            return "total"
        if self._is_note(content):
            return "note"
        if len(content) == 1:
            return self._single(row, *content[0])
        if self._in_notes and not self._decided(content) and len(content) <= 3:
            return "note"
        return "total" if self._is_bare_total(row, content) else "record"

    def _counts(self, row: int, column: int, raw: object) -> bool:
        """Content, not a serial number, a record id, or a formula of our own templates."""
        area = self.area
        if column in area.own:
            return False
        if column in area.serials:
            return isinstance(raw, str) and not squeeze(raw).strip("().、").isdigit()
        return not (area.id_column and row in area.grid.formulas.get(column, ()))

    def _is_hint(self, content: list[tuple[int, object]]) -> bool:
        cells = [raw for _, raw in content]
        if wording.is_numbering(cells) or any(wording.is_example(c) for c in cells[:2]):
            return True
        hints = sum(1 for c in cells if wording.is_hint(c))
        if hints * 2 >= len(cells):
            return not any(self._holds(c, raw, ("id_number",)) for c, raw in content)
        soft = sum(1 for c in cells if wording.is_soft_hint(c))
        return soft >= 2 and soft * 2 >= len(cells) and not self._decided(content)

    def _decided(self, content: Sequence[tuple[int, object]]) -> bool:
        """A cell that only a record has."""
        return any(self._holds(c, raw, _DECISIVE) for c, raw in content)

    def _holds(self, column: int, raw: object, types: Sequence[str] | frozenset[str]) -> bool:
        """The cell is in a column of one of these types, and has a value of it."""
        schema = self.area.fields.get(column)
        if schema is None or schema.type not in types or isinstance(raw, CellError):
            return False
        if schema.type == "id_number":
            text = squeeze(typed(raw))
            return len(text) >= 15 and text[6:14].isdigit()
        value = self._parsers[column](raw).value
        return value is not None and not isinstance(value, Invalid)

    def _is_total(self, content: list[tuple[int, object]]) -> bool:
        at = next((i for i, (_, raw) in enumerate(content) if wording.is_total(raw)), None)
        if at is None:
            return False
        others = [(c, raw) for i, (c, raw) in enumerate(content) if i != at]
        if self._decided(others):
            return False
        words = [raw for _, raw in others if isinstance(raw, str) and not _is_amount(raw)]
        words = [w for w in words if not wording.is_total(w)]
        return len(words) <= (2 if at == 0 else 1)

    def _is_note(self, content: list[tuple[int, object]]) -> bool:
        marked = [
            i
            for i, (_, raw) in enumerate(content)
            if wording.is_note(raw) or (wording.is_signature(raw) and self._seen_record)
        ]
        if not marked:
            return False
        answers = {i + 1 for i in marked if wording.is_label(content[i][1])}
        others = [x for i, x in enumerate(content) if i not in answers and i not in marked]
        if not others:
            return True
        if marked[0] == 0 and self._seen_record and len(others) <= 1:
            return not self._decided(others)
        return False

    def _single(self, row: int, column: int, raw: object) -> Kind:
        """A row with one cell: a heading or note, or a record that somebody only began."""
        schema = self.area.fields.get(column)
        if schema is None or (row, column) in self._wide:
            return "lone"
        if self._holds(column, raw, _DECISIVE):
            return "record"
        if wording.is_sentence(raw) or wording.is_section(raw) or wording.is_day(raw):
            return "lone"
        if self._in_notes:
            return "lone"
        if schema.type in _NUMBERS:
            return "total" if self._equals_sum(row, column, raw) else "record"
        if self._gap and not self._more_below(row):
            return "lone"
        if schema.type == "name":
            return "record" if _looks_like_name(raw) else "lone"
        if schema.type == "code":
            return "record" if any(c.isdigit() for c in typed(raw)) else "lone"
        return "record" if column > self.area.left or not isinstance(raw, str) else "lone"

    def _more_below(self, row: int) -> bool:
        """A fuller row follows before the next gap."""
        area = self.area
        below = area.grid.filled(row + 1, area.left, area.right) if row < area.last else []
        return len(below) > 2

    def _is_bare_total(self, row: int, content: list[tuple[int, object]]) -> bool:
        """Only numbers, and at least two of them sums of what stands above."""
        if not self._seen_record or len(content) < 2:
            return False
        schemas = [self.area.fields.get(c) for c, _ in content]
        if any(s is None or s.type not in _NUMBERS for s in schemas):
            return False
        return sum(self._equals_sum(row, c, raw) for c, raw in content) >= 2

    def _equals_sum(self, row: int, column: int, raw: object) -> bool:
        """The number is the sum of at least two numbers above it."""
        value = _number(self._parsers[column](raw).value)
        sums = self._sums.get(column)
        if sums is None:
            sums = self._sums[column] = self._running(column)
        total, count = sums[row - self.area.first]
        return count > 1 and value != 0 and abs(total - value) < 0.005

    def _running(self, column: int) -> list[tuple[float, int]]:
        """Sum and count of the numbers above each row of the area."""
        parser = self._parsers[column]
        found, total, count = [], 0.0, 0
        for raw in self.area.columns[column - self.area.left]:
            found.append((total, count))
            number = 0.0 if is_blank(raw) else _number(parser(raw).value)
            total, count = total + number, count + (number != 0)
        return found


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float, Decimal)) else 0.0


def _is_amount(raw: str) -> bool:
    """`1,234.00`, `43人`: what stands under the numbers of a total."""
    text = squeeze(raw).rstrip("元人户次个件场条名小时%").replace(",", "").lstrip("￥¥")
    return text.replace(".", "", 1).lstrip("-").isdigit()


def _looks_like_name(raw: object) -> bool:
    name = clean_name(trim(typed(raw)))
    return 2 <= len(name) <= 4 or "·" in name
