"""What is remembered of primaries: with which headers they were read, which sheets they lack."""

from dataclasses import replace

from tests.community import Community

from ledgersync.sync.primary.remembered import (
    is_read_anew,
    missing_tables,
    note_wording,
    remember_missing,
)


def test_a_header_that_means_something_new_has_the_primary_read_anew(town: Community) -> None:
    with town.session() as session:
        assert not is_read_anew(session, "roster")
        catalog = session.workspace.catalog
        learned = replace(catalog, mappings={"roster.people.手机号": "phone"})
        vars(session.workspace)["catalog"] = learned  # as a confirmed mapping does
        assert is_read_anew(session, "roster")
        assert not is_read_anew(session, "visit")  # another ledger's headers are not its own
        note_wording(session, "roster")
        assert not is_read_anew(session, "roster")


def test_tables_whose_sheet_is_missing_are_remembered_until_they_are_not(town: Community) -> None:
    with town.session() as session:
        assert missing_tables(session, "roster") == frozenset()
        remember_missing(session, "roster", ["steps", "matters"])
        assert missing_tables(session, "roster") == {"matters", "steps"}
        assert missing_tables(session, "visit") == frozenset()
        remember_missing(session, "roster", [])
        assert missing_tables(session, "roster") == frozenset()
