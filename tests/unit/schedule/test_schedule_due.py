"""Due times and runs over simulated time: reboots, clocks that jump, two processes."""

import os
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from ledgersync.errors import WorkspaceFault
from ledgersync.schedule import Book, Ran, next_time, note_entries, run_due
from ledgersync.workspace import Workspace
from ledgersync.workspace.clock import SHANGHAI
from ledgersync.workspace.config import Schedule

HEAD = '[unit]\ncode = "360702001001"\nname = "幸福社区"\nlevel = "community"\n'
START = datetime(2022, 3, 1, 7, 30, tzinfo=SHANGHAI)  # a Tuesday


class PowerCut(Exception):
    """The machine goes off in the middle of a run."""


class Office:
    """A machine with a clock of its own, which runs what is due and notes what it did."""

    def __init__(self, root: Path, *entries: dict[str, str]) -> None:
        self.root, self.now = root, START
        self.completed: list[tuple[str, ...]] = []
        self.begun = 0
        self.cut: Callable[[], bool] = lambda: False
        root.mkdir(parents=True, exist_ok=True)
        self.write(*entries)

    def write(self, *entries: dict[str, str]) -> None:
        lines = [HEAD]
        for entry in entries:
            lines += ["[[schedule]]", *(f'{key} = "{text}"' for key, text in entry.items())]
        (self.root / "ledgersync.toml").write_text("\n".join(lines), encoding="utf-8")

    def _run(self, arguments: Sequence[str]) -> int:
        self.begun += 1
        if self.cut():
            raise PowerCut
        self.completed.append(tuple(arguments))
        return 0

    def look(self) -> list[Ran] | None:
        """Looks once; a power cut leaves everything as it was at that moment."""
        try:
            return run_due(Workspace.open(self.root), lambda: self.now, self._run)
        except PowerCut:
            return []


MONTHLY = {"name": "月报", "cron": "0 8 5 * *", "command": "rollup", "period": "last-month"}
DAILY = {"name": "核对", "cron": "30 7 * * *", "command": "verify"}
HOURLY = {"name": "合并", "cron": "0 9-17 * * 1-5", "command": "merge"}


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type]


def test_a_week_with_the_machine_on_runs_everything_once(tmp_path: Path) -> None:
    office = Office(tmp_path, DAILY, HOURLY, MONTHLY)
    runs: list[Ran] = []
    while office.now < START + timedelta(days=7):
        runs += office.look() or []
        office.now += timedelta(minutes=30)
    days = [r.at for r in runs if r.name == "核对"]
    assert days == [START + timedelta(days=n) for n in range(7)]
    hours = Counter(r.at.date() for r in runs if r.name == "合并")
    workdays = [date(2022, 3, d) for d in (1, 2, 3, 4, 7)]
    assert hours == dict.fromkeys(workdays, 9)
    assert [r.arguments for r in runs if r.name == "月报"] == [("rollup", "--period", "2022-02")]


@pytest.mark.parametrize("seed", range(6))
def test_half_a_year_with_reboots_in_the_middle_of_runs(tmp_path: Path, seed: int) -> None:
    """Every month's report is completed exactly once, whatever the power does."""
    chance = random.Random(seed)
    office = Office(tmp_path, MONTHLY, DAILY)
    office.look()
    office.cut = lambda: chance.random() < 0.5
    while office.now < START + timedelta(days=190):
        office.look()
        office.now += timedelta(hours=chance.choice([1, 3, 12, 24 * 9, 24 * 40]))
    office.cut = lambda: False
    office.look()
    reports = [c for c in office.completed if c[0] == "rollup"]
    months = [f"2022-{m:02}" for m in range(2, 2 + len(reports))]
    assert [c[2] for c in reports] == months
    assert len(months) >= 6
    assert office.begun > len(office.completed), "some runs were cut short, and repeated"
    assert office.look() == []


def test_a_run_that_was_begun_and_never_ended_is_repeated(tmp_path: Path) -> None:
    office = Office(tmp_path, MONTHLY)
    office.look()
    office.now = at(2022, 3, 5, 8, 0)
    office.cut = lambda: True
    office.look()
    assert (office.begun, office.completed) == (1, [])
    office.cut = lambda: False
    office.now += timedelta(days=3)
    [ran] = office.look() or []
    assert (ran.at, ran.arguments) == (at(2022, 3, 5, 8), ("rollup", "--period", "2022-02"))
    assert office.look() == []


def test_missed_reports_are_made_up_for_with_the_period_of_their_own_day(tmp_path: Path) -> None:
    office = Office(tmp_path, MONTHLY, DAILY)
    office.look()
    office.now = at(2022, 7, 20, 9)
    runs = office.look() or []
    assert [r.arguments[2] for r in runs if r.name == "月报"] == [f"2022-0{m}" for m in range(2, 7)]
    daily = [r.at for r in runs if r.name == "核对"]
    assert daily == [at(2022, 7, 20, 7, 30)], "without a period once is enough"
    office.now += timedelta(minutes=1)
    assert office.look() == [], "what was passed over does not come back"


def test_long_absence_makes_up_for_two_years_of_months_at_most(tmp_path: Path) -> None:
    office = Office(tmp_path, MONTHLY)
    office.look()
    office.now = at(2032, 1, 1)
    assert len(office.look() or []) == 24
    assert office.look() == []


def test_a_year_of_ten_minute_looks_stays_quick(tmp_path: Path) -> None:
    """What is settled is not looked at again."""
    office = Office(tmp_path, {"name": "勤", "cron": "*/10 * * * *", "command": "merge"})
    office.look()
    for _ in range(50):
        office.now += timedelta(minutes=10)
        assert len(office.look() or []) == 1
    book = Book(tmp_path / ".ledgersync")
    assert book.since("勤", office.now) == office.now
    book.close()


def test_a_clock_that_was_ahead_neither_repeats_nor_sleeps(tmp_path: Path) -> None:
    office = Office(tmp_path, MONTHLY)
    office.look()
    office.now = at(2022, 4, 6)
    assert [r.arguments[2] for r in office.look() or []] == ["2022-02", "2022-03"]
    office.now = at(2022, 8, 6)  # the battery's mood
    office.look()
    office.now = at(2022, 4, 7)
    assert office.look() == []
    office.now = at(2022, 5, 6)
    assert office.look() == [], "April's was made while the clock was ahead"
    office.now = at(2022, 9, 6)
    assert [r.arguments[2] for r in office.look() or []] == ["2022-08"]


def test_a_clock_that_is_behind_waits(tmp_path: Path) -> None:
    office = Office(tmp_path, MONTHLY, DAILY)
    office.look()
    office.now = at(2022, 4, 6)
    office.look()
    done = len(office.completed)
    office.now = at(2000, 1, 1)
    assert office.look() == []
    office.now = at(2022, 4, 6, 0, 1)
    assert office.look() == []
    assert len(office.completed) == done


def test_another_process_at_work_leaves_nothing_to_do(tmp_path: Path) -> None:
    office = Office(tmp_path, MONTHLY)
    office.look()
    office.now = at(2022, 3, 6)
    with FileLock(tmp_path / ".ledgersync" / "schedule.lock"):
        assert office.look() is None
    assert len(office.look() or []) == 1


def test_a_run_that_is_cut_short_ends_the_round_and_comes_again(tmp_path: Path) -> None:
    office = Office(tmp_path, MONTHLY, {**MONTHLY, "name": "二"})
    office.look()
    office.now = at(2022, 3, 6)
    workspace = Workspace.open(tmp_path)
    cut = run_due(workspace, lambda: office.now, lambda _: None)
    assert [(r.name, r.code) for r in cut or []] == [("月报", None)]
    assert [r.name for r in office.look() or []] == ["月报", "二"]


def entry(cron: str) -> Schedule:
    return Schedule(name="试", cron=cron, command="verify")


@pytest.mark.parametrize(
    ("cron", "first"),
    [
        ("0 8 5 * *", at(2022, 3, 5, 8)),
        ("0 8 * * 1", at(2022, 3, 7, 8)),  # Monday
        ("0 8 * * 0", at(2022, 3, 6, 8)),  # Sunday
        ("0 8 * * 7", at(2022, 3, 6, 8)),
        ("0 8 * * 1-5", at(2022, 3, 1, 8)),
        ("0 7 * * 1-5", at(2022, 3, 2, 7)),
        ("0 8 * * 5-7", at(2022, 3, 4, 8)),
        ("0 8 * * 1-5/2", at(2022, 3, 2, 8)),  # Monday, Wednesday, Friday
        ("0 8 * * sat,sun", at(2022, 3, 5, 8)),
        ("0 8 * * 6,0", at(2022, 3, 5, 8)),
        ("0 8 1 1,7 *", at(2022, 7, 1, 8)),
        ("@monthly", at(2022, 4, 1)),
        ("*/15 * * * *", at(2022, 3, 1, 7, 30)),
    ],
)
def test_when_an_expression_is_due_next(cron: str, first: datetime) -> None:
    assert next_time(entry(cron), START) == first


def test_a_day_that_never_comes() -> None:
    assert next_time(entry("0 8 30 2 *"), START) is None


@pytest.mark.parametrize(
    ("cron", "reason"),
    [
        ("8 5 * *", "应有 5 段（分 时 日 月 周），现在有 4 段"),
        ("0 25 * * *", "第 2 段“25”（时）应为 0 至 23"),
        ("0 8 32 * *", "第 3 段“32”（日）应为 1 至 31"),
        ("0 8 5 x *", "第 4 段“x”（月）应为 1 至 12"),
        ("a-b 8 5 * *", "第 1 段“a-b”（分）应为 0 至 59"),
        ("0 8 * * 9", "第 5 段“9”（周）应为 0 至 7（0 和 7 都是周日）"),
        ("0 8 * * 1-9", "第 5 段“1-9”（周）应为 0 至 7"),
        ("每月5日", "应有 5 段"),
        ("", "应有 5 段"),
    ],
)
def test_a_wrong_expression_is_explained(cron: str, reason: str) -> None:
    with pytest.raises(WorkspaceFault) as fault:
        next_time(entry(cron), START)
    assert reason in fault.value.message.zh and f"“{cron}”" in fault.value.message.zh
    assert "ledgersync.toml" in fault.value.message.zh
    assert "分 时 日 月 周" in fault.value.next_step.zh and "0 8 5 * *" in fault.value.next_step.zh
    told = re.sub("“.*?”", "", fault.value.message.zh + fault.value.next_step.zh)
    assert set(re.findall("[A-Za-z]+", told)) == {"ledgersync", "toml", "cron"}


def test_a_wrong_entry_keeps_no_other_from_running(tmp_path: Path) -> None:
    office = Office(tmp_path, {**DAILY, "name": "坏", "cron": "x"}, MONTHLY)
    for now in (START, at(2022, 3, 6)):
        office.now = now
        with pytest.raises(WorkspaceFault, match="“坏”"):
            office.look()
    assert office.completed == [("rollup", "--period", "2022-02")]


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([MONTHLY, {**DAILY, "name": "月报"}], "都叫“月报”"),
        ([{**DAILY, "command": "watch"}], "不能定时执行"),
        ([{**DAILY, "command": "ledgersync schedule run"}], "不能定时执行"),
        ([{**DAILY, "command": "report 'a"}], "引号不成对"),
        ([{**DAILY, "command": ""}], "不能定时执行"),
    ],
)
def test_entries_that_cannot_be_run(
    tmp_path: Path, entries: list[dict[str, str]], reason: str
) -> None:
    office = Office(tmp_path, *entries)
    with pytest.raises(WorkspaceFault) as fault:
        office.look()
    assert reason in fault.value.message.zh


def test_watch_once_may_be_scheduled(tmp_path: Path) -> None:
    office = Office(tmp_path, {**DAILY, "command": "ledgersync watch --once"})
    office.look()
    assert office.completed == [("watch", "--once")], "it is just 7:30"


def test_a_damaged_book_is_explained(tmp_path: Path) -> None:
    office = Office(tmp_path, DAILY)
    (tmp_path / ".ledgersync").mkdir()
    (tmp_path / ".ledgersync" / "schedule.db").write_bytes(b"no database at all " * 200)
    with pytest.raises(WorkspaceFault) as fault:
        office.look()
    assert "打不开" in fault.value.message.zh


class Added(Office):
    """An office whose settings bear the time of its own clock."""

    def write(self, *entries: dict[str, str]) -> None:
        super().write(*entries)
        moment = self.now.timestamp()
        os.utime(self.root / "ledgersync.toml", (moment, moment))


SOON = {"name": "新", "cron": "49 12 * * *", "command": "verify"}


@pytest.mark.parametrize("earlier", [True, False])
def test_the_first_run_of_a_new_entry_is_not_passed_over(tmp_path: Path, earlier: bool) -> None:
    """It counts from the change of the settings on, at whatever tick it is first seen."""
    office = Added(tmp_path, MONTHLY)
    office.now = at(2022, 3, 1, 12, 48)
    if earlier:
        office.look()
    office.now += timedelta(seconds=30)
    office.write(MONTHLY, SOON)
    office.now = at(2022, 3, 1, 12, 58)
    assert [(r.name, r.at) for r in office.look() or []] == [("新", at(2022, 3, 1, 12, 49))]
    assert office.look() == []


def test_a_new_entry_that_was_read_counts_whatever_is_written_next(tmp_path: Path) -> None:
    office = Added(tmp_path)
    office.now = at(2022, 3, 1, 12, 48, 30)
    office.write(SOON)
    note_entries(Workspace.open(tmp_path), office.now)
    office.now = at(2022, 3, 1, 12, 49, 5)
    office.write(SOON, MONTHLY)
    assert [r.name for r in office.look() or []] == ["新"]


def test_no_entry_runs_for_times_before_it_was_written(tmp_path: Path) -> None:
    office = Added(tmp_path, DAILY)
    office.now = at(2022, 3, 1, 12)
    office.look()
    office.now = at(2022, 3, 1, 12, 50)
    office.write(DAILY, SOON)
    assert office.look() == [], "12:49 was over when it was written"
    office.now = at(2022, 3, 1, 13)
    office.write({**DAILY, "cron": "55 12 * * *"})
    assert office.look() == [], "another time is a new entry"
    office.now = at(2022, 3, 4, 13)
    office.write(SOON)
    assert office.look() == [], "what was gone and came again, too"


def test_settings_copied_with_an_old_time_make_up_for_no_past(tmp_path: Path) -> None:
    office = Added(tmp_path, MONTHLY)
    office.now = at(2022, 9, 20)
    assert office.look() == [], "a new book looks a week back"
    old = {**MONTHLY, "name": "旧"}
    office.now = at(2022, 3, 1)
    office.write(MONTHLY, old)
    office.now = at(2022, 9, 21)
    assert office.look() == [], "the look before saw none of it"
    office.now = at(2022, 10, 6)
    assert [r.name for r in office.look() or []] == ["月报", "旧"]
