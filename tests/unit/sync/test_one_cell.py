"""The way of one changed cell through a merge: nothing is looked up over and over."""

import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType

import pytest
from tests import tree
from tests.community import Community

from ledgersync import files
from ledgersync.journal import Journal
from ledgersync.sync.hashes import Hashes


@contextmanager
def counted(code: CodeType, argument: str) -> Iterator[Counter[str]]:
    """How often a function is called with each value of an argument."""
    calls: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is code:
            calls[str(frame.f_locals[argument])] += 1

    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(None)


@pytest.fixture
def changed(town: Community) -> Community:
    """One cell changed in a copy that lies in the inbox; nothing was saved just now."""
    book = town.issue("周一")
    town.merge()
    book.people.set("A1", "电话", "13811110001")
    book.send()
    before = time.time() - 60
    for path in town.root.rglob("*.xlsx"):
        os.utime(path, (before, before))
    return town


def test_each_file_is_hashed_once_to_look_and_once_under_the_lock(changed: Community) -> None:
    with counted(files.file_hash.__code__, "path") as calls:
        changed.merge()
    primary = str(changed.root / "primary" / "名册.xlsx")
    copy = str(changed.root / "issued" / "周一" / "名册.xlsx")
    written = {path: n for path, n in calls.items() if path in (primary, copy)}
    assert written == {
        primary: 2,
        copy: 3,
    }  # looked at, looked at under the lock, and the new copy once
    others = {path: n for path, n in calls.items() if path not in written}
    assert set(others.values()) == {1}
    assert sum(calls.values()) <= 13


def test_what_the_journal_notes_is_read_once_or_twice(changed: Community) -> None:
    with counted(Journal.meta.__code__, "key") as calls:
        changed.merge()
    assert max(calls.values()) <= 2
    assert calls["workspace"] == calls["word_list"] == 1
    assert sum(calls.values()) <= 36


@pytest.mark.parametrize("age", [0.0, 60.0])
@pytest.mark.parametrize("how", ["in place", "replaced", "same time"])
def test_another_save_is_seen_however_it_was_made(age: float, how: str, tmp_path: Path) -> None:
    path, hashes = tmp_path / "a.xlsx", Hashes()
    path.write_bytes(b"one")
    then = time.time() - age
    os.utime(path, (then, then))
    first = hashes.of(path)
    assert hashes.of(path) == first == files.file_hash(path)
    if how == "replaced":
        (tmp_path / "b.xlsx").write_bytes(b"two")
        (tmp_path / "b.xlsx").replace(path)
    else:
        path.write_bytes(b"two")
    if how == "same time":
        os.utime(path, (then, then))
    assert hashes.of(path) == files.file_hash(path) != first


def test_the_way_of_a_cell_is_the_documented_one(changed: Community) -> None:
    """Each step of CONTRIBUTING's table is first come to in this order."""
    text = (tree.ROOT / "CONTRIBUTING.md").read_text("utf-8")
    steps = re.findall(r"^\| `(\S+\.py)` \| `(\w+)` \|", text, re.MULTILINE)
    assert len(steps) > 10
    source = tree.SOURCE / "ledgersync"
    wanted = {(str(source / file), name) for file, name in steps}
    came: list[tuple[str, str]] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        place = (frame.f_code.co_filename, frame.f_code.co_name)
        if event == "call" and place in wanted and place not in came:
            came.append(place)

    sys.setprofile(note)
    try:
        changed.merge()
    finally:
        sys.setprofile(None)
    found = [(Path(file).relative_to(source).as_posix(), name) for file, name in came]
    assert found == steps
    assert changed.cell("A1", "电话") == "13811110001"
