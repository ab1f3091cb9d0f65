"""The rows of a table, one by one: records, and what stands between and around them.

Most rows are records at a glance (many cells, no word of a total or note); only the others are
looked at cell by cell. A row is never passed over while it holds what only a record has (an id
number, a date, a phone number, a choice), or two entries. A doubt is told.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Literal

from ledgersync.dataclass import dataclass
from ledgersync.model import SkipReason
from ledgersync.schema import FieldSchema
from ledgersync.values.text import is_blank, squeeze, typed
from ledgersync.values.totals import is_total_amount, is_total_line
from ledgersync.workbook.read.layout import wording
from ledgersync.workbook.read.layout.evidence import (
    DECISIVE,
    NUMBERS,
    Content,
    Evidence,
    is_amount,
    looks_like_name,
)
from ledgersync.workbook.read.layout.grid import NEAR_TOP, Grid

OtherKind = Literal["lone", "hint", "total", "blank", "note", "reserved"]
Kind = Literal["record"] | OtherKind
Unsure = Literal["text", "example"]
_ENOUGH = 5  # cells that make a row without suspicious words a record
_DURABLE = frozenset({"text", "name", "code"})


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
    columns: list[Sequence[object]]  # cells of `first` to `last`, by column from `left`
    number_prefix: str = ""  # of the numbers that our templates propose
    is_heading: Callable[[str], bool] = lambda _: False  # a lone text that names a group of rows

    def fill_blanks(self, column: int, rows: Sequence[int], value: object) -> int:
        """The value put into the blank cells of these rows; how many they were."""
        cells = list(self.columns[column - self.left])
        blank = [row - self.first for row in rows if is_blank(cells[row - self.first])]
        for at in blank:
            cells[at] = value
        self.columns[column - self.left] = cells
        return len(blank)


@dataclass(slots=True)
class Sorted:
    """Sheet rows by what they are."""

    records: list[int] = field(default_factory=list)
    skipped: list[tuple[int, SkipReason]] = field(default_factory=list)
    reserved: list[int] = field(default_factory=list)
    unsure: dict[int, Unsure] = field(default_factory=dict)


def sort_rows(area: Area) -> Sorted:
    """Every row of the area sorted; blank rows only between the first and the last record."""
    sorter = _Sorter(area)
    others = sorter.others()
    records = [row for row in range(area.first, area.last + 1) if row not in others]
    first, last = (records[0], records[-1]) if records else (0, 0)
    found = Sorted(records, unsure=sorter.unsure)
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
    if texts and _is_note(texts[0]):
        return "note"
    return "caption" if any(wording.is_caption(t) for t in texts) else "title"


def _is_note(text: str) -> bool:
    """Not one that says who filled the sheet in: that is a caption when it stands above."""
    is_sentence = wording.is_sentence(text) and not wording.is_title(text)
    return is_sentence or (wording.is_note(text) and wording.is_remark(text))


class _Sorter:
    def __init__(self, area: Area) -> None:
        self.area = area
        self.evidence = Evidence(area.fields, area.today)
        self.unsure: dict[int, Unsure] = {}
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
        blanks = area.grid.blanks(start, area.last, area.left, area.right)
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
        marks = wording.CROSSES.intersection(cells)
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
        is_prepared = area.id_column is not None and any(c == area.id_column for c, _ in cells)
        content = [(c, raw) for c, raw in cells if self._counts(row, c, raw)]
        if not content:
            return "reserved" if is_prepared else "blank"
        if all(wording.is_nothing(raw) for _, raw in content):
            return "blank"
        if not (self._seen_record or is_prepared) and self._is_hint(content):
            self._note_hint(row, content)
            return "hint"
        if self._is_total(content):
            return "total"
        if self._is_note(content, is_prepared):
            self._note_text(row, _without_signers(content))
            return "note"
        if is_prepared:
            return "record"
        if self._seen_record and wording.is_closing([raw for _, raw in content]):
            return "note"
        if len(content) == 1:
            return self._single(row, *content[0])
        return "total" if self._is_bare_total(row, content) else "record"

    def _counts(self, row: int, column: int, raw: object) -> bool:
        """Content, not a serial number, a record id, or a formula of our own templates."""
        area = self.area
        if column in area.own:
            return False
        if column in area.serials:
            return isinstance(raw, str) and not squeeze(raw).strip("().、").isdigit()
        if area.id_column is None:
            return True
        return row not in area.grid.formulas.get(column, ()) and not self._is_left(row, column, raw)

    def _is_left(self, row: int, column: int, raw: object) -> bool:
        """What a formula of our templates leaves in formats without formulas: 0, or its number."""
        schema = self.area.fields.get(column)
        if schema is None or schema.type not in _DURABLE:
            return False
        if schema.generated:
            record = squeeze(typed(self.area.grid.cell(row, self.area.id_column or 0)))
            return bool(record) and typed(raw) == f"{self.area.number_prefix}-{record[-8:]}"
        return raw in (0, "0") and not isinstance(raw, bool)

    def _is_hint(self, content: Content) -> bool:
        cells = [raw for _, raw in content]
        if wording.is_numbering(cells) or any(wording.is_example(c) for c in cells[:2]):
            return True
        if self._are_units(content):
            return True
        if any(self._is_entry_in_typed_column(c, raw) for c, raw in content):
            return False
        if len(cells) == 1 and wording.is_section(cells[0]):
            return False
        strict = sum(1 for c in cells if wording.is_hint(c))
        soft = sum(1 for c in cells if wording.is_soft_hint(c))
        if len(cells) < 3:
            return strict == len(cells) or all(wording.of_the_form(c) for c in cells)
        return max(strict, soft) >= 2 and max(strict, soft) * 2 >= len(cells)

    def _are_units(self, content: Content) -> bool:
        """A row of units of measure, or a label and its unit; a lone text is an entry."""
        column = content[0][0]
        schema = self.area.fields.get(column)
        if len(content) == 1 and (schema is None or schema.type == "text"):
            return False
        return all(wording.is_unit(raw) for _, raw in content)

    def _is_entry_in_typed_column(self, column: int, raw: object) -> bool:
        schema = self.area.fields.get(column)
        is_typed = schema is not None and schema.type not in ("name", "text")
        return is_typed and self.evidence.is_entry(column, raw) and not wording.is_hint(raw)

    def _note_hint(self, row: int, content: Content) -> None:
        """An example with a real identity number, or texts that somebody may have entered."""
        if self.evidence.has_full_id(content):
            self.unsure[row] = "example"
        elif not wording.is_numbering([raw for _, raw in content]):
            self._note_text(row, content, least=1 if len(content) == 1 else 2)
            if len(content) == 1 and self._may_be_begun(*content[0]):
                self.unsure[row] = "text"

    def _may_be_begun(self, column: int, raw: object) -> bool:
        """A lone text in the column that says what a record is about, and no request to fill in."""
        schema = self.area.fields.get(column)
        is_about = schema is not None and schema.type == "text" and schema.required
        is_asked = wording.asks(str(raw)) or wording.is_hint(raw) or wording.is_example(raw)
        return is_about and column > self.area.left and not is_asked

    def _note_text(self, row: int, content: Content, least: int = 1) -> None:
        texts = sum(self.evidence.is_text_entry(c, raw) for c, raw in content)
        if texts >= least and not any((row, c) in self._wide for c, _ in content):
            self.unsure[row] = "text"

    def _is_total(self, content: Content) -> bool:
        if self.area.id_column is not None:
            return self._is_total_of_ours(content)
        at = next((i for i, (c, raw) in enumerate(content) if self._says_total(c, raw)), None)
        if at is None:
            return False
        others = [(c, raw) for i, (c, raw) in enumerate(content) if i != at]
        if self.evidence.decided(others):
            return False
        words = [raw for _, raw in others if isinstance(raw, str) and not is_amount(raw)]
        words = [w for w in words if not (wording.is_total(w) or wording.is_nothing(w))]
        return not words or (at == 0 and len(words) == 1 and len(others) > 1)

    def _is_total_of_ours(self, content: Content) -> bool:
        """As the sheet's own formulas tell it: words of totals, and nothing but numbers."""
        others = [(c, raw) for c, raw in content if not is_total_line(raw)]
        told = len(others) < len(content) and not self.evidence.decided(others)
        return told and all(is_total_amount(w) or wording.is_nothing(w) for _, w in others)

    def _says_total(self, column: int, raw: object) -> bool:
        """A total; in a column of texts nothing but a total."""
        schema = self.area.fields.get(column)
        if schema is not None and schema.type == "text":
            return wording.is_total(raw) and wording.is_plain_total(raw)
        return wording.is_total(raw)

    def _is_note(self, content: Content, is_prepared: bool) -> bool:
        """Notes and labels with their answers, and nothing else."""
        marked = [
            i
            for i, (_, raw) in enumerate(content)
            if wording.is_note(raw) or (wording.is_signature(raw) and self._seen_record)
        ]
        if self._are_units(content) and not is_prepared:
            return True
        if not marked:
            return False
        if is_prepared and not all(
            wording.of_the_form(content[i][1]) or wording.is_signature(content[i][1])
            for i in marked
        ):
            return False
        answers = {i + 1 for i in marked if wording.is_label(content[i][1])}
        return all(i in answers or i in marked for i in range(len(content)))

    def _single(self, row: int, column: int, raw: object) -> Kind:
        """A row with one cell: a heading or note, or a record that somebody only began."""
        schema = self.area.fields.get(column)
        if schema is None or (row, column) in self._wide:
            return "lone"
        if self.evidence.holds(column, raw, DECISIVE):
            return "record"
        if wording.is_sentence(raw) or wording.is_section(raw) or wording.is_day(raw):
            return self._lone(row, column, raw)
        if schema.type in NUMBERS:
            return "total" if self._equals_sum(row, column, raw) else "record"
        if schema.type in ("name", "code"):
            return "record" if self._is_begun(schema, column, raw) else "lone"
        if self._in_notes or (self._gap and not self._more_below(row)):
            return self._lone(row, column, raw)
        if column > self.area.left or not isinstance(raw, str):
            return "record"
        return self._lone(row, column, raw)

    def _is_begun(self, schema: FieldSchema, column: int, raw: object) -> bool:
        if schema.type == "name":
            is_group = isinstance(raw, str) and self.area.is_heading(raw)
            return looks_like_name(raw) and not (wording.is_total(raw) or is_group)
        return self.evidence.is_entry(column, raw)

    def _lone(self, row: int, column: int, raw: object) -> Kind:
        if not wording.is_section(raw) or column > self.area.left:
            self._note_text(row, [(column, raw)])
        return "lone"

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
        if any(s is None or s.type not in NUMBERS for s in schemas):
            return False
        return sum(self._equals_sum(row, c, raw) for c, raw in content) >= 2

    def _equals_sum(self, row: int, column: int, raw: object) -> bool:
        """The number is the sum of at least two numbers above it."""
        value = _number(self.evidence.parsers[column](raw).value)
        sums = self._sums.get(column)
        if sums is None:
            sums = self._sums[column] = self._running(column)
        total, count = sums[row - self.area.first]
        return count > 1 and value != 0 and abs(total - value) < 0.005

    def _running(self, column: int) -> list[tuple[float, int]]:
        """Sum and count of the numbers above each row of the area."""
        parser = self.evidence.parsers[column]
        found, total, count = [], 0.0, 0
        for raw in self.area.columns[column - self.area.left]:
            found.append((total, count))
            number = 0.0 if is_blank(raw) else _number(parser(raw).value)
            total, count = total + number, count + (number != 0)
        return found


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float, Decimal)) else 0.0


def _without_signers(content: Content) -> Content:
    """Not the answers to `填表人`, `审核人` in the cells before them."""
    before = [None, *(raw for _, raw in content)]
    return [
        cell for cell, last in zip(content, before, strict=False) if not wording.is_signature(last)
    ]
