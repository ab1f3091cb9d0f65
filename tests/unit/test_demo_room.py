"""A demo may be made again where one was; nothing else is touched."""

from pathlib import Path

import pytest

from ledgersync.demo.room import MARK, make_room
from ledgersync.errors import UsageFault
from ledgersync.messages import Message


def names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))


def told_by(root: Path) -> list[str]:
    told: list[Message] = []
    make_room(root, told.append)
    return [message.zh for message in told]


@pytest.mark.parametrize("there", [False, True], ids=["absent", "empty"])
def test_a_first_demo(tmp_path: Path, there: bool) -> None:
    root = tmp_path / "示 例"
    if there:
        root.mkdir()
    assert told_by(root) == []
    assert names(tmp_path) == ["示 例", f"示 例/{MARK}"]


@pytest.mark.parametrize("left", [[], ["ledgersync.toml"], ["primary/走访台账.xlsx", "units/x"]])
def test_what_an_earlier_one_left_is_put_aside(tmp_path: Path, left: list[str]) -> None:
    """Interrupted at once, interrupted later, gone through: by its mark, which is written first."""
    root = tmp_path / "demo"
    make_room(root, lambda _: None)
    for name in left:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("甲", "utf-8")
    before = names(root)
    assert told_by(root) == ["上一次的示例区改名为 demo-旧1，不要了可以删。"]
    assert (names(root), names(tmp_path / "demo-旧1")) == ([MARK], before)
    assert "demo-旧2" in told_by(root)[0]


@pytest.mark.parametrize(
    "what", ["ledgersync.toml", "别的.txt", ""], ids=["unit", "file", "is one"]
)
def test_what_is_no_demo_stays_and_is_told(tmp_path: Path, what: str) -> None:
    root = tmp_path / "demo"
    if what:
        root.mkdir()
    (root / what if what else root).write_text("甲", "utf-8")
    with pytest.raises(UsageFault) as fault:
        make_room(root, lambda _: None)
    assert "已有东西" in fault.value.message.zh and "demo 新文件夹" in fault.value.next_step.zh
    assert names(tmp_path) == (["demo", f"demo/{what}"] if what else ["demo"])
