"""重点人员 rows: who needs care, who is responsible, how often somebody calls."""

from collections.abc import Sequence
from datetime import date, timedelta

from ledgersync.dataclass import dataclass
from ledgersync.demo import phrases
from ledgersync.demo.residents import Home, Person, Town, grid_name, surname_of
from ledgersync.model import Value

Record = dict[str, Value]
CYCLE_DAYS = {"每周": 7, "每半月": 15, "每月": 30, "每季度": 91, "每半年": 182, "每年": 365}
CYCLE_WEIGHTS = (4, 8, 38, 32, 13, 5)
CHILD_CATEGORIES = ("留守儿童", "困境儿童", "孤儿", "事实无人抚养儿童")
OTHER_CATEGORIES = ("重度残疾人", "特困人员", "计生特殊家庭", "其他关爱对象")
ELDER_CATEGORIES = ("独居老人", "空巢老人", "失能老人", "留守老人", "特困人员", "计生特殊家庭")
ELDER_NEEDS = ("助餐", "助医", "助浴", "助洁", "代办", "适老化", "心理陪伴")


@dataclass(frozen=True, slots=True)
class Cared:
    """A person in care: the row, where they live, when they were enrolled, how often to call."""

    person: Person
    home: Home
    responsible: str
    enrolled: date
    left: date | None
    cycle: int
    row: Record


def cared_for(town: Town, home: Home, staff: Sequence[str]) -> Cared:
    """One person of a home: a child of its head, an elder, or somebody in between."""
    person = home.head
    if person.age(town.today) < 60 and town.rng.random() < 0.35:
        person = town.person(3, 16, surname_of(home.head))
    cycle = town.rng.choices(tuple(CYCLE_DAYS), CYCLE_WEIGHTS)[0]
    responsible = staff[(home.grid - 1) % len(staff)]
    enrolled = town.working_day(town.today - timedelta(1500), town.today - timedelta(40))
    status, left = _state(town, enrolled)
    row = _row(town, home, person) | {
        "visit_cycle": cycle,
        "responsible": responsible,
        "enrolled": enrolled,
        "status": status,
        "end_date": left,
    }
    return Cared(person, home, responsible, enrolled, left, CYCLE_DAYS[cycle], row)


def _row(town: Town, home: Home, person: Person) -> Record:
    rng = town.rng
    guardian = home.head if person is not home.head else town.person(30, 60, surname_of(person))
    return {
        "name": person.name,
        "id_number": person.id_number,
        "category": _categories(town, person),
        "visit_cycle": None,
        "guardian_name": guardian.name,
        "guardian_phone": guardian.phone,
        "phone": person.phone if person.age(town.today) >= 12 else None,
        "address": home.address,
        "grid": grid_name(home.grid),
        "responsible": None,
        "enrolled": None,
        "needs": _needs(town, person),
        "measures": rng.choice((None, *phrases.MEASURES)),
        "preferred_time": rng.choice((None, *phrases.TIMES)),
        "consent": rng.random() < 0.9,
        "status": None,
        "end_date": None,
        "remark": rng.choice((None, None, None, "与子女同住", "住院中，出院后再访", "听力不好")),
    }


def _categories(town: Town, person: Person) -> tuple[str, ...]:
    """高龄 only from 80, children's categories only below 18 (rule `age.category`)."""
    age, rng = person.age(town.today), town.rng
    if age < 18:
        return (rng.choice(CHILD_CATEGORIES),)
    if age < 60:
        return (rng.choice(OTHER_CATEGORIES),)
    found = rng.sample(ELDER_CATEGORIES, rng.choice((1, 1, 2)))
    return ("高龄老人", *found[:1]) if age >= 80 else tuple(found)


def _needs(town: Town, person: Person) -> tuple[str, ...] | None:
    if person.age(town.today) < 18:
        return ("就学", "心理陪伴")[: town.rng.randint(1, 2)]
    wanted = town.rng.sample(ELDER_NEEDS, town.rng.choice((0, 1, 1, 2)))
    return tuple(wanted) or None


def _state(town: Town, enrolled: date) -> tuple[str, date | None]:
    status = town.rng.choices(("在册", "转出", "去世", "解除"), (90, 4, 4, 2))[0]
    if status == "在册":
        return status, None
    return status, town.day(max(enrolled, town.today - timedelta(400)), town.today)
