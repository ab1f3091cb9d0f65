"""Files in the inbox that nobody can read: damaged, encrypted, incomplete, no ledger in them."""

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, literal
from ledgersync.sync.intake.inbox import is_whole, not_whole, survey
from ledgersync.sync.session import Session


@dataclass(frozen=True, slots=True)
class Unread:
    """One file, as it lies in the inbox now, and what is wrong with it."""

    file: str
    staff: str
    message: Message
    rule: str = "file.unread"

    def as_json(self) -> dict[str, str]:
        return {
            "file": self.file,
            "staff": self.staff,
            "rule": self.rule,
            "message": self.message.zh,
        }


def unread_files(session: Session) -> list[Unread]:
    """What the last merge could not read, what is not whole, and what is no ledger at all."""
    submissions, relative = session.journal.submissions, session.workspace.relative
    refused = {(s.file, s.sha256): s for s in submissions.of_status("unreadable")}
    inbox, found = survey(session.workspace.inbox), []
    for arrival in inbox.arrivals:
        file = relative(arrival.path)
        record = refused.get((file, submissions.last_hash(file) or ""))
        if not is_whole(arrival.path):
            message = not_whole(arrival.path, file)
        elif record:
            zh = record.detail.get("zh", "")
            message = literal(zh, record.detail.get("en", zh))
        else:
            continue
        found.append(Unread(file, arrival.staff, message))
    return found + [Unread(relative(s.path), s.staff, s.message, s.rule) for s in inbox.strays]
