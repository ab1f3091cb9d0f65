"""Where the demo goes: what an earlier one left is put aside, anything else is never touched."""

from collections.abc import Callable
from pathlib import Path

from ledgersync.errors import UsageFault
from ledgersync.files import atomic_write
from ledgersync.messages import Message, message

MARK = "这是示例.txt"
_SAYS = (
    "这个文件夹是 ledgersync demo 建的示例区，人物全是虚构的，可以整个删掉。\n"
    "再运行一次 demo，它会改名留在旁边，新的示例区建在原处。\n"
)


def make_room(root: Path, told: Callable[[Message], None]) -> None:
    """An empty, marked folder for the demo; whatever became of an earlier demo is renamed.

    Raises UsageFault where something else lies there, or the earlier one is open somewhere.
    """
    if root.is_dir() and (root / MARK).is_file():
        told(message("上一次的示例区改名为 {name}，不要了可以删。", name=_put_aside(root).name))
    elif root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise _occupied(root)
    root.mkdir(parents=True, exist_ok=True)
    atomic_write(root / MARK, _SAYS.encode("utf-8-sig"))


def _put_aside(root: Path) -> Path:
    root, number = root.absolute(), 1
    while (aside := root.with_name(f"{root.name}-旧{number}")).exists():
        number += 1
    try:
        return root.rename(aside)
    except OSError as error:  # Windows: a workbook in it is open
        raise _occupied(root) from error


def _occupied(root: Path) -> UsageFault:
    return UsageFault(
        message("{root} 里已有东西。", root=root),
        message("请换一个文件夹，如 ledgersync demo 新文件夹；或关掉里面打开的文件，再移走它。"),
    )
