"""What a running watcher takes, what it leaves, and when."""

import os
import shutil
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.community import Book, Community
from tests.watching import Watch, watching

from ledgersync.errors import WorkspaceFault
from ledgersync.sync.copies.issue import issue_copies
from ledgersync.watch.watch_log import read_heartbeat


def quiet(watch: Watch) -> None:
    """Nothing is going on any more: no round while several looks pass."""
    watch.until(lambda: watch.calm(0.3) == 0)


def test_a_copy_saved_in_place_and_by_renaming(town: Community) -> None:
    book = town.issue("王芳")
    with watching(town.root) as watch:
        book.people.set("A1", "备注", "甲")
        path = book.send()
        watch.until(lambda: town.cell("A1", "备注") == "甲")
        book.people.set("A1", "备注", "乙")
        book.save(path)
        watch.until(lambda: town.cell("A1", "备注") == "乙")
        book.people.set("A1", "备注", "丙")
        beside = book.save(path.with_name("ABCD1234.tmp"))
        beside.replace(path)
        watch.until(lambda: town.cell("A1", "备注") == "丙")
        quiet(watch)
    assert watch.files == ["名册.xlsx merged"] * 3
    assert watch.words == []
    town.assert_consistent()


def test_the_same_size_and_a_time_put_back_hide_nothing(town: Community) -> None:
    inbox = town.root / "inbox" / "王芳"
    inbox.mkdir(parents=True)
    path = inbox / "补登.csv"
    lines = "编号,姓名,电话,备注\nA7,吴昊,13800000007,{}\n"
    with watching(town.root) as watch:
        path.write_text(lines.format("甲"), encoding="utf-8-sig")
        watch.until(lambda: watch.taken)
        before = path.stat()
        path.write_text(lines.format("乙"), encoding="utf-8-sig")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        after = path.stat()
        assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
        watch.until(lambda: len(watch.taken) == 2)
    assert town.cell("A7", "备注") == "乙"


def test_a_file_that_grows_is_left_until_it_is_whole(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "备注", "慢")
    content = book.save(town.root / "elsewhere.xlsx").read_bytes()
    path = town.root / "inbox" / "王芳" / "名册.xlsx"
    step = len(content) // 8
    with watching(town.root) as watch, path.open("wb") as stream:
        for at in range(0, len(content), step):
            assert watch.taken == []
            stream.write(content[at : at + step])
            stream.flush()
            time.sleep(0.05)
        stream.close()
        watch.until(lambda: watch.taken)
        quiet(watch)
    assert watch.files == ["名册.xlsx merged"]
    assert watch.words == []


def test_half_a_file_is_said_once_and_keeps_nobody_awake(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "备注", "断")
    content = book.save(town.root / "elsewhere.xlsx").read_bytes()
    path = town.root / "inbox" / "王芳" / "名册.xlsx"
    empty = path.with_name("空.xlsx")
    path.write_bytes(content[:-700])
    empty.write_bytes(b"")
    with watching(town.root) as watch:
        watch.until(lambda: len(watch.words) == 2)
        rounds = watch.calm(1.0)
        assert rounds == 0
        assert len(watch.notices("名册.xlsx 不完整")) == len(watch.notices("空文件")) == 1
        assert not watch.watcher._stability.waiting
        with path.open("ab") as stream:
            stream.write(content[-700:])
        watch.until(lambda: town.cell("A1", "备注") == "断")
        quiet(watch)
    assert len(watch.words) == 2


def test_an_unreadable_workbook_is_said_once(town: Community) -> None:
    path = town.root / "inbox" / "王芳" / "加密.xlsx"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xd0\xcf\x11\xe0 no real workbook" * 40)
    with watching(town.root) as watch:
        watch.until(lambda: watch.taken)
        assert watch.calm(1.5) == 0
    assert watch.files == ["加密.xlsx unreadable"]
    with watching(town.root) as again:
        assert again.calm(1.0) == 0


def test_names_that_are_ignored_and_names_that_are_taken(town: Community) -> None:
    inbox = town.root / "inbox" / "王芳"
    good = ["名册(冲突副本).xlsx", "名册的副本.xlsx", "名册(1).xlsx", "名册最终版.xlsx"]
    good += ["名册 (conflicted copy 2022-06-30).xlsx"]
    bad = ["~$名册.xlsx", ".~名册.xlsx", "名册.xlsx.tmp", ".~lock.名册.xlsx#", "名册.crdownload"]
    books = [town.issue("王芳") for _ in good]
    for n, (book, name) in enumerate(zip(books, good, strict=True), 1):
        book.people.set(f"A{n}", "备注", f"第{n}份")
        book.send(name)
    for name in bad:
        shutil.copyfile(inbox / good[0], inbox / name)
    with watching(town.root) as watch:
        watch.until(lambda: len(watch.taken) == len(good))
        quiet(watch)
    assert sorted(watch.files) == sorted(f"{name} merged" for name in good)
    assert [town.cell(f"A{n}", "备注") for n in range(1, 6)] == [f"第{n}份" for n in range(1, 6)]


def test_names_that_windows_cannot_use_are_taken_and_said(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "备注", "名")
    book.send("aux.xlsx")
    book.people.set("A2", "备注", "名")
    book.send("名册 最终版?.xlsx")
    with watching(town.root) as watch:
        watch.until(lambda: len(watch.taken) == 2)
        quiet(watch)
    assert len(watch.notices("在 Windows 上不能用，请改名")) == len(watch.words) == 2
    assert [town.cell(k, "备注") for k in ("A1", "A2")] == ["名", "名"]


def copy_of_another_workspace(folder: Path) -> Book:
    (folder / "another").mkdir()
    town = Community(folder / "another").begin()
    with town.session() as session:
        session.journal.set_meta("workspace", "0" * 32)
        del session.journal.workspace_id  # it is read once a session
        ledger = session.catalog.ledger("roster")
        return Book(town, "外人", issue_copies(session, "外人", [ledger])[0])


def test_download_folders_bring_stamped_copies_only(town: Community, tmp_path: Path) -> None:
    downloads = tmp_path / "微信"
    (downloads / "2022-06").mkdir(parents=True)
    toml = town.root / "ledgersync.toml"
    toml.write_text(toml.read_text("utf-8") + f'[paths]\nextra_inbox = ["{downloads}"]\n', "utf-8")
    book = town.issue("李强")
    book.people.set("A2", "备注", "微信来")
    stranger = copy_of_another_workspace(tmp_path)
    stranger.people.set("A3", "备注", "别家的")
    private = town.issue("李强").unstamp()
    private.people.set("A4", "备注", "没有印记")
    with watching(town.root) as watch:
        (downloads / "私人.csv").write_text("编号,姓名\nA9,某人\n", encoding="utf-8-sig")
        stranger.save(downloads / "别家.xlsx")
        private.save(downloads / "无印记.xlsx")
        (downloads / "半个.xlsx").write_bytes(b"PK\x03\x04 half")
        book.save(downloads / "2022-06" / "名册(2).xlsx")
        watch.until(lambda: watch.taken)
        assert watch.calm(1.0) == 0
    assert [(s.staff, s.base, s.status) for s in watch.taken] == [("李强", "stamped", "merged")]
    assert town.shown("编号 备注")[1:4] == [["A2", "微信来"], ["A3", "三"], ["A4", "四"]]
    assert watch.words == []


def test_a_second_watcher_is_refused(town: Community) -> None:
    with watching(town.root) as watch:
        watch.until(lambda: read_heartbeat(town.workspace.state))
        with pytest.raises(WorkspaceFault) as refused:
            Watch(town.root).watcher.run()
    assert "已经有一个 watch" in refused.value.message.zh


def test_hand_edits_of_a_primary_are_taken_in(town: Community) -> None:
    with watching(town.root) as watch:
        primary = town.open_primary()
        primary.people.set("A1", "备注", "站长改的")
        primary.save()
        watch.until(lambda: watch.reports)
        quiet(watch)
    with town.session() as session:
        rows = session.journal.state.rows("roster", "people")
    assert "站长改的" in {row[-1] for row in rows.values()}
    town.assert_consistent()


def disputed(town: Community) -> None:
    """One conflict about A1's note."""
    one, two = town.issue("王芳"), town.issue("李强")
    one.people.set("A1", "备注", "甲")
    two.people.set("A1", "备注", "乙")
    town.hand_in(one)
    town.hand_in(two)
    assert len(town.conflicts()) == 1


def decide(town: Community, choice: str, value: str | None = None) -> None:
    path = town.root / "conflicts" / "冲突清单.xlsx"
    book = load_workbook(path)
    sheet = book["冲突清单"]
    sheet.cell(4, 13).value, sheet.cell(4, 14).value = choice, value
    book.save(path)


def test_decisions_saved_in_the_list_are_carried_out(town: Community) -> None:
    disputed(town)
    with watching(town.root) as watch:
        decide(town, "采用提交")
        watch.until(lambda: town.conflicts() == [])
        watch.until(lambda: town.cell("A1", "备注") == "乙")
        quiet(watch)
    assert not (town.root / "conflicts" / "冲突清单.xlsx").exists()
    town.assert_consistent()


def test_a_decision_that_does_not_fit_is_said_once_and_waits(town: Community) -> None:
    one, two = town.issue("王芳"), town.issue("李强")
    one.people.set("A1", "人口", 4)
    two.people.set("A1", "人口", 5)
    town.hand_in(one)
    town.hand_in(two)
    with watching(town.root) as watch:
        decide(town, "另填", "很多")
        watch.until(lambda: watch.words)
        quiet(watch)
        assert watch.calm(1.2) == 0
        assert len(watch.notices("的裁定没有采用")) == len(watch.words) == 1
        decide(town, "另填", "6")
        watch.until(lambda: town.cell("A1", "人口") == "6")


def test_a_broken_conflict_list_is_put_aside_and_stops_nobody(town: Community) -> None:
    disputed(town)
    path = town.root / "conflicts" / "冲突清单.xlsx"
    with watching(town.root) as watch:
        path.write_bytes(path.read_bytes()[:2000])
        watch.until(lambda: watch.notices("已改名为 冲突清单（读不了1）.xlsx"))
        watch.until(path.exists)
        book = town.issue("赵敏")
        book.people.set("A3", "备注", "照收")
        book.send()
        watch.until(lambda: town.cell("A3", "备注") == "照收")
        decide(town, "采用提交")
        watch.until(lambda: town.cell("A1", "备注") == "乙")


def test_a_pending_write_follows_when_the_workbook_is_closed(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "备注", "等")
    owner = town.primary.with_name("~$名册.xlsx")
    owner.write_bytes(bytes([4]) + "站长".encode("gb18030") + b" " * 50)
    with watching(town.root) as watch:
        watch.watcher.settings.retry_every = watch.watcher._pause = 60.0
        book.send()
        watch.until(lambda: watch.taken)
        assert watch.files == ["名册.xlsx pending"]
        assert watch.calm(0.8) == 0
        assert watch.words == ["名册被站长打开，1 处待写入，关闭后自动完成"]
        owner.unlink()
        watch.until(lambda: town.cell("A1", "备注") == "等")
        quiet(watch)
    assert watch.words[1:] == ["名册：1 处已写入"]
    town.assert_consistent()


def test_without_an_event_a_pending_write_is_tried_ever_later(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "备注", "等")
    owner = town.primary.with_name("~$名册.xlsx")
    owner.write_bytes(bytes([4]) + "站长".encode("gb18030") + b" " * 50)
    with watching(town.root, poll=30.0) as watch:
        book.send()
        watch.until(lambda: watch.watcher._pause > 1.0)
        assert watch.watcher.rounds <= 4
        owner.unlink()
        watch.until(lambda: town.cell("A1", "备注") == "等")
        quiet(watch)


def test_polling_sees_the_same(town: Community) -> None:
    book = town.issue("王芳")
    with watching(town.root, poll=0.2) as watch:
        book.people.set("A1", "备注", "轮询")
        book.send()
        watch.until(lambda: town.cell("A1", "备注") == "轮询")
        quiet(watch)
    assert watch.files == ["名册.xlsx merged"]


def test_decisions_and_hand_edits_that_were_taken_are_said(town: Community) -> None:
    disputed(town)
    with watching(town.root) as watch:
        decide(town, "采用提交")
        watch.until(lambda: watch.notices("冲突清单里裁定了 1 处，已写入"))
        primary = town.open_primary()
        primary.people.set("A3", "备注", "手改")
        primary.save()
        watch.until(lambda: watch.notices("主台账的手工修改 1 处已收入"))
        quiet(watch)
    assert len(watch.words) == 2
