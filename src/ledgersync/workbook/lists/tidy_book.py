"""写法整理.xlsx: one line for each thing that is spelled in several ways, with the one to keep."""

from collections.abc import Sequence
from pathlib import Path

from ledgersync.errors import UnreadableFile
from ledgersync.messages import message
from ledgersync.workbook.broken import DAMAGE
from ledgersync.workbook.lists.answers import (
    Answers,
    AnswerSheet,
    Line,
    read_answers,
    write_answers,
)

BOOK_NAME = "写法整理.xlsx"
_HEADS = (("台账", 14), ("表", 12), ("项目", 14), ("写法（次数）", 60), ("都写成", 26))
_TOLD = (
    "同一样东西的几种写法，一行一组。在“都写成”里选一种（也可以直接写），不是一样东西的选“各是各的”，"
    "拿不准的空着。保存后 ledgersync tidy --with 这个文件：台账照此改，以后再有人这样写也看得懂。"
)


def write_tidy_book(path: Path, unit: str, lines: Sequence[Line]) -> None:
    write_answers(path, unit, ("tidy",), [AnswerSheet("写法整理", _HEADS, _TOLD, list(lines))])


def read_tidy_book(path: Path) -> Answers:
    """Raises UnreadableFile when it is none of ours."""
    try:
        return read_answers(path)
    except DAMAGE as error:
        raise UnreadableFile(
            message("{path} 不是写法整理清单。", path=path.name),
            message("请用 ledgersync tidy 重新生成一份。"),
        ) from error
