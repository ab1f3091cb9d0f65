"""`close`: a community's period frozen with its facts and figures, and opened again for a reason.

The facts, the figures counted from them and the findings of that day go into one archive, whose
hash is in the journal and its audit trail. From then on the period is rolled up, reported, traced
and submitted from there; what today's rows say otherwise is told.
"""

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.journal import Closing, Originals
from ledgersync.messages import message
from ledgersync.rollup.figures import RollUp
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.sources.closed import closed_archive
from ledgersync.rollup.sources.collect import collect
from ledgersync.sync.session import Session
from ledgersync.upward.combine.running import alone
from ledgersync.upward.content.figures import packed
from ledgersync.upward.content.quality import checks_part
from ledgersync.workspace.unitcodes import full_code


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A period that was closed now; `found` are its figures."""

    closing: Closing
    found: RollUp


def close_period(session: Session, period: Period, who: str) -> ClosedPeriod:
    """Freezes a community's period; raises UsageFault for one that is closed or not over."""
    _check(session, period)
    workspace, day = session.workspace, session.today
    collected = collect(workspace, period, day)
    found = alone(workspace, period, day, collected).exact()
    own = full_code(workspace.unit.code)
    facts = next((f for f in collected.facts if full_code(f.unit.code) == own), None)
    if facts is None:
        raise UsageFault(
            message("没有可以关账的台账。"), message("请先看 ledgersync status，补齐台账再关账。")
        )
    missing = [m for m in collected.missing if full_code(m.unit) == own]
    beside = {"figures.json": packed(found), "checks.json": checks_part(workspace, day)}
    content = closed_archive(period, day, facts, missing, workspace.catalog, beside)
    return ClosedPeriod(_kept(session, period, content, who), found)


def _kept(session: Session, period: Period, content: bytes, who: str) -> Closing:
    """The archive first, then the step that names it: killed in between, nothing is closed."""
    folder = session.workspace.closed
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    sha256 = Originals(folder).keep(content)
    closing = Closing(
        *(period.text, "close", sha256, session.journal.log.last, None, who),
        session.now().isoformat(),
    )
    with session.journal.transaction():
        session.journal.closings.add(closing)
    return closing


def reopen_period(session: Session, period: Period, reason: str, who: str) -> Closing:
    """Opens a period again; what it was closed with is kept. Raises UsageFault for an open one."""
    closings = session.journal.closings
    if closings.of(period.text) is None:
        raise UsageFault(
            message("{period} 没有关账。", period=period.text),
            message("已关账的期见 ledgersync close。"),
        )
    reopened = Closing(
        *(period.text, "reopen", None, session.journal.log.last, reason, who),
        session.now().isoformat(),
    )
    with session.journal.transaction():
        closings.add(reopened)
    return reopened


def _check(session: Session, period: Period) -> None:
    if session.workspace.unit.level != "community":
        raise UsageFault(
            message("关账是社区的事，这里是{unit}。", unit=session.workspace.unit.name),
            message("下级报来的数用 ledgersync review 单位 --period 期 --lock 锁定。"),
        )
    if period.last >= session.today:
        raise UsageFault(
            message("{period} 还没有结束，不能关账。", period=period.text),
            message("请在 {day} 之后再关账。", day=period.last.isoformat()),
        )
    known = session.journal.closings.of(period.text)
    if known is not None:
        raise UsageFault(
            message(
                "{period} 已经关账（{at}，{who}）。",
                period=period.text,
                at=known.at[:10],
                who=known.who,
            ),
            message(
                "要重新关账，先运行 ledgersync close {period} --reopen 原因。", period=period.text
            ),
        )
