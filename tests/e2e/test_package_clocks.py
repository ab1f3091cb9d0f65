"""Offices whose clocks are wrong: what is refused, what is said, what is counted as in time."""

from pathlib import Path

import pytest
from tests.district import EAST, A, visits
from tests.upward import Unit, Units

from ledgersync.upward.office import office_session
from ledgersync.watch.package_rounds import PackageRounds
from ledgersync.workspace import Workspace

pytestmark = pytest.mark.usefixtures("july_day")


def on(day: str, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("LEDGERSYNC_TODAY", day)


def taken(unit: Unit, file: Path) -> tuple[object, str]:
    [told] = unit.receive(file)
    return told["status"], " ".join(told["notes"])


def state(street: Unit) -> tuple[object, object]:
    told = street.told("review", "--period", "2022-06")
    [found] = [u for u in told["units"] if u["unit"] == A]
    return found["on_time"], found["received"] and found["received"][:10]


def test_a_sender_ahead_and_a_sender_back(units: Units, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order is that of the versions, whatever the days say."""
    street, community = units[EAST], units[A]
    on("2022-07-20", monkeypatch)
    ahead = community.submit()
    on("2022-06-30", monkeypatch)
    community.fill(visits("2022-06-01"))
    back = community.submit()
    on("2022-07-05", monkeypatch)
    status, said = taken(street, ahead)
    assert status == "accepted" and "制作时间 2022-07-20 比今天晚" in said
    status, said = taken(street, back)
    assert status == "accepted" and "早于第 1 版的 2022-07-20" in said
    assert state(street) == (True, "2022-07-05"), "in time by the day on which it came"
    assert [taken(street, f)[0] for f in (ahead, back)] == ["duplicate", "duplicate"]


def test_a_period_that_the_receiver_has_not_reached(
    units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = units[A].submit()
    on("2022-05-31", monkeypatch)
    [told] = units[EAST].receive(package)
    assert (told["status"], told["reason"]) == ("refused", "wrong_period")
    assert "还没开始" in told["message"]
    on("2022-07-05", monkeypatch)
    assert taken(units[EAST], package) == ("accepted", "")


def test_a_receiver_whose_clock_was_put_back(units: Units, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether something came in time hangs on its clock, so that it is told."""
    street, community = units[EAST], units[A]
    on("2022-08-05", monkeypatch)
    assert taken(street, community.submit("2022-05"))[0] == "accepted"
    on("2022-07-04", monkeypatch)
    status, said = taken(street, community.submit())
    assert status == "accepted"
    assert "本机今天是 2022-07-04，却在 2022-08-05 收过包" in said
    assert street.run("verify") == 0


def test_the_deadline_is_in_working_days(units: Units, monkeypatch: pytest.MonkeyPatch) -> None:
    """June ends on a Thursday: five working days later is the next Thursday."""
    street, package = units[EAST], units[A].submit()
    on("2022-07-07", monkeypatch)
    assert state(street) == (None, None)
    on("2022-07-08", monkeypatch)
    assert state(street) == (False, None)
    assert taken(street, package)[0] == "accepted"
    assert state(street) == (False, "2022-07-08")


def test_what_was_put_off_by_a_clock_ahead_is_tried_when_it_is_right(
    units: Units, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    community, share = units[A], tmp_path / "share"
    toml = community.root / "ledgersync.toml"
    target = f'[[delivery]]\nname = "街道"\nkind = "folder"\npath = "{share}"\n'
    toml.write_text(f"{toml.read_text('utf-8')}\n{target}", "utf-8")
    on("2032-07-05", monkeypatch)
    package = community.submit()
    on("2022-07-05", monkeypatch)
    share.mkdir()
    PackageRounds(Workspace.open(community.root), lambda _: None).round()
    assert (share / package.name).read_bytes() == package.read_bytes()
    with office_session(Workspace.open(community.root), "test", write=False) as office:
        assert office.journal.deliveries.waiting() == []
