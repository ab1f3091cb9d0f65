"""A submission that is kept and recorded, and not merged: nobody can read it, or its owner left."""

from ledgersync.messages import Message, message
from ledgersync.model import Stamp, WorkbookData
from ledgersync.sync.model.basis import Basis
from ledgersync.sync.results import FOREIGN, SubmissionResult
from ledgersync.sync.revision.record import write_submission
from ledgersync.sync.session import Session
from ledgersync.sync.stamps import whose


def unreadable(
    session: Session,
    file: str,
    sha256: str,
    staff: str,
    message: Message,
    data: WorkbookData | None = None,
) -> SubmissionResult:
    """A file that says nothing; recorded once, however often it is looked at."""
    result = SubmissionResult(file, sha256, staff, None, "none", "unreadable", message=message)
    result.findings = data.findings if data else []
    before = session.journal.submissions.of_file(sha256, staff)
    if not any(s.status == "unreadable" and s.file == file for s in before):
        write_submission(session, result, detail=message)
    return result


def has_left(session: Session, staff: str) -> bool:
    return session.workspace.config.staff_member(staff).left_to is not None


def refuse_revoked(session: Session, result: SubmissionResult, basis: Basis) -> SubmissionResult:
    """A copy of somebody who left: a person looks at it."""
    result.status = "held"
    result.message = message(
        "{staff} 已离岗，这份副本不再接收；原件已存档，请由接手人核对后补录。",
        staff=basis.copy.staff,
    )
    with session.journal.transaction():
        write_submission(session, result, basis=basis, detail=result.message)
    return result


def refuse_foreign(session: Session, result: SubmissionResult, stamp: Stamp) -> SubmissionResult:
    """Another unit's workbook: kept, said whose it is, and not merged."""
    result.status, result.rule = "held", FOREIGN
    result.message = message(
        "{file} 是{owner}的，不是{unit}的，没有收；原件已存档。请交还给对方；"
        "其中若有本单位的内容，请填到本单位发的副本里再交。",
        file=result.file,
        owner=whose(stamp),
        unit=session.workspace.unit.name,
    )
    with session.journal.transaction():
        write_submission(session, result, detail=result.message)
    return result


def no_table(file: str) -> Message:
    return message(
        "{file} 里没有认出任何台账的表，未合并；原件已存档。可用 ledgersync read 查看。", file=file
    )
