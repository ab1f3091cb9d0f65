"""Units of measure that stand outside the header: `单位：百元`, or a row of units below it.

Amounts are kept in yuan and durations in hours. What says otherwise, the nearest to the column
first, converts the column; where it names several units, nobody can tell, and nothing is taken.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ledgersync.dataclass import dataclass
from ledgersync.patterns import pattern_of
from ledgersync.schema import FieldSchema
from ledgersync.values import CellError, UnclearAmount
from ledgersync.values.numbers import SCALES, to_number
from ledgersync.values.text import squeeze, typed
from ledgersync.workbook.read.layout.grid import Grid
from ledgersync.workbook.read.layout.headers import HeaderColumn

_LARGE = "|".join(sorted(SCALES, key=len, reverse=True))
_YUAN = rf"(?<![\d〇零一二两三四五六七八九十百千万亿])({_LARGE})?元(?![素旦宵])"
_MONEY = pattern_of(_YUAN)
_TIME = pattern_of(r"(分钟|小时|天|课时)")
_OF_OTHERS = "填报|主办|责任|牵头|协办|组织|填表|报送|承办|编制|工作|所在"
_STATED = pattern_of(rf"(?<!{_OF_OTHERS})单位(?!名称|性质|负责)(?:均?[为是])?[:：(（]?(.{{1,20}})")
_COUNTED_IN = pattern_of(rf"以({_LARGE})?元(?:为单位|计)")
_UNIT = rf"(?:人民币)?(?:(?:{_LARGE})?元|分钟|小时)(?:/[月人户次])?"
_BARE = pattern_of(rf"[(（【\[]?(?:金额|单位)?[:：]?{_UNIT}[)）】\]]?")
_AT_END = pattern_of(rf"[(（]({_UNIT})[)）]$")
_MINUTES = {"分钟": Decimal(1) / 60, "小时": Decimal(1)}


@dataclass(frozen=True, slots=True)
class Scale:
    """What a column's numbers are multiplied by, None where that is unclear; where it says so."""

    factor: Decimal | None
    row: int
    column: int
    text: str
    against: str = ""  # what something farther away says otherwise

    @property
    def matters(self) -> bool:
        return self.factor != 1 or bool(self.against)


def scales_of(
    grid: Grid,
    fields: Mapping[int, FieldSchema],
    headers: Sequence[HeaderColumn],
    hints: Iterable[int],
    around: Iterable[int],
) -> dict[int, Scale]:
    """The scale of each column of amounts or hours that is not in yuan or hours.

    `hints` are the rows of units or hints below the header, `around` those above and below the
    table in which a caption or note may say it.
    """
    hint_rows, around = list(hints), list(around)
    parts = {h.index: h for h in headers}
    found: dict[int, Scale] = {}
    for column, field in fields.items():
        pattern = _pattern(field)
        if pattern is None:
            continue
        scales = (
            _of_header(parts.get(column), pattern),
            _of_hints(grid, column, hint_rows, pattern),
            _of_captions(grid, around, pattern),
        )
        scale = _nearest([scale for scale in scales if scale is not None])
        if scale is not None and scale.matters:
            found[column] = scale
    return found


def _nearest(scales: Sequence[Scale]) -> Scale | None:
    """The first, with what the others say against it."""
    if not scales:
        return None
    against = [scale.text for scale in scales[1:] if scale.factor != scales[0].factor]
    return replace(scales[0], against=against[0]) if against else scales[0]


def _pattern(field: FieldSchema) -> re.Pattern[str] | None:
    if field.type == "money":
        return _MONEY
    return _TIME if field.type == "decimal" and "hours" in field.id else None


def _of_header(header: HeaderColumn | None, pattern: re.Pattern[str]) -> Scale | None:
    """The header's own word, the leaf's before its parents'."""
    for part in reversed(header.parts if header else ()):
        factors = set(_factors(squeeze(part), pattern))
        if factors:
            return Scale(_only(factors), 0, header.index if header else 0, part)
    return None


def _of_hints(
    grid: Grid, column: int, rows: Iterable[int], pattern: re.Pattern[str]
) -> Scale | None:
    for row in rows:
        text = grid.cell(row, column)
        factors = set(_factors(squeeze(text), pattern)) if isinstance(text, str) else set()
        if factors:
            return Scale(_only(factors), row, column, typed(text))
    return None


def _of_captions(grid: Grid, rows: Iterable[int], pattern: re.Pattern[str]) -> Scale | None:
    """`单位：百元`, in one cell or two; `（万元）` in a cell of its own."""
    for row in rows:
        cells = [(c, squeeze(raw)) for c, raw in grid.filled(row) if isinstance(raw, str)]
        for n, (column, text) in enumerate(cells):
            if text.endswith((":", "单位")) and n + 1 < len(cells):
                text += cells[n + 1][1]
            factors = set(_stated(text, pattern))
            if factors:
                return Scale(_only(factors), row, column, text)
    return None


def _stated(text: str, pattern: re.Pattern[str]) -> Iterator[Decimal | None]:
    if _BARE.fullmatch(text):
        yield from _factors(text, pattern)
    elif at_end := _AT_END.search(text):
        yield from _factors(at_end[1], pattern)
    if (given := _COUNTED_IN.search(text)) and pattern is _MONEY:
        yield SCALES.get(given[1] or "", Decimal(1))
    for match in _STATED.finditer(text):
        yield from _factors(re.split(r"[。;；]|填", match[1])[0], pattern)


def _factors(text: str, pattern: re.Pattern[str]) -> Iterator[Decimal | None]:
    for match in pattern.finditer(text):
        if pattern is _MONEY:
            yield SCALES.get(match[1] or "", Decimal(1))
        else:
            yield _MINUTES.get(match[1])


def _only(factors: set[Decimal | None]) -> Decimal | None:
    return next(iter(factors)) if len(factors) == 1 else None


def scaled_cells(scale: Scale, cells: Sequence[object]) -> list[object]:
    """The cells in yuan or hours; one that names its own unit is left to itself."""
    return [_scaled(scale, raw) for raw in cells]


def _scaled(scale: Scale, raw: object) -> object:
    if isinstance(raw, str) and re.search(r"元|块|[¥￥]|小时|分", raw):
        return raw
    number = None if isinstance(raw, CellError) else to_number(raw)
    if number is None:
        return raw
    return UnclearAmount(typed(raw)) if scale.factor is None else number * scale.factor
