"""Rows that carry one id: which is the record's, which a copy's from before, which are new."""

import pytest
from tests.unit.merge.homes import HOMES, NUMBERED, home

from ledgersync.merge.copied_rows import shared
from ledgersync.merge.keys import KeyReader
from ledgersync.merge.known import Known
from ledgersync.model import Row, Rows
from ledgersync.schema import TableSchema

R, S = home("1", "王芳", "东街", 2), home("2", "李强", "西街", 3)
BASE: Rows = {"r": R, "s": S}
Claim = tuple[int, str, bool]
Case = tuple[list[Row], list[Claim], list[int], list[int]]


def sharing(
    table: TableSchema,
    base: Rows,
    rows: list[Row],
    family: str,
    taken: str = "",
    last: Rows | None = None,
) -> tuple[list[Claim], list[int], list[int]]:
    said = base if last is None else last
    known = Known(KeyReader(table), base, said, base, tuple(range(len(table.fields))))
    found = shared(known, range(len(rows)), rows.__getitem__, family, frozenset(taken))
    return found.claims, found.elsewhere, found.new


CASES: list[Case] = [
    ([R, home("3", "王芳", "东街", 2)], [(0, "r", True)], [], [1]),
    ([home("3", "王芳", "东街", 2), R], [(1, "r", True)], [], [0]),  # wherever it stands
    ([home("1", "王芳", "北街", 9), home("3", "赵敏")], [(0, "r", True)], [], [1]),  # by its key
    ([home("1", "甲"), home("1", "乙")], [(0, "r", True), (1, "r", True)], [], []),
    ([R, home("2", "李强", "西街", 9)], [(0, "r", True)], [1], []),  # sorted beside its id
    ([S, R], [(1, "r", True)], [0], []),
    ([home("3", "甲"), home("4", "王芳")], [(0, "r", False)], [], [1]),  # neither: the upper
]


@pytest.mark.parametrize(("rows", "claims", "elsewhere", "new"), CASES)
def test_a_row_copied_once(
    rows: list[Row], claims: list[Claim], elsewhere: list[int], new: list[int]
) -> None:
    assert sharing(HOMES, BASE, rows, "r") == (claims, elsewhere, new)


def test_what_the_copy_said_last_tells_before_the_key() -> None:
    last = {"r": home("1", "王芳", "北街", 2), "s": S}
    rows = [home("1", "王芳", "南街", 2), home("1", "王芳", "北街", 2)]
    claims, _, new = sharing(HOMES, BASE, rows, "r", last=last)
    assert claims == [(1, "r", True)] and new == [0]


def test_the_record_as_it_was_tells_too() -> None:
    last = {"r": home("7", "王芳", "北街", 2), "s": S}
    claims, _, new = sharing(HOMES, BASE, [home("8", "甲"), R], "r", last=last)
    assert claims == [(1, "r", True)] and new == [0]


def test_a_family_is_told_apart_by_its_keys() -> None:
    family: Rows = {"r": R, "c": home("3", "王芳", "东街", 2), "s": S}
    rows = [home("3", "王芳", "东街", 8), home("1", "王芳", "东街", 9), home("4", "赵敏")]
    claims, elsewhere, new = sharing(HOMES, family, rows, "rc")
    assert (claims, elsewhere, new) == ([(1, "r", True), (0, "c", True)], [], [2])


def test_a_record_that_is_found_already_claims_nothing() -> None:
    family: Rows = {"r": R, "c": home("3", "王芳", "东街", 2)}
    assert sharing(HOMES, family, [home("3", "甲"), home("5", "乙")], "rc", "r") == (
        [(0, "c", True)],
        [],
        [1],
    )
    assert sharing(HOMES, family, [home("5", "乙")], "rc", "rc") == ([], [], [0])


def test_where_no_key_tells_the_most_cells_alike_do() -> None:
    family: Rows = {"r": home(None, "王芳", None, 2), "c": home(None, "李强", None, 3)}
    rows = [home(None, "李强", None, 9), home(None, "王芳", None, 9)]
    claims, _, new = sharing(HOMES, family, rows, "rc")
    assert sorted(claims) == [(0, "c", False), (1, "r", False)] and new == []


NUMBER = home("H-1", "王芳", "东街", 2)


@pytest.mark.parametrize(
    ("rows", "claims", "new"),
    [
        ([home("H-1", "赵敏"), NUMBER], [(1, "r", True)], [0]),
        ([home("H-1", "赵敏"), home("H-1", "钱进")], [(0, "r", True)], [1]),  # the number is both's
        ([home("H-9", "王芳"), home("H-1", "钱进")], [(1, "r", True)], [0]),  # one has another
    ],
)
def test_a_given_number_stands_in_both(
    rows: list[Row], claims: list[Claim], new: list[int]
) -> None:
    assert sharing(NUMBERED, {"r": NUMBER}, rows, "r") == (claims, [], new)


def test_with_several_records_of_one_number_likeness_tells() -> None:
    family: Rows = {"r": NUMBER, "c": home("H-1", "李强", "西街", 3)}
    rows = [home("H-1", "李强", "西街", 9), home("H-1", "王芳", "东街", 9)]
    claims, _, new = sharing(NUMBERED, family, rows, "rc")
    assert sorted(claims) == [(0, "c", False), (1, "r", False)] and new == []


def test_a_fallback_key_tells_where_the_number_does_not() -> None:
    table = NUMBERED.changed(fallback_key=("name", "place"))
    rows = [home("H-1", "赵敏", "南街"), home("H-1", "王芳", "东街", 7)]
    assert sharing(table, {"r": NUMBER}, rows, "r") == ([(1, "r", True)], [], [0])
    rows = [home("H-1", "赵敏", "南街"), home("H-1", "钱进", "东街", 7)]
    assert sharing(table, {"r": NUMBER}, rows, "r") == ([(0, "r", True)], [], [1])
