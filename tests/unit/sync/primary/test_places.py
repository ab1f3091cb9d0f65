"""Where records stand after a patch, and as it is kept from one merge to the next."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ledgersync.model import Column, SkippedRow, TableData
from ledgersync.schema import load_catalog
from ledgersync.sync.create import create_workspace
from ledgersync.sync.opening import open_session
from ledgersync.sync.primary import places
from ledgersync.sync.primary.difference import Difference
from ledgersync.sync.primary.remembered import office_of
from ledgersync.sync.primary.view import PrimaryView, view_primary
from ledgersync.workbook.patch import SheetReport
from ledgersync.workbook.patch.scan.row_map import RowMap
from ledgersync.workspace.config import new_unit

CARE = load_catalog().ledgers["care"]
PART = TableData(
    "care",
    "people",
    "重点人员",
    (2,),
    (Column("name", "姓名", 1),),
    rows=[3, 4, 5],
    record_ids=["a", "b", "c"],
    skipped=[SkippedRow(8, "total"), SkippedRow(1, "title")],
    id_column=9,
    reserved=[(6, ""), (7, "")],
)


@given(st.lists(st.integers(1, 60), unique=True))
def test_rows_are_kept_as_runs(rows: list[int]) -> None:
    runs = places._as_ranges(rows)
    assert places._from_ranges(runs) == rows
    assert all(count > 0 for _, count in runs)


def test_neighbouring_rows_are_one_run() -> None:
    assert places._as_ranges([3, 4, 5, 9, 8]) == [(3, 3), (9, 1), (8, 1)]


def test_a_part_is_kept_and_found_again() -> None:
    kept = places._from_json(CARE, places._as_json(PART))
    assert kept == replace(PART, reserved=kept.reserved)
    assert [row for row, _ in kept.reserved] == [6, 7]


def after(report: SheetReport, **found: object) -> TableData:
    difference = Difference({}, **found)  # type: ignore[arg-type]
    return places._part_after(PART, ["a", "b", "c"], dict.fromkeys("abcde", ()), difference, report)


def test_rows_that_go_take_those_below_along() -> None:
    part = after(SheetReport([], 1, RowMap.of([4])))
    assert list(zip(part.rows, part.record_ids, strict=True)) == [(3, "a"), (4, "c")]
    assert part.skipped == [SkippedRow(7, "total")] and part.header_rows == (2,)
    assert [row for row, _ in part.reserved] == [5, 6]


def test_new_records_stand_in_reserved_rows_or_below() -> None:
    placed = {"重点人员": ("people", [(6, "d")])}
    appended = {"重点人员": ("people", ["e"])}
    part = after(SheetReport([9], 1, RowMap()), placed=placed, appended=appended)
    assert part.record_ids == ["a", "b", "c", "d", "e"] and part.rows == [3, 4, 5, 6, 9]
    assert [row for row, _ in part.reserved] == [7]


def test_new_records_of_another_table_on_the_sheet_are_not_this_ones() -> None:
    placed = {"重点人员": ("others", [(6, "d")])}
    part = after(SheetReport([], 1, RowMap()), placed=placed)
    assert part.record_ids == ["a", "b", "c"] and [row for row, _ in part.reserved] == [6, 7]


def test_records_that_are_no_more_have_no_place() -> None:
    report = SheetReport([], 1, RowMap())
    part = places._part_after(PART, ["a", "b", "c"], {"a": (), "c": ()}, Difference({}), report)
    assert part.record_ids == ["a", "c"] and part.rows == [3, 5]


def kept_of(view: PrimaryView) -> list[object]:
    """All that is kept of a primary's tables, and the revision and fields that go with it."""
    parts = [part for table in view.tables.values() for part in table.whole.parts]
    named = [replace(part, skipped=[s for s in part.skipped if s.reason in KEPT]) for part in parts]
    return [view.data.sha256, *map(places._as_json, named)]


KEPT = ("total", "note")


def test_a_new_primary_is_known_as_reading_it_shows_it(tmp_path: Path) -> None:
    unit = new_unit("幸福社区（筹）", "360702001001", "community")
    workspace = create_workspace(tmp_path / "新", unit)
    with open_session(workspace, "test", write=False) as session:
        for ledger in session.catalog:
            known = session.journal.writes.primary(ledger.id)
            assert known
            remembered = places.remembered_view(session, ledger, known.sha256)
            read = view_primary(session, ledger, lambda _: {})
            assert remembered and kept_of(remembered) == kept_of(read)
            assert office_of(session, ledger.id) == read.data.office
