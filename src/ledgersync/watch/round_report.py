"""What a round did without a file from anybody: decisions, hand edits, writes that had waited."""

from collections.abc import Collection, Iterator

from ledgersync.messages import Message
from ledgersync.sync.results import MergeReport, WriteResult
from ledgersync.workspace import Workspace


def news(
    workspace: Workspace, report: MergeReport, waited: Collection[str], edits: int, decided: int
) -> Iterator[Message]:
    """A line for each; `waited` are the ledgers whose writes were pending when it began."""
    if decided:
        waits = any(w.status == "pending" for w in report.writes)
        zh, en = ("主台账待写入", "still to be written") if waits else ("已写入", "written")
        yield Message(
            f"冲突清单里裁定了 {decided} 处，{zh}", f"{decided} decisions from the list: {en}"
        )
    if edits:
        yield Message(
            f"主台账的手工修改 {edits} 处已收入",
            f"{edits} changes made by hand in a primary: taken",
        )
    for write in report.writes:
        if write.ledger in waited and write.status == "written":
            yield _completed(workspace, write)


def _completed(workspace: Workspace, write: WriteResult) -> Message:
    schema = workspace.catalog.ledgers.get(write.ledger)
    book, places = schema.workbook if schema else write.ledger, write.cells + write.rows
    return Message(f"{book}：{places} 处已写入", f"{book}: {places} places written")
