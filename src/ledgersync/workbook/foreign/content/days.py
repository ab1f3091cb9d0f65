"""Days as registers have them: without a year or a month, with the hour or the day of the week."""

import re
from collections.abc import Iterator, Mapping, Sequence

from ledgersync.dataclass import dataclass
from ledgersync.values.text import is_blank, squeeze, typed
from ledgersync.workbook.read.layout.grid import Grid

SHORT_DAY = re.compile(r"(\d{1,2})[月.．/-](\d{1,2})[日号]?")
_BARE_DAY = re.compile(r"([12]\d|3[01]|0?[1-9])[日号]?")
_WHOLE_DAY = re.compile(r"(20\d\d)[年.．/-]?(1[0-2]|0?[1-9])[月.．/-]?([12]\d|3[01]|0?[1-9])日?")
_CLOCK = r"\d{1,2}(?:[:：]\d{2}|[点时](?:\d{1,2}分|半)?)(?:[:：]\d{2})?"
_HALF = "上午|下午|早上|晚上|中午|傍晚|全天|凌晨"
_WEEKDAY = r"[(（]?(?:周|星期|礼拜)[一二三四五六日天][)）]?"
_AFTER = re.compile(
    rf"(?<=[\d日号])(?:{_WEEKDAY})?(?:{_HALF})?(?:{_CLOCK}(?:[-—–~～至到](?:{_HALF})?{_CLOCK})?)?$"
)
_MINUTES = re.compile(rf"({_CLOCK})[-—–~～至到](?:{_HALF})?({_CLOCK})")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the days of a list by what stands around it."""

    year: int | None
    month: int | None


def without_hour(text: str) -> str:
    """The day of `3月5日（周六）上午9:00-11:30`; the text as it is where that is no day."""
    bare = squeeze(text)
    day = _AFTER.sub("", bare)
    is_day = any(p.fullmatch(day) for p in (SHORT_DAY, _WHOLE_DAY)) or bool(
        _BARE_DAY.fullmatch(day)
    )
    return day if is_day and day != bare else text


def day_of(text: str, year: int | None) -> str:
    """As a date is typed, with the year where the text has none."""
    day = without_hour(text).strip()
    short = SHORT_DAY.fullmatch(squeeze(day))
    return f"{year}年{int(short[1])}月{int(short[2])}日" if short and year else day


def hours_of(text: str) -> str:
    """How long from the first to the second hour that a text tells; "" where it tells none."""
    found = _MINUTES.search(squeeze(text))
    if found is None:
        return ""
    start, end = (_minutes(found[n]) for n in (1, 2))
    afternoon = 12 * 60 if end <= start and end + 12 * 60 > start else 0
    length = end + afternoon - start
    return f"{length / 60:g}" if 0 < length <= 12 * 60 else ""


def _minutes(clock: str) -> int:
    numbers = [int(n) for n in re.findall(r"\d+", clock)]
    half = 30 if "半" in clock else 0
    return numbers[0] * 60 + (numbers[1] if len(numbers) > 1 else half)


def is_short_day(text: str, of_a_month: bool) -> bool:
    """A day without its year (or, in the list of a month, without its month)."""
    parts = _parts(without_hour(text))
    return parts is not None and (of_a_month or parts[1] is not None)


def unfinished_days(
    grid: Grid, rows: Sequence[int], column: int, year: int | None
) -> dict[int, tuple[int | None, int | None, int]]:
    """Year, month and day by row, of the days that lack one of them or have an hour behind.

    Nothing where half of the column's cells are no days; no year is given where the column has
    whole days of another one.
    """
    texts = {r: _day_text(grid.cell(r, column)) for r in rows}
    filled = {r: t for r, t in texts.items() if not is_blank(t)}
    days = {r: d for r, t in filled.items() if (d := _parts(without_hour(t))) is not None}
    if len(days) * 2 <= len(filled):
        return {}
    if any(y not in (None, year) for y, _, _ in days.values()):
        days = {r: d for r, d in days.items() if d[0] is not None}
    bare = sum(d[1] is None for d in days.values())
    if bare * 2 <= len(filled):  # a few numbers among days are slips
        days = {r: d for r, d in days.items() if d[1] is not None}
    return {r: d for r, d in days.items() if _is_unfinished(d, filled[r])}


def _is_unfinished(day: tuple[int | None, int | None, int], text: str) -> bool:
    return None in day or without_hour(text) != text


def _parts(text: str) -> tuple[int | None, int | None, int] | None:
    bare = squeeze(text)
    if (m := _WHOLE_DAY.fullmatch(bare)) is not None:
        return int(m[1]), int(m[2]), int(m[3])
    if (m := SHORT_DAY.fullmatch(bare)) is not None:
        month, day = int(m[1]), int(m[2])
        return (None, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None
    return (None, None, int(m[1])) if (m := _BARE_DAY.fullmatch(bare)) is not None else None


def _day_text(raw: object) -> str:
    """As typed; of a number nobody knows whether 3.1 was the first or the tenth."""
    text = squeeze(typed(raw))
    return f"?{text}" if isinstance(raw, float) and text[-2:] in (".1", ".2", ".3") else text


def finished(
    days: Mapping[int, tuple[int | None, int | None, int]], column: int, known: Known
) -> Iterator[tuple[tuple[int, int], object]]:
    """By cell, the whole day, where it is known."""
    for row, (year, month, day) in days.items():
        y, m = year or known.year, month or known.month
        if y and m:
            yield (row, column), f"{y}年{m}月{day}日"
