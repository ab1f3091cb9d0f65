"""Columns that are the sum of two others: 基本金额, 分类施保, 小计. Only the parts are kept."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations

from ledgersync.schema import FieldSchema
from ledgersync.values import CellParser
from ledgersync.values.text import is_blank
from ledgersync.workbook.foreign.assigned import Assigned, Cells

_SURE = 0.95
_LEAST, _MOSTLY = 2, 0.9  # rows with both parts; of all rows
Numbers = Sequence[Decimal | None]


def take_sums_apart(
    found: Assigned, cells: Cells, free: Sequence[int], decided: frozenset[int], today: date
) -> None:
    """Where one part of a sum is a known amount, the other part is what the sum was taken for.

    A sum taken for the household's amount would count the supplement twice. Columns that a person
    has told (`said`) stay as they are.
    """
    money = [f for f in found.table.fields if f.type == "money"]
    if len(money) < 2:
        return
    parser = CellParser(next((f for f in money if f.required), money[0]), today)
    fields = {c for c, m in found.fields.items() if m.field in money}
    numbers = {
        c: n
        for c in (*fields, *free, *found.repeated)
        if (n := _numbers(parser, cells[c])) is not None
    }
    for total, parts in _sums(numbers):
        if total not in decided:
            _share_out(found, total, parts, money)


def _numbers(parser: CellParser, cells: Sequence[object]) -> Numbers | None:
    """Amounts, None for blanks and texts; None where a column has too few."""
    values = [None if is_blank(c) else parser(c).value for c in cells]
    found = [v if isinstance(v, Decimal) else None for v in values]
    return found if sum(v is not None for v in found) >= _LEAST else None


def _sums(numbers: Mapping[int, Numbers]) -> Iterator[tuple[int, tuple[int, int]]]:
    for total in numbers:
        others = [c for c in numbers if c < total]
        for parts in combinations(others, 2):
            if _adds_up(numbers[total], numbers[parts[0]], numbers[parts[1]]):
                yield total, parts


def _adds_up(total: Numbers, one: Numbers, other: Numbers) -> bool:
    rows = [
        (t, a or 0, b or 0)
        for t, a, b in zip(total, one, other, strict=True)
        if t is not None and (a is not None or b is not None)  # rows of totals have no parts
    ]
    both = sum(a > 0 and b > 0 for _, a, b in rows)
    return both >= _LEAST and sum(t == a + b for t, a, b in rows) >= _MOSTLY * len(rows)


def _share_out(
    found: Assigned, total: int, parts: Sequence[int], money: Sequence[FieldSchema]
) -> None:
    known = {c: found.fields[c].field for c in parts if c in found.fields}
    rest = [c for c in parts if c not in known]
    whole = found.fields[total].field if total in found.fields else None
    if len(known) == 1:
        left = [f for f in money if f not in known.values() and f.required]
        wanted = whole or next((f for f in left if found.column_of(f.id) is None), None)
        if wanted is None:
            return
        found.repeated.discard(rest[0])
        found.give(rest[0], wanted, _SURE)
    if known:
        found.fields.pop(total, None)
        found.confidence.pop(total, None)
        found.proposals.pop(total, None)
        found.repeated.add(total)
        found.is_overruled |= whole is not None
