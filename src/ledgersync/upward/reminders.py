"""`remind`: who has not submitted a period, what is missing, and a text to send each of them."""

from collections.abc import Iterator, Sequence
from datetime import date

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, message
from ledgersync.messages.days import month_and_day
from ledgersync.rollup.period.months import Period
from ledgersync.upward.expected import Register, Standing
from ledgersync.upward.office import Office


@dataclass(frozen=True, slots=True)
class Reminder:
    """One unit that has not submitted, or whose package was returned."""

    standing: Standing
    missing: tuple[str, ...]  # ledger ids
    text: Message

    @property
    def due(self) -> date:
        return self.standing.due.day


def reminders(office: Office, period: Period) -> Iterator[Reminder]:
    """Of every expected unit without a package that counts, in the order of the tree."""
    catalog = office.workspace.catalog
    ledgers = tuple(ledger.id for ledger in catalog)
    names = [ledger.workbook for ledger in catalog]
    for standing in Register(office, period):
        if standing.state == "missing":
            yield Reminder(standing, ledgers, _text(period, standing, names))
        elif standing.state == "returned":
            yield Reminder(standing, ledgers, _anew(period, standing))


def _anew(period: Period, standing: Standing) -> Message:
    """What was returned does not count until it comes anew."""
    last = standing.last
    assert last is not None, "nothing is returned that has not come"
    return message(
        "{name}：您好！{period}的上报包（第 {version} 版）已退回：{reason}。"
        "请更正后重新报送，在此之前这一期按缺报计。有困难请告诉我们。谢谢！",
        name=standing.node.unit.name,
        period=period.name,
        version=last.version,
        reason=(standing.steps[-1].reason or "").rstrip("。.！!"),
    )


def _text(period: Period, standing: Standing, names: Sequence[str]) -> Message:
    """Polite, with what is missing and by when; to be pasted into WeChat."""
    gaps = {"name": standing.node.unit.name, "period": period.name}
    day = month_and_day(standing.due.day)
    if standing.days_late:
        return message(
            "{name}：您好！{period}的上报包（{ledgers}）还没有收到，应于{due}前报送，"
            "已过 {late} 天。麻烦尽快核对台账后报来，有困难请告诉我们。谢谢！",
            due=day,
            late=standing.days_late,
            ledgers=names,
            **gaps,
        )
    return message(
        "{name}：您好！{period}的上报包（{ledgers}）还没有收到，请于{due}前报送。"
        "有困难请告诉我们。谢谢！",
        due=day,
        ledgers=names,
        **gaps,
    )
