"""Rows decoded a table at a time are what they would be cell by cell."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from ledgersync.journal.rows import RowDecoder, encode_row, is_odd
from ledgersync.model import Invalid, Row, Rows, Value
from ledgersync.schema import TableSchema

TYPES = ("code", "name", "text", "integer", "decimal", "money", "date", "bool", "choices", "choice")
TABLE = TableSchema.validated(
    {
        "id": "all",
        "sheet": "表",
        "key": ["code"],
        "fields": [
            {"id": name, "header": name, "type": name}
            | (
                {"choices": {"因病": [], "因残": [], "其他": []}}
                if name.startswith("choice")
                else {}
            )
            for name in TYPES
        ],
    }
)


def value(rng: Random, kind: str, few: int) -> Value:
    n = rng.randrange(few)
    values: dict[str, Value] = {
        "integer": n,
        "decimal": n / 4,
        "money": Decimal(n) / 100,
        "date": date.fromordinal(730_000 + n),
        "bool": n % 2 == 0,
        "choices": ("因病", "因残")[: n % 2 + 1],
        "choice": ("因病", "因残", "其他")[n % 3],
    }
    return values.get(kind, f"文{n}")


def some_rows(rng: Random, few: int, odd: float) -> Rows:
    def cell(kind: str) -> Value:
        if rng.random() < 0.2:
            return None
        return Invalid("不清", "type.x") if rng.random() < odd else value(rng, kind, few)

    return {f"r{n}": tuple(cell(kind) for kind in TYPES) for n in range(60)}


@pytest.mark.parametrize("few", [3, 10_000])
@pytest.mark.parametrize("odd", [0.0, 0.02, 1.0])
def test_rows_come_back_as_they_were_stored(few: int, odd: float) -> None:
    rows = some_rows(Random(few), few, odd)
    stored = [(r, encode_row(row), int(is_odd(row))) for r, row in rows.items()]
    decoder = RowDecoder(TABLE)
    for part in (stored, stored[:7], []):  # the same decoder reads one part after the other
        found = decoder.many(part)
        assert list(found) == [record for record, _, _ in part]
        for record, row in found.items():
            assert row == rows[record]
            assert types_of(row) == types_of(rows[record])


def types_of(row: Row) -> list[type]:
    return [type(value) for value in row]


def test_what_repeats_is_kept_once() -> None:
    rows = some_rows(Random(1), 2, 0)
    found = RowDecoder(TABLE).many([(r, encode_row(row), 0) for r, row in rows.items()])
    for name in ("text", "money", "date", "choices"):
        at = TYPES.index(name)
        values = [row[at] for row in found.values() if row[at] is not None]
        assert len({id(v) for v in values}) == len(set(values))


def test_rows_of_another_width_are_fitted() -> None:
    found = RowDecoder(TABLE).many([("a", '["1"]', 0), ("b", encode_row(("2", *[None] * 11)), 1)])
    assert found["a"] == ("1", *[None] * (len(TYPES) - 1))
    assert len(found["b"]) == len(TYPES)
