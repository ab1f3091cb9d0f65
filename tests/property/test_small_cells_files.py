"""The attack on what really leaves the house: packages, workbooks, letters and pages together.

Every number of every file (`numbers[]` of `report`) and every figure of the packages that travel
unsealed go into one integer programme per day, with all categories of the ledger.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.district import DISTRICT, A, B, C, district
from tests.property.test_small_cells_attack import COMMUNITIES, TOTAL, Attack
from tests.upward import Unit, make_unit

from ledgersync.rollup.figures import Figure
from ledgersync.rollup.period.words import parse_period
from ledgersync.schema import load_catalog
from ledgersync.upward import paper
from ledgersync.upward.content.figures import WINDOWS, unpacked
from ledgersync.upward.package.archive import read_archive
from ledgersync.upward.package.envelope import unwrapped
from ledgersync.workspace.unitcodes import full_code, level_of

TODAY = date(2022, 7, 5)
CATEGORIES = load_catalog().table("care", "people").by_id["category"].choices
EVERY = (TOTAL, *(f"{TOTAL}.{name}" for name in CATEGORIES))
FEW = "困境儿童"
SOME = ("孤儿", "独居老人", "高龄老人", "孤儿、独居老人", "留守儿童")


def register(random: Random) -> str:
    """A community's people, few of a kind, some of whom came in May or June."""
    since = ("", "", "2022-05-10", "2022-06-20")
    rows = [f"童{n} | {FEW} | 二路{n}号 |" for n in range(2)] + [
        f"人{n} | {random.choice(SOME)} | 一路{n}号 | {random.choice(since)}"
        for n in range(random.randint(8, 14))
    ]
    return "\n".join(["姓名 | 人员类别 | 住址 | 纳入日期", *rows])


@pytest.fixture
def offices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> dict[str, Unit]:
    """A district with the folders of its communities, nobody with keys."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY.isoformat())
    monkeypatch.setattr(paper, "office_program", lambda: None)
    root = district(tmp_path / "district")
    found = {DISTRICT: Unit(DISTRICT, root, capsys)}
    random = Random(11)
    for code in (A, B, C):
        found[code] = make_unit(root / "units", code, capsys)
        found[code].fill({"重点人员": register(random)})
    return found


class World:
    """All that was published, by the day it is about."""

    def __init__(self) -> None:
        self.days: dict[date, Attack] = {}
        self.changes: list[dict[str, Any]] = []
        self.files: set[str] = set()

    def at(self, period: str) -> Attack:
        last = min(parse_period(period, TODAY, None).last, TODAY)
        return self.days.setdefault(last, Attack(lines=EVERY))

    def learn(self, unit: str, line: str, period: str, figure: Figure) -> None:
        if line in EVERY:
            self.at(period).learn(figure)

    def report(self, office: Unit, period: str, formats: str) -> None:
        """What is hidden stands in no `numbers[]`: that it is, the page of `rollup` says."""
        public = ("--period", period, "--profile", "public")
        for figure in office.told("rollup", *public, "--format", "text")["figures"]:
            place = (figure["unit"], figure["level"], figure["indicator"])
            told = {n: figure[n] for n in ("value", "suppressed", "at_least")}
            self.learn(figure["unit"], figure["indicator"], period, Figure(*place, **told))
        asked = (*public, "--format", formats)
        for number in office.told("report", *asked)["numbers"]:
            self.files.add(Path(number["file"]).suffix)
            if number["role"] in ("change", "change_rate"):
                self.changes.append(number)
            elif number["indicator"] in EVERY:
                self.learn(number["unit"], number["indicator"], number["period"], _figure(number))

    def package(self, office: Unit, period: str) -> None:
        content = office.submit(period).read_bytes()
        archive = read_archive(unwrapped(content, None).archive)
        figures = unpacked(archive.parts["figures.json"])
        asked = parse_period(period, TODAY, None)
        spans = {
            "current": asked,
            "previous": asked.previous(),
            "year_before": asked.year_before(),
            "year_to_date": asked.year_to_date(),
        }
        for name in WINDOWS:
            for (unit, line), figure in figures.windows[name].items():
                self.learn(unit, line, spans[name].text, figure)
        self.files.add(".lsp")

    def hidden(self) -> Iterator[tuple[date, Attack, tuple[str, str]]]:
        for day, attack in self.days.items():
            for cell, figure in attack.shown.items():
                if figure.suppressed and cell[0] in COMMUNITIES:
                    yield day, attack, cell


def _figure(number: dict[str, Any]) -> Figure:
    """As a reader has it: a value, 不少于n, or that it is not shown."""
    value, least = number["value"], number.get("at_least")
    level = level_of(full_code(number["unit"]))
    place = (number["unit"], level, number["indicator"])
    if value is None:
        return Figure(*place, None, suppressed=True, at_least=None if least is None else int(least))
    return Figure(*place, int(value))


@pytest.mark.parametrize(
    ("periods", "formats", "who"),
    [
        (("2022Q2",), "xlsx,docx", (DISTRICT,)),
        pytest.param(
            ("2022-04", "2022-05", "2022-06", "2022Q2", "2022H1"),
            "xlsx,docx,html",
            (DISTRICT, A, B, C),
            marks=[pytest.mark.slow, pytest.mark.timeout(3600)],
        ),
    ],
    ids=["few", "all"],
)
def test_every_hidden_count_stays_open_over_all_files(
    offices: dict[str, Unit], periods: tuple[str, ...], formats: str, who: tuple[str, ...]
) -> None:
    world = World()
    for period in periods:
        for code in who:
            world.report(offices[code], period, formats)
    for period in ("2022-06", "2022Q2"):
        world.package(offices[A], period)
    assert world.files == {".lsp", *(f".{name}" for name in formats.split(","))}
    found = list(world.hidden())
    assert len(found) > 5, "nothing was hidden"
    for day, attack, cell in found:
        assert attack.impossible(cell) == [], (day, cell)
    for change in world.changes:  # of what is hidden no change is told
        cell = (full_code(change["unit"]), change["indicator"])
        for period in (change["period"], change["against"]):
            assert not world.at(period).hidden(cell), change


def test_an_exact_file_among_the_public_ones_is_found_out(offices: dict[str, Unit]) -> None:
    """The attack has to notice a leak: one sum that is shown exactly, of parts that are hidden."""
    world = World()
    world.report(offices[DISTRICT], "2022-06", "xlsx")
    attack = world.at("2022-06")
    line, street = f"{TOTAL}.{FEW}", full_code(A[:9])
    assert attack.hidden((A, line)) and attack.hidden((B, line)) and attack.hidden((street, line))
    del attack.shown[street, line]
    attack.learn(Figure(street, "street", line, 2))
    assert {3, 4} <= set(attack.impossible((A, line)))
