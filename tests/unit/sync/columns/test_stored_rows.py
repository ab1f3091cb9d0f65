"""Rows as they were stored once, read as their columns are meant and spelled today."""

from datetime import date

import pytest
from tests.community import ROSTER

from ledgersync.merge import Operation
from ledgersync.model import Row
from ledgersync.schema import ExtraField, TableSchema
from ledgersync.schema.catalog import parse_ledger
from ledgersync.sync.columns.meaning import Reread
from ledgersync.sync.columns.spelling import Spelling, listed_fields

TODAY = date(2022, 6, 30)
LISTED = ROSTER.replace(
    'header = "网格", type = "text"', 'header = "网格", type = "text", listed = "第{n}网格"'
)
PEOPLE = parse_ledger(LISTED, "roster.toml").by_id["people"]
GRID = PEOPLE.position["grid"]


def with_extra(taken_by: str | None) -> TableSchema:
    extra = ExtraField(id="x:入住日", header="入住日", type="text", taken_by=taken_by)
    return PEOPLE.changed(fields=(*PEOPLE.fields, extra))


def row(table: TableSchema, **cells: object) -> Row:
    names = {"x": "x:入住日"}
    by_id = {names.get(n, n): v for n, v in cells.items()}
    return tuple(by_id.get(name) for name in table.field_ids)  # type: ignore[misc]


def test_grids_are_listed_and_spelled_as_today() -> None:
    assert GRID in listed_fields(PEOPLE)
    spelling = Spelling(PEOPLE)
    [same] = {spelling.row(row(PEOPLE, grid=typed)) for typed in ("第1网格", "第一网格", "1网格")}
    assert spelling.row(same) is same
    assert spelling.cell("grid", "第一网格") == same[GRID]
    assert spelling.cell("name", "第一网格") == "第一网格"
    assert spelling.cell("gone", "第一网格") == "第一网格"
    assert spelling.cell("grid", None) is None


def test_rows_that_are_spelled_so_already_are_the_very_same() -> None:
    rows = {"r": row(PEOPLE, grid="第1网格"), "s": row(PEOPLE)}
    assert Spelling(PEOPLE).rows(rows) is rows
    other = {"r": row(PEOPLE, grid="第一网格")}
    assert Spelling(PEOPLE).rows(other) == {"r": Spelling(PEOPLE).row(other["r"])}


@pytest.mark.parametrize(
    ("taken_by", "since", "extra", "wanted"),
    [
        ("since", None, "2022年3月1日", date(2022, 3, 1)),
        ("since", date(2022, 1, 1), "2022年3月1日", date(2022, 1, 1)),  # what stands there stays
        ("", None, "2022年3月1日", None),  # none of the ledger's: gone
    ],
    ids=str,
)
def test_an_added_column_that_a_field_took_over_is_read_as_that_field(
    taken_by: str, since: date | None, extra: str, wanted: date | None
) -> None:
    table = with_extra(taken_by)
    found = Reread(table, TODAY).row(row(table, since=since, x=extra))
    assert found == row(table, since=wanted)


def test_it_means_the_field_only_in_files_that_have_its_header() -> None:
    table = with_extra("since")
    there = row(table, x="2022年3月1日")
    assert Reread(table, TODAY, frozenset()).row(there) == row(table)
    assert Reread(table, TODAY, frozenset({"x:入住日"})).row(there) != row(table)


def test_a_column_that_nobody_took_over_stays() -> None:
    table = with_extra(None)
    there = row(table, x="2022年3月1日", grid="第1网格")
    assert Reread(table, TODAY).row(there) == there
    assert Reread(table, TODAY).rows({"r": there}) == {"r": there}


def test_a_logged_operation_about_it_is_one_about_the_field() -> None:
    table = with_extra("since")
    reread = Reread(table, TODAY)
    logged = Operation("edit", "r", "x:入住日", None, "2022年3月1日")
    assert reread.operation(logged) == Operation("edit", "r", "since", None, date(2022, 3, 1))
    added = Operation("add", "r", None, None, row(table, x="2022年3月1日"))
    assert reread.operation(added).new == row(table, since=date(2022, 3, 1))
    spelled = Operation("edit", "r", "grid", "第一网格", "第二网格")
    assert reread.operation(spelled) == Operation("edit", "r", "grid", "第1网格", "第2网格")
