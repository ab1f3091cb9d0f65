"""A file without a stamp: what of it is its sender's change, and what would undo a colleague's."""

import pytest

from ledgersync.merge import Given, Past, Step, base_by_content
from ledgersync.model import Row, Rows

# r1 begins as ("a", "p"); revision 2: 甲 makes a → b; revision 4: 乙 makes b → c; r2 comes in 3.
NOW: Rows = {"r1": ("c", "p"), "r2": ("n", "n")}
STEPS = [
    Step(2, "甲", "r1", 0, "a", "b"),
    Step(3, "乙", "r2", None, None, ("n", "n")),
    Step(4, "乙", "r1", 0, "b", "c"),
]
PAST = Past(NOW, STEPS)


def based(theirs: Rows, given: Given, staff: str = "甲") -> tuple[Rows, set[tuple[str, int]], int]:
    found = base_by_content(PAST, theirs, given, staff, [0, 1])
    return found.rows, set(found.guarded), found.kept


NEWEST, OLDEST = Given((1, 2, 4), (4,), ("r1",)), Given((1, 2, 4), (1,), ("r1",))


@pytest.mark.parametrize(
    ("staff", "given", "cell", "base", "guarded", "kept"),
    [
        ("甲", NEWEST, "c", "c", False, 0),  # as it is now
        ("甲", NEWEST, "z", "c", False, 0),  # a new word on the newest state
        ("甲", NEWEST, "b", "c", True, 0),  # an old value back over a colleague's
        ("乙", NEWEST, "b", "c", False, 0),  # back over one's own: a change
        ("甲", OLDEST, "a", "a", False, 0),  # as it was given out then
        ("甲", OLDEST, "b", "b", False, 1),  # as it was given out at another time: nobody's
        ("甲", OLDEST, "z", "a", False, 0),  # a change of what the nearest state showed
        ("甲", Given((1, 2, 4), (2, 4), ("r1",)), "a", "a", False, 1),
        ("甲", Given((1, 2, 4), (2, 4), ("r1",)), "z", "b", False, 0),  # the older one is safe
        ("甲", Given((1, 2), (1, 2), ("r1",)), "c", "a", False, 0),  # 4 was never given out
    ],
)
def test_a_cell(staff: str, given: Given, cell: str, base: str, guarded: bool, kept: int) -> None:
    rows, found, count = based({"r1": (cell, "p")}, given, staff)
    assert rows == {"r1": (base, "p")}
    assert (found, count) == ({("r1", 0)} if guarded else set(), kept)


def test_only_the_cells_that_the_file_has_are_looked_at() -> None:
    found = base_by_content(PAST, {"r1": ("b", "q")}, NEWEST, "甲", [1])
    assert found.rows == {"r1": ("c", "p")} and not found.guarded and not found.kept


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (Given((1, 2, 4), (1,), ("r1",)), ("n", "n")),  # given out later, with another state
        (Given((1, 2), (1,), ("r1",)), None),  # never given out: the file adds it
    ],
)
def test_a_record_that_the_chosen_state_does_not_show(given: Given, shown: Row | None) -> None:
    rows, guarded, _ = based({"r2": ("n", "n")}, given)
    assert rows.get("r2") == shown and not guarded


def test_the_last_state_that_shows_a_record_is_its_base() -> None:
    past = Past(
        {"r1": ("c",)}, [Step(2, "甲", "r1", 0, "a", "b"), Step(4, "甲", "r1", 0, "b", "c")]
    )
    found = base_by_content(past, {"r1": ("z",)}, Given((1, 3), (1,), ()), "甲", [0])
    assert found.rows == {"r1": ("a",)}  # the nearest state, not the last that was given
    assert not found.guarded


def test_a_record_shown_by_none_of_the_nearest_states_keeps_the_last_that_was_given() -> None:
    rows, guarded, kept = based({"r2": ("m", "n")}, Given((1, 4), (1,), ("r1",)))
    assert rows["r2"] == ("n", "n") and not guarded and kept == 0


@pytest.mark.parametrize(
    ("revisions", "alike", "newest", "chosen"),
    [((1, 2, 4), (4,), True, 4), ((1, 2, 4), (1, 4), True, 4), ((1, 2, 4), (1, 2), False, 1)],
)
def test_which_state_is_chosen(
    revisions: tuple[int, ...], alike: tuple[int, ...], newest: bool, chosen: int
) -> None:
    given = Given(revisions, alike, ())
    assert (given.has_newest, given.chosen) == (newest, chosen)
