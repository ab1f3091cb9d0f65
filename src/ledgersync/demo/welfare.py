"""低保 rows: households and their members, with counts that agree."""

from datetime import date, timedelta
from decimal import Decimal

from ledgersync.dataclass import dataclass
from ledgersync.demo import phrases
from ledgersync.demo.residents import Home, Person, Town, grid_name, surname_of
from ledgersync.model import Value

Record = dict[str, Value]
CYCLE_DAYS = {"每年": 365, "每半年": 182, "每季度": 91}
CAUSES = ("因病", "因残", "因老", "因学", "缺劳动力", "失业", "单亲")


@dataclass(frozen=True, slots=True)
class Family:
    """A household on 低保: where it lives and who belongs to it, the head first."""

    home: Home
    cert_no: str
    members: tuple[tuple[Person, str], ...]
    household: Record
    rows: tuple[Record, ...]


def family(town: Town, home: Home, cert_no: str) -> Family:
    """One household with its members; `covered_persons` is the number of covered members."""
    members = _members(town, home.head)
    rows = [_member_row(town, cert_no, p, relation) for p, relation in members]
    _somebody_left(town, rows)
    covered = sum(1 for r in rows if r["covered"])
    size = sum(1 for r in rows if r["member_status"] == "在户")
    household = _household_row(town, home, cert_no, size, covered)
    return Family(home, cert_no, tuple(members), household, tuple(rows))


def _members(town: Town, head: Person) -> list[tuple[Person, str]]:
    """The head, perhaps a spouse, perhaps children, perhaps a parent."""
    age, rng = head.age(town.today), town.rng
    found = [(head, "户主")]
    if rng.random() < 0.45:
        found.append((town.person(max(22, age - 5), age + 3), "配偶"))
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        youngest, oldest = max(1, age - 40), max(2, age - 23)
        found.append((town.person(youngest, oldest, surname_of(head)), "子女"))
    if age < 62 and rng.random() < 0.2:
        found.append((town.person(age + 22, min(96, age + 32)), "父母"))
    return found


def _member_row(town: Town, cert_no: str, person: Person, relation: str) -> Record:
    rng, age = town.rng, person.age(town.today)
    disability = rng.choice(("无", "无", "无", "二级", "三级", "四级", "一级"))
    work = "有" if 18 <= age < 60 else "完全丧失"
    if disability != "无" and work == "有":
        work = "部分丧失"
    health = "残疾" if disability != "无" else rng.choice(("健康", "健康", "慢性病", "重病"))
    return {
        "cert_no": cert_no,
        "name": person.name,
        "member_id": person.id_number,
        "relation": relation,
        "covered": relation == "户主" or rng.random() < 0.8,
        "member_status": "在户",
        "left_on": None,
        "left_reason": None,
        "work_ability": work,
        "health": health,
        "disability": disability,
        "remark": None,
    }


def _somebody_left(town: Town, rows: list[Record]) -> None:
    """Once in a while a member has left the household, and is covered no longer."""
    if len(rows) > 1 and town.rng.random() < 0.08:
        reason = town.rng.choice(("迁出", "婚嫁", "就业", "死亡"))
        left_on = town.day(town.today - timedelta(300), town.today)
        change: Record = {"covered": False, "member_status": "减员"}
        rows[-1] |= {**change, "left_on": left_on, "left_reason": reason}


def _household_row(town: Town, home: Home, cert_no: str, size: int, covered: int) -> Record:
    rng = town.rng
    start = town.working_day(town.today - timedelta(2400), town.today - timedelta(60))
    cycle = rng.choice(tuple(CYCLE_DAYS))
    status, end = _state(town, start)
    amount = Decimal(rng.randrange(380, 980, 10)) * covered
    return {
        "cert_no": cert_no,
        "head_name": home.head.name,
        "head_id": home.head.id_number,
        "hukou": rng.choice(("城市", "城市", "农村")),
        "category": rng.choice(("A类", "B类", "B类", "C类")),
        "family_size": size,
        "covered_persons": covered,
        "monthly_amount": amount.quantize(Decimal("0.01")),
        "class_supplement": Decimal(rng.choice(("0.00", "84.50", "126.00", "210.00"))),
        "per_capita_income": Decimal(f"{rng.randrange(120, 920)}.50"),
        "hardship_cause": tuple(rng.sample(CAUSES, rng.choice((1, 1, 2)))),
        "start_date": start,
        "review_cycle": cycle,
        "last_review": _last_review(town, start, CYCLE_DAYS[cycle], end),
        "status": status,
        "end_date": end,
        "end_reason": rng.choice(phrases.EXIT_REASONS) if end else None,
        "phone": home.head.phone,
        "address": home.address,
        "grid": grid_name(home.grid),
        "remark": rng.choice((None, None, *phrases.HOUSEHOLD_REMARKS)),
    }


def _state(town: Town, start: date) -> tuple[str, date | None]:
    status = town.rng.choices(("在保", "渐退期", "停发", "退出"), (85, 4, 3, 8))[0]
    if status in ("在保", "渐退期"):
        return status, None
    earliest = max(start + timedelta(30), town.today - timedelta(500))
    return status, town.working_day(earliest, town.today)


def _last_review(town: Town, start: date, cycle: int, end: date | None) -> date | None:
    """Within one cycle before today (or before the end); one household in twelve is overdue."""
    until = end or town.today
    late = 1.4 if town.rng.random() < 0.08 else 1.0
    first = until - timedelta(int(cycle * late))
    if first < start:
        return None
    return town.working_day(first, until - timedelta(int(cycle * (late - 1.0))))
