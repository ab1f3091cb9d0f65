"""The parts of the watcher that need no workspace: rest, names, network paths, log, heartbeat."""

import json
import os
import time
from pathlib import Path

import pytest
from watchdog.events import FileDeletedEvent, FileModifiedEvent, FileOpenedEvent

from ledgersync.watch import observers, watch_log
from ledgersync.watch.observers import Hints, Observers, is_network, mount_kind
from ledgersync.watch.stability import FileStability, bad_name
from ledgersync.watch.watch_log import (
    Heartbeat,
    WatchLog,
    forget_heartbeat,
    read_heartbeat,
    write_heartbeat,
)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_file_rests_when_it_looked_the_same_for_a_while(tmp_path: Path, clock: Clock) -> None:
    seen, path = FileStability(3.0, clock), tmp_path / "a.xlsx"
    path.write_bytes(b"one")
    assert seen.settled([path]) == []
    clock.now += 2
    path.write_bytes(b"three")
    assert seen.settled([path]) == []
    clock.now += 2.9
    assert seen.settled([path]) == []
    clock.now += 0.1
    assert seen.settled([path]) == [path]
    assert seen.settled([path]) == [path], "it is shown until somebody says what became of it"
    seen.done(path)
    assert (seen.settled([path]), seen.waiting) == ([], False)


def test_a_file_that_was_dealt_with_comes_back_when_it_changes(
    tmp_path: Path, clock: Clock
) -> None:
    seen, path = FileStability(3.0, clock), tmp_path / "a.xlsx"
    path.write_bytes(b"one")
    seen.settled([path])
    seen.done(path)
    clock.now += 1000
    assert seen.settled([path]) == []
    stat = path.stat()
    path.write_bytes(b"two")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    seen.settled([path])
    assert seen.waiting
    clock.now += 3
    assert seen.settled([path]) == [path]


def test_a_file_put_off_is_shown_again_later(tmp_path: Path, clock: Clock) -> None:
    seen, path = FileStability(3.0, clock), tmp_path / "a.xlsx"
    path.write_bytes(b"")
    seen.settled([path])
    clock.now += 3
    assert seen.settled([path]) == [path]
    seen.later(path, 20)
    clock.now += 19
    assert (seen.settled([path]), seen.waiting) == ([], False)
    clock.now += 1
    assert (seen.waiting, seen.settled([path])) == (True, [path])


def test_an_event_makes_a_file_new_and_a_vanished_one_is_forgotten(
    tmp_path: Path, clock: Clock
) -> None:
    seen, path = FileStability(3.0, clock), tmp_path / "a.xlsx"
    path.write_bytes(b"one")
    seen.settled([path])
    seen.done(path)
    seen.forget({str(path)})
    assert seen.settled([path]) == []
    clock.now += 3
    assert seen.settled([path]) == [path]
    path.unlink()
    assert (seen.settled([path]), seen.waiting) == ([], False)


@pytest.mark.parametrize(
    "name", ["aux.xlsx", "COM1.xlsx", "低保?.xlsx", "低保:1.xlsx", "低保.xlsx "]
)
def test_names_that_windows_refuses(name: str) -> None:
    wrong = bad_name(Path("/w/inbox/王芳") / name)
    assert wrong is not None and "不能用，请改名" in wrong.zh


def test_long_names_are_not_repeated_whole() -> None:
    wrong = bad_name(Path("/w/inbox/王芳") / ("长" * 150 + ".xlsx"))
    assert wrong is not None and "太长（155 个字）" in wrong.zh and len(wrong.zh) < 80
    deep = bad_name(Path("/w") / ("d" * 250) / "低保.xlsx")
    assert deep is not None and "太长" in deep.zh


@pytest.mark.parametrize("name", ["低保台账(冲突副本).xlsx", "低保 最终版.xlsx", "console.xlsx"])
def test_ordinary_names(name: str) -> None:
    assert bad_name(Path("/w/inbox/王芳") / name) is None


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
//server/share /mnt/share cifs rw 0 0
server:/home /mnt/nfs\\040home nfs4 rw 0 0
tmpfs /mnt/share/local tmpfs rw 0 0
/dev/sdb1 /mnt/shared ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind", "network"),
    [
        ("/home/a", "ext4", False),
        ("/mnt/share", "cifs", True),
        ("/mnt/share/幸福社区/inbox", "cifs", True),
        ("/mnt/shared/x", "ext4", False),
        ("/mnt/share/local/x", "tmpfs", False),
        ("/mnt/nfs home/x", "nfs4", True),
    ],
)
def test_network_paths(
    folder: str, kind: str, network: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS, encoding="utf-8")
    monkeypatch.setattr(observers, "MOUNTS", mounts)
    assert (mount_kind(Path(folder)), is_network(Path(folder))) == (kind, network)


def test_a_unc_path_is_a_network_path() -> None:
    assert is_network(Path("//server/share/inbox"))


def test_where_the_mounts_are_not_known_nothing_is_a_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observers, "MOUNTS", tmp_path / "none")
    assert not is_network(Path("/anything"))


def test_one_share_among_the_folders_makes_all_polled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "share").mkdir()
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\n//s/x {tmp_path}/share cifs rw 0 0\n")
    monkeypatch.setattr(observers, "MOUNTS", mounts)
    watched = Observers([tmp_path / "share", tmp_path], None)
    watched.open()
    try:
        assert watched.is_polling
    finally:
        watched.close()


def test_hints_keep_paths_and_tell_when_a_workbook_was_closed() -> None:
    hints = Hints()
    hints.dispatch(FileModifiedEvent("/w/inbox/a.xlsx"))
    hints.dispatch(FileOpenedEvent("/w/inbox/b.xlsx"))
    assert hints.take() == ({"/w/inbox/a.xlsx"}, False)
    hints.dispatch(FileDeletedEvent("/w/primary/~$名册.xlsx"))
    assert hints.take()[1] is True
    assert hints.take() == (set(), False)


def test_a_heartbeat_is_read_back_and_grows_old(tmp_path: Path) -> None:
    assert read_heartbeat(tmp_path) is None
    write_heartbeat(tmp_path, started=time.time(), rounds=7)
    heartbeat = read_heartbeat(tmp_path)
    assert (
        heartbeat is not None
        and heartbeat.is_alive
        and (heartbeat.pid, heartbeat.rounds) == (os.getpid(), 7)
    )
    old = Heartbeat(1, "pc", 0.0, time.time() - watch_log.LATE - 1, 7)
    assert not old.is_alive
    assert not Heartbeat(1, "pc", 0.0, time.time() + 3600, 7).is_alive, (
        "left by a clock put right since"
    )
    (tmp_path / "watch.json").write_text('{"pid": 1}')
    assert read_heartbeat(tmp_path) is None
    forget_heartbeat(tmp_path)
    assert not (tmp_path / "watch.json").exists()


def test_the_log_rotates_and_stays_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_log, "LOG_SIZE", 2000)
    log = WatchLog(tmp_path)
    for n in range(400):
        log.note("merged", file=f"{n:012}", ledger="dibao", applied=n)
    log.close()
    files = sorted(p.name for p in tmp_path.iterdir())
    assert files == ["watch.log", *(f"watch.log.{n}" for n in range(1, 5))]
    lines = (tmp_path / "watch.log").read_text("utf-8").splitlines()
    assert json.loads(lines[-1])["applied"] == 399
    assert all(p.stat().st_size <= 2000 for p in tmp_path.iterdir())


def test_a_log_that_cannot_be_written_stops_nobody(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = WatchLog(tmp_path / "gone")
    log.note("start")
    log.close()
    assert capfd.readouterr().err == ""
