"""Which records a person sees: their scope, followed along references."""

import pytest
from tests.community import ROSTER

from ledgersync.model import Rows
from ledgersync.schema import Catalog
from ledgersync.schema.catalog import parse_ledger
from ledgersync.sync.staff.scope import in_scope
from ledgersync.workspace import Staff

LEDGER = parse_ledger(ROSTER, "roster.toml")
CATALOG = Catalog({"roster": LEDGER})


def rows(table: str, **records: dict[str, str | None]) -> Rows:
    names = LEDGER.by_id[table].field_ids
    return {r: tuple(cells.get(name) for name in names) for r, cells in records.items()}


STATE = {
    "people": rows(
        "people",
        p1={"no": "A1", "grid": "第1网格"},
        p2={"no": "A2", "grid": "第2网格"},
        p3={"no": "A3", "grid": None},
        p4={"no": "A4", "grid": "第3网格"},
    ),
    "matters": rows(
        "matters",
        m1={"matter_no": "SX1", "person_no": "A1"},
        m2={"matter_no": "SX2", "person_no": "A2"},
        m3={"matter_no": "SX3", "person_no": None},
        m4={"matter_no": "SX4", "person_no": "A9"},
    ),
    "steps": rows("steps", s1={"matter_no": "SX1"}, s2={"matter_no": "SX2"}),
}


def seen(
    scope: dict[str, tuple[str, ...]], own: dict[str, set[str]] | None = None
) -> dict[str, list[str]]:
    person = Staff(name="周一", scope=scope)
    return {t: list(found) for t, found in in_scope(LEDGER, CATALOG, STATE, person, own).items()}


def test_without_a_scope_everything_is_seen() -> None:
    assert seen({}) == {name: list(found) for name, found in STATE.items()}


@pytest.mark.parametrize(
    ("grids", "people", "matters"),
    [
        (("第1网格",), ["p1", "p3"], ["m1", "m3"]),
        (("第1网格", "第2网格"), ["p1", "p2", "p3"], ["m1", "m2", "m3"]),
        (("第9网格",), ["p3"], ["m3"]),
    ],
    ids=str,
)
def test_a_table_without_the_field_follows_its_reference(
    grids: tuple[str, ...], people: list[str], matters: list[str]
) -> None:
    found = seen({"grid": grids})
    assert (found["people"], found["matters"]) == (people, matters)
    assert found["steps"] == ["s1", "s2"]  # refers to a table that has no grid itself: whole


def test_what_a_person_put_into_nobodys_scope_stays_with_that_person() -> None:
    found = seen({"grid": ("第1网格",)}, {"people": {"p4"}})
    assert found["people"] == ["p1", "p3", "p4"]


def test_tables_come_in_the_ledgers_order() -> None:
    assert list(seen({"grid": ("第1网格",)})) == ["people", "matters", "steps"]
