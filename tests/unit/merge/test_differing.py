"""Rows that are one object on both sides are equal, all others are compared."""

from ledgersync.merge import differing
from ledgersync.model import Rows


def test_what_is_said_otherwise_or_nowhere_in_its_order() -> None:
    same = ("A1", 3)
    rows: Rows = {"d": ("A4", 1), "a": same, "b": (*["A2", 3],), "c": ("A3", 1), "e": (None,)}
    others: Rows = {
        "a": same,
        "b": (*["A2", 3],),
        "c": ("A3", 2),
        "x": ("A9", 9),
        "d": ("A4", 2),
    }
    assert differing(rows, others) == ["d", "c", "e"]
    assert differing(rows, rows) == []
    assert differing({}, rows) == []
    assert differing(rows, {}) == list(rows)
