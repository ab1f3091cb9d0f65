"""No record gets a key that another one has: what is taken back, and what the conflict shows."""

from tests.unit.merge.homes import HOMES, home

from ledgersync.merge.result import ConflictCandidate, Counts, MergeResult, Operation
from ledgersync.merge.uniqueness import keep_keys_unique
from ledgersync.model import Row, Rows

OURS: Rows = {
    "a": home("1", "王芳", "东街", 1),
    "b": home("2", "李强", "西街", 2),
    "c": home(None, "赵敏", "南街", 3),
}


def merged(changes: dict[str, Row]) -> MergeResult:
    """What a merge says that changes and adds these records, in this order."""
    found = MergeResult({**OURS, **changes})
    for record, row in changes.items():
        before = OURS.get(record)
        if before is None:
            found.operations.append(Operation("add", record, None, None, row))
            found.counts.added += 1
            continue
        for name, old, new in zip(HOMES.field_ids, before, row, strict=True):
            if old != new:
                found.operations.append(Operation("edit", record, name, old, new))
                found.counts.applied += 1
    return found


def kept(changes: dict[str, Row], *, rows_stay: bool = False) -> MergeResult:
    found = merged(changes)
    keep_keys_unique(HOMES, OURS, found, rows_stay=rows_stay)
    return found


def untouched(changes: dict[str, Row], *, rows_stay: bool = False) -> bool:
    return kept(changes, rows_stay=rows_stay) == merged(changes)


def test_what_gives_nobody_another_ones_key_stays() -> None:
    assert untouched({})
    assert untouched({"a": home("9", "王芳", "东街", 1), "n": home("8", "周涛", "北街")})
    assert untouched({"a": home("1", "王芳", "东街", 7)})
    assert untouched({"a": home("2", "王芳", "东街", 1), "b": home("1", "李强", "西街", 2)})
    assert untouched({"n": home("8", "王芳", "东街")})  # both have keys: the fallback is silent


def test_a_changed_key_is_taken_back_and_the_rest_of_the_record_stays() -> None:
    found = kept({"b": home("1", "李明", "西街", 5)})
    assert found.merged["b"] == home("2", "李明", "西街", 5)
    assert found.conflicts == [ConflictCandidate("key", "b", "no", "2", "2", "1")]
    assert [op.field for op in found.operations] == ["name", "size"]
    assert found.counts == Counts(applied=2, conflicts=1) and not found.unsettled


def test_the_first_of_two_that_want_one_key_gets_it() -> None:
    found = kept({"b": home("7", "李强", "西街", 2), "a": home("7", "王芳", "东街", 1)})
    assert (found.merged["b"][0], found.merged["a"][0]) == ("7", "1")
    assert [c.record for c in found.conflicts] == ["a"]


def test_an_added_row_with_a_key_of_somebody_stays_away_whole() -> None:
    row = home("1", "周涛", "北街")
    found = kept({"n": row})
    assert found.merged == OURS and found.operations == [] and found.unsettled == {"n": None}
    assert found.conflicts == [ConflictCandidate("key", "n", None, None, OURS["a"], row)]
    assert found.counts == Counts(conflicts=1)
    assert untouched({"n": row}, rows_stay=True)  # people typed it into the primary


def test_of_several_added_rows_only_those_go_that_repeat_a_key() -> None:
    rows = {"n1": home("5", "周涛"), "n2": home("6", "钱进"), "n3": home("5", "孙丽")}
    found = kept(rows)
    assert list(found.merged) == [*OURS, "n1", "n2"] and found.counts.added == 2
    assert [op.record for op in found.operations] == ["n1", "n2"]


def test_where_one_has_no_key_the_fallback_key_tells() -> None:
    found = kept({"a": home("1", "赵敏", "南街", 1)})
    assert found.merged["a"] == OURS["a"] and found.counts == Counts(conflicts=2)
    assert [c.field for c in found.conflicts] == ["name", "place"]
    found = kept({"c": home(None, "王芳", "东街", 3)})
    assert found.merged["c"] == OURS["c"]
    assert [(c.record, c.field) for c in found.conflicts] == [("c", "name"), ("c", "place")]


def test_a_cleared_key_that_makes_two_alike_is_taken_back() -> None:
    ours = {"a": home("1", "王芳", "东街"), "b": home("2", "王芳", "东街")}
    found = MergeResult({**ours, "b": home(None, "王芳", "东街")})
    found.operations.append(Operation("edit", "b", "no", "2", None))
    found.counts.applied += 1
    keep_keys_unique(HOMES, ours, found)
    assert found.merged == ours and found.counts == Counts(conflicts=1)


def test_records_that_were_alike_before_are_nobodys_doing() -> None:
    ours = {"a": home("1", "王芳", "东街"), "b": home("1", "王芳", "西街")}
    found = MergeResult({**ours, "b": home("1", "王芳", "东街")})
    found.operations.append(Operation("edit", "b", "place", "西街", "东街"))
    keep_keys_unique(HOMES, ours, found)
    assert found.merged["b"] == home("1", "王芳", "东街") and not found.conflicts


def test_a_key_given_back_may_push_the_next_one_back() -> None:
    """c wants a's key, and d the one that c gives up: both stay as they were."""
    ours = {**OURS, "c": home("3", "赵敏", "南街"), "d": home("4", "钱进", "北街")}
    wanted = {"c": home("1", "赵敏", "南街"), "d": home("3", "钱进", "北街")}
    found = MergeResult({**ours, **wanted})
    for record, old, new in (("c", "3", "1"), ("d", "4", "3")):
        found.operations.append(Operation("edit", record, "no", old, new))
        found.counts.applied += 1
    keep_keys_unique(HOMES, ours, found)
    assert found.merged == ours and found.operations == []
    assert [c.record for c in found.conflicts] == ["c", "d"]
