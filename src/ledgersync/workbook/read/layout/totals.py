"""Totals that do not equal what they add up: each is told, since one of the two is wrong."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ledgersync.values import CellParser
from ledgersync.values.text import is_blank, squeeze, typed
from ledgersync.workbook.read.layout import wording
from ledgersync.workbook.read.layout.evidence import NUMBERS, Evidence, is_amount
from ledgersync.workbook.read.layout.rows import Area, Sorted

_NO_SUM = ("平均", "均值", "占比", "比例", "其中")


def unequal_totals(area: Area, rows: Sorted) -> Iterator[tuple[int, int]]:
    """Row and column of each number in a total row that is no sum of the records around it."""
    totals = [row for row, kind in rows.skipped if kind == "total"]
    if not totals or not rows.records:
        return
    evidence = Evidence(area.fields, area.today)
    for column, field in area.fields.items():
        if field.type in NUMBERS:
            yield from _unequal(area, rows, totals, column, evidence.parsers[column])


def _unequal(
    area: Area, rows: Sorted, totals: Sequence[int], column: int, parser: CellParser
) -> Iterator[tuple[int, int]]:
    cells = area.columns[column - area.left]
    values = {row: _number(parser(cells[row - area.first]).value) for row in rows.records}
    before = area.first - 1
    for row in totals:
        raw = cells[row - area.first]
        if not is_blank(raw) and _is_number(raw) and not _is_no_sum(area, row):
            groups = (
                [r for r in values if before < r < row],
                [r for r in values if r < row],
                [r for r in values if r > row],
                list(values),
            )
            sums = {round(sum(values[r] for r in group), 2) for group in groups}
            counts = {float(len(group)) for group in groups}
            if not any(abs(_amount(raw) - s) < 0.01 for s in sums | counts):
                yield row, column
        before = row


def _is_number(raw: object) -> bool:
    if isinstance(raw, str):
        return is_amount(raw) and not raw.strip().endswith("%")
    return isinstance(raw, (int, float)) and not isinstance(raw, bool)


def _amount(raw: object) -> float:
    return float("".join(c for c in squeeze(typed(raw)) if c in "0123456789.-") or "0")


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float, Decimal)) else 0.0


def _is_no_sum(area: Area, row: int) -> bool:
    """An average, a share, a part."""
    texts = [c for _, c in area.grid.filled(row, area.left, area.right) if isinstance(c, str)]
    return any(word in text for text in texts if wording.is_total(text) for word in _NO_SUM)
