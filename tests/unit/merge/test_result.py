"""What a merge leaves behind: counts, what still waits for correction, what was taken in."""

import pytest
from tests.unit.merge.homes import HOMES, home

from ledgersync.merge import settled
from ledgersync.merge.result import Agreed, Counts, MergeResult, Operation
from ledgersync.merge.undo import undo
from ledgersync.model import Row, Rows

SAID: Rows = {"a": ("x", "bad"), "b": ("y", "z"), "c": ("n", None)}
UNSETTLED: dict[str, Row | None] = {"a": ("x", "good"), "c": None, "gone": ("o", "o")}


@pytest.mark.parametrize(
    ("record", "position", "waits"),
    [
        ("a", None, True),
        ("a", 1, True),
        ("a", 0, False),  # its other cell is in
        ("b", None, False),
        ("c", None, True),
        ("c", 0, True),
        ("gone", None, False),  # the copy shows it no more
    ],
)
def test_what_still_waits(record: str, position: int | None, waits: bool) -> None:
    result = MergeResult({}, last_submission=SAID, unsettled=UNSETTLED)
    assert result.still_back(record, position) is waits


def test_what_was_taken_in_is_the_next_base() -> None:
    assert settled(SAID, UNSETTLED) == {"a": ("x", "good"), "b": ("y", "z"), "gone": ("o", "o")}
    assert settled({}, {"c": None}) == {} and "c" in SAID


def test_counts_add_up() -> None:
    both = Counts(applied=1, held=2) + Counts(applied=3, removed=1)
    assert both == Counts(applied=4, held=2, removed=1) and both.total == 7
    assert list(both.as_dict())[:3] == ["applied", "added", "removed"]


NEW, OLD = home("1", "王芳", "东街"), home("1", "王芳", "西街")
EDIT = Operation("edit", "a", "place", "西街", "东街")
ADD, REMOVE = Operation("add", "a", None, None, NEW), Operation("remove", "a", None, OLD, None)
MOVED = home("1", "王芳", "南街")


@pytest.mark.parametrize(
    ("ours", "operation", "agreed", "after", "outcome"),
    [
        (NEW, EDIT, [], OLD, "applied"),
        (OLD, EDIT, [], OLD, "converged"),
        (MOVED, EDIT, [], MOVED, "edit/edit"),
        (None, EDIT, [], None, "edit/edit"),
        (NEW, EDIT, [("a", "place")], NEW, "edit/edit"),  # somebody else wanted it, too
        (NEW, EDIT, [("a", "name"), ("b", "place")], OLD, "applied"),
        (NEW, ADD, [], None, "removed"),
        (None, ADD, [], None, "converged"),
        (MOVED, ADD, [], MOVED, "edit/delete"),
        (NEW, ADD, [("a", "size")], NEW, "edit/delete"),  # a row is another's by one cell
        (NEW, ADD, [("b", "size")], None, "removed"),
        (None, REMOVE, [], OLD, "added"),
        (OLD, REMOVE, [], OLD, "converged"),
        (NEW, REMOVE, [], NEW, "add/add"),
        (None, REMOVE, [("a", None)], None, "add/add"),
        (None, REMOVE, [("a", "place")], OLD, "added"),
    ],
)
def test_one_operation_taken_back(
    ours: Row | None, operation: Operation, agreed: list[Agreed], after: Row | None, outcome: str
) -> None:
    rows = {"a": ours} if ours else {}
    result = undo(HOMES, rows, [operation], agreed)
    assert result.merged == ({"a": after} if after else {})
    counts = {name: n for name, n in result.counts.as_dict().items() if n}
    asked = [c.kind for c in result.conflicts]
    assert counts == {("conflicts" if asked else outcome): 1}
    assert asked == ([outcome] if "/" in outcome else [])
    assert len(result.operations) == (outcome in ("applied", "added", "removed"))
    for conflict in result.conflicts:
        there = ours and (ours if conflict.field is None else ours[2])
        assert (conflict.base, conflict.ours, conflict.theirs) == (
            operation.new,
            there,
            operation.old,
        )
