"""Merged cells of a primary: a block stays one as long as it says what each of its rows holds."""

import pytest
from tests.community import ROSTER

from ledgersync.model import Row, Value
from ledgersync.schema.catalog import parse_ledger
from ledgersync.sync.primary.merged_cells import Shown, settle_merges
from ledgersync.workbook.patch import Area

PEOPLE = parse_ledger(ROSTER, "roster.toml").by_id["people"]
NAME, SIZE, GRID = 2, 6, 8  # sheet columns
COLUMNS = {NAME: "name", SIZE: "size", GRID: "grid"}


def row(**cells: Value) -> Row:
    return tuple(cells.get(name) for name in PEOPLE.field_ids)


def shown(before: dict[int, Row], now: dict[int, Row]) -> list[Shown]:
    return [Shown(PEOPLE, COLUMNS, before, now)]


def block(column: int) -> Area:
    return Area(4, column, 6, column)


ONE_GRID = {line: row(grid="第1网格") for line in (4, 5, 6)}


def test_what_is_touched_by_nothing_is_not_looked_at() -> None:
    now = {**ONE_GRID, 5: row(grid="第2网格")}
    found = settle_merges([block(GRID)], shown(ONE_GRID, now), [(9, GRID)], [9])
    assert (found.apart, found.cells, found.cleared) == ([], [], [])


def test_a_block_that_still_says_what_its_rows_hold_stays() -> None:
    now = {line: row(grid="第2网格") for line in (4, 5, 6)}
    found = settle_merges([block(GRID)], shown(ONE_GRID, now), [(4, GRID)], [])
    assert found.apart == []


def test_one_row_that_differs_takes_it_apart_and_every_row_gets_its_value() -> None:
    now = {**ONE_GRID, 5: row(grid="第2网格")}
    found = settle_merges([block(GRID)], shown(ONE_GRID, now), [(5, GRID)], [])
    assert found.apart == [block(GRID)]
    assert [(line, value) for line, _, _, value in found.cells] == [
        (4, "第1网格"), (5, "第2网格"), (6, "第1网格"),
    ]  # fmt: skip


@pytest.mark.parametrize(("second", "apart"), [(None, False), (3, True)], ids=str)
def test_a_number_is_of_its_first_row_alone(second: int | None, apart: bool) -> None:
    before = {4: row(size=3), 5: row(), 6: row()}
    now = {**before, 5: row(size=second)}
    found = settle_merges([block(SIZE)], shown(before, now), [(5, SIZE)], [])
    assert bool(found.apart) is apart


def test_where_the_first_row_goes_the_next_one_inherits_what_it_holds_itself() -> None:
    now = {5: row(grid="第1网格"), 6: row(grid="第1网格")}
    found = settle_merges([block(GRID)], shown(ONE_GRID, now), [], [4])
    assert (found.apart, found.cells, found.cleared) == ([], [], [])


def test_a_number_does_not_go_on_to_a_row_that_has_none() -> None:
    before = {4: row(size=3), 5: row(), 6: row()}
    found = settle_merges([block(SIZE)], shown(before, {5: row(), 6: row()}), [], [4])
    assert found.apart == []
    assert [(line, value) for line, _, _, value in found.cells] == [(5, None)]


def test_where_no_record_is_left_below_the_cell_is_cleared() -> None:
    found = settle_merges([block(GRID)], shown({4: ONE_GRID[4]}, {}), [], [4])
    assert found.cleared == [(5, GRID)]


def test_a_block_of_which_no_row_is_left_is_nobodys() -> None:
    found = settle_merges([block(GRID)], shown(ONE_GRID, {}), [], [4, 5, 6])
    assert (found.apart, found.cells, found.cleared) == ([], [], [])
