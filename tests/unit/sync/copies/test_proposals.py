"""What a copy suggests for a new row, and which names it offers."""

import pytest
from tests.community import Community

from ledgersync.model import Value
from ledgersync.schema import load_catalog
from ledgersync.sync.copies.handed_back import HandedBack, everybody, given_to, keep, written
from ledgersync.sync.copies.proposals import defaults_for, names_for
from ledgersync.workspace import Staff

CATALOG = load_catalog()
CARE, VISITS = CATALOG.table("care", "people"), CATALOG.table("visit", "visits")


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"grid": ("第1网格",)}, {"grid": "第1网格"}),
        ({"grid": ("第1网格", "第2网格")}, {}),
        ({"没有的列": ("一",)}, {}),
        ({}, {}),
    ],
)
def test_a_new_row_is_of_the_one_grid(
    scope: dict[str, tuple[str, ...]], expected: dict[str, Value]
) -> None:
    person = Staff(name="王芳", scope=scope)
    assert defaults_for(CARE, person) == expected
    assert defaults_for(VISITS, person) == {"visitor": "王芳"} | expected


def test_of_a_name_that_two_people_bear_no_id_is_proposed(town: Community) -> None:
    def person(number: str, name: str) -> tuple[Value, ...]:
        cells = {"name": name, "id_number": number, "address": f"{number}号"}
        return tuple(cells.get(f) for f in CARE.field_ids)

    rows = {"r1": person("1", "王芳"), "r2": person("2", "李强"), "r3": person("3", "王芳")}
    role = VISITS.visits
    assert role is not None
    with town.session() as session:
        assert role.names[0] not in names_for(session, session.catalog.ledgers["visit"])
        session.journal.state.write("care", "people", rows, ())
        names = names_for(session, session.catalog.ledgers["visit"])[role.names[0]]
        assert names_for(session, session.catalog.ledgers["dibao"]) == {}
    assert list(names.names) == ["李强", "王芳"]
    assert names.fills == {role.id_number: ["2", None], role.address: ["2号", None]}


def test_what_was_handed_back_is_remembered_by_person(town: Community) -> None:
    with town.session() as session:
        assert everybody(session) == [] and given_to(session, "王芳") == {}
        keep(session, "王芳", {"名册.xlsx": HandedBack("3@1", "abc")})
        assert everybody(session) == ["王芳"]
        assert given_to(session, "王芳") == {"名册.xlsx": HandedBack("3@1", "abc")}
        assert written(session) == {"returned/王芳/名册.xlsx": "abc"}
        session.journal.set_meta("returned:李强", '{"旧.xlsx": "4@2"}')  # an earlier journal
        assert given_to(session, "李强") == {"旧.xlsx": HandedBack("4@2", "")}
