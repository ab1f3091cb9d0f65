"""Files in the inbox that nobody can read: damaged, encrypted, incomplete, no ledger in them."""

from dataclasses import dataclass

from ledgersync.messages import Message, literal
from ledgersync.sync.intake.inbox import arrivals, is_whole, not_whole
from ledgersync.sync.session import Session


@dataclass(frozen=True, slots=True)
class Unread:
    """One file, as it lies in the inbox now, and what is wrong with it."""

    file: str
    staff: str
    message: Message

    def as_json(self) -> dict[str, str]:
        return {"file": self.file, "staff": self.staff, "message": self.message.zh}


def unread_files(session: Session) -> list[Unread]:
    """Those that the last merge could not read, and those that are not whole now."""
    submissions = session.journal.submissions
    refused = {(s.file, s.sha256): s for s in submissions.of_status("unreadable")}
    found = []
    for arrival in arrivals(session.workspace.inbox):
        file = session.workspace.relative(arrival.path)
        record = refused.get((file, submissions.last_hash(file) or ""))
        if not is_whole(arrival.path):
            message = not_whole(arrival.path, file)
        elif record:
            zh = record.detail.get("zh", "")
            message = literal(zh, record.detail.get("en", zh))
        else:
            continue
        found.append(Unread(file, arrival.staff, message))
    return found
