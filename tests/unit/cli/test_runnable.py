"""Commands in messages work as they stand."""

import shlex
from pathlib import Path

import pytest

from ledgersync.cli.common.runnable import runnable, working_in


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
