"""Commands in messages work as they stand."""

import shlex
from pathlib import Path, PurePath, PurePosixPath

import pytest

from ledgersync.cli.common.runnable import runnable, working_in
from ledgersync.messages import message


@pytest.mark.parametrize(
    ("folder", "text", "shown"),
    [
        (".", "下一步：ledgersync status", "下一步：ledgersync status"),
        ("幸福社区", "下一步：ledgersync status", "下一步：ledgersync -C 幸福社区 status"),
        ("a b", "用 ledgersync held release 1", "用 ledgersync -C 'a b' held release 1"),
        ("x", "ledgersync -C 幸福社区 issue --staff 姓名", None),
        ("x", "空表：ledgersync template 走访", None),
        ("x", "请直接改 ledgersync.toml", None),
        ("x", "ledgersync read 表.xlsx", None),
    ],
)
def test_a_command_names_the_workspace(folder: str, text: str, shown: str | None) -> None:
    working_in(Path(folder))
    try:
        assert runnable(text) == (shown or text)
    finally:
        working_in(Path())


def test_quotes_are_the_shells() -> None:
    working_in(Path("它's 一个"))
    try:
        words = shlex.split(runnable("ledgersync status"))
    finally:
        working_in(Path())
    assert words == ["ledgersync", "-C", "它's 一个", "status"]


@pytest.mark.parametrize(
    ("called", "shown"),
    [
        (".venv/bin/ledgersync", ".venv/bin/ledgersync -C x status"),
        ("/opt/a b/ledgersync", "'/opt/a b/ledgersync' -C x status"),
        ("/usr/bin/pytest", "ledgersync -C x status"),
    ],
)
def test_a_program_that_the_shell_does_not_find_is_called_as_it_was(
    called: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("sys.argv", [called])
    working_in(Path("x"))
    try:
        assert runnable("ledgersync status") == shown
    finally:
        working_in(Path())


def test_what_is_no_command_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("sys.argv", [".venv/bin/ledgersync"])
    text = "请直接改 ledgersync.toml；装好 ledgersync 之后，.venv/bin/ledgersync status"
    assert runnable(text) == text


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("王芳", "王芳"),
        ("欧阳 小明", "'欧阳 小明'"),
        ("a;b", "'a;b'"),
        ("O'Neil", "'O'\"'\"'Neil'"),
        (PurePosixPath("台账 同步/甲（1）.xlsx"), "'台账 同步/甲（1）.xlsx'"),
        (message("姓名"), "姓名"),
    ],
    ids=["plain", "space", "semicolon", "apostrophe", "path", "placeholder"],
)
def test_a_name_in_a_command_is_one_word(name: str, word: str) -> None:
    told = message("已加入 {name}；下一步：ledgersync issue --staff {name:sh}", name=name)
    assert told.zh == f"已加入 {name if isinstance(name, str | PurePath) else '姓名'}" + (
        f"；下一步：ledgersync issue --staff {word}"
    )
