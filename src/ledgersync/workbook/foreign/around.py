"""What stands around a list and holds for all of its rows: category, grid, year."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, message
from ledgersync.model import Invalid
from ledgersync.schema import FieldSchema, TableSchema, header_key
from ledgersync.values import CellParser
from ledgersync.values.choices import ChoiceReader
from ledgersync.values.text import is_blank, squeeze, typed
from ledgersync.workbook.foreign.content.days import day_of
from ledgersync.workbook.read.layout.grid import Grid
from ledgersync.workbook.read.layout.sections import sections_of

_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?:年|(?!\d))")
_MONTH = re.compile(r"(?<![\d\-—–~～至到、/])(1[0-2]|0?[1-9])月(?:份|(?!\d))")
_LABEL = re.compile(r"(?:^|(?<=[\s　,，;；]))([\u4e00-\u9fff（）()]{2,12})\s*[：:]")
_ENDS = " \t　,，;；"
OTHERS = frozenset({"其他", "其他关爱对象"})
_GRID = re.compile(
    r"第?[\d〇零一二三四五六七八九十]{1,3}号?网格|网格[\d一二三四五六七八九十]{1,3}号?"
)
_SUFFIX = re.compile(
    r"(?:(?:基本)?(?:情况|信息))?(?:台账|名单|花名册|名册|清单|登记表|统计表|明细表|汇总表|一览表|表|人员|类)?"
    r"(?:[(（].*[)）])?\d*$"
)


@dataclass(frozen=True, slots=True)
class Filled:
    """A value for rows that have no column for it, and where it was found."""

    field: FieldSchema
    value: str
    remark: Message


@dataclass(frozen=True, slots=True)
class Around:
    """The texts around a list: above it, the sheet's name, the file's; labels with their values."""

    above: tuple[str, ...]
    sheet: str
    file: str
    labels: Mapping[str, object] = field(default_factory=dict)  # by normalised label

    @property
    def texts(self) -> Iterator[tuple[str, Message]]:
        """The nearest first, with what it is called."""
        for text in reversed(self.above):
            yield text, message("标题“{text}”", text=text)
        yield self.sheet, message("工作表名“{text}”", text=self.sheet)
        yield self.file.rpartition(".")[0], message("文件名“{text}”", text=self.file)

    def year(self) -> int | None:
        """The one year that the nearest text names."""
        for text, _ in self.texts:
            years = set(_YEAR.findall(text))
            if years:
                return int(years.pop()) if len(years) == 1 else None
        return None

    def month(self) -> int | None:
        """The one month that the title, the sheet's name or the file's is of."""
        for text, _ in self.texts:
            months = set(_MONTH.findall(squeeze(text)))
            if months:
                return int(months.pop()) if len(months) == 1 else None
        return None

    def values(self, absent: Sequence[FieldSchema], today: date) -> Iterator[Filled]:
        """Values of fields without a column, each from the nearest text that has one.

        Of a field that a record can do without, only a text that is nothing but one of its words,
        and of no other field: a sheet called `A类`.
        """
        needed = [f for f in absent if f.required or f.wanted or f.listed]
        for wanted in needed:
            found = self._labelled(wanted, today) or self._named(wanted)
            if found is not None:
                yield found
        rest = [f for f in absent if f not in needed and f.type in ("choice", "choices")]
        for text, place in self.texts:
            named = [(f, v) for f in rest if (v := _whole(f, text)) is not None]
            if len(named) == 1:
                yield _filled(*named[0], place)
                return

    def _named(self, wanted: FieldSchema) -> Filled | None:
        for text, place in self.texts:
            value = _value_in(wanted, text)
            if value is not None:
                return _filled(wanted, value, place)
        return None

    def _labelled(self, wanted: FieldSchema, today: date) -> Filled | None:
        """The cell after, or the text behind, a label above the list that is the field's header."""
        if wanted.type == "date" and not wanted.required:
            return None  # the day on which the list was filled in
        labels = {header_key(h): h for h in wanted.headers}
        for key, raw in self.labels.items():
            if key not in labels:
                continue
            text = day_of(typed(raw), self.year()) if wanted.type == "date" else typed(raw).strip()
            if not isinstance(CellParser(wanted, today)(text).value, Invalid):
                return _filled(wanted, text, message("表上方的“{text}”", text=labels[key]))
        return None


def _filled(wanted: FieldSchema, value: str, place: Message) -> Filled:
    told = message(
        "{place}：〔{field}〕都是“{value}”", place=place, field=wanted.header, value=value
    )
    return Filled(wanted, value, told)


def labels_above(grid: Grid, rows: Sequence[int]) -> dict[str, object]:
    """What stands above a list as `标签：值`, in one cell, or in two beside each other."""
    found: dict[str, object] = {}
    for row in rows:
        cells = [raw for _, raw in grid.filled(row)]
        for raw, after in zip(cells, [*cells[1:], None], strict=True):
            if not isinstance(raw, str):
                continue
            pairs: list[tuple[str, object]] = [(key, text) for key, text in _pairs(raw) if text]
            for key, value in pairs or [(raw.rstrip("：: "), after)]:
                found.setdefault(header_key(key), value)
    return {key: raw for key, raw in found.items() if key and not is_blank(raw)}


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Labels and what stands behind each, up to the next one."""
    marks = list(_LABEL.finditer(text))
    ends = [*(m.start() for m in marks[1:]), len(text)] if marks else []
    for mark, end in zip(marks, ends, strict=True):
        yield mark[1], text[mark.end() : end].strip(_ENDS)


def _whole(wanted: FieldSchema, text: str) -> str | None:
    """The choice that the text is, but for what a list of its kind is called."""
    bare, reader = squeeze(text), ChoiceReader(wanted)
    whole = reader.one(_SUFFIX.sub("", bare)) or reader.one(bare)
    return whole.value if whole is not None and whole.value not in OTHERS else None


def _value_in(wanted: FieldSchema, text: str) -> str | None:
    if wanted.listed or wanted.id == "grid":
        found = _GRID.findall(text)
        return str(found[0]) if len(set(found)) == 1 else None
    if wanted.type not in ("choice", "choices"):
        return None
    bare = squeeze(text)
    if (whole := _whole(wanted, text)) is not None:
        return whole
    inside = {v for v in wanted.choices if len(v) > 1 and v not in OTHERS and v in bare}
    longest = {v for v in inside if not any(v != o and v in o for o in inside)}
    return longest.pop() if len(longest) == 1 else None


def section_values(
    table: TableSchema, grid: Grid, captions: Sequence[int], records: Sequence[int],
    absent: Sequence[FieldSchema], left: int, right: int,
) -> dict[str, dict[int, str]]:  # fmt: skip
    """By field without a column, the value that the heading above gives to each row."""
    lines = [
        (row, [c for _, c in grid.filled(row, left, right) if isinstance(c, str)])
        for row in captions
    ]
    names = {f.id for f in absent}
    found: dict[str, dict[int, str]] = {}
    for section in sections_of(table, lines):
        if section.field.id in names:
            below = {row: section.value for row in records if row > section.row}
            found.setdefault(section.field.id, {}).update(below)
    return found
