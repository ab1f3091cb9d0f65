"""The one way to write a file: whole or not at all, refused in words, nothing left behind."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ledgersync import files
from ledgersync.errors import PatchRefused
from ledgersync.files import atomic_write, file_hash, put_in_place
from ledgersync.workspace.left_over import remove_left_over


def test_a_new_file_and_its_folder_are_made(tmp_path: Path) -> None:
    target = tmp_path / "新" / "清单.txt"
    atomic_write(target, "第一行\n")
    assert target.read_text("utf-8") == "第一行\n"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
def test_a_private_file_is_never_readable_by_others_and_rights_are_kept(tmp_path: Path) -> None:
    secret, shared = tmp_path / "key", tmp_path / "shared.toml"
    atomic_write(secret, b"1", private=True)
    assert secret.stat().st_mode & 0o777 == 0o600
    shared.write_text("old")
    shared.chmod(0o664)
    atomic_write(shared, "new")
    assert shared.stat().st_mode & 0o777 == 0o664 and shared.read_text() == "new"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "link.toml"
    real.write_text("old")
    link.symlink_to(real)
    atomic_write(link, "new")
    assert link.is_symlink() and real.read_text() == "new"


def test_only_the_expected_file_is_replaced(tmp_path: Path) -> None:
    finished, target = tmp_path / "finished", tmp_path / "target"
    finished.write_text("new")
    target.write_text("old")
    before = file_hash(target)
    target.write_text("saved meanwhile")
    with pytest.raises(PatchRefused) as refused:
        put_in_place(finished, target, before)
    assert refused.value.reason == "target.changed"
    assert target.read_text() == "saved meanwhile"


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path, __: Path) -> None:
        raise OSError(28, "No space left on device")

    target = tmp_path / "ledgersync.toml"
    target.write_text("old")
    monkeypatch.setattr(files, "REPLACE", full)
    with pytest.raises(OSError, match="No space"):
        atomic_write(target, "new")
    assert target.read_text() == "old" and list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("busy", [1, 2, 9])
def test_a_sharing_violation_is_tried_again_for_a_moment(
    busy: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def held(source: Path, target: Path) -> None:
        tries.append(target)
        if len(tries) <= busy:
            raise PermissionError(13, "sharing violation")
        source.replace(target)

    monkeypatch.setattr(files, "REPLACE", held)
    monkeypatch.setattr(files, "_PAUSES", (0.0,) * 3)
    target = tmp_path / "低保台账.xlsx"
    if busy < 4:
        atomic_write(target, b"new")
        assert target.read_bytes() == b"new"
    else:
        with pytest.raises(PatchRefused) as refused:
            atomic_write(target, b"new")
        assert refused.value.reason == "target.open" and len(tries) == 4


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from ledgersync.files import temporary_beside\n"
        "with temporary_beside(Path(sys.argv[1])) as beside:\n"
        "    beside.write_text('half'); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "a.xlsx")], check=False)
    (left,) = tmp_path.iterdir()
    other = left.with_name(f".~ls-aaaaaa-{os.getpid():x}-123456.tmp")
    other.write_text("of another machine, just now")
    own = left.with_name(f".~ls-{files.host_mark()}-{os.getpid():x}-123456.tmp")
    own.write_text("of a living process")
    persons = tmp_path / "~$a.xlsx"
    persons.write_text("Excel's")
    assert remove_left_over([tmp_path, tmp_path / "none"]) == 1
    assert {p.name for p in tmp_path.iterdir()} == {other.name, own.name, persons.name}
    hours_ago = time.time() - 4000
    os.utime(other, (hours_ago, hours_ago))
    assert remove_left_over([tmp_path]) == 1
