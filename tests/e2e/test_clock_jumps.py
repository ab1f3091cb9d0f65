"""Clocks that jump: order is by revision, files are told by their content, locks by their beat."""

import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from tests.community import TODAY, Community, begun, counted
from tests.watching import watching

from ledgersync.errors import WorkspaceFault
from ledgersync.sync import lock as locks
from ledgersync.sync.history.undo import undo_revision
from ledgersync.sync.opening import open_session
from ledgersync.watch.watch_log import read_heartbeat

YEAR = 365 * 86400.0


class Clock:
    """The machine's clock, put ahead or back by so many seconds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead, self._patch = 0.0, monkeypatch
        real, real_ns = time.time, time.time_ns
        monkeypatch.setattr(time, "time", lambda: real() + self.ahead)
        monkeypatch.setattr(time, "time_ns", lambda: real_ns() + int(self.ahead * 1e9))

    def put(self, day: str, ahead: float) -> None:
        self.ahead = ahead
        self._patch.setenv("LEDGERSYNC_TODAY", day)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    return Clock(monkeypatch)


@pytest.fixture
def town(tmp_path: Path, clock: Clock) -> Iterator[Community]:
    found = begun(tmp_path)
    yield found
    found.assert_consistent()


def test_the_order_is_that_of_the_revisions(town: Community, clock: Clock) -> None:
    """A year ahead, then twenty years back: each edit follows the one before."""
    first, second = town.issue("王芳"), town.issue("李强")
    first.people.set("A1", "备注", "甲").set("A2", "备注", "甲")
    second.people.set("A1", "备注", "乙").set("A3", "备注", "乙")
    clock.put("2023-06-30", YEAR)
    assert counted(town.hand_in(first)) == {"applied": 2}
    clock.put("2002-06-30", -20 * YEAR)
    assert counted(town.hand_in(second)) == {"applied": 1, "conflicts": 1}
    assert [town.cell(f"A{n}", "备注") for n in (1, 2, 3)] == ["甲", "甲", "乙"]
    third = town.issue("赵敏")
    assert [r[0] for r in third.people.texts(["备注"])][:3] == ["甲", "甲", "乙"]
    with town.session() as session:
        revisions = session.journal.log.revisions()
        assert [r.id for r in revisions] == sorted(r.id for r in revisions)
        undo_revision(session, next(r.id for r in revisions if r.author == "王芳"), "站长")
    town.merge()
    assert town.cell("A2", "备注") == "二"


def test_days_that_were_no_future_once_are_not_returned(town: Community, clock: Clock) -> None:
    """With the clock far back all days on record lie ahead; only what is typed now is judged."""
    book = town.issue("王芳")
    book.people.set("A1", "备注", "改").set("A2", "登记日期", "2022-02-03")
    clock.put("2002-06-30", -20 * YEAR)
    assert counted(town.hand_in(book)) == {"applied": 1, "returned": 1}
    clock.put(TODAY, 0)
    assert counted(town.hand_in(book)) == {"applied": 1}


@pytest.mark.parametrize("when", [315532800, 4102444800], ids=["1980", "2100"])
def test_files_from_another_century(town: Community, when: int) -> None:
    book = town.issue("王芳")
    for note, time_set in (("改", when), ("又改", when - 60)):  # saved later, says it is older
        book.people.set("A1", "备注", note)
        os.utime(book.send(), (time_set, time_set))
        [result] = [s for s in town.merge().submissions if s.staff == "王芳"]
        assert counted(result) == {"applied": 1}
    assert town.cell("A1", "备注") == "又改"


def test_a_watcher_goes_on_through_jumps(town: Community, clock: Clock) -> None:
    book = town.issue("王芳")
    with watching(town.root) as watch:
        watch.until(lambda: read_heartbeat(town.workspace.state))
        for n, ahead in enumerate((YEAR, -YEAR, 3600.0)):
            clock.ahead = ahead
            book.people.set(f"A{n + 1}", "备注", f"改{n}")
            book.send()
            watch.until(lambda n=n: len(watch.taken) == n + 1)
        clock.ahead = 0.0
        watch.watcher._heartbeat_due = 0.0
        watch.until(lambda: (now := read_heartbeat(town.workspace.state)) and now.is_alive)
    assert [town.cell(f"A{n}", "备注") for n in (1, 2, 3)] == ["改0", "改1", "改2"]


def test_a_living_owner_on_another_machine_survives_a_jump(
    town: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The share's clock leaps, so that its last beat looks old; it beats again while we look."""
    monkeypatch.setattr(locks, "SECOND_LOOK", 0.6)
    home = town.root / ".ledgersync"
    held = FileLock(home / "lock")
    held.acquire()

    def leave_heartbeat(number: int) -> None:
        owner = {"user": "u", "host": "别的机器", "pid": 1, "what": "watch", "beat": float(number)}
        (home / "owner.json").write_text(json.dumps(owner), encoding="utf-8")
        os.utime(home / "owner.json", (1, 1))

    leave_heartbeat(1)
    alive = threading.Timer(0.4, leave_heartbeat, (2,))
    alive.start()
    with (
        pytest.raises(WorkspaceFault, match="别的机器"),
        open_session(town.workspace, "test", wait=0.1),
    ):
        pass
    alive.join()
    with open_session(town.workspace, "test", wait=0.1):
        assert locks.read_owner(home) is not None, "silent all the while: taken over"
    held.release()
    (home / "owner.json").unlink(missing_ok=True)
