"""The course over twelve months: the figures that the sentences are about, month by month."""

from collections.abc import Iterator, Sequence
from datetime import date

from ledgersync.report.content import Chart, Piece, Table
from ledgersync.report.reading import Reading
from ledgersync.report.wording import NOTHING
from ledgersync.rollup.period.months import Period

MONTHS = 12


def months_until(period: Period, today: date) -> list[Period]:
    """The twelve months up to a period's end, those that have begun."""
    every = (
        Period(m, m, period.closing_day) for m in range(period.stop - MONTHS + 1, period.stop + 1)
    )
    return [month for month in every if month.state(today) != "ahead"]


def month_label(month: Period) -> str:
    """`2026-03`."""
    return f"{month.year}-{month.stop % 12 + 1:02d}"


def parts_of(period: Period, today: date, length: int = 3) -> list[Period]:
    """A period's quarters, those that have begun."""
    starts = range(period.start, period.stop + 1, length)
    every = (Period(m, m + length - 1, period.closing_day) for m in starts)
    return [part for part in every if part.state(today) != "ahead"]


def trends(
    reading: Reading, months: Sequence[Reading], indicators: Sequence[str]
) -> Iterator[Chart]:
    """One chart per ledger, unit of measure and kind, of figures known in several months."""
    lines = [x for i in indicators if (x := reading.line(i)) is not None]
    columns = [month_label(month.period) for month in months]
    by_measure: dict[tuple[str, str, str], list[tuple[Piece, ...]]] = {}
    for line in lines:
        cells = [month.shown(line.id) for month in months]
        if sum(cell is not None for cell in cells) > 1:
            row: tuple[Piece, ...] = (line.name, *(cell or NOTHING for cell in cells))
            key = (line.defined.ledger, line.measure, line.defined.indicator.kind)
            by_measure.setdefault(key, []).append(row)
    for (ledger, measure, kind), rows in by_measure.items():
        named = "、".join(str(row[0]) for row in rows)
        name, title = f"trend.{ledger}.{measure}.{kind}", f"{named}（{measure}）"
        yield Chart(name, title, "line", Table.of(name, title, ("指标", *columns), rows), measure)
