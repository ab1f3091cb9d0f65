"""A workbook in a primary's place that is none of ours: never taken in as an edit by hand."""

from ledgersync.errors import ForeignWorkbook
from ledgersync.messages import Message, message
from ledgersync.model import Rows
from ledgersync.sync.primary.view import PrimaryView
from ledgersync.sync.session import Session
from ledgersync.sync.stamps import origin_of, whose

_FEW = 5  # records below which nothing can be told
_LEAST = 0.5  # of what was written must be there again in a workbook without our stamp


def refuse_strange(session: Session, view: PrimaryView) -> None:
    """Raises ForeignWorkbook for another unit's workbook, or one that has little of ours in it."""
    stamp, name = view.data.stamp, view.path.name
    origin = origin_of(session, stamp) if stamp else "unknown"
    if stamp and origin == "foreign":
        raise _strange(
            message(
                "primary/{name} 是{owner}的，不是本单位的，没有收入", name=name, owner=whose(stamp)
            )
        )
    known = sum(len(rows) for rows in view.bases.values())
    there = sum(_found(view.bases[t], table.positions) for t, table in view.tables.items())
    if origin != "own" and known >= _FEW and there < _LEAST * known:
        raise _strange(
            message(
                "primary/{name} 里几乎没有上次写入的记录（{there}/{known}），"
                "像是别的台账，没有收入",
                name=name,
                there=there,
                known=known,
            )
        )


def _found(base: Rows, positions: dict[str, int]) -> int:
    return sum(record in positions for record in base)


def _strange(what: Message) -> ForeignWorkbook:
    next_step = message(
        "{what}；请把它移出 primary 文件夹，从回收站或备份放回原来的文件，再运行 merge", what=what
    )
    return ForeignWorkbook(next_step, message("收到的内容都在日志里，没有丢。"))
