"""`purge`: originals whose time is over go; what was merged from them, and their hashes, stay.

Undo, the replay and traces rest on the journal and need no original. What still waits for a person
(returned cells, notices, conflicts, held removals) keeps its original whatever its age, because the
marked workbook is made from it. The journal says first what goes; then the files are removed, those
of an interrupted run too.
"""

from datetime import date, timedelta

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.journal.purged import Aged, Purged
from ledgersync.messages import message
from ledgersync.sync.session import Session


@dataclass(frozen=True, slots=True)
class Purge:
    """What goes, what is old enough and stays, and the day before which things are old."""

    before: date
    gone: tuple[Aged, ...]
    kept: tuple[Aged, ...]
    bytes: int


def purge_originals(session: Session, who: str, *, dry: bool = False) -> Purge:
    """Removes what is older than `[rules] originals_years`; raises UsageFault without it."""
    before = _before(session)
    if not dry:
        _remove_left_over(session)
    known = session.journal.purged.hashes()
    old = [a for a in session.journal.purged.aged() if a.last < before and a.sha256 not in known]
    there = [a for a in old if session.originals.has(a.sha256)]
    gone = tuple(a for a in there if not a.open)
    sizes = {a.sha256: session.originals.path_of(a.sha256).stat().st_size for a in gone}
    found = Purge(before, gone, tuple(a for a in there if a.open), sum(sizes.values()))
    if gone and not dry:
        _let_go(session, found, sizes, who)
    return found


def _before(session: Session) -> date:
    years = session.workspace.config.rules.originals_years
    if years is None:
        raise UsageFault(
            message("没有设原件保存几年，什么都不清理。"),
            message("请先设：ledgersync settings set 原件保存年数 5"),
        )
    today = session.today
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # the 29th of February
        return today.replace(year=today.year - years, day=28) + timedelta(1)


def _let_go(session: Session, found: Purge, sizes: dict[str, int], who: str) -> None:
    years = session.workspace.config.rules.originals_years
    at, reason = session.now().isoformat(), f"originals_years = {years}"
    with session.journal.transaction():
        session.journal.purged.add(
            Purged(a.sha256, a.file, sizes[a.sha256], reason, who, at) for a in found.gone
        )
    for aged in found.gone:
        session.originals.path_of(aged.sha256).unlink(missing_ok=True)


def _remove_left_over(session: Session) -> None:
    """What the journal says is gone, and a run that was ended left behind."""
    later = {a.sha256 for a in session.journal.purged.aged() if a.last >= _before(session)}
    for sha256 in session.journal.purged.hashes() - later:
        session.originals.path_of(sha256).unlink(missing_ok=True)
