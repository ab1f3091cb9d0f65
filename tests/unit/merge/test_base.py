"""What a file is compared with when it may be a copy, its sibling, or a file that speaks again."""

import pytest
from tests.unit.merge.homes import HOMES, NUMBERED, home

from ledgersync.merge import (
    Submitted,
    base_of_own_word,
    base_of_sibling,
    distance,
    overlap,
)
from ledgersync.model import Row, Rows

BASE: Rows = {
    "r1": home("1", "王芳", "东街", 2),
    "r2": home("2", "李强", "西街", 3),
    "r3": home(None, "赵敏", "南街", 4),
    "r4": home(None, "钱进", None, 5),
}
Typed = list[tuple[str | None, Row]]


def rows_of(typed: Typed) -> list[Submitted]:
    return [Submitted(i, record, row) for i, (record, row) in enumerate(typed)]


@pytest.mark.parametrize(
    ("typed", "share", "cells"),
    [
        ([(r, row) for r, row in BASE.items()], 1.0, 0),
        ([(None, row) for row in BASE.values()], 1.0, 0),  # by key, fallback key and content
        ([("r1", home("9", "别人", "东街", 2))], 0.25, 2),
        ([(None, home("1", "别人", "西街", 2))], 0.25, 2),
        ([(None, home(None, "赵敏", "南街", 1))], 0.25, 1),
        ([(None, home(None, "钱进", None, 6))], 0.0, 0),  # neither key nor content
        ([("x", home("2", "李强", "西街", 9))], 0.25, 1),  # a strange id: the key tells
        ([(None, home("8", "周涛"))], 0.0, 0),
        ([], 0.0, 0),
    ],
)
def test_how_much_of_a_base_a_file_shows(typed: Typed, share: float, cells: int) -> None:
    assert overlap(HOMES, BASE, rows_of(typed)) == share
    assert distance(HOMES, BASE, rows_of(typed)) == cells


def test_all_of_nothing_appears() -> None:
    assert overlap(HOMES, {}, []) == 1.0


OLD, SAID, MORE = (
    home("1", "王芳", "东街", 2),
    home("1", "王芳", "西街", 2),
    home("1", "王芳", "西街", 7),
)


@pytest.mark.parametrize(
    ("given", "ingested", "theirs", "base"),
    [
        (OLD, SAID, OLD, OLD),  # as given out: not seen, no change back
        (OLD, SAID, SAID, SAID),
        (OLD, SAID, MORE, SAID),
        (OLD, MORE, SAID, home("1", "王芳", "西街", 2)),  # cell by cell
        (OLD, SAID, None, SAID),
        (OLD, OLD, MORE, OLD),
        (None, SAID, None, None),  # added in the other file, unknown here: nothing removed
        (None, SAID, SAID, SAID),
        (None, SAID, home("9", "李强", "北街"), None),  # another one under the same reserved id
        (None, SAID, home("9", "王芳", "西街", 2), SAID),  # its number corrected
        (OLD, None, None, None),
        (OLD, None, SAID, OLD),
    ],
)
def test_the_base_of_a_sibling(
    given: Row | None, ingested: Row | None, theirs: Row | None, base: Row | None
) -> None:
    def rows(row: Row | None) -> Rows:
        return {"r1": row} if row else {}

    assert base_of_sibling(HOMES, rows(given), rows(ingested), rows(theirs)) == rows(base)


def test_two_rows_begun_under_one_reserved_number_are_two() -> None:
    theirs = home("H-1", "李强", "北街")
    assert base_of_sibling(NUMBERED, {}, {"n1": home("H-1", "王芳")}, {"n1": theirs}) == {}


@pytest.mark.parametrize(
    ("ingested", "theirs", "base"),
    [
        (("c", "d"), ("a", "b"), ("a", "b")),  # as it said before: no change
        (("c", "d"), ("z", "b"), ("c", "b")),  # a later word about the first cell
        (("c", "d"), ("z", "z"), ("c", "b")),  # it has no second column
        (None, ("z", "b"), ("a", "b")),
        (("c", "d"), None, ("c", "d")),
        (None, None, ("a", "b")),
    ],
)
def test_a_file_that_speaks_again(ingested: Row | None, theirs: Row | None, base: Row) -> None:
    own: Rows = {"r1": ("a", "b")}
    found = base_of_own_word(
        own, {"r1": ingested} if ingested else {}, {"r1": theirs} if theirs else {}, {0}
    )
    assert found == {"r1": base}


def test_of_records_that_it_never_had_only_those_that_it_shows_now_are_in_its_base() -> None:
    ingested: Rows = {"n1": ("c", "d"), "n2": ("e", "f")}
    assert base_of_own_word({}, ingested, {"n1": ("x", "y"), "n3": ("x", "y")}, {0}) == {
        "n1": ("c", "d")
    }
