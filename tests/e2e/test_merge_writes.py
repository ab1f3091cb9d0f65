"""What reaches the disk, when, and what waits: pending writes, previews, copies, the commands."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.community import TODAY, Book, Community, begun, counted

from ledgersync.cli import main
from ledgersync.errors import PatchRefused, UnreadableFile, WorkspaceFault
from ledgersync.sync.create import create_workspace
from ledgersync.sync.status import status_of
from ledgersync.workbook.stamp import read_stamp
from ledgersync.workspace.config import new_unit


def everything(root: Path) -> dict[str, bytes]:
    """All files of a workspace but the lock and what SQLite keeps beside its database."""
    skip = ("lock", "owner.json", "journal.db-wal", "journal.db-shm")
    return {
        p.relative_to(root).as_posix(): p.read_bytes()
        for p in root.rglob("*")
        if p.is_file() and p.name not in skip
    }


def edited(town: Community, staff: str = "王芳", text: str = "新") -> Book:
    book = town.issue(staff)
    book.people.set("A1", "备注", text)
    return book


def run(town: Community, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    """A command with --json: its exit code and its document."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["-C", str(town.root), *arguments, "--json"])
    return int(ended.value.code or 0), json.loads(capsys.readouterr().out)


def test_a_primary_that_is_open_waits_and_says_who_has_it(town: Community) -> None:
    book = edited(town)
    owner = town.primary.with_name("~$名册.xlsx")
    owner.write_bytes(bytes([4]) + "站长".encode("gb18030") + b" " * 50)
    before = town.primary.read_bytes()
    result = town.hand_in(book)
    assert (result.status, counted(result)) == ("pending", {"applied": 1})
    assert town.primary.read_bytes() == before
    with town.session() as session:
        [pending] = status_of(session).pending
        assert pending.reason == "名册被站长打开，1 处待写入，关闭后自动完成"
    assert town.verify().troubles == []
    owner.unlink()
    town.merge()
    assert town.cell("A1", "备注") == "新"
    with town.session() as session:
        assert status_of(session).pending == []
    town.assert_consistent()


def test_a_sharing_violation_at_the_replacement_waits(
    town: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = edited(town)

    def refuse(source: Path, target: Path) -> None:
        if target == town.primary:
            raise PermissionError(13, "sharing violation", str(target))
        source.replace(target)

    book.send()
    with monkeypatch.context() as patched:
        patched.setattr("ledgersync.files.REPLACE", refuse)
        report = town.merge()
    assert [w.status for w in report.writes if w.ledger == "roster"] == ["pending"]
    assert [s.status for s in report.submissions if s.staff == "王芳"] == ["pending"]
    assert not list(town.primary.parent.glob("*.tmp"))
    town.merge()
    assert town.cell("A1", "备注") == "新"
    town.assert_consistent()


def test_saved_by_hand_just_before_the_replacement(
    town: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hand edit is taken in first, then both stand in the primary."""
    book = edited(town)
    book.send()
    from ledgersync.sync.primary import write as primaries

    real, done = primaries.patch_sheets, []

    def saved_meanwhile(*arguments: Any, **named: Any) -> Any:
        if not done and arguments[0] == town.primary:
            done.append(1)
            primary = town.open_primary()
            primary.people.set("A2", "备注", "手改")
            primary.save()
        return real(*arguments, **named)

    monkeypatch.setattr(primaries, "patch_sheets", saved_meanwhile)
    report = town.merge()
    assert [w.status for w in report.writes if w.ledger == "roster"] == ["written"]
    assert [r[0] for r in town.shown("备注")][:2] == ["新", "手改"]
    town.assert_consistent()


def test_a_workbook_that_cannot_be_patched_waits_with_the_reason(
    town: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    import zipfile

    with zipfile.ZipFile(town.primary, "a") as package:
        package.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    result = town.hand_in(edited(town))
    assert result.status == "pending"
    with town.session() as session:
        assert "签名" in status_of(session).pending[0].reason


def test_a_missing_primary_waits_and_its_backup_gets_everything(town: Community) -> None:
    backup = town.primary.read_bytes()
    town.primary.unlink()
    result = town.hand_in(edited(town))
    assert result.status == "pending"
    assert "primary.missing" in [t.kind for t in town.verify().troubles]
    town.primary.write_bytes(backup)
    town.merge()
    assert town.cell("A1", "备注") == "新"
    town.assert_consistent()


def test_a_dry_run_writes_nothing(town: Community) -> None:
    book = edited(town)
    book.people.set("A2", "电话", "12345").add(编号="B1", 姓名="吴刚", 人口=2)
    path = book.send()
    primary = town.open_primary()
    primary.people.set("A3", "备注", "手改")
    primary.save()
    before = everything(town.root)
    from ledgersync.sync.run import preview

    with town.session() as session:
        report = preview(session, (), None)
    found = {s.staff: counted(s) for s in report.submissions}
    assert found == {"建账": {}, "王芳": {"applied": 1, "added": 1, "returned": 1}}
    assert everything(town.root) == before
    report2 = town.merge(path)
    assert [counted(s) for s in report2.submissions] == [found["王芳"]]


def test_a_dry_run_says_that_it_is_one(town: Community, capsys: pytest.CaptureFixture[str]) -> None:
    book = edited(town)
    book.people.set("A2", "电话", "12345")
    book.send()
    with pytest.raises(SystemExit):
        main(["-C", str(town.root), "merge", "--dry-run"])
    out = capsys.readouterr().out
    assert "会合并" in out and "会修改 1 格，会退回 1 处" in out
    assert out.endswith("只是试算，什么都没有写。\n")
    assert "已合并" not in out and "下一步" not in out


def test_the_json_of_merge(town: Community, capsys: pytest.CaptureFixture[str]) -> None:
    book = edited(town)
    book.people.set("A2", "电话", "12345").add(编号="B1", 姓名="吴刚", 人口=2).remove("A6")
    path = book.send("回执.xlsx")
    code, document = run(town, capsys, "merge", str(path), "--staff", "李强")
    assert code == 1
    [submission] = document["submissions"]
    assert submission.pop("sha256")
    assert submission == {
        "file": "inbox/王芳/回执.xlsx",
        "staff": "李强",
        "ledger": "roster",
        "base": "stamped",
        "status": "merged",
        "changes": {
            "applied": 1,
            "added": 1,
            "removed": 1,
            "converged": 0,
            "conflicts": 0,
            "returned": 1,
            "held": 0,
        },
    }
    code, document = run(town, capsys, "merge")
    assert {s["status"] for s in document["submissions"]} == {"unchanged"}


def test_conflicts_resolve_undo_and_verify(
    town: Community, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = town.issue("王芳"), town.issue("李强")
    first.people.set("A1", "备注", "甲")
    second.people.set("A1", "备注", "乙")
    town.hand_in(first)
    town.hand_in(second)
    code, document = run(town, capsys, "conflicts")
    [conflict] = document["conflicts"]
    assert (conflict["kind"], conflict["base"]) == ("edit/edit", "一")
    assert (conflict["ours"], conflict["theirs"]) == ("甲", "乙")
    assert (conflict["ours_by"], conflict["theirs_by"]) == ("王芳", "李强")
    assert run(town, capsys, "resolve", conflict["id"], "--take", "theirs")[0] == 0
    assert town.cell("A1", "备注") == "乙"
    revision = run(town, capsys, "merge")[1]["revision"]
    assert run(town, capsys, "undo", str(revision))[0] == 0
    assert town.cell("A1", "备注") == "甲"
    assert len(run(town, capsys, "conflicts")[1]["conflicts"]) == 1
    code, document = run(town, capsys, "verify")
    assert (code, document["ok"], document["troubles"]) == (0, True, [])


def test_an_unreadable_file_stops_nobody(town: Community) -> None:
    bad = town.root / "inbox" / "王芳" / "坏.xlsx"
    bad.parent.mkdir(parents=True, exist_ok=True)
    bad.write_bytes(b"PK\x03\x04 cut short")
    worse = town.root / "inbox" / "王芳" / "别的.xls"
    worse.write_bytes(b"this is no workbook")
    result = town.hand_in(edited(town, "李强"))
    assert result.status == "merged"
    found = {Path(s.file).name: s.status for s in town.merge().submissions}
    assert found["坏.xlsx"] == found["别的.xls"] == "unreadable"
    with town.session() as session:
        kept = [s for s in session.journal.submissions.all() if s.status == "unreadable"]
        assert len(kept) == 1


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_read_permission_stops_nobody(town: Community) -> None:
    path = edited(town).send()
    path.chmod(0)
    result = town.hand_in(edited(town, "李强"))
    assert result.status == "merged"
    path.chmod(0o600)
    assert "merged" in {s.status for s in town.merge().submissions}


def test_an_untouched_copy_is_refreshed_and_a_touched_one_is_not(town: Community) -> None:
    mine, theirs = town.issue("王芳"), town.issue("李强")
    third = town.issue("赵敏")
    third.people.set("A2", "备注", "还没交")
    third.save()
    mine.people.set("A1", "备注", "新")
    town.hand_in(mine)
    fresh = Book(town, "李强", theirs.path)
    assert ["A1", "新"] in fresh.people.texts(["编号", "备注"])
    assert read_stamp(theirs.path) != read_stamp(mine.path)
    kept = Book(town, "赵敏", third.path)
    assert ["A2", "还没交"] in kept.people.texts(["编号", "备注"])
    assert ["A1", "一"] in kept.people.texts(["编号", "备注"])


def test_a_copy_that_is_replaced_with_unseen_changes_goes_to_the_inbox(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "备注", "忘了交")
    book.save()
    town.issue("王芳")
    assert [p.name for p in (town.root / "inbox" / "王芳").iterdir()] != []
    town.merge()
    assert town.cell("A1", "备注") == "忘了交"
    town.assert_consistent()


def test_a_copy_open_in_excel_is_not_replaced(town: Community) -> None:
    copy = town.issue("王芳").path
    before = copy.read_bytes()
    copy.with_name("~$名册.xlsx").write_bytes(bytes([2]) + b"WF" + b" " * 50)
    with pytest.raises(PatchRefused):
        town.issue("王芳")
    assert copy.read_bytes() == before
    town.hand_in(edited(town, "李强"))
    assert copy.read_bytes() == before


def test_scope_limits_a_copy_and_never_removes(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    scope = "".join(
        f'\n[[staff]]\nname = "{name}"\nscope = {{ grid = ["第{n}网格"] }}\n'
        for n, name in enumerate(("王芳", "李强"), 1)
    )
    town = begun(tmp_path, scope)
    book = town.issue("王芳")
    assert [r[0] for r in book.people.texts(["编号"])] == ["A1", "A2", "A3"]
    book.people.set("A1", "网格", "第2网格").set("A2", "备注", "新")
    assert counted(town.hand_in(book)) == {"applied": 2}
    assert len(town.shown("编号")) == 6
    again = Book(town, "王芳", book.path)
    assert [r[0] for r in again.people.texts(["编号"])] == ["A2", "A3"]
    town.assert_consistent()


def test_two_processes_and_a_stale_lock(town: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    from filelock import FileLock

    from ledgersync.sync import lock as locks
    from ledgersync.sync.opening import open_session

    home = town.root / ".ledgersync"
    other = FileLock(home / "lock")
    other.acquire()
    locks.heartbeat(home, "merge")
    with pytest.raises(WorkspaceFault), open_session(town.workspace, "test", wait=0.1):
        pass
    owner = locks.read_owner(home)
    assert owner is not None
    dead = json.dumps({"user": "u", "host": "别的机器", "pid": 1, "what": "watch", "beat": 0.0})
    (home / "owner.json").write_text(dead, encoding="utf-8")
    with pytest.raises(WorkspaceFault), open_session(town.workspace, "test", wait=0.1):
        pass
    os.utime(home / "owner.json", (1, 1))
    monkeypatch.setattr(locks, "SECOND_LOOK", 0.2)
    with open_session(town.workspace, "test", wait=0.1) as session:
        events = session.journal.connection.execute("SELECT what FROM event").fetchall()
    assert [e[0] for e in events] == ["lock.takeover"]
    other.release()


def test_a_moved_workspace_goes_on(town: Community) -> None:
    book = edited(town)
    moved = town.root.parent / "搬到这里"
    town.root.rename(moved)
    town.root = moved
    assert counted(town.hand_in(book)) == {"applied": 1}
    town.assert_consistent()


def test_a_second_machine_without_the_journal_refuses(town: Community, tmp_path: Path) -> None:
    elsewhere = tmp_path / "本机"
    toml = town.root / "ledgersync.toml"
    toml.write_text(toml.read_text("utf-8") + f'\n[paths]\nstate = "{elsewhere}"\n', "utf-8")
    with pytest.raises(WorkspaceFault, match="找不到日志"):
        town.merge()
    with pytest.raises(WorkspaceFault):
        create_workspace(town.root, new_unit("幸福社区", "360702001001", "community"))
    other = Community(tmp_path / "另")
    elsewhere.mkdir()
    (other.root / ".ledgersync" / "workspace").unlink()
    with other.session() as session:
        session.journal.set_meta("workspace", "f" * 32)
    (other.root / ".ledgersync" / "journal.db").rename(elsewhere / "journal.db")
    with pytest.raises(WorkspaceFault, match="不是这个工作区的"):
        town.merge()


def test_an_unknown_file_cannot_be_read(town: Community) -> None:
    with pytest.raises(UnreadableFile):
        town.merge(town.root / "没有.xlsx")
