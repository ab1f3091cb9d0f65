"""A file's tables put together per table of its ledger."""

import pytest
from tests.community import ROSTER

from ledgersync.journal import Copy
from ledgersync.merge import Submitted
from ledgersync.model import Column, TableData
from ledgersync.schema.catalog import parse_ledger
from ledgersync.sync.model.basis import BaseKind, Basis
from ledgersync.sync.model.submission import SubmittedTable, put_together, without_proposals

LEDGER = parse_ledger(ROSTER, "roster.toml")
MATTERS = LEDGER.by_id["matters"]


def sheet(title: str, table: str, **columns: list[object]) -> TableData:
    count = len(next(iter(columns.values())))
    data = TableData(
        ledger="roster",
        table=table,
        sheet=title,
        header_rows=(1,),
        columns=tuple(Column(f, f, i) for i, f in enumerate(columns, 1)),
        rows=list(range(2, 2 + count)),
    )
    data.values = dict(columns)  # type: ignore[assignment]
    data.record_ids = [f"{title}{n}" for n in range(count)]
    return data


def test_tables_come_in_the_ledgers_order_and_sheets_of_one_table_together() -> None:
    sheets = [
        sheet("二", "matters", what=["送米"]),
        sheet("一", "people", name=["王芳"]),
        sheet("三", "matters", what=["送油", "送面"]),
    ]
    found = put_together(LEDGER, sheets)
    assert list(found) == ["people", "matters"]
    matters = found["matters"]
    at = MATTERS.position["what"]
    assert [s.row[at] for s in matters.records] == ["送米", "送油", "送面"]
    assert [s.position for s in matters.records] == [0, 1, 2]
    assert [matters.place(n) for n in range(3)] == [("二", 2), ("三", 2), ("三", 3)]
    assert matters.present == {"what"} and not matters.is_uneven


def test_a_cell_that_the_records_own_sheet_lacks_is_taken_from_behind() -> None:
    whole = put_together(
        LEDGER, [sheet("一", "matters", what=["送米"]), sheet("二", "matters", result=["好"])]
    )["matters"]
    assert whole.is_uneven
    rows = {s.record_id or "": s.row for s in whole.records}
    before = ("SX1", "A1", "旧事", None, "旧果")
    positions = {"一0": 0, "二0": 1}
    filled = whole.filled(rows, positions, [{"一0": before}, {"二0": before, "一0": None}])  # type: ignore[dict-item]
    assert filled["一0"] == ("SX1", "A1", "送米", None, "旧果")
    assert filled["二0"] == ("SX1", "A1", "旧事", None, "好")
    assert whole.filled(rows, {}, [{"一0": before}]) == rows


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("SX-abcdef12", None), ("SX-00000000", "SX-00000000"), ("SX7", "SX7"), (None, None)],
    ids=str,
)
def test_a_proposed_number_of_a_template_says_nothing(typed: str | None, kept: str | None) -> None:
    whole = SubmittedTable(MATTERS, [Submitted(0, "r-abcdef12", (typed, "A1", "送米", None, None))])
    without_proposals({"matters": whole})
    assert whole.records[0].row == (kept, "A1", "送米", None, None)


@pytest.mark.parametrize(
    ("kind", "additive", "hold"),
    [
        ("stamped", False, None),
        ("previous", False, True),
        ("content", False, True),
        ("none", True, True),
    ],
)
def test_how_much_a_base_is_believed(kind: BaseKind, additive: bool, hold: bool | None) -> None:
    copy = Copy("c", "王", "roster", "own", 1, "", None, None, {}, {}, False)
    basis = Basis(kind, copy, 1, {}, {})
    assert (basis.additive, basis.hold) == (additive, hold)
