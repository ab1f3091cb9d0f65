"""What `status` shows of people: grids on their way, files of people who left."""

import json
from dataclasses import asdict
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.messages import message
from ledgersync.sync.session import Session

PENDING, ACCEPTED, WITHDRAWN = "pending", "accepted", "withdrawn"
STATES = {
    PENDING: message("待接收"),
    ACCEPTED: message("已接收"),
    WITHDRAWN: message("已撤回"),
}
_META = "handover:"


@dataclass(frozen=True, slots=True)
class GridMove:
    """A grid handed from one person to another."""

    id: int
    grid: str
    giver: str
    taker: str
    state: str
    at: str
    by: str
    closed: str | None = None
    closed_by: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "id": str(self.id)}


@dataclass(frozen=True, slots=True)
class LateFile:
    """What somebody sent after leaving: kept as an original, not taken in."""

    file: str
    staff: str
    ledger: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def moves(session: Session) -> list[GridMove]:
    """Every move of a grid, the oldest first."""
    stored = (session.journal.meta(_META + n) for n in session.journal.meta_names(_META))
    return sorted((GridMove(**json.loads(s)) for s in stored if s), key=lambda m: m.id)


def open_moves(session: Session) -> list[GridMove]:
    return [m for m in moves(session) if m.state == PENDING]


def late_files(session: Session) -> list[LateFile]:
    """Files of people who left that still lie where they were put, for a person to look at."""
    submissions = session.journal.submissions
    root, found = session.workspace.root, {}
    for s in submissions.of_status("held"):
        refused = s.detail and submissions.last_hash(s.file) == s.sha256
        if refused and s.ledger and (root / s.file).is_file():
            found[s.file, s.ledger] = LateFile(s.file, s.staff, s.ledger)
    return list(found.values())


def store(session: Session, move: GridMove) -> None:
    """Writes a move down as it is now."""
    session.journal.set_meta(f"{_META}{move.id}", json.dumps(asdict(move), ensure_ascii=False))
