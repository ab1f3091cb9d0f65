"""A district that shares no folder, with every fault on the way, against pandas over all rows.

Every month some communities are late, some send nothing, some packages are spoilt on the way, some
are returned and corrected; streets approve, lock and hand on, the district rolls up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Literal

import pandas as pd
import pytest
from stdnum.cn.ric import calc_check_digit
from tests.district import DISTRICT, entry, primaries, write

from ledgersync.rollup.figures import RollUp
from ledgersync.rollup.running import period_of
from ledgersync.sync.create import create_workspace
from ledgersync.upward.combine.running import combined_run
from ledgersync.upward.expected import Register
from ledgersync.upward.key_exchange import init_keys
from ledgersync.upward.keys.matching import grant_for, take_grant
from ledgersync.upward.making import submitted
from ledgersync.upward.office import Office, office_session
from ledgersync.upward.reception import Reception
from ledgersync.upward.review import Review
from ledgersync.workspace import Workspace
from ledgersync.workspace.config import new_unit
from ledgersync.workspace.unitcodes import full_code, level_of

_BODIES = [f"11010119800101{n:03d}" for n in range(1, 200)]
IDS = [body + calc_check_digit(f"{body}0") for body in _BODIES]
Fate = Literal["fine", "late", "missing", "spoilt", "corrected"]
FATES: tuple[Fate, ...] = ("fine", "fine", "late", "missing", "spoilt", "corrected")


@dataclass
class Machine:
    """One office; what it does, it does on the day that the environment says."""

    code: str
    workspace: Workspace

    def hand_in(self, month: str) -> Path:
        with office_session(self.workspace, "submit") as office:
            return submitted(office, month).path

    def take(self, *files: Path) -> list[str]:
        """Status or reason of each."""
        with office_session(self.workspace, "receive") as office:
            found = Reception(office, office.session.today).take(files)
        return [r.reason or r.status for r in found]

    def review(self, month: str, code: str, *steps: Literal["approve", "lock", "return"]) -> None:
        with office_session(self.workspace, "review") as office:
            period = period_of(self.workspace, month, office.session.today)
            for step in steps:
                reason = "户次偏少" if step == "return" else None
                Review(office, period).take(code, step, "科长", reason)

    def on_time(self, month: str) -> dict[str, bool | None]:
        with office_session(self.workspace, "test", write=False) as office:
            period = period_of(self.workspace, month, office.session.today)
            return {s.node.unit.code: s.on_time for s in Register(office, period)}


@dataclass
class Rows:
    """What a community's staff wrote down in the year."""

    visits: pd.DataFrame
    issues: pd.DataFrame
    service: pd.DataFrame

    @classmethod
    def of(cls, random: Random, code: str, months: Sequence[str]) -> "Rows":
        days = [f"{month}-{day:02d}" for month in months for day in range(1, 28)]
        count = 12 * len(months)
        homes = [f"解放路{n}号" for n in range(1, 9)]
        visits = [(random.choice(days), random.choice(homes)) for _ in range(count)]
        issues = [
            (day, "已解决", day) if random.random() < 0.6 else (day, "待处理", "")
            for day in random.choices(days, k=count // 2)
        ]
        acts = [(f"V{code[-6:]}{n}", random.choice(days)) for n in range(3 * len(months))]
        service = [
            (no, day, who, random.randint(1, 6))
            for no, day in acts
            for who in random.sample(IDS, random.randint(1, 3))
        ]
        frames = (
            pd.DataFrame(visits, columns=["date", "home"]),
            pd.DataFrame(issues, columns=["date", "status", "closed"]),
            pd.DataFrame(service, columns=["no", "date", "who", "hours"]),
        )
        return cls(*(frame.assign(unit=code) for frame in frames))

    def sheets(self) -> dict[str, str]:
        held = self.service[["no", "date"]].drop_duplicates()
        lines = {
            "走访记录": [f"{r.date} | {r.home} | 见到本人" for r in self.visits.itertuples()],
            "问题诉求": [
                f"{r.date} | 路灯坏了{r.Index} | {r.status} | {r.closed}"
                for r in self.issues.itertuples()
            ],
            "志愿活动": [f"{r.no} | 清扫楼道{r.no} | {r.date}" for r in held.itertuples()],
            "服务记录": [
                f"{r.no} | 志愿{r.who[14:17]} | {r.who} | {r.hours}"
                for r in self.service.itertuples()
            ],
        }
        headers = {
            "走访记录": "走访日期 | 户址 | 走访结果",
            "问题诉求": "登记日期 | 问题描述 | 处理状态 | 办结日期",
            "志愿活动": "活动编号 | 活动名称 | 活动日期",
            "服务记录": "活动编号 | 志愿者姓名 | 身份证号 | 服务时长(小时)",
        }
        return {name: "\n".join([headers[name], *lines[name]]) for name in headers}


@dataclass
class District:
    """All offices, what is in their ledgers, and what the district should know of each month."""

    folder: Path
    months: Sequence[str]
    streets: Mapping[str, Sequence[str]]
    patch: pytest.MonkeyPatch
    random: Random = field(default_factory=lambda: Random(20220705))
    machines: dict[str, Machine] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)
    absent: dict[str, set[str]] = field(default_factory=dict)
    deck: list[Fate] = field(default_factory=list)

    def begin(self) -> "District":
        self.today("2022-01-01")
        below = {DISTRICT: [*self.streets], **self.streets}
        for code in (DISTRICT, *self.streets, *(c for s in self.streets.values() for c in s)):
            self._office(code, below.get(code, ()))
        for above, codes in below.items():
            for code in codes:
                self._introduce(self.machines[above], self.machines[code])
        for codes in self.streets.values():
            for code in codes:
                self.rows[code] = Rows.of(self.random, code, self.months)
                primaries(self.machines[code].workspace.root, self.rows[code].sheets())
        return self

    def today(self, day: str) -> None:
        self.patch.setenv("LEDGERSYNC_TODAY", day)

    def _office(self, code: str, below: Sequence[str]) -> None:
        level = level_of(code)
        workspace = create_workspace(self.folder / code, new_unit(code, code, level))
        entries = [entry(c, name=c, parent=_parent(c)) for c in (code, *below)]
        if level == "community":
            entries = [e.replace("[[unit]]", "[unit]") for e in entries]
        (workspace.root / "ledgersync.toml").write_text("\n".join(entries), "utf-8")
        self.machines[code] = Machine(code, Workspace.open(workspace.root))
        with office_session(self.machines[code].workspace, "keys") as office:
            init_keys(office, "test")

    def _introduce(self, above: Machine, below: Machine) -> None:
        with (
            office_session(above.workspace, "keys") as office,
            office_session(below.workspace, "keys") as child,
        ):
            _believe(office, child)

    def month(self, month: str) -> None:
        """From the communities up to the district, with what goes wrong on the way."""
        year, number = map(int, month.split("-"))
        later = f"{year + number // 12}-{number % 12 + 1:02d}"
        fates: dict[str, Fate] = {}
        for codes in self.streets.values():
            fates |= dict(zip(codes, self._fates(len(codes)), strict=True))
        self.absent[month] = {code for code, fate in fates.items() if fate == "missing"}
        for day, chosen in ((f"{later}-03", False), (f"{later}-25", True)):
            self.today(day)
            for code, fate in fates.items():
                if (fate == "late") == chosen and fate != "missing":
                    self._send(code, month, fate)
        for street, codes in self.streets.items():
            self._hand_on(street, {code: fates[code] for code in codes}, month)

    def _fates(self, count: int) -> list[Fate]:
        """Dealt from a shuffled deck, so that each comes up; of every street somebody sends."""
        while len(self.deck) < count:
            self.deck += self.random.sample(FATES, len(FATES))
        found = [self.deck.pop() for _ in range(count)]
        return found if set(found) != {"missing"} else ["fine", *found[1:]]

    def _send(self, code: str, month: str, fate: Fate) -> None:
        sender, street = self.machines[code], self.machines[_parent(code)]
        whole = self.rows[code].visits
        if fate == "corrected":
            self._write_visits(code, whole.iloc[::2])
        package = sender.hand_in(month)
        if fate == "spoilt":
            content = bytearray(package.read_bytes())
            content[self.random.randrange(64, len(content))] ^= 1
            spoilt = self.folder / package.name
            spoilt.write_bytes(content)
            assert street.take(spoilt) == ["tampered"]
        assert street.take(package, package) == ["accepted", "duplicate"]
        if fate == "corrected":
            street.review(month, code, "return")
            self._write_visits(code, whole)
            assert street.take(sender.hand_in(month)) == ["accepted"]
            assert street.take(package) == ["duplicate"]

    def _write_visits(self, code: str, visits: pd.DataFrame) -> None:
        sheets = Rows(visits, self.rows[code].issues, self.rows[code].service).sheets()
        root = self.machines[code].workspace.root
        names = ("走访记录", "问题诉求")
        write(root / "primary" / "走访台账.xlsx", {name: sheets[name] for name in names})

    def _hand_on(self, street: str, fates: Mapping[str, Fate], month: str) -> None:
        """The street approves, locks and submits; a package after the lock is refused."""
        machine, top = self.machines[street], self.machines[DISTRICT]
        came = [code for code, fate in fates.items() if fate != "missing"]
        for code in came:
            machine.review(month, code, "approve", "lock")
        assert machine.take(self.machines[came[0]].hand_in(month)) == ["locked"]
        told = machine.on_time(month)
        assert {c: told[c] for c in came} == {c: fates[c] != "late" for c in came}
        assert top.take(machine.hand_in(month)) == ["accepted"]
        top.review(month, street, "approve", "lock")

    def rolled(self, month: str) -> RollUp:
        workspace = self.machines[DISTRICT].workspace
        today = date(2023, 1, 31)
        return combined_run(workspace, period_of(workspace, month, today), today).exact()

    def expected(self, units: Sequence[str], month: str) -> dict[str, Any]:
        """The figures of some communities together, from their rows alone."""
        found = [self.rows[u] for u in units if u not in self.absent[month]]
        visits, issues, service = (
            pd.concat([getattr(r, name) for r in found]).loc[lambda f: f.date.str[:7] == month]
            for name in ("visits", "issues", "service")
        )
        solved = (issues.status == "已解决").sum()
        return {
            "visits_made": len(visits),
            "visits_households": len(visits[["unit", "home"]].drop_duplicates()),
            "issues_collected": len(issues),
            "issues_resolved": solved,
            "issue_resolution_rate": solved / len(issues) if len(issues) else None,
            "volunteer_hours": service.hours.sum(),
            "volunteers_active": service.who.nunique(),
            "volunteer_activities": len(service[["unit", "no"]].drop_duplicates()),
        }


def _parent(code: str) -> str:
    return {"community": code[:9], "street": DISTRICT}.get(level_of(code), "3607")


def _believe(above: Office, below: Office) -> None:
    """Each has the other's public part, the unit below the key to match people with."""
    assert above.keys and below.keys and above.matching
    above.trusted.trust(below.keys.public)
    below.trusted.trust(above.keys.public)
    grant = grant_for(below.keys.public, above.matching)
    take_grant(below.workspace.keys, below.keys, grant)


def made(folder: Path, patch: pytest.MonkeyPatch, size: tuple[int, int, int]) -> District:
    streets, communities, months = size
    codes = {
        f"{DISTRICT}{s:03d}": [f"{DISTRICT}{s:03d}{c:03d}" for c in range(1, communities + 1)]
        for s in range(1, streets + 1)
    }
    patch.setenv("XDG_STATE_HOME", str(folder / "state"))
    names = [f"2022-{m:02d}" for m in range(1, months + 1)]
    return District(folder, names, codes, patch).begin()


@pytest.mark.parametrize(
    "size",
    [
        (2, 3, 3),
        pytest.param((4, 6, 4), marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
        pytest.param((10, 15, 12), marks=[pytest.mark.slow, pytest.mark.timeout(4 * 3600)]),
    ],
    ids=["small", "middling", "whole"],
)
def test_every_figure_is_pandas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int, int]
) -> None:
    district = made(tmp_path, monkeypatch, size)
    for month in district.months:
        district.month(month)
    communities = [c for codes in district.streets.values() for c in codes]
    for month in district.months:
        found = district.rolled(month)
        groups = {DISTRICT: communities, **district.streets, **{c: [c] for c in communities}}
        for unit, members in groups.items():
            if set(members) <= district.absent[month]:
                assert found.value(unit, "visits_made") is None
                continue
            for indicator, value in district.expected(members, month).items():
                told = found.value(_shown(found, unit), indicator)
                if value is None:
                    assert told is None, (month, unit, indicator)
                else:
                    assert told is not None, (month, unit, indicator)
                    assert float(told) == pytest.approx(float(value)), (month, unit, indicator)
        missing = {full_code(m.unit) for m in found.missing if m.ledger is None}
        assert missing == {full_code(c) for c in district.absent[month]}


def _shown(found: RollUp, unit: str) -> str:
    return found.tree.nodes[full_code(unit)].unit.code
