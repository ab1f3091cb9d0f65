"""Who handed a file in: the folder it lies in, else whoever it was issued to."""

from pathlib import Path

from ledgersync.filenames import meant
from ledgersync.model import Stamp
from ledgersync.sync.intake.inbox import NOBODY, Arrival, is_submission
from ledgersync.sync.session import Session
from ledgersync.sync.staff.people import same_person
from ledgersync.sync.stamps import origin_of
from ledgersync.workbook.stamp import read_stamp


def with_sender(session: Session, arrival: Arrival) -> Arrival:
    """The arrival under the name by which its sender is known here."""
    return Arrival(arrival.path, same_person(session, arrival.staff, _owner(session, arrival)))


def _owner(session: Session, arrival: Arrival) -> str | None:
    if arrival.staff != NOBODY or not is_submission(arrival.path):
        return None
    return owner_of(session, read_stamp(arrival.path))


def owner_of(session: Session, stamp: Stamp | None) -> str | None:
    """Whom a workbook was issued to by this unit."""
    if stamp is None or origin_of(session, stamp) == "foreign":
        return None
    return stamp.staff


def sender_of(session: Session, path: Path) -> str:
    """The inbox folder a file lies in; nobody for one that lies elsewhere."""
    try:
        parts = path.resolve().relative_to(session.workspace.inbox).parts
    except ValueError:
        parts = ()
    return meant(parts[0]) if len(parts) > 1 else NOBODY
