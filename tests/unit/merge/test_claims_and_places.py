"""Rows that claim records, and rows without ids and keys against what a copy said last."""

import pytest
from tests.unit.merge.homes import HOMES, KEYED, home

from ledgersync.merge.alignment import Alignment
from ledgersync.merge.claims import Claims
from ledgersync.merge.keys import KeyReader
from ledgersync.model import Row, Rows


def test_the_first_to_claim_a_record_holds_it() -> None:
    claims = Claims(3)
    claims.add(1, "a")
    claims.add(0, "a")
    claims.add(2, "b")
    assert claims.holder == {"a": 1, "b": 2} and claims.rivals == {"a": [0]}
    assert [claims.record(i) for i in range(3)] == ["a", "a", "b"]


def test_only_a_holder_whom_no_key_supports_is_displaced() -> None:
    claims = Claims(3)
    claims.add(0, "a")
    assert claims.displace("a") == [] and claims.displace("b") == []
    claims.weaken(0, "a", contested=True)
    claims.add(1, "a")
    assert claims.displace("a") == [0, 1]
    assert claims.records[0] is None and not claims.holder and not claims.contested
    claims.add(0, "a")
    assert claims.displace("a") == []  # by a key now


A, B, C, D = [home(None, name, None, n) for n, name in enumerate("甲乙丙丁")]
LAST: Rows = {"a": A, "b": B, "c": C, "d": D}
STRANGER = home(None, "戊", None, 9)


@pytest.mark.parametrize(
    ("rows", "taken", "found"),
    [
        ([A, B, C, D], {}, "abcd"),
        ([D, C, B, A], {}, "dcba"),
        ([A, home(None, "乙", None, 8), C, D], {}, "abcd"),  # alike by the required field
        ([A, STRANGER, C, D], {}, "abcd"),  # as many rows as records between two
        ([A, STRANGER, home(None, "己"), D], {}, "abcd"),
        ([A, STRANGER, STRANGER, home(None, "己"), D], {}, "a???d"),
        ([A, STRANGER, D], {}, "a?d"),
        ([A, B, C, D, STRANGER], {}, "abcd-"),  # no record is left: new
        ([STRANGER, A, B, C, D], {}, "-abcd"),
        ([STRANGER, B, C, D], {}, "abcd"),
        ([A, B, C, STRANGER], {}, "abcd"),
        ([B, STRANGER, A, D], {}, "b?ad"),  # out of order: nothing lies between
        ([A, A], {"b": 9}, "a?"),
        ([STRANGER, STRANGER], {"a": 9, "d": 8}, "bc"),
    ],
)
def test_rows_find_their_records(rows: list[Row], taken: dict[str, int], found: str) -> None:
    """`?` is uncertain, `-` a new record; taken rows stand elsewhere on the sheet."""
    placed = {record: -1 if n == 9 else len(rows) for record, n in taken.items()}
    run = Alignment(KeyReader(HOMES), LAST, placed, range(4))
    got = run.match(dict(enumerate(rows)))
    assert "".join(got.get(i, "?") or "-" for i in range(len(rows))) == found


def test_equal_rows_are_given_out_in_order_and_a_likeness_must_be_the_only_one() -> None:
    last: Rows = {"a": A, "b": A, "c": B}
    got = Alignment(KeyReader(HOMES), last, {}, range(4)).match({5: A, 6: A, 7: B})
    assert got == {5: "a", 6: "b", 7: "c"}
    named = {3: home(None, "甲", None, 7), 4: B}
    assert Alignment(KeyReader(HOMES), last, {}, range(4)).match(named) == {4: "c"}


def test_only_the_columns_that_are_there_count() -> None:
    got = Alignment(KeyReader(KEYED), {"a": home("1", "甲")}, {}, [1]).match({0: home("2", "甲")})
    assert got == {0: "a"}
