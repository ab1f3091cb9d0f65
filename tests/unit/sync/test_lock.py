"""Who holds a workspace: one at a time, named, and taken over only when surely gone."""

import json
import os
import threading
from pathlib import Path

import pytest

from ledgersync.errors import WorkspaceFault
from ledgersync.files import host_name
from ledgersync.sync import lock
from ledgersync.sync.lock import read_owner, workspace_lock


def test_the_owner_is_named_while_the_lock_is_held_and_gone_afterwards(tmp_path: Path) -> None:
    with workspace_lock(tmp_path / "home", "merge") as gone:
        owner = read_owner(tmp_path / "home")
        assert gone is None and owner is not None and not owner.is_stale
        assert (owner.pid, owner.what, owner.host) == (os.getpid(), "merge", host_name())
    assert read_owner(tmp_path / "home") is None
    with workspace_lock(tmp_path / "home", "status"):
        pass  # it is free again


def test_a_second_one_is_refused_and_told_who_it_is(tmp_path: Path) -> None:
    refused: list[str] = []

    def second() -> None:
        try:
            with workspace_lock(tmp_path, "issue", wait=0.05):
                refused.append("not refused")
        except WorkspaceFault as fault:
            refused.append(fault.message.zh)

    with workspace_lock(tmp_path, "merge"):
        other = threading.Thread(target=second)
        other.start()
        other.join()
        assert f"merge，进程 {os.getpid()}" in refused[0]
        assert read_owner(tmp_path) is not None  # the first one holds it still


def test_the_lock_is_free_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), workspace_lock(tmp_path, "merge"):
        raise RuntimeError
    with workspace_lock(tmp_path, "merge", wait=0.05):
        assert read_owner(tmp_path) is not None


@pytest.mark.parametrize("content", ["", "[]", "{", '{"pid": 1}', '{"user": 1, "beat": 2}'])
def test_a_broken_note_names_nobody(tmp_path: Path, content: str) -> None:
    (tmp_path / "owner.json").write_text(content, encoding="utf-8")
    assert read_owner(tmp_path) is None


@pytest.mark.parametrize(("age", "is_stale"), [(0, False), (lock.STALE + 60, True)])
def test_a_note_of_another_version_is_read_and_grows_stale(
    tmp_path: Path, age: float, is_stale: bool
) -> None:
    with workspace_lock(tmp_path, "watch"):
        note = json.loads((tmp_path / "owner.json").read_text("utf-8"))
    assert set(note) == {"user", "host", "pid", "what", "beat"}  # as every version writes it
    (tmp_path / "owner.json").write_text(json.dumps({**note, "beat": note["beat"] - age}))
    owner = read_owner(tmp_path)
    assert owner is not None and owner.is_stale is is_stale
