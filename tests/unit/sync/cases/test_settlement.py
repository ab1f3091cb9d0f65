"""Which cells and rows that went back are put right by a hand edit of the primary."""

from dataclasses import replace

import pytest
from tests.community import Community

from ledgersync.journal import ReturnedCase
from ledgersync.journal.rows import encode_record
from ledgersync.merge import MergeResult, Operation
from ledgersync.model import Invalid, Row, Value
from ledgersync.schema import TableSchema
from ledgersync.sync.cases.settlement import settle_by_hand

BACK = ReturnedCase(
    submission=1, staff="王芳", ledger="roster", table="people", record="r1", field="phone",
    sheet="人员", sheet_row=4, sheet_column=3, rule="phone.format", zh="", en="", typed="12",
)  # fmt: skip
PLAIN: dict[str, Value] = {"no": "A1", "name": "王芳", "phone": "13800000001"}


def row(table: TableSchema, **cells: Value) -> Row:
    return tuple({**PLAIN, **cells}.get(name) for name in table.field_ids)


def settled(town: Community, case: ReturnedCase, record: str, field: str | None, new: Row) -> bool:
    """Whether a hand edit of that cell (or row) ends the case."""
    kind = "edit" if field else "add"
    result = MergeResult({record: new}, [Operation(kind, record, field, None, None)])  # type: ignore[arg-type]
    with town.session() as session:
        ledger = session.catalog.ledgers["roster"]
        session.journal.returned.add([case])
        settle_by_hand(session, ledger, {"people": result}, staff="站长")
        return session.journal.returned.open() == []


def people(town: Community) -> TableSchema:
    return town.workspace.catalog.ledgers["roster"].by_id["people"]


@pytest.mark.parametrize(
    ("record", "field", "ends"),
    [("r1", "phone", True), ("r1", None, True), ("r1", "note", False), ("r2", "phone", False)],
)
def test_a_cell_is_settled_by_its_change_or_its_rows(
    town: Community, record: str, field: str | None, ends: bool
) -> None:
    assert settled(town, BACK, record, field, row(people(town))) is ends


@pytest.mark.parametrize("name", [None, Invalid("#REF!", "cell.error")])
def test_a_cell_that_must_not_be_empty_waits_as_long_as_it_is(town: Community, name: Value) -> None:
    case = replace(BACK, field="name", rule="required", typed=None)
    assert not settled(town, case, "r1", "name", row(people(town), name=name))


@pytest.mark.parametrize(
    ("number", "ends"),
    [("A9", True), ("A8", False)],
)
def test_a_row_is_settled_by_another_one_with_its_key(
    town: Community, number: str, ends: bool
) -> None:
    table = people(town)
    typed = encode_record(table, row(table, no="A9", phone=Invalid("12", "phone.format")))
    case = replace(BACK, record="r7", field=None, typed=typed)
    assert settled(town, case, "r8", None, row(table, no=number)) is ends
