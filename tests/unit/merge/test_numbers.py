"""Numbers that the merge gives, and references that follow them."""

import pytest
from tests.unit.merge.homes import HOMES, NUMBERED, home

from ledgersync.merge import follow, followed, number_added
from ledgersync.merge.numbers import highest_freed, highest_number, number_text
from ledgersync.merge.result import MergeResult, Operation
from ledgersync.model import Invalid, Row, Rows, Value

OURS: Rows = {"r1": home("H-7-3", "王芳"), "r2": home("X-9", "李强"), "r3": home("H-71-50")}


def adding(*numbers: Value) -> MergeResult:
    rows = {f"n{i}": home(no, "新") for i, no in enumerate(numbers)}
    found = MergeResult({**OURS, **rows})
    found.operations += [Operation("edit", "r1", "name", "王", "王芳")]
    found.operations += [Operation("add", r, None, None, row) for r, row in rows.items()]
    return found


@pytest.mark.parametrize(
    ("typed", "taken", "last", "given"),
    [
        ([None], [], 0, {"n0": "H-7-4"}),
        ([None, ""], [], 0, {"n0": "H-7-4", "n1": "H-7-5"}),
        (["A-1", "A-1"], [], 0, {"n1": "H-7-4"}),  # typed numbers stay while they are unique
        (["H-7-3", "X-9"], [], 0, {"n0": "H-7-4", "n1": "H-7-5"}),
        ([None], [], 8, {"n0": "H-7-9"}),
        ([None], ["H-7-20"], 8, {"n0": "H-7-21"}),  # gone, and must not come again
        (["H-7-20"], ["H-7-20"], 0, {"n0": "H-7-21"}),
        ([None, "H-7-4"], [], 0, {"n0": "H-7-5"}),  # not one that is typed below
        ([Invalid("#", "cell.error")], [], 0, {"n0": "H-7-4"}),
        (["H-7-4"], [], 0, {}),
    ],
)
def test_numbers_of_added_rows(
    typed: list[Value], taken: list[str], last: int, given: dict[str, str]
) -> None:
    result = adding(*typed)
    assert number_added(NUMBERED, result, unit_tail="7", taken=taken, last=last) == given
    for i, no in enumerate(typed):
        assert result.merged[f"n{i}"] == home(given.get(f"n{i}", no), "新")
    added = {op.record: op.new for op in result.operations if op.kind == "add"}
    assert added == {r: result.merged[r] for r in added}
    assert result.operations[0].field == "name"


def test_a_reserved_number_is_its_records_unless_it_was_given_away() -> None:
    result = adding(None, None)
    reserved = {"n1": "H-7-2", "n0": "X-9"}
    given = number_added(NUMBERED, result, unit_tail="7", reserved=reserved)
    assert given == {"n0": "H-7-4", "n1": "H-7-2"}
    given = number_added(NUMBERED, adding(None, None), unit_tail="7", reserved={"n1": "H-7-4"})
    assert given == {"n0": "H-7-4", "n1": "H-7-5"}


def test_nothing_is_numbered_where_nothing_is_added_or_no_number_is_given() -> None:
    only_edits = MergeResult(dict(OURS), [Operation("edit", "r1", "no", None, None)])
    assert number_added(NUMBERED, only_edits, unit_tail="7") == {}
    assert number_added(HOMES, adding(None), unit_tail="7") == {}


@pytest.mark.parametrize(
    ("operation", "freed"),
    [
        (Operation("remove", "r1", None, home("H-7-3"), None), 3),
        (Operation("edit", "r1", "no", "H-7-5", "H-7-3"), 5),
        (Operation("edit", "r1", "name", "H-7-5", "王"), 0),
        (Operation("edit", "r1", "no", "H-8-5", None), 0),
        (Operation("edit", "r1", "no", "H-7-5乙", None), 0),
        (Operation("add", "n", None, None, home("H-7-9")), 0),
    ],
)
def test_the_highest_number_that_records_lose(operation: Operation, freed: int) -> None:
    less = Operation("remove", "x", None, home("H-7-1"), None)
    assert highest_freed(NUMBERED, [operation], unit_tail="7") == freed
    assert highest_freed(NUMBERED, [less, operation, less], unit_tail="7") == max(freed, 1)
    assert highest_freed(HOMES, [operation], unit_tail="7") == 0


def test_the_highest_number_that_rows_have() -> None:
    assert highest_number(NUMBERED, OURS.values(), unit_tail="7") == 3
    assert highest_number(NUMBERED, [home("X-9"), home(None)], unit_tail="7") == 0
    assert highest_number(HOMES, OURS.values(), unit_tail="7") == 0
    assert number_text(NUMBERED, 12, unit_tail="7") == "H-7-12"


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({"r1": home("A")}, {"A": "H-7-3"}),
        ({"r1": home("H-7-3")}, {}),
        ({"r1": home(None)}, {}),
        ({"r1": home("A"), "r2": home("A")}, {}),  # of two records: it says nothing
        ({"r1": home("A"), "r2": home("B")}, {"A": "H-7-3", "B": "X-9"}),
        ({"gone": home("A")}, {}),
    ],
)
def test_typed_numbers_of_which_the_primary_has_another(said: Rows, names: object) -> None:
    assert followed(NUMBERED, said, OURS) == names
    assert followed(HOMES, said, OURS) == {}


def test_a_number_that_was_cleared_in_the_primary_is_followed_by_nothing() -> None:
    assert followed(NUMBERED, {"r": home("A")}, {"r": home(None)}) == {}


def test_references_follow_and_everything_else_is_left_alone() -> None:
    fields = [f.changed(ref="h.homes.no") if f.id == "name" else f for f in HOMES.fields]
    table = HOMES.changed(fields=tuple(fields))
    rows: dict[str, Row] = {"a": home("A", "A", "A"), "b": home("A", "B")}
    names: dict[Value, Value] = {"A": "H-7-3"}
    assert follow(table, "h.homes.no", names, rows) == {
        "a": home("A", "H-7-3", "A"),
        "b": rows["b"],
    }
    assert rows["a"] == home("A", "A", "A")
    for target, numbers in (("h.homes.name", names), ("h.homes.no", {})):
        assert follow(table, target, numbers, rows) is rows
