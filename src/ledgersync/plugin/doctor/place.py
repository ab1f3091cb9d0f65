"""The workspace: can it be read and written, is somebody in the way, is the snapshot fresh?"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ledgersync.errors import LedgerSyncError, os_reason
from ledgersync.files import open_elsewhere
from ledgersync.journal import Journal
from ledgersync.messages import Message
from ledgersync.plugin.doctor.check import Check, absent, ok, problem, warning
from ledgersync.plugin.reader import opened
from ledgersync.plugin.settings import load_settings
from ledgersync.workspace import Workspace


def checks(folder: Path | None) -> Iterator[Check]:
    noted = load_settings().workspace
    place = folder or (Path(noted) if noted else None)
    if place is None:
        yield absent("workspace", "没有指定工作区", "No workspace was named")
        return
    try:
        workspace = Workspace.open(place)
        with Journal.open(workspace.journal_file, workspace.catalog) as journal:
            revision = journal.log.last
    except LedgerSyncError as fault:
        yield Check("workspace", "problem", fault.message, fault.next_step)
        return
    name = workspace.unit.name
    yield ok("workspace", f"工作区 {name}，第 {revision} 次修订", f"{name}, revision {revision}")
    yield _writable(workspace.inbox)
    yield from _locked(workspace)
    yield _snapshot(workspace, revision)


def _writable(inbox: Path) -> Check:
    try:
        with tempfile.NamedTemporaryFile(dir=inbox, prefix="~", suffix=".tmp"):
            pass
    except OSError as error:
        return problem(
            "inbox",
            Message(f"收件箱不能写入：{os_reason(error).zh}", f"The inbox: {os_reason(error).en}"),
            Message("请检查共享文件夹的权限和网络。", "Look at the share and its permissions."),
        )
    return ok("inbox", "收件箱可以写入", "The inbox can be written")


def _locked(workspace: Workspace) -> Iterator[Check]:
    for ledger in workspace.catalog:
        path = workspace.primary(ledger)
        who = open_elsewhere(path)
        if who is not None:
            yield warning(
                "locked",
                Message(
                    f"{path.name} 被{who or '别人'}打开，合并结果会等它关闭后写入",
                    f"{path.name} is open ({who or 'unknown'}); writes wait until it is closed",
                ),
                Message(
                    "请关闭它；若没有人打开，删除旁边以 ~$ 或 .~lock 开头的残留文件。",
                    "Close it; if nobody has it open, delete the stale lock file beside it.",
                ),
            )


def _snapshot(workspace: Workspace, revision: int) -> Check:
    reader = opened(workspace.snapshot_file)
    if reader is not None and reader.revision == revision:
        return ok("snapshot", "表格函数的快照是最新的", "The snapshot is up to date")
    advice = Message("下一次合并会重新生成。", "The next merge makes it anew.")
    if not os.access(workspace.snapshot_file.parent, os.R_OK):
        advice = Message(
            "这台电脑无权读取 .ledgersync：查主台账的函数和“更新”在这里不可用。",
            ".ledgersync cannot be read here: lookups and 更新 are not available.",
        )
    found = Message("表格函数的快照缺失或过期", "The snapshot is missing or old")
    return warning("snapshot", found, advice)
