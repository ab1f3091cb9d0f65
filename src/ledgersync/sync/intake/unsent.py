"""Workbooks with changes that lie where nobody hands anything in: told, and taken on command.

People work in the copy as it was issued, or mend what came back to them right there, and forget to
put it into the inbox; a sync tool puts its conflict copies beside primaries and copies.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.filenames import meant
from ledgersync.messages import Message, message
from ledgersync.model import Finding
from ledgersync.sync.copies.handed_back import written
from ledgersync.sync.intake.inbox import is_submission, is_whole
from ledgersync.sync.session import Session
from ledgersync.workspace import clock

RULE = "file.unread"


@dataclass(frozen=True, slots=True)
class Unsent:
    """One workbook: whose it is (None where nobody can tell), and what to do.

    `kind`: a copy as issued, the marked one that came back, or another workbook beside them.
    """

    file: str
    staff: str | None
    kind: str  # issued | returned | beside
    message: Message
    since: datetime | None = None  # when it was saved so

    @property
    def finding(self) -> Finding:
        return Finding(self.file, *(None,) * 6, RULE, "warning", self.message)

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "staff": self.staff,
            "kind": self.kind,
            "rule": RULE,
            "since": self.since.isoformat() if self.since else None,
            "message": self.message.zh,
        }


def unsent(session: Session) -> list[Unsent]:
    """Everything of that sort which no merge has seen; files that cannot be read now are left."""
    found = [*_in_issued(session), *_in_returned(session), *_beside_primaries(session)]
    return sorted(found, key=lambda u: u.file)


def _in_issued(session: Session) -> Iterator[Unsent]:
    current = session.journal.copies.issued_files()
    for path in _workbooks(session, session.workspace.root / "issued"):
        file, staff = session.workspace.relative(path), meant(path.parent.name)
        if file in current:
            since = _saved(path)
            yield Unsent(file, staff, "issued", _changed(file, since), since)
        else:
            yield Unsent(file, staff, "beside", _other(file, staff), _saved(path))


def _in_returned(session: Session) -> Iterator[Unsent]:
    given = written(session)
    for path in _workbooks(session, session.workspace.root / "returned"):
        file, staff = session.workspace.relative(path), meant(path.parent.name)
        if given.get(file) == session.hashes.of(path):
            continue
        if file in given:
            since = _saved(path)
            yield Unsent(file, staff, "returned", _changed(file, since), since)
        else:
            yield Unsent(file, staff, "beside", _other(file, staff), _saved(path))


def _beside_primaries(session: Session) -> Iterator[Unsent]:
    own = {session.workspace.primary(ledger) for ledger in session.catalog}
    for path in _workbooks(session, session.workspace.root / "primary", without=own):
        file = session.workspace.relative(path)
        yield Unsent(file, None, "beside", _copy_of_primary(file), _saved(path))


def _workbooks(session: Session, folder: Path, without: Collection[Path] = ()) -> Iterator[Path]:
    """Workbooks below a folder whose content is neither ours as we wrote it nor merged already."""
    journal = session.journal
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        try:
            if (
                path in without or path.suffix == ".txt" or not path.is_file()
            ):  # the list of reasons, people's notes
                continue
            if not is_submission(path) or not is_whole(path):
                continue
            sha256 = session.hashes.of(path)
        except OSError:
            continue
        if not (journal.copies.is_issued_file(sha256) or journal.submissions.is_known(sha256)):
            yield path


def _saved(path: Path) -> datetime:
    return clock.local(path.stat().st_mtime)


def _changed(file: str, since: datetime) -> Message:
    when = f"{since:%m-%d %H:%M}"
    return message(
        "{file} 改了还没交（{since} 存的）；下一步：请本人存到收件箱，或直接收："
        "ledgersync merge {file:sh}",
        file=file,
        since=when,
    )


def _other(file: str, staff: str) -> Message:
    return message(
        "{file} 放错了地方，没有收；下一步：是交来的表，就收：ledgersync merge {file:sh} "
        "--staff {staff:sh}；不是就移走",
        file=file,
        staff=staff,
    )


def _copy_of_primary(file: str) -> Message:
    return message(
        "{file} 不是主台账，多半是同步冲突副本，里面的改动没有收；"
        "下一步：要收就运行 ledgersync merge {file:sh} --staff 姓名，收完移走；不要就移走",
        file=file,
    )
