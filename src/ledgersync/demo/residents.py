"""Residents and their homes, drawn from one seeded generator."""

from dataclasses import field
from datetime import date, timedelta
from random import Random
from typing import Literal

from stdnum.cn import ric

from ledgersync.dataclass import dataclass
from ledgersync.demo import words

Sex = Literal["男", "女"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist, with an id number whose check digit is right."""

    name: str
    sex: Sex
    born: date
    id_number: str
    phone: str

    def age(self, on: date) -> int:
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))


@dataclass(frozen=True, slots=True)
class Home:
    """A dwelling, the grid it lies in, and who heads the household."""

    address: str
    grid: int
    head: Person


@dataclass(slots=True)
class Town:
    """Where residents come from: the generator, the day it is, and what is already taken."""

    rng: Random
    today: date
    grids: int
    county: str
    roads: tuple[str, ...]
    taken: set[str] = field(default_factory=set)

    def person(self, youngest: int, oldest: int, surname: str | None = None) -> Person:
        """A resident whose age today lies between the two, both included."""
        sex: Sex = "男" if self.rng.random() < 0.5 else "女"
        born = self._birthday(self.rng.randint(youngest, oldest))
        name = self._name(sex, surname)
        return Person(name, sex, born, self._id_number(sex, born), self.phone())

    def home(self, number: int) -> Home:
        """The `number`-th home; grids take turns along the roads, as real ones do."""
        grid = 1 + number % self.grids
        youngest, oldest = self.rng.choice(((26, 45), (40, 62), (55, 75), (66, 92)))
        return Home(self._address(grid, number), grid, self.person(youngest, oldest))

    def phone(self) -> str:
        tail = self.rng.randrange(10**8)
        return f"{self.rng.choice(words.MOBILE_PREFIXES)}{tail:08d}"

    def day(self, first: date, last: date) -> date:
        """A day between the two, both included (the first where they are the wrong way round)."""
        return first + timedelta(self.rng.randint(0, max(0, (last - first).days)))

    def working_day(self, first: date, last: date) -> date:
        """The same, moved back from a weekend to its Friday where that is not too early."""
        day = self.day(first, last)
        friday = day - timedelta(max(0, day.weekday() - 4))
        return max(first, friday)

    def _birthday(self, age: int) -> date:
        # 2 to 363 days back, so that a leap day never moves the age by one.
        anniversary = date(self.today.year - age, self.today.month, min(self.today.day, 28))
        return anniversary - timedelta(self.rng.randint(2, 363))

    def _name(self, sex: Sex, surname: str | None) -> str:
        if surname is None and self.rng.random() < 0.03:
            return self.rng.choice(words.DOTTED_NAMES)
        given = self.rng.choice(words.MALE_GIVEN if sex == "男" else words.FEMALE_GIVEN)
        rare = self.rng.random() < 0.03
        drawn = self.rng.choice(words.DOUBLE_SURNAMES if rare else words.SURNAMES)
        return (surname or drawn) + given

    def _id_number(self, sex: Sex, born: date) -> str:
        while True:
            county = self.county if self.rng.random() < 0.7 else self.rng.choice(words.COUNTIES)
            order = self.rng.randrange(1, 500) * 2 - (sex == "男")
            body = f"{county}{born:%Y%m%d}{order:03d}"
            if body not in self.taken:
                self.taken.add(body)
                return body + str(ric.calc_check_digit(body + "0"))

    def _address(self, grid: int, number: int) -> str:
        road = self.roads[grid % len(self.roads)]
        house, flat = 1 + number // self.grids // 40, number // self.grids % 40
        return (
            f"{road}{house * self.grids + grid}号{1 + flat // 20}栋{1 + flat // 10 % 2}单元"
            f"{1 + flat // 2 % 5}0{1 + flat % 2}室"
        )


def new_town(rng: Random, today: date, grids: int) -> Town:
    """A community's roads and its county, drawn from `rng`."""
    roads = (*rng.sample(words.ROADS, 4), *rng.sample(words.ESTATES, 3))
    return Town(rng, today, grids, rng.choice(words.COUNTIES), tuple(rng.sample(roads, len(roads))))


def surname_of(person: Person) -> str | None:
    """What a child of theirs is called; None for names that have none."""
    if "·" in person.name:
        return None
    double = next((s for s in words.DOUBLE_SURNAMES if person.name.startswith(s)), None)
    return double or person.name[0]


def grid_name(grid: int) -> str:
    return f"第{grid}网格"
