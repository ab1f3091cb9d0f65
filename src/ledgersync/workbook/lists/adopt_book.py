"""接收预览.xlsx: what taking over would do, with drop-downs wherever a person may say otherwise."""

from dataclasses import field
from pathlib import Path

from ledgersync.dataclass import dataclass
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

BOOK_NAME = "接收预览.xlsx"
KEPT, NOT_TAKEN = "保留为本单位自己的列", "这一列不收"
TAKE, LEAVE, EMPTY = "收", "不收", "（空着）"


@dataclass(slots=True)
class AdoptBook:
    """The workbook's content: lines of the three sheets, and what `--with` needs to go on."""

    title: str
    ledger: str
    files: tuple[str, ...]
    questions: list[Line] = field(default_factory=list)
    columns: list[Line] = field(default_factory=list)
    rows: list[Line] = field(default_factory=list)


def write_adopt_book(path: Path, content: AdoptBook) -> None:
    nothing = Line(("", "没有要回答的，可以直接 adopt --with 这个文件。"), "", (), "")
    sheets = (
        AnswerSheet(
            "要回答的",
            (("工作表", 18), ("问题", 62), ("回答", 28)),
            "橙色格子必须回答：从下拉列表里选，或直接写；几张工作表同样的问题答一次就行。"
            "改好保存，再 adopt --with 这个文件。",
            content.questions or [nothing],
        ),
        AnswerSheet(
            "各列",
            (("文件", 18), ("工作表", 14), ("列", 5), ("表头", 18), ("样例一", 22), ("样例二", 22),
             ("样例三", 22), ("把握", 14), ("收作", 30)),
            "每一列收作台账的哪一项；不对的在“收作”里改选。“把握”不到九成的，请看一眼样例。",
            content.columns,
        ),
        AnswerSheet(
            "各行",
            (("文件", 18), ("工作表", 14), ("去向", 60), ("收不收", 12)),
            "每张工作表的行收到哪里、哪些行不收、为什么。整张表不要的，在“收不收”里选“不收”。",
            content.rows,
        ),
    )  # fmt: skip
    write_answers(path, content.title, (content.ledger, *content.files), sheets)


def read_adopt_book(path: Path) -> Answers:
    """The answers in a preview; its memo is the ledger and the files. Raises UnreadableFile."""
    try:
        return read_answers(path)
    except DAMAGE as error:
        raise UnreadableFile(
            message("{path} 不是接收预览。", path=path.name),
            message("请用 ledgersync adopt 台账 文件 --preview 重新生成一份。"),
        ) from error
