"""What stands around a list and holds for all of its rows: category, grid, year."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ledgersync.messages import Message, message
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.values.choices import ChoiceReader
from ledgersync.values.text import is_blank, squeeze, typed
from ledgersync.workbook.foreign.columns import SHORT_DAY
from ledgersync.workbook.read.layout.grid import Grid
from ledgersync.workbook.read.layout.sections import sections_of

_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?:年|(?!\d))")
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
    said: Message


@dataclass(frozen=True, slots=True)
class Around:
    """The texts around a list: above it, the sheet's name, the file's."""

    above: tuple[str, ...]
    sheet: str
    file: str

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

    def values(self, absent: Sequence[FieldSchema]) -> Iterator[Filled]:
        """Values of fields without a column, each from the nearest text that has one."""
        for wanted in absent:
            for text, said in self.texts:
                value = _value_in(wanted, text)
                if value is not None:
                    told = message("{place}：〔{field}〕都是“{value}”", place=said,
                                   field=wanted.header, value=value)  # fmt: skip
                    yield Filled(wanted, value, told)
                    break


def _value_in(wanted: FieldSchema, text: str) -> str | None:
    if wanted.listed or wanted.id == "grid":
        found = _GRID.findall(text)
        return str(found[0]) if len(set(found)) == 1 else None
    if wanted.type not in ("choice", "choices"):
        return None
    bare = squeeze(text)
    reader = ChoiceReader(wanted)
    whole = reader.one(_SUFFIX.sub("", bare)) or reader.one(bare)
    if whole is not None:
        return whole.value
    inside = {v for v in wanted.choices if len(v) > 1 and v != "其他" and v in bare}
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


def short_days(grid: Grid, rows: Sequence[int], column: int) -> dict[int, tuple[int, int]]:
    """Days without a year, by row, where a column has them throughout."""
    texts = {r: _day_text(grid.cell(r, column)) for r in rows}
    filled = {r: t for r, t in texts.items() if not is_blank(t)}
    days = {r: (int(m[1]), int(m[2])) for r, t in filled.items() if (m := SHORT_DAY.fullmatch(t))}
    days = {r: d for r, d in days.items() if 1 <= d[0] <= 12 and 1 <= d[1] <= 31}
    return days if len(days) * 2 > len(filled) else {}


def _day_text(raw: object) -> str:
    """As typed; of a number nobody knows whether 3.1 was the first or the tenth."""
    text = squeeze(typed(raw))
    return f"?{text}" if isinstance(raw, float) and text[-2:] in (".1", ".2", ".3") else text


def with_year(
    days: Mapping[int, tuple[int, int]], column: int, year: int
) -> dict[tuple[int, int], object]:
    return {(row, column): f"{year}年{m}月{d}日" for row, (m, d) in days.items()}
