"""Numbers that a merge gives: no record ever gets one that another had."""

from tests.community import Community

from ledgersync.merge import MergeResult, Operation
from ledgersync.model import Row, Rows
from ledgersync.sync.revision.numbers import give_numbers, note_freed, reserve_numbers
from ledgersync.sync.session import Session


def matter(number: str | None) -> Row:
    return (number, "A1", "修路灯", None, None)


def given(session: Session, rows: Rows) -> dict[str, str]:
    ledger = session.catalog.ledgers["roster"]
    result = MergeResult(
        dict(rows), [Operation("add", r, None, None, row) for r, row in rows.items()]
    )
    found = give_numbers(session, ledger, ledger.by_id["matters"], result)
    assert all(result.merged[r][0] == text for r, text in found.items())
    return found


def test_rows_are_numbered_behind_every_number_that_was_given(town: Community) -> None:
    with town.session() as session:
        ledger = session.catalog.ledgers["roster"]
        table = ledger.by_id["matters"]
        first = given(session, {"r1": matter(None), "r2": matter(None)})
        one, two = first["r1"], first["r2"]
        assert one != two and sorted([one, two]) == [one, two]
        removed = Operation("remove", "r2", None, matter(two), None)
        note_freed(session, ledger, table, [removed])
        assert given(session, {"r3": matter(None)})["r3"] > two
        note_freed(session, ledger, table, [Operation("remove", "r1", None, matter(one), None)])
        assert given(session, {"r4": matter(None)})["r4"] > two  # a lower one lowers nothing


def test_a_reserved_row_keeps_its_number_and_nobody_else_gets_it(town: Community) -> None:
    with town.session() as session:
        ledger = session.catalog.ledgers["roster"]
        table = ledger.by_id["matters"]
        kept = reserve_numbers(session, ledger, table, ["e1", "e2"])
        assert reserve_numbers(session, ledger, table, ["e2", "e1"]) == kept
        more = reserve_numbers(session, ledger, table, ["e2", "e3"])
        assert more["e2"] == kept["e2"] and more["e3"] not in kept.values()
        found = given(session, {"new": matter(None), "e1": matter(None)})
        assert found["e1"] == kept["e1"]
        assert found["new"] not in {*kept.values(), *more.values()}


def test_a_table_without_generated_numbers_gets_none(town: Community) -> None:
    with town.session() as session:
        ledger = session.catalog.ledgers["roster"]
        people = ledger.by_id["people"]
        assert reserve_numbers(session, ledger, people, ["e1"]) == {}
        row: Row = ("A9", *(None,) * 8)
        result = MergeResult({"r": row}, [Operation("add", "r", None, None, row)])
        assert give_numbers(session, ledger, people, result) == {} and result.merged["r"] == row
