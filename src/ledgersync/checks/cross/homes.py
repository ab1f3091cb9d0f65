"""低保 households with their members, as the rules about benefits see them."""

from collections.abc import Iterator
from datetime import date

from ledgersync.checks.cross.views import View, Views, count, day, text
from ledgersync.dataclass import dataclass
from ledgersync.model import Value

ACTIVE = ("在保", "渐退期")
LEFT = "减员"


@dataclass(frozen=True, slots=True)
class Member:
    record: str
    cert_no: str | None
    person: str | None
    covered: bool | None
    left: bool
    dead: bool

    @property
    def benefits(self) -> bool:
        """Still counted as somebody who is paid for."""
        return self.covered is not False and not self.left and not self.dead


@dataclass(frozen=True, slots=True)
class Home:
    record: str
    cert_no: str | None
    head: str | None
    covered_persons: int | None
    status: str | None
    start: date | None
    last_review: date | None
    end: date | None
    review_cycle: Value
    members: tuple[Member, ...]

    @property
    def active(self) -> bool:
        return self.status in ACTIVE


def homes(views: Views) -> list[Home]:
    """Every household with the members that name its certificate."""
    families: dict[str, list[Member]] = {}
    for member in members(views.table("dibao", "members")):
        if member.cert_no:
            families.setdefault(member.cert_no, []).append(member)
    return list(_homes(views.table("dibao", "households"), families))


def _homes(table: View, families: dict[str, list[Member]]) -> Iterator[Home]:
    fields = (
        *("cert_no", "head_id", "covered_persons", "status"),
        *("start_date", "last_review", "end_date", "review_cycle"),
    )
    for record, values in table.select(*fields):
        cert, head, covered, status, start, review, end, cycle = values
        yield Home(
            record,
            text(cert),
            text(head),
            count(covered),
            text(status),
            day(start),
            day(review),
            day(end),
            cycle,
            tuple(families.get(text(cert) or "", ())),
        )


def members(table: View) -> Iterator[Member]:
    fields = ("cert_no", "member_id", "covered", "member_status", "left_reason")
    for record, (cert, person, covered, status, reason) in table.select(*fields):
        paid = covered if isinstance(covered, bool) else None
        yield Member(record, text(cert), text(person), paid, status == LEFT, reason == "死亡")
