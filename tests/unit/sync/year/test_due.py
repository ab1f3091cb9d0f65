"""Which rows go when a year is closed: by their day, with what refers to them, and no others."""

from datetime import date

import pytest
from tests.community import Community

from ledgersync.model import Invalid, Row, Value
from ledgersync.schema import TableSchema
from ledgersync.sync.session import Session
from ledgersync.sync.year.due import Going, going

LAST = date(2021, 12, 31)


def row(table: TableSchema, **cells: Value) -> Row:
    return tuple(cells.get(name) for name in table.field_ids)


def due(session: Session, ledger: str, **tables: dict[str, dict[str, Value]]) -> Going:
    schema = session.catalog.ledgers[ledger]
    for name, records in tables.items():
        rows = {r: row(schema.by_id[name], **cells) for r, cells in records.items()}
        session.journal.state.write(ledger, name, rows, ())
    return going(session, schema, LAST)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2021, 12, 31), 2021),
        (date(2020, 2, 29), 2020),
        (date(2022, 1, 1), None),
        (None, None),
        (Invalid("去年", "type.date"), None),
    ],
)
def test_a_visit_goes_by_its_day(town: Community, day: Value, year: int | None) -> None:
    with town.session() as session:
        found = due(session, "visit", visits={"v1": {"date": day}})
        assert found["visits"] == ({} if year is None else {"v1": year})


@pytest.mark.parametrize(
    ("status", "goes"), [("已解决", True), ("已答复", True), ("办理中", False), (None, False)]
)
def test_an_issue_goes_when_it_is_ended(town: Community, status: Value, goes: bool) -> None:
    with town.session() as session:
        issue = {"i1": {"date": date(2021, 5, 1), "status": status}}
        assert bool(due(session, "visit", issues=issue)["issues"]) is goes


def test_a_visit_stays_as_long_as_an_issue_that_stays_refers_to_it(town: Community) -> None:
    day = date(2021, 5, 1)
    with town.session() as session:
        found = due(
            session,
            "visit",
            visits={n: {"visit_no": n, "date": day} for n in ("v1", "v2", "v3")},
            issues={
                "i1": {"visit_no": "v1", "date": day, "status": "办理中"},
                "i2": {"visit_no": "v2", "date": day, "status": "已解决"},
            },
        )
    assert found == {"visits": {"v2": 2021, "v3": 2021}, "issues": {"i2": 2021}}


def test_records_of_service_go_with_their_activity(town: Community) -> None:
    with town.session() as session:
        found = due(
            session,
            "volunteer",
            activities={
                "a1": {"activity_no": "V1", "date": date(2021, 3, 1)},
                "a2": {"activity_no": "V2", "date": date(2022, 3, 1)},
            },
            records={
                "s1": {"activity_no": "V1"},
                "s2": {"activity_no": "V2"},
                "s3": {"activity_no": None},
                "s4": {"activity_no": "V9"},
            },
        )
    assert found == {"activities": {"a1": 2021}, "records": {"s1": 2021}}


def test_tables_that_are_no_yearly_ones_are_not_looked_at(town: Community) -> None:
    with town.session() as session:
        assert due(session, "roster") == {}
