"""低保: overdue reviews, people who left but are still paid for, counts that do not agree.

All of these are warnings to a person; none decides about a benefit (最低生活保障审核确认办法 第31
至34条 leave that to 乡镇人民政府、街道办事处 and 县级民政部门).
"""

from collections.abc import Iterator
from datetime import date

from ledgersync.checks.cross.homes import Home, homes
from ledgersync.checks.cross.settings import CrossSettings
from ledgersync.checks.cross.views import View, Views
from ledgersync.checks.cycles import cycle_of
from ledgersync.messages import Message, counted, message
from ledgersync.model import RecordFinding

_GONE = ("去世", "转出")


def dibao_findings(views: Views, today: date, settings: CrossSettings) -> Iterator[RecordFinding]:
    """Every `cross.dibao_*` rule, `cross.head_not_member` and `cross.covered_count`."""
    table, family = views.table("dibao", "households"), views.table("dibao", "members")
    gone = _gone(views.table("care", "people"))
    for home in homes(views):
        if not home.active:
            continue
        yield from _review_overdue(table, home, today, settings)
        yield from _home_should_exit(table, home, today, gone)
        yield from _members_should_exit(family, home, gone)
        yield from _head_not_member(table, family, home)
        yield from _covered_count(table, family, home)


def _gone(people: View) -> dict[str, str]:
    """去世 or 转出 by id number, as the care ledger says."""
    found: dict[str, str] = {}
    for _, (number, status) in people.select("id_number", "status"):
        if number and status in _GONE:
            found[str(number)] = str(status)
    return found


def _review_overdue(
    table: View, home: Home, today: date, settings: CrossSettings
) -> Iterator[RecordFinding]:
    due = review_due(table, home, settings)
    if due is None or due >= today:
        return
    late = (today - due).days
    yield table.finding(
        home.record,
        "last_review",
        "cross.dibao_review_overdue",
        counted("复核应于{due}前完成，已超期{n}天，请安排复核", n=late, due=due.isoformat()),
    )


def review_due(table: View, home: Home, settings: CrossSettings) -> date | None:
    """Last review (or start) plus the household's cycle; None where neither is known."""
    since = home.last_review or home.start
    field = table.field("review_cycle")
    if since is None or field is None:
        return None
    cycle = cycle_of(field, home.review_cycle) or settings.review_cycle
    return cycle.after(since) if cycle else None


def _home_should_exit(
    table: View, home: Home, today: date, gone: dict[str, str]
) -> Iterator[RecordFinding]:
    if rule_and_message := _why_home(home, today, gone):
        rule, told = rule_and_message
        yield table.finding(home.record, "status", rule, told)


def _why_home(home: Home, today: date, gone: dict[str, str]) -> tuple[str, Message] | None:
    """The first reason why a household that is paid perhaps should not be."""
    head_dead = any(m.dead and m.person == home.head for m in home.members if m.person)
    state = gone.get(home.head or "")
    if state == "去世" or head_dead:
        return "cross.dibao_dead_active", _message(message("户主已登记为去世"))
    if home.end and home.end <= today:
        return _exit(message("停退日期已到"))
    if home.members and all(m.left or m.dead for m in home.members):
        return _exit(message("登记的家庭成员均已减员"))
    if state == "转出":
        return _exit(message("户主在重点人员台账中登记为转出"))
    return None


def _exit(fact: Message) -> tuple[str, Message]:
    return "cross.dibao_should_exit", _message(fact)


def _message(fact: Message) -> Message:
    return message("{fact}，而本户仍在保，请核实后按程序办理", fact=fact)


def _members_should_exit(family: View, home: Home, gone: dict[str, str]) -> Iterator[RecordFinding]:
    for member in home.members:
        if not member.covered:
            continue
        state = gone.get(member.person or "")
        if member.dead or state == "去世":
            rule = "cross.dibao_dead_active"
            told = message("该成员已登记为去世，〔是否享受〕仍为是，请核实后按程序办理")
        elif member.left or state:
            rule = "cross.dibao_should_exit"
            told = message("该成员已登记为减员或转出，〔是否享受〕仍为是，请核实后按程序办理")
        else:
            continue
        yield family.finding(member.record, "covered", rule, told)


def _head_not_member(table: View, family: View, home: Home) -> Iterator[RecordFinding]:
    if not (home.members and home.head and family.has("member_id", "cert_no")):
        return
    if home.head in {m.person for m in home.members}:
        return
    yield table.finding(
        home.record,
        "head_id",
        "cross.head_not_member",
        message("户主不在本户的家庭成员名单里，请核对两张表的身份证号和低保证号"),
    )


def _covered_count(table: View, family: View, home: Home) -> Iterator[RecordFinding]:
    if not home.members or home.covered_persons is None or not family.has("covered", "cert_no"):
        return
    covered = sum(member.covered is True for member in home.members)
    if covered == home.covered_persons:
        return
    yield table.finding(
        home.record,
        "covered_persons",
        "cross.covered_count",
        message(
            "保障人数为{covered_persons}，家庭成员中“是否享受”为是的有{covered}人，请核对",
            covered_persons=home.covered_persons,
            covered=covered,
        ),
    )
