"""What a coordinator reads on the terminal: words people use, no internal id, nothing unmasked."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.community import TODAY, Community, begun

from ledgersync.cli import main

INTERNAL = re.compile(r"\b(roster|people|matters|dibao|care|visits?|volunteer)\b|edit/|add/add")
ISO = re.compile(r"\d{4}-\d\d-\d\dT")
CJK = re.compile(r"[\u4e00-\u9fff]")
DATA = "名册 人员 王 李 赵 钱 备注 电话 姓名 人口 搬走 在家 改过 一 二 三 四 周 冲突清单 裁定"
Screen = Callable[..., tuple[int, str]]


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.delenv("LEDGERSYNC_LANG", raising=False)


@pytest.fixture
def town(tmp_path: Path) -> Community:
    """Two people who cannot agree: on a phone, on a name, on a note, on whether a row stays."""
    town = begun(tmp_path)
    first, second = town.issue("周一"), town.issue("周二")
    first.people.set("A1", "电话", "13811110001").set("A2", "姓名", "李刚").set(
        "A3", "备注", "搬走"
    )
    first.people.set("A4", "备注", "改过").set("A4", "人口", 5)
    second.people.set("A1", "电话", "13822220001").set("A2", "姓名", "李勇").set(
        "A3", "备注", "在家"
    )
    second.people.remove("A4")
    town.hand_in(first)
    town.hand_in(second)
    assert len(town.conflicts()) == 4
    return town


@pytest.fixture
def screen(town: Community, capsys: pytest.CaptureFixture[str]) -> Screen:
    """Exit code and what is on the screen."""

    def show(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main(["-C", str(town.root), *arguments])
        told = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, told.out + told.err

    return show


def line_of(text: str, *words: str) -> list[str]:
    """The cells of the table's line that has all these words."""
    found = next(line for line in text.splitlines() if all(word in line for word in words))
    return [cell.strip() for cell in found.split("│")]


def test_conflicts_are_told_in_words(screen: Screen) -> None:
    code, text = screen("conflicts")
    assert code == 1
    assert not INTERNAL.search(text) and not ISO.search(text)
    cells = line_of(text, "备注", "搬走")
    assert cells[1:] == ["名册", "赵*", "备注", "三", "搬走", "在家"]
    assert "周一" in text and "周二" in text and "6月30日 " in text
    assert "下一步" in text and "resolve 1 --take theirs" in text


def test_masked_values_that_differ_can_be_told_apart(screen: Screen) -> None:
    """The two new phones and the old one look alike; so do the names."""
    text = screen("conflicts")[1]
    assert line_of(text, "电话")[4:] == ["138****0001①", "138****0001②", "138****0001③"]
    assert line_of(text, "姓名")[4:] == ["李*①", "李*②", "李*③"]
    assert "看着一样，其实不同" in text
    for personal in ("13811110001", "13822220001", "李刚", "李勇", "王芳", "1111", "2222"):
        assert personal not in text


def test_the_record_id_that_history_wants_comes_with_verbose(screen: Screen) -> None:
    brief, full = screen("conflicts")[1], screen("-v", "conflicts")[1]
    ids = set(re.findall(r"\b[0-9a-f]{12,}\b|\b[0-9A-Z]{20,}\b", full))
    assert ids and not [i for i in ids if i in brief]
    assert "周一" in screen("history", ids.pop())[1]


def test_a_row_that_one_changed_and_one_removed(screen: Screen) -> None:
    text = screen("conflicts")[1]
    cells = line_of(text, "整行（一方改、一方删）")
    assert cells[4:] == ["人口：3", "人口：5", "（已删除）"]
    assert line_of(text, "备注：改过")[4:] == ["备注：四", "备注：改过", "周二"]
    assert "{" not in text and "在册" not in text


def test_no_mark_where_nothing_looks_alike(screen: Screen, town: Community) -> None:
    for number in ("1", "2", "3", "4"):
        if "①" in screen("conflicts")[1]:
            screen("resolve", number, "--take", "ours")
    assert "①" not in screen("conflicts")[1]
    assert "看着一样" not in screen("conflicts")[1]


def test_conflicts_in_english(screen: Screen) -> None:
    text = screen("--lang", "en", "conflicts")[1]
    assert "the row (one changed, one removed it)" in text
    assert "(removed)" in text and "30 Jun " in text
    assert "Next: " in text
    for word in re.findall(r"[\u4e00-\u9fff]+", DATA):
        text = text.replace(word, "")
    assert not CJK.search(text.replace("幸福社区", ""))


def test_status_says_what_waits_and_what_to_do(screen: Screen) -> None:
    code, text = screen("status")
    assert code == 1
    assert not INTERNAL.search(text) and not ISO.search(text)
    assert "名册·人员" in text
    assert re.search(r"待裁定冲突 4 处；下一步：ledgersync -C \S+ conflicts\n", text)


def test_a_quiet_status_shows_only_what_waits(screen: Screen) -> None:
    code, text = screen("-q", "status")
    assert (code, text.count("\n")) == (1, 1)
    assert re.fullmatch(r"待裁定冲突 4 处；下一步：ledgersync -C \S+ conflicts\n", text)
    for number in ("1", "2", "3", "4"):
        screen("resolve", number, "--take", "ours")
    assert screen("-q", "status") == (0, "")
    assert "没有待裁定的冲突" in screen("status")[1]
