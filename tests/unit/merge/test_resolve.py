"""Whose each row of a copy is, told case by case on `resolve_identity` itself."""

from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest
from tests.unit.merge.homes import HOMES, KEYED, NUMBERED, home

from ledgersync.merge import Identified, Submitted, resolve_identity
from ledgersync.model import Row, Rows
from ledgersync.schema import TableSchema

R, S = home("1", "王芳", "东街", 2), home("2", "李强", "西街", 3)
BASE: Rows = {"r": R, "s": S}
PLAIN = TableSchema.validated(
    {
        "id": "homes",
        "sheet": "户",
        "key": ["no"],
        "fields": [f.as_data() for f in NUMBERED.fields],
    }
)
Typed = list[tuple[str | None, Row]]


def who(typed: Typed, table: TableSchema = HOMES, base: Rows = BASE, **more: Any) -> Identified:
    ids = (f"n{i}" for i in count(1))
    rows = [Submitted(i, record, row) for i, (record, row) in enumerate(typed)]
    more.setdefault("ours", base)
    return resolve_identity(table, rows, base, new_id=lambda: next(ids), **more)


def placed(found: Identified) -> list[str]:
    """The records in the order of their rows."""
    return sorted(found.positions, key=found.positions.__getitem__)


CASES: list[tuple[Typed, list[str]]] = [
    ([("r", R), ("s", S)], ["r", "s"]),
    ([(None, R), (None, S)], ["r", "s"]),
    ([(None, home(None, "王芳", "东街", 5))], ["r"]),
    ([("x", home("3", "赵敏"))], ["x"]),  # an id that nobody knows: its own
    ([("x", home("1", "赵敏"))], ["r"]),  # its key is a record's
    ([(None, home("3", "赵敏"))], ["n1"]),
    ([("r", S), ("s", R)], ["s", "r"]),  # sorted beside their ids
    ([("r", home("3", "王芳", "东街", 2))], ["r"]),  # a key corrected
    ([("r", R), ("r", home("3", "赵敏"))], ["r", "n1"]),
    ([("x", home("3", "甲")), ("x", home("4", "乙"))], ["x", "n1"]),
]


@pytest.mark.parametrize(("typed", "records"), CASES)
def test_rows_find_their_records(typed: Typed, records: list[str]) -> None:
    found = who(typed)
    assert placed(found) == records
    assert found.rows == {r: typed[found.positions[r]][1] for r in records}
    assert not found.unresolved.returned and not found.unresolved.review


def test_rows_that_repeat_each_other_exactly_converge() -> None:
    for typed in ([("r", R), ("r", R)], [("r", R), (None, R)], [(None, R), (None, R)]):
        found = who(typed)
        assert placed(found) == ["r"] and found.unresolved.converged == ("r",)
    fresh = home("3", "赵敏")
    found = who([(None, fresh), (None, fresh), (None, fresh)])
    assert placed(found) == ["n1"] and found.unresolved.converged == ("n1", "n1")


def test_rows_of_one_key_that_differ_all_go_back() -> None:
    found = who([("r", R), (None, home("1", "王芳", "东街", 9))])
    assert sorted(found.unresolved.returned) == ["n1", "r"]
    given = found.unresolved.returned["n1"]
    assert (given.rule, given.position) == ("duplicate.key", 1)
    assert "〔编号〕相同" in given.message.zh and "有2行" in given.message.zh
    keyless = who([(None, home(None, "甲", "北街", n)) for n in (1, 2)])
    assert sorted(keyless.unresolved.returned) == ["n1", "n2"]
    assert "〔姓名〕〔住址〕相同" in keyless.unresolved.returned["n1"].message.zh


def test_two_records_that_got_one_key_go_back_and_old_duplicates_stay() -> None:
    found = who([("r", home("7", "王芳", "东街", 2)), ("s", home("7", "李强", "西街", 3))])
    assert sorted(found.unresolved.returned) == ["r", "s"]
    old: Rows = {"r": R, "t": home("1", "王芳", "东街", 8)}
    found = who([("r", home("1", "王芳", "东街", 5)), ("t", old["t"])], base=old)
    assert placed(found) == ["r", "t"] and not found.unresolved.returned


def test_the_same_fault_again_is_no_news() -> None:
    last = {"r": home("7", "王芳", "东街", 2), "s": home("7", "李强", "西街", 3)}
    found = who([("r", last["r"]), ("s", last["s"])], last_submission=last)
    assert found.unresolved.again == {"r", "s"}
    changed = who([("r", last["r"]), ("s", home("7", "李强", "西街", 4))], last_submission=last)
    assert not changed.unresolved.again and len(changed.unresolved.returned) == 2


def test_of_several_records_with_one_key_the_one_that_was_said_so_exactly() -> None:
    old: Rows = {"r": R, "t": home("1", "王芳", "东街", 8)}
    found = who([(None, old["t"]), (None, R)], base=old)
    assert placed(found) == ["t", "r"]
    riddle = who([(None, home("1", "王芳", "东街", 9))], base=old)
    assert riddle.unresolved.review == {"n1": "r"} and riddle.unresolved.seen == {"r", "t"}


def test_two_rows_under_one_id_of_which_no_key_tells_are_for_a_person() -> None:
    """Only ours has them: the copy cannot have renamed them."""
    base: Rows = {"r": home(None, "王芳", None, 2)}
    found = who([("r", home(None, "王芳", None, 3))], table=KEYED, base=base)
    assert placed(found) == ["r"] and not found.unresolved.review


def test_a_corrected_key_that_is_a_record_of_ours_is_contested() -> None:
    ours = {**BASE, "c": home("3", "赵敏", "南街")}
    found = who([("r", home("3", "王芳", "东街", 2))], ours=ours)
    assert placed(found) == ["r"] and found.unresolved.contested == {"r"}
    taken = who([("r", home("3", "王芳", "东街", 2)), (None, R)], ours=ours)
    assert placed(taken) == ["c", "r"] and not taken.unresolved.contested


def test_a_record_that_only_ours_has_is_known_by_its_key_and_never_by_an_id_alone() -> None:
    ours = {**BASE, "c": home("3", "赵敏", "南街")}
    assert placed(who([("c", home("3", "赵敏", "北街"))], ours=ours)) == ["c"]
    assert placed(who([(None, home("3", "赵敏", "北街"))], ours=ours)) == ["c"]
    assert placed(who([("c", home("4", "钱进", "北街"))], ours=ours)) == ["n1"]


def test_in_a_copy_with_few_columns_only_these_tell() -> None:
    present = frozenset({"no", "size"})
    typed: Typed = [("r", home("1", None, None, 2)), ("s", home("2", None, None, 9))]
    found = who(typed, present=present)
    assert placed(found) == ["r", "s"]
    doubled = who([("r", home("1", "x", "y", 2)), ("r", home("1", "z", None, 2))], present=present)
    assert placed(doubled) == ["r"] and doubled.unresolved.converged == ("r",)


NUMBER = home("H-1", "王芳", "东街", 2)


@pytest.mark.parametrize(
    ("typed", "records", "review"),
    [
        ([("v", NUMBER), ("v", home("H-1", "赵敏"))], ["v", "n1"], {}),
        ([(None, home(None, "王芳", "东街", 2))], ["v"], {}),  # the number cleared: its content
        ([(None, home(None, "王芳", "东街", 5))], ["v"], {}),  # alike by its name
        ([("x", home(None, "钱进", "北街"))], ["x"], {}),
        ([("x", home("H-1", "赵敏"))], ["v"], {}),
    ],
)
def test_numbers_that_the_program_gives(
    typed: Typed, records: list[str], review: Mapping[str, str | None]
) -> None:
    found = who(typed, table=NUMBERED, base={"v": NUMBER, "w": home("H-2", "李强", "西街", 3)})
    assert placed(found) == records and found.unresolved.review == review


def test_a_number_that_a_colleagues_record_got_meanwhile_is_another_ones() -> None:
    ours = {"v": NUMBER, "c": home("H-3", "赵敏")}
    found = who([("x", home("H-3", "钱进"))], table=NUMBERED, base={"v": NUMBER}, ours=ours)
    assert placed(found) == ["x"]
    found = who([(None, home("H-3", "钱进"))], table=NUMBERED, base={"v": NUMBER}, ours=ours)
    assert placed(found) == ["c"]


def test_a_new_row_keeps_the_id_that_it_was_given_before() -> None:
    last = {**BASE, "k": home(None, None, "北街", 4)}
    again = who([("r", R), ("s", S), (None, home(None, None, "北街", 4))], last_submission=last)
    assert placed(again) == ["r", "s", "k"]
    other = who([(None, home(None, None, "北街", 5)), ("r", R)], last_submission=last)
    assert placed(other)[0] in ("k", "n1")


def test_ids_that_stand_for_others_are_remembered() -> None:
    found = who([("x", home("1", "王芳", "东街", 9))])
    assert found.aliases == {"x": "r"}
    assert placed(who([("x", home("5", "王芳", "东街", 2))], aliases={"x": "r"})) == ["r"]
    copied = who([("r", R), ("r", home("3", "赵敏"))])
    assert copied.aliases == {"r#1": "n1"}
    base = {**BASE, "n1": home("3", "赵敏")}
    later = who([("r", R), ("r", home("3", "赵敏", "北街"))], base=base, aliases={"r#1": "n1"})
    assert placed(later) == ["r", "n1"]
