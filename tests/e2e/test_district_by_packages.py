"""A district that shares no folder, with every fault on the way, against pandas over all rows.

Every month some communities are late, some send nothing, some packages are spoilt on the way, some
are returned and corrected; streets approve, lock and hand on, the district rolls up.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Literal

import pandas as pd
import pytest
from tests.district import DISTRICT, entry, primaries, write
from tests.written_rows import Counted, Rows

from ledgersync.rollup.figures import RollUp, Window
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
    told: Counter[str] = field(default_factory=Counter)  # what became of units and packages

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
        level, root = level_of(code), self.folder / code
        if level == "community":
            create_workspace(root, new_unit(code, code, level))
        root.mkdir(exist_ok=True)  # an office above needs no more than its configuration
        entries = [entry(c, name=c, parent=_parent(c)) for c in (code, *below)]
        if level == "community":
            entries = [e.replace("[[unit]]", "[unit]") for e in entries]
        (root / "ledgersync.toml").write_text("\n".join(entries), "utf-8")
        self.machines[code] = Machine(code, Workspace.open(root))
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
        self.told.update(fates.values())
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
            assert self._taken(street, spoilt) == ["tampered"]
        assert self._taken(street, package, package) == ["accepted", "duplicate"]
        if fate == "corrected":
            street.review(month, code, "return")
            self._write_visits(code, whole)
            assert self._taken(street, sender.hand_in(month)) == ["accepted"]
            assert self._taken(street, package) == ["duplicate"]

    def _taken(self, machine: Machine, *files: Path) -> list[str]:
        found = machine.take(*files)
        self.told.update(found)
        return found

    def _write_visits(self, code: str, visits: pd.DataFrame) -> None:
        sheets = replace(self.rows[code], visits=visits).sheets()
        root = self.machines[code].workspace.root
        names = ("走访记录", "问题诉求")
        write(root / "primary" / "走访台账.xlsx", {name: sheets[name] for name in names})

    def _hand_on(self, street: str, fates: Mapping[str, Fate], month: str) -> None:
        """The street approves, locks and submits; a package after the lock is refused."""
        machine, top = self.machines[street], self.machines[DISTRICT]
        came = [code for code, fate in fates.items() if fate != "missing"]
        for code in came:
            machine.review(month, code, "approve", "lock")
        assert self._taken(machine, self.machines[came[0]].hand_in(month)) == ["locked"]
        told = machine.on_time(month)
        assert {c: told[c] for c in came} == {c: fates[c] != "late" for c in came}
        assert self._taken(top, machine.hand_in(month)) == ["accepted"]
        top.review(month, street, "approve", "lock")

    def rolled(self, month: str) -> RollUp:
        workspace = self.machines[DISTRICT].workspace
        today = date(2023, 1, 31)
        return combined_run(workspace, period_of(workspace, month, today), today).exact()

    @cached_property
    def counted(self) -> Counted:
        return Counted(self.rows, self.months)


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


@dataclass
class Comparison:
    """A district's month against pandas, figure by figure."""

    district: District
    month: str
    compared: int = 0

    def run(self) -> None:
        district, absent = self.district, self.district.absent[self.month]
        found = district.rolled(self.month)
        communities = [c for codes in district.streets.values() for c in codes]
        groups = {DISTRICT: communities, **district.streets, **{c: [c] for c in communities}}
        for unit, members in groups.items():
            came = [c for c in members if c not in absent]
            if came:
                self._windows(found, unit, members, came)
            else:
                assert found.value(unit, "visits_made") is None
        missing = {full_code(m.unit) for m in found.missing if m.ledger is None}
        assert missing == {full_code(c) for c in absent}

    def _windows(
        self, found: RollUp, unit: str, members: Sequence[str], came: Sequence[str]
    ) -> None:
        months, absent = self.district.months, self.district.absent
        spans: dict[Window, tuple[str, str, Sequence[str]]] = {
            "current": (self.month, self.month, came),
            "year_to_date": (months[0], self.month, came),
        }
        if self.month != months[0]:  # the month before is locked: of those who came then
            before = months[months.index(self.month) - 1]
            then = [c for c in members if c not in absent[before]]
            spans["previous"] = (before, before, then or came)
        shown = found.tree.nodes[full_code(unit)].unit.code
        for window, (first, last, units) in spans.items():
            for indicator, value in self.district.counted.figures(units, first, last).items():
                told = found.value(shown, indicator, window)
                place = (window, self.month, unit, indicator)
                assert (told is None) == (value is None), place
                if value is not None and told is not None:
                    assert float(told) == pytest.approx(float(value)), place
                self.compared += 1


@pytest.mark.parametrize(
    "size",
    [
        (2, 3, 2),
        pytest.param((4, 6, 4), marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
        pytest.param((10, 15, 2), marks=[pytest.mark.slow, pytest.mark.timeout(2 * 3600)]),
        pytest.param((10, 15, 12), marks=[pytest.mark.slow, pytest.mark.timeout(4 * 3600)]),
    ],
    ids=["small", "middling", "wide", "whole"],
)
def test_every_figure_is_pandas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int, int]
) -> None:
    began = datetime.now()
    district = made(tmp_path, monkeypatch, size)
    for month in district.months:
        district.month(month)
        print(month, datetime.now() - began, flush=True)
    compared = 0
    for month in district.months:
        comparison = Comparison(district, month)
        comparison.run()
        compared += comparison.compared
    assert compared
    print(f"{size}: {compared} figures alike, {datetime.now() - began}, {district.told}")
