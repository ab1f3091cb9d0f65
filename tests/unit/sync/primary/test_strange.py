"""A workbook in a primary's place: whose it must be to be taken in as an edit by hand."""

from dataclasses import replace

import pytest
from tests.community import Community

from ledgersync.errors import ForeignWorkbook
from ledgersync.model import Stamp
from ledgersync.sync.primary.hand_base import HandBases
from ledgersync.sync.primary.strange import refuse_strange
from ledgersync.sync.primary.view import PrimaryView, view_primary
from ledgersync.sync.session import Session


def view(session: Session, there: int, stamp: Stamp | None) -> PrimaryView:
    """The primary as it is on disk, as if it had so many of its six records, and this stamp."""
    ledger = session.catalog.ledgers["roster"]
    found = view_primary(session, ledger, HandBases(session, "roster").rows)
    positions = found.tables["people"].positions
    for record in list(positions)[there:]:
        del positions[record]
    found.data = replace(found.data, stamp=stamp)
    return found


def stamp_of(session: Session) -> Stamp:
    ledger = session.catalog.ledgers["roster"]
    stamp = view_primary(session, ledger, HandBases(session, "roster").rows).data.stamp
    assert stamp is not None
    return stamp


@pytest.mark.parametrize(("there", "strange"), [(6, False), (3, False), (2, True), (0, True)])
def test_without_a_stamp_half_of_the_records_must_be_there(
    town: Community, there: int, strange: bool
) -> None:
    with town.session() as session:
        found = view(session, there, None)
        if strange:
            with pytest.raises(ForeignWorkbook, match=f"{there}/6"):
                refuse_strange(session, found)
        else:
            refuse_strange(session, found)


def test_with_our_stamp_people_may_remove_what_they_want(town: Community) -> None:
    with town.session() as session:
        refuse_strange(session, view(session, 0, stamp_of(session)))


def test_another_units_workbook_is_told_by_its_name(town: Community) -> None:
    with town.session() as session:
        other = replace(
            stamp_of(session), workspace="other", unit="360702001002", unit_name="和平社区"
        )
        with pytest.raises(ForeignWorkbook, match="和平社区"):
            refuse_strange(session, view(session, 6, other))


def test_of_a_handful_of_records_nothing_can_be_told(town: Community) -> None:
    with town.session() as session:
        found = view(session, 0, None)
        found.bases = {t: dict(list(rows.items())[:4]) for t, rows in found.bases.items()}
        refuse_strange(session, found)
