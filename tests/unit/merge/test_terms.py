"""Under which terms a changed cell, a gone row or a doubtful one comes in."""

from typing import Any

import pytest
from tests.unit.merge.homes import HOMES, home

from ledgersync.merge import MergeResult, merge_table
from ledgersync.merge.result import Unresolved
from ledgersync.model import Row, Rows

R, S = home("1", "王芳", "东街", 2), home("2", "李强", "西街", 3)
BASE: Rows = {"r": R, "s": S}
MOVED, OTHER = home("1", "王芳", "北街", 2), home("1", "王芳", "南街", 2)


def merged(theirs: Rows, ours: Rows = BASE, base: Rows = BASE, **terms: Any) -> MergeResult:
    known: dict[str, Any] = {"present": frozenset(HOMES.field_ids), "faults": lambda row: []}
    known |= {"positions": {}, "removals": True, **terms}
    return merge_table(HOMES, base, ours, theirs, **known)


def kinds(result: MergeResult) -> list[tuple[str, str, str | None]]:
    return [(c.kind, c.record, c.field) for c in result.conflicts]


def counts(result: MergeResult) -> dict[str, int]:
    return {name: n for name, n in result.counts.as_dict().items() if n}


@pytest.mark.parametrize(
    ("ours", "disputed", "outcome"),
    [
        (R, {2}, {}),  # it waits in an open conflict already
        (R, {3}, {"applied": 1}),
        (None, {2}, {}),
        (None, {3}, {"conflicts": 1}),
        (OTHER, {2}, {}),
        (OTHER, {3}, {"conflicts": 1}),
    ],
)
def test_what_waits_in_a_conflict_is_not_asked_again(
    ours: Row | None, disputed: set[int], outcome: dict[str, int]
) -> None:
    have = {"s": S, **({"r": ours} if ours else {})}
    result = merged({"r": MOVED, "s": S}, have, disputed={"r": frozenset(disputed)})
    assert counts(result) == outcome


def test_a_guarded_cell_becomes_a_conflict_and_the_rest_of_its_row_comes_in() -> None:
    theirs = home("1", "王芳", "北街", 5)
    result = merged({"r": theirs, "s": S}, guarded=frozenset({("r", 2)}))
    assert kinds(result) == [("edit/edit", "r", "place")] and counts(result)["applied"] == 1
    assert result.merged["r"] == home("1", "王芳", "东街", 5)


def test_the_new_key_of_a_contested_record_is_asked_about() -> None:
    theirs = {"r": home("3", "王芳", "北街", 2), "s": S}
    result = merged(theirs, unresolved=Unresolved(contested=frozenset({"r"})))
    assert kinds(result) == [("edit/edit", "r", "no")] and counts(result)["applied"] == 1
    keyless = {"r": home(None, "王芳", "北街", 2), "s": S}
    result = merged(keyless, unresolved=Unresolved(contested=frozenset({"r"})))
    assert kinds(result) == [("edit/edit", "r", "place")]


@pytest.mark.parametrize(("other", "shown"), [("s", S), (None, None), ("gone", None)])
def test_a_row_to_be_reviewed_shows_whose_it_may_be(other: str | None, shown: Row | None) -> None:
    doubtful = home(None, "李强", None, 4)
    result = merged({"r": R, "s": S, "n": doubtful}, unresolved=Unresolved(review={"n": other}))
    [asked] = result.conflicts
    assert (asked.kind, asked.record, asked.ours, asked.theirs) == ("add/add", "n", shown, doubtful)
    assert "n" not in result.merged
    last = {**BASE, "n": doubtful}
    again = merged(
        {**BASE, "n": doubtful}, last_submission=last, unresolved=Unresolved(review={"n": other})
    )
    assert again.conflicts == []


def test_what_somebody_else_did_too_is_agreed() -> None:
    result = merged({"r": MOVED, "s": S}, {"r": MOVED, "s": S})
    assert counts(result) == {"converged": 1} and result.agreed == [("r", "place")]
    gone = merged({"s": S}, {"s": S})
    assert counts(gone) == {"converged": 1} and gone.agreed == [("r", None)]


@pytest.mark.parametrize(
    ("ours", "terms", "outcome", "left"),
    [
        (R, {"hold": False}, {"removed": 1}, False),
        (R, {"hold": True}, {"held": 1}, True),
        (R, {}, {"held": 1}, True),  # one of two is more than a fifth
        (MOVED, {"hold": False}, {"conflicts": 1}, True),
        (R, {"hold": False, "removals": False}, {}, True),
        (R, {"hold": False, "unresolved": Unresolved(seen=frozenset({"r"}))}, {}, True),
    ],
)
def test_a_row_that_is_gone(
    ours: Row, terms: dict[str, Any], outcome: dict[str, int], left: bool
) -> None:
    result = merged({"s": S}, {"r": ours, "s": S}, **terms)
    assert counts(result) == outcome and ("r" in result.merged) is left
    assert [h.record for h in result.held] == (["r"] if outcome == {"held": 1} else [])
    assert result.unsettled == ({"r": R} if left else {})


def test_a_row_gone_before_is_no_removal_now() -> None:
    result = merged({"s": S}, last_submission={"s": S}, hold=False)
    assert counts(result) == {} and result.unsettled == {"r": R}


def test_where_nothing_is_known_of_the_copy_every_difference_is_asked_about() -> None:
    result = merged({"s": home("2", "李强", "西街", 4)}, additive=True)
    assert kinds(result) == [("add/add", "s", "size")]
    assert result.merged == BASE and counts(result)["converged"] == 3


def test_absent_columns_clear_nothing() -> None:
    theirs = {"r": home("1", "王芳", None, 7), "n": home("9", "周涛")}
    result = merged(
        {**theirs, "s": home("2", "李强", None, 3)}, present=frozenset({"no", "name", "size"})
    )
    assert result.merged == {"r": home("1", "王芳", "东街", 7), "s": S, "n": home("9", "周涛")}
    assert counts(result) == {"applied": 1, "added": 1}


def test_two_people_change_one_record() -> None:
    result = merged({"r": home("1", "王芳", "北街", 8), "s": S}, {"r": OTHER, "s": S})
    assert kinds(result) == [("edit/edit", "r", "place")]
    assert result.merged["r"] == home("1", "王芳", "南街", 8)
    removed = merged({"r": MOVED, "s": S}, {"s": S})
    [asked] = removed.conflicts
    assert (asked.kind, asked.base, asked.ours, asked.theirs) == ("edit/delete", R, None, MOVED)
