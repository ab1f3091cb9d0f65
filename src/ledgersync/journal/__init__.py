"""The journal of a workspace: SQLite for what happened, a content store for what was sent."""

from ledgersync.journal.cases import (
    CONVERGED,
    WITHDRAWN,
    ConflictCase,
    HeldCase,
    ReturnedCase,
)
from ledgersync.journal.closings import Closing
from ledgersync.journal.copies import Copy, LastSubmission, own_copy
from ledgersync.journal.exchange.deliveries import Errand
from ledgersync.journal.exchange.packages import KeptPackage
from ledgersync.journal.exchange.reviews import Letter, ReviewStep
from ledgersync.journal.log import LoggedOperation, Revision
from ledgersync.journal.notices import NoticeCase
from ledgersync.journal.originals import DryOriginals, Originals
from ledgersync.journal.store import Journal
from ledgersync.journal.submissions import SubmissionRecord
from ledgersync.journal.writes import PendingWrite, PrimaryFile

__all__ = [
    "CONVERGED",
    "WITHDRAWN",
    "Closing",
    "ConflictCase",
    "Copy",
    "DryOriginals",
    "Errand",
    "HeldCase",
    "Journal",
    "KeptPackage",
    "LastSubmission",
    "Letter",
    "LoggedOperation",
    "NoticeCase",
    "Originals",
    "PendingWrite",
    "PrimaryFile",
    "ReturnedCase",
    "ReviewStep",
    "Revision",
    "SubmissionRecord",
    "own_copy",
]
