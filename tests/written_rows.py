"""What the staff of a community wrote down in some months, and what pandas makes of it.

The ledgers say nothing that is not in these frames, so that every figure of a district can be
counted a second time, by code that shares nothing with the program.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from random import Random
from typing import Any

import pandas as pd
from stdnum.cn.ric import calc_check_digit

_BODIES = [f"11010119400101{n:03d}" for n in range(1, 400)]
IDS = [body + calc_check_digit(f"{body}0") for body in _BODIES]
_HEADERS = {
    "走访记录": "走访日期 | 户址 | 走访结果",
    "问题诉求": "登记日期 | 问题描述 | 处理状态 | 办结日期",
    "志愿活动": "活动编号 | 活动名称 | 活动日期",
    "服务记录": "活动编号 | 志愿者姓名 | 身份证号 | 服务时长(小时)",
    "重点人员": "姓名 | 身份证号 | 人员类别 | 纳入日期",
    "低保户": (
        "户主姓名 | 户主身份证号 | 家庭人口数 | 保障人数 | 月保障金额(元) | 保障状态 | 起始日期"
    ),
}
_FRAMES = ("visits", "issues", "service", "care", "dibao")


@dataclass
class Rows:
    """The rows of a community in five tables."""

    visits: pd.DataFrame
    issues: pd.DataFrame
    service: pd.DataFrame
    care: pd.DataFrame
    dibao: pd.DataFrame

    @classmethod
    def of(cls, random: Random, code: str, months: Sequence[str]) -> "Rows":
        """Every table begins with the first month."""
        days = [f"{month}-{day:02d}" for month in months for day in range(1, 28)]
        made = _Writing(random, code, days, len(months))
        frames = (made.visits(), made.issues(), made.service(), made.care(), made.dibao())
        return cls(*(frame.assign(unit=code) for frame in frames))

    def sheets(self) -> dict[str, str]:
        held = self.service[["no", "date"]].drop_duplicates()
        lines = {
            "走访记录": [f"{r.date} | {r.home} | {r.result}" for r in self.visits.itertuples()],
            "问题诉求": [
                f"{r.date} | 路灯坏了{r.Index} | {r.status} | {r.closed}"
                for r in self.issues.itertuples()
            ],
            "志愿活动": [f"{r.no} | 清扫楼道{r.no} | {r.date}" for r in held.itertuples()],
            "服务记录": [
                f"{r.no} | 志愿{r.who[14:17]} | {r.who} | {r.hours}"
                for r in self.service.itertuples()
            ],
            "重点人员": [
                f"老人{r.who[14:17]} | {r.who} | {r.kind} | {r.date}"
                for r in self.care.itertuples()
            ],
            "低保户": [
                f"户主{r.who[14:17]} | {r.who} | {r.persons} | {r.persons} | {r.amount} | 在保 |"
                f" {r.date}"
                for r in self.dibao.itertuples()
            ],
        }
        return {name: "\n".join([_HEADERS[name], *lines[name]]) for name in _HEADERS}


@dataclass
class _Writing:
    """What one community writes down, at random, from the first day on."""

    random: Random
    code: str
    days: Sequence[str]
    months: int

    def _days(self, count: int) -> list[str]:
        return [self.days[0], *self.random.choices(self.days, k=count - 1)]

    def visits(self) -> pd.DataFrame:
        homes = [f"解放路{n}号" for n in range(1, 9)]
        results = ("见到本人", "见到家属", "家中无人")
        rows = [
            (day, self.random.choice(homes), self.random.choice(results))
            for day in self._days(12 * self.months)
        ]
        return pd.DataFrame(rows, columns=["date", "home", "result"])

    def issues(self) -> pd.DataFrame:
        """Closed on the day or some days later, which may be the next month."""
        rows = [(day, *self._closing(day)) for day in self._days(6 * self.months)]
        return pd.DataFrame(rows, columns=["date", "status", "closed"])

    def _closing(self, day: str) -> tuple[str, str]:
        if self.random.random() >= 0.6:
            return "待处理", ""
        later = [d for d in self.days if d[:7] == day[:7] and d >= day]
        return "已解决", self.random.choice(later)

    def service(self) -> pd.DataFrame:
        acts = [(f"V{self.code[-6:]}{n}", d) for n, d in enumerate(self._days(3 * self.months))]
        rows = [
            (no, day, who, self.random.randint(1, 6))
            for no, day in acts
            for who in self.random.sample(IDS[:199], self.random.randint(1, 3))
        ]
        return pd.DataFrame(rows, columns=["no", "date", "who", "hours"])

    def care(self) -> pd.DataFrame:
        """Some of whom another community has in its register, too."""
        people = self.random.sample(IDS[200:], 9)
        kinds = ("独居老人", "高龄老人", "空巢老人")
        rows = [
            (who, self.random.choice(kinds), day)
            for who, day in zip(people, self._days(9), strict=True)
        ]
        return pd.DataFrame(rows, columns=["who", "kind", "date"])

    def dibao(self) -> pd.DataFrame:
        people = self.random.sample(IDS[:199], 6)
        rows = [
            (who, self.random.randint(1, 4), f"{self.random.randint(30000, 90000) / 100:.2f}", day)
            for who, day in zip(people, self._days(6), strict=True)
        ]
        return pd.DataFrame(rows, columns=["who", "persons", "amount", "date"])


@dataclass
class Counted:
    """All rows of a district; its figures of some communities over some months."""

    rows: Mapping[str, Rows]
    months: Sequence[str]

    @cached_property
    def _frames(self) -> dict[str, pd.DataFrame]:
        """With the first and last month of which a row tells."""
        found = {}
        for name in _FRAMES:
            frame = pd.concat([getattr(r, name) for r in self.rows.values()])
            found[name] = frame.assign(month=frame.date.str[:7])
        return found

    def figures(self, units: Sequence[str], first: str, last: str) -> dict[str, Any]:
        """From the first to the last day of these months (`2022-03`)."""
        all_of = {n: f[f.unit.isin(set(units))] for n, f in self._frames.items()}
        within = {n: f[(f.month >= first) & (f.month <= last)] for n, f in all_of.items()}
        until = {n: f[f.month <= last] for n, f in all_of.items()}
        return {
            **_visits(within["visits"]),
            **_issues(within["issues"], until["issues"], first),
            **_service(within["service"]),
            **_people(until["care"], until["dibao"]),
            "dibao_amount": self._paid(until["dibao"], first, last),
        }

    def _paid(self, dibao: pd.DataFrame, first: str, last: str) -> Decimal:
        """At the end of every month, to those who had begun by then."""
        return sum(
            (
                sum(map(Decimal, dibao[dibao.month <= month].amount), Decimal(0))
                for month in self.months
                if first <= month <= last
            ),
            Decimal(0),
        )


def _visits(visits: pd.DataFrame) -> dict[str, Any]:
    met = visits.result.isin(["见到本人", "见到家属"]).sum()
    return {
        "visits_made": len(visits),
        "visits_households": len(visits[["unit", "home"]].drop_duplicates()),
        "visits_met_rate": met / len(visits) if len(visits) else None,
    }


def _issues(issues: pd.DataFrame, known: pd.DataFrame, first: str) -> dict[str, Any]:
    """Issues are solved in the month in which they came in, or not at all."""
    solved = (issues.status == "已解决").sum()
    unsolved = known[known.status != "已解决"]
    return {
        "issues_collected": len(issues),
        "issues_resolved": solved,
        "issues_pending": len(issues) - solved,
        "issue_resolution_rate": solved / len(issues) if len(issues) else None,
        "issues_closed": solved,
        "issues_carried_in": (unsolved.month < first).sum(),
        "issues_open_end": len(unsolved),
    }


def _service(service: pd.DataFrame) -> dict[str, Any]:
    return {
        "volunteer_hours": service.hours.sum(),
        "volunteers_active": service.who.nunique(),
        "volunteer_person_times": len(service),
        "volunteer_activities": len(service[["unit", "no"]].drop_duplicates()),
    }


def _people(care: pd.DataFrame, dibao: pd.DataFrame) -> dict[str, Any]:
    return {
        "care_people": care.who.nunique(),
        "care_people.独居老人": care[care.kind == "独居老人"].who.nunique(),
        "dibao_households": len(dibao),
        "dibao_persons": dibao.persons.sum(),
    }
