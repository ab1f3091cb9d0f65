"""What a round did without a file from anybody: decisions, hand edits, writes that had waited."""

from collections.abc import Collection, Iterator

from ledgersync.messages import Message, counted, message
from ledgersync.sync.results import MergeReport, WriteResult
from ledgersync.workspace import Workspace


def news(
    workspace: Workspace, report: MergeReport, waited: Collection[str], edits: int, decided: int
) -> Iterator[Message]:
    """A line for each; `waited` are the ledgers whose writes were pending when it began."""
    if decided:
        waits = any(w.status == "pending" for w in report.writes)
        what = message("主台账待写入") if waits else message("已写入")
        yield counted("冲突清单里裁定了 {n} 处，{what}", decided, what=what)
    if edits:
        yield counted("主台账的手工修改 {n} 处已收入", n=edits)
    for write in report.writes:
        if write.ledger in waited and write.status == "written":
            yield _completed(workspace, write)


def _completed(workspace: Workspace, write: WriteResult) -> Message:
    schema = workspace.catalog.ledgers.get(write.ledger)
    book, places = schema.workbook if schema else write.ledger, write.cells + write.rows
    return counted("{book}：{n} 处已写入", n=places, book=book)
