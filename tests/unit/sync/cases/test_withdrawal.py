"""What a copy says of conflicts that it brought up, when it comes in again."""

from typing import Any

from tests.community import ROSTER

from ledgersync.journal import ConflictCase
from ledgersync.journal.rows import encode_record
from ledgersync.model import Row, Value
from ledgersync.schema.catalog import parse_ledger
from ledgersync.sync.cases.withdrawal import Disputes

STEPS = parse_ledger(ROSTER, "roster.toml").by_id["steps"]
TOLD = STEPS.position["told"]


def row(told: Value, number: str = "BZ1") -> Row:
    return (number, "SX1", told, None)


def case(field: str | None, base: str | None, theirs: str | None, record: str = "r1") -> Any:
    return ConflictCase(
        ledger="roster", table="steps", record=record, field=field, kind="edit/edit",
        base=base, ours='"现在"', theirs=theirs, ours_by="李强", theirs_by="王芳", at="2022-06-30",
    )  # fmt: skip


def disputes(*cases: ConflictCase) -> Disputes:
    found = Disputes()
    found.cases["steps"] += cases
    return found


def test_the_base_of_a_disputed_cell_is_what_it_was_before_the_copy_changed_it() -> None:
    found = disputes(case("told", '"先前"', '"改成"'), case("told", None, '"新"', "r2"))
    base = {"r1": row("改成"), "r2": row("新"), "r3": row("别的")}
    assert found.base(STEPS, base) == {"r1": row("先前"), "r2": row(None), "r3": row("别的")}
    assert base["r1"] == row("改成")  # the rows that were given stay as they are


def test_a_record_that_the_base_has_not_is_not_made() -> None:
    assert disputes(case("told", '"先前"', '"改成"', "gone")).base(STEPS, {}) == {}


def test_of_a_whole_row_the_cells_that_the_copy_changed_are_in_question() -> None:
    before, after = encode_record(STEPS, row("先前")), encode_record(STEPS, row("改成"))
    found = disputes(case(None, before, after))
    assert found.base(STEPS, {"r1": row("改成", "BZ9")}) == {"r1": row("先前", "BZ9")}
    assert found.cells(STEPS, {"r1": row("改成")}) == {"r1": {TOLD}}


def test_a_row_that_the_copy_added_has_no_base_and_all_its_cells_are_in_question() -> None:
    found = disputes(case(None, None, encode_record(STEPS, row("新"))))
    assert found.base(STEPS, {"r1": row("新")}) == {"r1": row("新")}
    assert found.cells(STEPS, {"r1": row("新")}) == {"r1": {0, 1, TOLD}}


def test_what_the_copy_says_once_more_is_marked_and_what_it_says_otherwise_is_not() -> None:
    found = disputes(case("told", '"先前"', '"改成"'))
    assert found.cells(STEPS, {"r1": row("改成")}) == {"r1": {TOLD}}
    assert found.cells(STEPS, {"r1": row("先前")}) == {}
    assert found.cells(STEPS, {}) == {}


def test_two_disputed_cells_of_a_record_are_marked_together() -> None:
    found = disputes(case("told", '"先前"', '"改成"'), case("matter_no", '"SX9"', '"SX1"'))
    assert found.cells(STEPS, {"r1": row("改成")}) == {"r1": {1, TOLD}}
