"""Figures counted anew from the raw workbooks, with openpyxl and nothing of the program.

What each figure means is written down here a second time, after its definition in words
(`docs/indicators.md`).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from tests.raw_ledgers import (
    CYCLES,
    Community,
    Row,
    after,
    day,
    elapsed,
    months_between,
    period_days,
    place,
    several,
    whole,
)


def is_open(row: Row, on: date) -> bool:
    known, end = day(row["登记日期"]), closing(row)
    return known is not None and known <= on and (end is None or end > on)


def closing(row: Row) -> date | None:
    begun, closed = day(row["登记日期"]), day(row.get("办结日期"))
    if row.get("处理状态") not in ("已解决", "已答复") or begun is None:
        return None
    return (closed if closed >= begun else None) if closed else begun


def on_benefit(row: Row, on: date) -> bool:
    start, end = day(row.get("享受起始日期")), day(row.get("停退日期"))
    if start and start > on:
        return False
    return end > on if end else row.get("保障状态") in ("在保", "渐退期")


@dataclass
class Recount:
    """Figures of some communities in a span of days."""

    communities: Sequence[Community]
    first: date
    last: date

    @property
    def there(self) -> list[Community]:
        return [c for c in self.communities if c.is_there]

    def rows(self, table: str) -> list[Row]:
        return [row for c in self.there for row in getattr(c, table)]

    def inside(self, value: date | None) -> bool:
        return value is not None and self.first <= value <= self.last

    def dated(self, table: str, column: str) -> list[Row]:
        return [row for row in self.rows(table) if self.inside(day(row.get(column)))]

    # each group of figures as numbers, or (numerator, denominator)

    def visit(self) -> Iterator[tuple[str, Any]]:
        made = self.dated("visits", "走访日期")
        yield "visits_made", len(made)
        yield "visits_households", self.homes()
        for number in {row.get("走访轮次") for row in made} - {None}:
            yield f"visits_households_round.{number}", self.homes(number)
        met = sum(row.get("走访结果") in ("见到本人", "见到家属") for row in made)
        yield "visits_met_rate", (met, len(made))
        yield "visit_satisfaction_rate", satisfied(row.get("满意度") for row in made)
        known = sum(c.households or 0 for c in self.there)
        yield "visits_coverage", (self.homes(), known)

    def homes(self, turn: object = None) -> int:
        return len(
            {
                (c.code, place(row["户址"]))
                for c in self.there
                for row in c.visits
                if self.inside(day(row["走访日期"])) and turn in (None, row.get("走访轮次"))
            }
        )

    def issue(self) -> Iterator[tuple[str, Any]]:
        every, new = self.rows("issues"), self.dated("issues", "登记日期")
        opening = self.first - timedelta(1)
        states = [self.state(row) for row in new]
        yield "issues_collected", len(new)
        for name in ("resolved", "in_progress", "not_feasible", "pending"):
            yield f"issues_{name}", states.count(name)
        yield "issue_resolution_rate", (states.count("resolved"), len(new))
        waiting = [row for row in every if is_open(row, self.last)]
        days = [(self.last - (day(row["登记日期"]) or self.last)).days for row in waiting]
        yield "issues_carried_in", sum(is_open(row, opening) for row in every)
        yield "issues_open_end", len(waiting)
        yield "issues_open_90", sum(n > 90 for n in days)
        yield "issues_open_longest", max(days, default=None)
        yield (
            "issues_overdue",
            sum((day(r.get("办理时限")) or self.last) < self.last for r in waiting),
        )
        for column, name in (("问题类别", "issues_collected"), ("来源", "issues_source")):
            for kind in {row.get(column) for row in every} - {None}:
                yield f"{name}.{kind}", sum(row.get(column) == kind for row in new)
        yield "issue_categories", len({row.get("问题类别") for row in new} - {None})
        yield from self.solved([row for row in every if self.inside(closing(row))], new, states)

    def solved(
        self, closed: list[Row], new: list[Row], states: list[str]
    ) -> Iterator[tuple[str, Any]]:
        yield "issues_closed", len(closed)
        spans = [
            (end - start).days
            for row in closed
            if (end := day(row.get("办结日期"))) and (start := day(row["登记日期"]))
        ]
        yield "issue_days_median", median(spans) if spans else None
        due = [
            (end, limit)
            for r in closed
            if (end := day(r.get("办结日期"))) and (limit := day(r.get("办理时限")))
        ]
        yield "issue_on_time_rate", (sum(end <= limit for end, limit in due), len(due))
        done = [row for row, state in zip(new, states, strict=True) if state == "resolved"]
        again = sum((day(row.get("回访日期")) or date.max) <= self.last for row in done)
        yield "issue_revisit_rate", (again, len(done))
        asked = [r for r in new if (day(r.get("回访日期")) or self.last) <= self.last]
        yield "issue_satisfaction_rate", satisfied(row.get("回访满意度") for row in asked)

    def state(self, row: Row) -> str:
        if not is_open(row, self.last):
            return "resolved"
        if row.get("处理状态") in ("协调处置中", "已转办", "已解决", "已答复"):
            return "in_progress"
        return "not_feasible" if row.get("处理状态") == "暂不具备条件" else "pending"

    def dibao(self) -> Iterator[tuple[str, Any]]:
        for name, on in (("", self.last), ("opening", self.first - timedelta(1))):
            here = [row for row in self.rows("dibao") if on_benefit(row, on)]
            yield f"dibao_{name or 'households'}", len(here)
            yield f"dibao_{name + '_' if name else ''}persons", covered(here)
            for kind, text in (("urban", "城市"), ("rural", "农村")) if not name else ():
                some = [row for row in here if row.get("城乡类别") == text]
                yield f"dibao_households_{kind}", len(some)
                yield f"dibao_persons_{kind}", covered(some)
        for name, column in (("new", "享受起始日期"), ("exited", "停退日期")):
            moved = self.dated("dibao", column)
            yield f"dibao_{name}", len(moved)
            yield f"dibao_{name}_persons", covered(moved)
        yield "dibao_amount", sum(map(self.paid, self.rows("dibao")), Decimal(0))
        yield from self.reviews()

    def paid(self, row: Row) -> Decimal:
        ends = [after(self.first, n, 0) for n in range(1, 13)]
        months = sum(
            on_benefit(row, end - timedelta(1)) for end in ends if end <= self.last + timedelta(1)
        )
        return months * (whole(row.get("月保障金额(元)")) + whole(row.get("分类施保金额(元)")))

    def reviews(self) -> Iterator[tuple[str, Any]]:
        known = [
            r for r in self.rows("dibao") if (day(r.get("上次复核日期")) or self.last) <= self.last
        ]
        done = [row for row in known if self.inside(day(row.get("上次复核日期")))]
        ends = {id(row): self.next_review(row) for row in known if on_benefit(row, self.last)}
        due = [r for r in known if r in done or (ends.get(id(r)) or date.max) <= self.last]
        yield "dibao_reviews_done", len(done)
        yield "dibao_reviews_due", len(due)
        yield "dibao_review_rate", (len(done), len(due))
        length = months_between(self.first, self.last) + 1
        later = [end for end in ends.values() if end is not None and end > self.last]
        yield "reviews_due_next", sum(months_between(self.first, end) < 2 * length for end in later)

    @staticmethod
    def next_review(row: Row) -> date | None:
        begun = day(row.get("上次复核日期")) or day(row.get("享受起始日期"))
        cycle = row.get("复核周期")
        return after(begun, *CYCLES[cycle]) if begun and cycle in CYCLES else None

    def care(self) -> Iterator[tuple[str, Any]]:
        yield "care_people", self.persons()
        for kind in {k for row in self.rows("people") for k in several(row.get("人员类别"))}:
            yield f"care_people.{kind}", self.persons(kind)
        due = {id(row): self.calls_due(row) for row in self.rows("people")}
        done = sum(min(due[id(row)], n) for row, n in self.calls())
        yield "care_visits_due", sum(due.values())
        yield "care_visits_done", done
        yield "care_visit_rate", (done, sum(due.values()))

    def persons(self, kind: str | None = None) -> int:
        found = set()
        for c in self.there:
            for row in c.people:
                begun, end = day(row.get("纳入日期")), day(row.get("退出日期"))
                here = end > self.last if end else row.get("在册状态") in ("在册", None)
                here = here and (begun is None or begun <= self.last)
                if here and kind in (None, *several(row.get("人员类别"))):
                    found.add(row.get("身份证号") or (c.code, row["姓名"], place(row.get("住址"))))
        return len(found)

    def calls_due(self, row: Row) -> int:
        begun, end = day(row.get("纳入日期")) or date(1999, 12, 31), day(row.get("退出日期"))
        until = min(end, self.last) if end else None
        if end is None and row.get("在册状态") in ("在册", None):
            until = self.last
        cycle = row.get("走访频次")
        before = elapsed(begun, self.first - timedelta(1), cycle)
        return max(0, elapsed(begun, until, cycle) - before)

    def calls(self) -> Iterator[tuple[Row, int]]:
        """Each person with the visits paid to them while on the list."""
        for c in self.there:
            counts = [0] * len(c.people)
            for visit in c.visits:
                when = day(visit["走访日期"])
                at = whom(visit, c.people) if self.inside(when) else None
                if at is not None and when is not None:
                    begun = day(c.people[at].get("纳入日期")) or when
                    end = day(c.people[at].get("退出日期")) or when
                    counts[at] += begun <= when <= end
            yield from zip(c.people, counts, strict=True)

    def volunteer(self) -> Iterator[tuple[str, Any]]:
        held = [r for r in self.dated("activities", "活动日期") if "主题党日" not in r["活动名称"]]
        yield "volunteer_activities", len(held)
        yield "volunteer_activities_party", sum(r.get("党员志愿") in ("是", "√") for r in held)
        few = [r for r in held if r.get("参加人数") not in (None, "") and whole(r["参加人数"]) < 3]
        yield "volunteer_activities_few", len(few)
        yield "volunteer_beneficiaries", sum(whole(r.get("受益人次")) for r in held)
        served = list(self.served())
        now = [(key, persons, hours) for when, key, persons, hours in served if self.inside(when)]
        yield "volunteer_hours", sum(hours for _, _, hours in now)
        yield "volunteer_person_times", sum(persons for _, persons, _ in now)
        yield "volunteers_active", len({key for key, _, _ in now if key})
        known = {key for when, key, _, _ in served if key and when and when <= self.last}
        yield "volunteers_registered", len(known)

    def served(self) -> Iterator[tuple[date | None, object, Decimal, Decimal]]:
        """Day, person, persons, hours: of records, and of activities that have none."""
        for c in self.there:
            counted = [r for r in c.activities if "主题党日" not in r["活动名称"]]
            days = {r.get("活动编号"): day(r.get("活动日期")) for r in reversed(counted)}
            numbers = {r.get("活动编号") for r in c.records}
            for r in c.records:
                if r.get("活动编号") in days:
                    phone = r.get("联系电话")
                    name = re.sub(r"\s", "", str(r["志愿者姓名"]))
                    key = r.get("证件号码") or (name, str(phone) if phone else c.code)
                    yield days[r.get("活动编号")], key, Decimal(1), whole(r.get("服务时长(小时)"))
            for r in counted:
                persons = whole(r.get("参加人数"))
                if persons > 0 and r.get("活动编号") not in numbers:
                    hours = persons * whole(r.get("活动时长(小时)"))
                    yield day(r.get("活动日期")), None, persons, hours

    def common(self) -> Iterator[tuple[str, Any]]:
        for name in ("households", "residents"):
            counts = [getattr(c, name) for c in self.communities]
            yield f"unit_{name}", None if None in counts else sum(counts)
        yield "units_expected", len(self.communities)
        yield "units_missing", len(self.communities) - len(self.there)
        tables = ("visits", "issues", "dibao", "members", "people", "activities", "records")
        yield "data_error_rate", (None, sum(len(self.rows(table)) for table in tables))

    def figures(self) -> dict[str, Any]:
        groups: tuple[Callable[[], Iterator[tuple[str, Any]]], ...] = (
            self.visit, self.issue, self.dibao, self.care, self.volunteer, self.common,
        )  # fmt: skip
        return {name: value for group in groups for name, value in group()}


def covered(rows: Sequence[Row]) -> Decimal:
    return sum((whole(row.get("保障人数")) for row in rows), Decimal(0))


def satisfied(said: Iterator[Any]) -> tuple[int, int]:
    answers = list(said)
    good = sum(answer in ("满意", "基本满意") for answer in answers)
    return good, good + answers.count("不满意")


def whom(visit: Row, people: Sequence[Row]) -> int | None:
    """Whose visit it is: by number, else by name and address."""
    number, name, home = visit.get("对象身份证号"), visit.get("走访对象"), place(visit.get("户址"))
    for at, person in enumerate(people):
        if number and person.get("身份证号") == number:
            return at
    for at, person in enumerate(people):
        unsure = name and not (number and person.get("身份证号"))
        if unsure and (person["姓名"], place(person.get("住址"))) == (name, home):
            return at
    return None


@dataclass
class District:
    """The communities of a workspace, and their figures by unit and period."""

    communities: Sequence[Community]

    def __post_init__(self) -> None:
        self._known: dict[tuple[str, str], dict[str, Any]] = {}

    def expected(self, number: Row) -> Any:
        """What a number of `numbers[]` should be; None where it cannot be counted."""
        now = self._figure(number, number["period"])
        if number["role"] not in ("change", "change_rate"):
            return now
        then = self._figure(number, number["against"])
        if now is None or not then:
            return None
        difference = float(now) - float(then)
        return difference if number["role"] == "change" else difference / float(then)

    def _figure(self, number: Row, period: str) -> Any:
        key = number["unit"], period
        if key not in self._known:
            some = [c for c in self.communities if c.code.startswith(key[0])]
            self._known[key] = Recount(some, *period_days(period)).figures()
        found = self._known[key].get(number["indicator"], 0)
        if not isinstance(found, tuple):
            return found
        over, under = found
        if number["role"] in ("numerator", "denominator"):
            return under if number["role"] == "denominator" else over
        return over / under if under and over is not None else None
