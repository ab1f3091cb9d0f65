"""What only reads works where nothing can be written, and from any folder of the workspace."""

import os
import stat
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from tests.community import Community

from ledgersync.cli import main
from ledgersync.errors import WorkspaceFault
from ledgersync.journal import Journal
from ledgersync.journal.database import reading as journal_reading

READING = (
    ["status"],
    ["history"],
    ["conflicts"],
    ["notices"],
    ["find", "王芳"],
    ["due"],
    ["merge", "--dry-run"],
    ["rollup", "--period", "2022H1"],
    ["trace", "visits_made", "--period", "2022H1"],
)


def run(*arguments: str) -> tuple[int, str]:
    printed = StringIO()
    with redirect_stdout(printed), redirect_stderr(printed), pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0), printed.getvalue()


def everything(root: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(p): (p.stat().st_mtime_ns, p.read_bytes())
        for p in sorted(root.rglob("*"))
        if p.is_file() and not p.name.endswith("-shm")
    }


@pytest.fixture
def sealed(town: Community, monkeypatch: pytest.MonkeyPatch) -> Community:
    """Nobody may write; for root, whom modes do not stop, the answer of the system is given."""
    book = town.issue("李强")
    book.people.set("A1", "备注", "新")
    book.send()
    kept = os.access

    def access(path: object, mode: int, **named: object) -> bool:
        inside = str(path).startswith(str(town.root))
        return not (inside and mode & os.W_OK) and kept(path, mode)  # type: ignore[arg-type]

    monkeypatch.setattr(journal_reading.os, "access", access)
    return town


@pytest.mark.parametrize("command", READING, ids=lambda c: c[0])
def test_reading_commands_work_and_write_nothing(sealed: Community, command: list[str]) -> None:
    if command[0] == "rollup":
        command = [*command, "-o", str(sealed.root.parent / "out")]
    before = everything(sealed.root)
    code, said = run("-C", str(sealed.root), *command)
    assert code in (0, 1), said
    assert everything(sealed.root) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("command", READING, ids=lambda c: c[0])
def test_the_same_with_the_system_refusing(town: Community, command: list[str]) -> None:
    folders = [town.root, *(p for p in town.root.rglob("*") if p.is_dir())]
    for folder in folders:
        folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        code, said = run("-C", str(town.root), *command)
    finally:
        for folder in folders:
            folder.chmod(0o700)
    assert code in (0, 1), said


def test_what_the_write_ahead_log_holds_is_read_too(town: Community) -> None:
    journal = town.workspace.journal_file
    with Journal.open(journal, town.workspace.catalog) as open_journal:
        open_journal.connection.execute("PRAGMA wal_autocheckpoint = 0")
        open_journal.set_meta("proof", "in the log")
        assert journal.with_name(journal.name + "-wal").stat().st_size > 0
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(journal_reading, "is_writable", lambda _: False)
            with journal_reading.readable(journal) as copy:
                assert copy != journal
                with Journal.open(copy, town.workspace.catalog) as read:
                    assert read.meta("proof") == "in the log"
        assert not copy.exists()


@pytest.mark.parametrize("below", ["primary", "inbox/建账", "."])
def test_the_workspace_is_found_from_a_folder_in_it(
    town: Community, below: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(town.root / below)
    code, said = run("status")
    assert code in (0, 1) and "幸福社区" in said


def test_outside_of_one_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = run("status")
    assert code == 4 and "这里不是工作区" in said


def test_a_path_too_long_for_the_journal_is_refused_in_a_sentence(tmp_path: Path) -> None:
    deep = tmp_path
    while len(os.fsencode(deep)) < 500:
        deep = deep / ("很长的文件夹名" * 3)
    with pytest.raises(WorkspaceFault, match="路径太长"):
        Journal.create(deep / "journal.db", None)  # type: ignore[arg-type]
