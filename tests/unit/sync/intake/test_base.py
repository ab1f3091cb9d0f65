"""What a file is compared with: its copy's state, what it said before, or nothing at all."""

from dataclasses import replace

from tests.community import Community

from ledgersync.model import Stamp, WorkbookData
from ledgersync.sync.intake.base import choose_basis
from ledgersync.sync.model.basis import Basis
from ledgersync.sync.model.submission import put_together
from ledgersync.sync.session import Session

FILE = "inbox/王芳/名册.xlsx"


def chosen(
    session: Session, data: WorkbookData, stamp: Stamp | None, staff: str = "王芳", keep: int = 6
) -> Basis:
    """The base of a file with this stamp that shows so many of the six people."""
    ledger = session.catalog.ledgers["roster"]
    tables = put_together(ledger, data.tables)
    whole = tables["people"]
    whole.records[:] = whole.records[:keep]
    return choose_basis(session, ledger, staff, FILE, stamp, tables)


def issued(town: Community, session: Session) -> WorkbookData:
    [path] = (town.root / "issued" / "王芳").glob("*.xlsx")
    return session.readings.read(path)


def test_a_stamp_tells_the_copy_and_the_state_it_was_issued_from(town: Community) -> None:
    town.issue("王芳")
    with town.session() as session:
        data = issued(town, session)
        basis = chosen(session, data, data.stamp, staff="李强")
        assert (basis.kind, basis.copy.staff) == ("stamped", "王芳")
        assert data.stamp is not None and basis.revision == data.stamp.revision
        assert basis.tables["people"] == session.journal.state.rows("roster", "people")
        assert not basis.additive and basis.hold is None


def test_without_a_stamp_it_is_the_state_that_its_sender_was_given(town: Community) -> None:
    town.issue("王芳")
    with town.session() as session:
        data = issued(town, session)
        basis = chosen(session, data, None)
        assert (basis.kind, basis.kept, basis.hold) == ("content", 0, True)
        assert basis.tables["people"] == session.journal.state.rows("roster", "people")


def test_who_was_never_given_anything_is_believed_what_is_added_only(town: Community) -> None:
    town.issue("王芳")
    with town.session() as session:
        basis = chosen(session, issued(town, session), None, staff="赵敏")
        assert (basis.kind, basis.revision, basis.additive) == ("none", None, True)
        assert basis.tables["people"] == {}


def test_a_file_that_shows_little_of_what_was_given_was_not_made_from_it(town: Community) -> None:
    town.issue("王芳")
    with town.session() as session:
        data = issued(town, session)
        assert chosen(session, data, None, keep=5).kind == "content"
        assert chosen(session, data, None, keep=4).kind == "none"


def test_a_stamp_of_another_journal_or_of_a_copy_that_nobody_issued_is_none(
    town: Community,
) -> None:
    town.issue("王芳")
    with town.session() as session:
        data = issued(town, session)
        assert data.stamp is not None
        other = replace(data.stamp, workspace="other")
        unknown = replace(data.stamp, copy_id="copy-of-nobody")
        assert chosen(session, data, other, staff="赵敏").kind == "none"
        assert chosen(session, data, unknown, staff="赵敏").kind == "none"


def test_a_copy_of_the_primary_is_compared_with_what_the_primary_showed(town: Community) -> None:
    with town.session() as session:
        data = session.readings.read(town.primary)
        basis = chosen(session, data, data.stamp, staff="赵敏")
        assert data.stamp is not None
        assert (basis.kind, basis.revision) == ("content", data.stamp.revision)
        assert len(basis.tables["people"]) == 6
