"""Owners that go on from others know what new ones would know, in the same order."""

from random import Random

import pytest
from tests.unit.merge.homes import HOMES, KEYED, NUMBERED, home

from ledgersync.merge import KeyReader, Owners, keep_keys_unique
from ledgersync.merge.result import MergeResult, Operation
from ledgersync.model import Invalid, Row, Rows, Value
from ledgersync.schema import TableSchema

TABLES = (HOMES, KEYED, NUMBERED)


def some_row(rng: Random) -> Row:
    numbers: list[Value] = [None, "", Invalid("x", "type.code"), *"123456789"]
    return home(
        rng.choice(numbers), rng.choice(["王芳", "李强", None]), rng.choice(["东街", "东 街"])
    )


def some_rows(rng: Random, count: int) -> Rows:
    return {f"r{n}": some_row(rng) for n in range(count)}


def changed(rng: Random, rows: Rows, most: int) -> tuple[Rows, set[str]]:
    """Some rows edited in their places, gone, gone and back at the end, or new; and which."""
    now, touched = dict(rows), set(rng.sample(list(rows), rng.randint(0, min(most, len(rows)))))
    for record in touched:
        what = rng.choice(["edit", "remove", "again", "same"])
        if what in ("remove", "again"):
            del now[record]
        if what in ("edit", "again"):
            now[record] = some_row(rng)
    for _ in range(rng.randint(0, 2)):
        record = f"n{rng.random()}"
        now[record], touched = some_row(rng), touched | {record}
    return now, touched


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("seed", range(25))
def test_going_on_is_as_good_as_beginning_anew(table: TableSchema, seed: int) -> None:
    rng = Random(seed)
    reader, rows = KeyReader(table), some_rows(rng, rng.choice([3, 20, 60]))
    owners = Owners(reader, rows)
    for _ in range(5):
        rows, touched = changed(rng, rows, 3)
        owners, fresh = owners.after(rows, touched), Owners(reader, rows)
        for row in [some_row(rng) for _ in range(20)]:
            assert owners.of(row) == fresh.of(row)
        for record in rows:
            assert owners.others(record) == fresh.others(record)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("seed", range(25))
def test_keys_are_kept_unique_alike_with_owners_that_are_known(
    table: TableSchema, seed: int
) -> None:
    rng = Random(seed)
    ours = some_rows(rng, 30)
    results = [revision(Random(seed), ours) for _ in range(2)]
    keep_keys_unique(table, ours, results[0])
    keep_keys_unique(table, ours, results[1], owners=Owners(KeyReader(table), ours))
    assert results[0] == results[1]


def revision(rng: Random, ours: Rows) -> MergeResult:
    """What a merge would do: cells edited, a row added, a row removed."""
    merged, operations = dict(ours), list[Operation]()
    for record in rng.sample(list(ours), 3):
        old, new = merged[record][0], some_row(rng)[0]
        merged[record] = (new, *merged[record][1:])
        operations.append(Operation("edit", record, "no", old, new))
    added, gone = some_row(rng), rng.choice([r for r in ours if merged[r] is ours[r]])
    merged["new"] = added
    operations += [
        Operation("add", "new", None, None, added),
        Operation("remove", gone, None, merged.pop(gone), None),
    ]
    return MergeResult(merged, operations)


def test_after_many_changes_a_new_index_is_made() -> None:
    rows = some_rows(Random(1), 16)
    owners = Owners(KeyReader(HOMES), rows)
    assert type(owners.after(rows, list(rows)[:3])) is Owners
    few = owners.after(rows, list(rows)[:1])
    assert type(few) is not Owners
    assert type(few.after(rows, list(rows)[1:3])) is Owners
