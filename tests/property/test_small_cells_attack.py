"""An attacker joins every report of every office and period: what is hidden stays open.

Reports of the district, a street and the communities, of months and of the quarter, are put into
one integer programme per day: shown figures are equations, sums bounds, people of several
categories allowed. For every hidden count every value from 1 to k - 1 must stay possible.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from tests.unit.rollup.small import community, facts, published

from ledgersync.rollup.facts import UnitFacts
from ledgersync.rollup.figures import Figure, RollUp
from ledgersync.workspace.config import Unit
from ledgersync.workspace.unitcodes import full_code

K, MOST = 5, 60
PEOPLE = ("care", "people")
CATEGORIES = ("孤儿", "独居老人", "高龄老人")
TOTAL = "care_people"
COMMUNITIES = ("360702001001", "360702001002", "360702002001")
STREETS = {"360702001000": COMMUNITIES[:2], "360702002000": COMMUNITIES[2:]}
UNDER = {"360702": COMMUNITIES, **STREETS}
LINES = (TOTAL, *(f"{TOTAL}.{c}" for c in CATEGORIES))
WINDOWS = ("current", "previous", "year_before", "year_to_date")
PERIODS = ("2022-01", "2022-02", "2022-03", "2022Q1")
Cell = tuple[str, str]  # unit, line

persons = st.tuples(
    st.sampled_from([*((c,) for c in CATEGORIES), CATEGORIES[:2], CATEGORIES]),
    st.sampled_from([None, date(2022, 2, 10), date(2022, 3, 20)]),  # enrolled
    st.sampled_from([None, None, None, date(2022, 2, 20)]),  # left
)
worlds = st.fixed_dictionaries({c: st.lists(persons, max_size=14) for c in COMMUNITIES})
World = dict[str, list[tuple[tuple[str, ...], date | None, date | None]]]


def ledger(people: Sequence[tuple[tuple[str, ...], date | None, date | None]]) -> str:
    lines = [
        f"人{n} | {'、'.join(categories)} | 一路{n}号 | {since or ''} | {until or ''} | 在册"
        for n, (categories, since, until) in enumerate(people)
    ]
    return "\n".join(["姓名 | 人员类别 | 住址 | 纳入日期 | 退出日期 | 在册状态", *lines])


@dataclass
class Attack:
    """All that was published of one day, and what is still possible; `lines`: total, categories."""

    shown: dict[Cell, Figure] = field(default_factory=dict)
    lines: Sequence[str] = LINES

    def learn(self, figure: Figure) -> None:
        """Every report must say the same of the same cell."""
        cell = (full_code(figure.unit), figure.indicator)
        told = (figure.value, figure.suppressed, figure.at_least)
        before = self.shown.setdefault(cell, figure)
        assert (before.value, before.suppressed, before.at_least) == told, cell

    def whole_family(self, unit: str) -> bool:
        """All categories are hidden, a zero as well: nothing is known of any single one."""
        return all(self.hidden((unit, line)) for line in self.lines[1:])

    def hidden(self, cell: Cell) -> bool:
        return cell in self.shown and self.shown[cell].suppressed

    def index(self, cell: Cell) -> int:
        units = [*COMMUNITIES, *map(full_code, UNDER)]
        return units.index(cell[0]) * len(self.lines) + self.lines.index(cell[1])

    @property
    def size(self) -> int:
        return (len(COMMUNITIES) + len(UNDER)) * len(self.lines)

    def bounds(self) -> Bounds:
        low, high = np.zeros(self.size), np.full(self.size, float(MOST))
        for cell, figure in self.shown.items():
            at = self.index(cell)
            if not figure.suppressed:
                low[at] = high[at] = float(figure.value or 0)
            elif figure.at_least is not None:
                low[at] = float(figure.at_least)
            elif cell[1] == TOTAL or not self.whole_family(cell[0]):
                low[at], high[at] = 1, K - 1
        return Bounds(low, high)

    def constraints(self) -> LinearConstraint:
        rows = list(self.rows())
        return LinearConstraint(np.array(rows), 0, np.inf)

    def rows(self) -> Iterator[np.ndarray]:
        """Expressions that are not below zero."""
        for unit in [*COMMUNITIES, *map(full_code, UNDER)]:
            members = [(unit, line) for line in self.lines[1:]]
            yield self.row(dict.fromkeys(members, 1) | {(unit, TOTAL): -1})
            yield from (self.row({(unit, TOTAL): 1, cell: -1}) for cell in members)
        for unit, below in UNDER.items():
            for line in self.lines:
                total = (full_code(unit), line)
                yield self.row({(part, line): 1 for part in below} | {total: -1})
                yield from (self.row({total: 1, (part, line): -1}) for part in below)

    def row(self, weights: Mapping[Cell, int]) -> np.ndarray:
        found = np.zeros(self.size)
        for cell, weight in weights.items():
            found[self.index(cell)] = weight
        return found

    def impossible(self, cell: Cell) -> list[int]:
        """The values from 1 to k - 1 that a hidden cell cannot have any more."""
        return [value for value in range(1, K) if not self.possible(cell, value)]

    def possible(self, cell: Cell, value: int) -> bool:
        bounds, at = self.bounds(), self.index(cell)
        if not bounds.lb[at] <= value <= bounds.ub[at]:
            return False
        bounds.lb[at] = bounds.ub[at] = value
        size = len(bounds.lb)
        found = milp(
            np.zeros(size), integrality=np.ones(size), bounds=bounds, constraints=self.constraints()
        )
        return bool(found.success)


def reports(world: World) -> Iterator[RollUp]:
    """The district's, the first street's and every community's own."""
    units: dict[str, UnitFacts] = {
        code: facts(community(code, code), {PEOPLE: ledger(world[code])}) for code in COMMUNITIES
    }
    for period in PERIODS:
        yield published(list(units.values()), period, k=K)
        street = Unit(code="360702001", name="街道", level="street")
        yield published([units[c] for c in COMMUNITIES[:2]], period, own=street, k=K)
        for code in COMMUNITIES:
            yield published([units[code]], period, own=units[code].unit, k=K)


def attacks(world: World) -> dict[date, Attack]:
    found: dict[date, Attack] = {}
    for report in reports(world):
        for name in WINDOWS:
            windows = {
                "current": report.period,
                "previous": report.period.previous(),
                "year_before": report.period.year_before(),
                "year_to_date": report.period.year_to_date(),
            }
            for (_, line), figure in report.by_window[name].items():  # type: ignore[index]
                if line in LINES:
                    found.setdefault(windows[name].last, Attack()).learn(figure)
    return found


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds)
def test_every_hidden_count_stays_open(world: World) -> None:
    for day, attack in attacks(world).items():
        for cell, figure in attack.shown.items():
            if figure.suppressed and cell[0] in COMMUNITIES:
                assert attack.impossible(cell) == [], (day, cell)


def test_the_attack_finds_what_a_careless_report_gives_away() -> None:
    """One category alone is hidden, though the total less the others tells how many there are."""
    attack, unit = Attack(), COMMUNITIES[0]
    for line, value in zip(LINES, (17, 0, 6, 9), strict=True):
        attack.learn(Figure(unit, "community", line, value or None, suppressed=not value))
    assert attack.impossible((unit, LINES[1])) == [1]
    sums, orphans = Attack(), LINES[1]
    sums.learn(Figure(unit, "community", orphans, None, suppressed=True))
    sums.learn(Figure(COMMUNITIES[1], "community", orphans, 6))
    sums.learn(Figure("360702001000", "street", orphans, 8))
    assert sums.impossible((unit, orphans)) == [1]
