"""The workspace: can it be read and written, is somebody in the way, is the snapshot fresh?"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ledgersync.errors import LedgerSyncError, os_reason
from ledgersync.files import open_elsewhere
from ledgersync.journal import Journal
from ledgersync.messages import message
from ledgersync.plugin.doctor.check import Check, absent, ok, problem, warning
from ledgersync.plugin.reader import opened
from ledgersync.plugin.settings import load_settings
from ledgersync.workspace import Workspace


def checks(folder: Path | None) -> Iterator[Check]:
    noted = load_settings().workspace
    place = folder or (Path(noted) if noted else None)
    if place is None:
        yield absent("workspace", message("没有指定工作区"))
        return
    try:
        workspace = Workspace.open(place)
        with Journal.open(workspace.journal_file, workspace.catalog) as journal:
            revision = journal.log.last
    except LedgerSyncError as fault:
        yield Check("workspace", "problem", fault.message, fault.next_step)
        return
    name = workspace.unit.name
    yield ok(
        "workspace", message("工作区 {name}，第 {revision} 次修订", name=name, revision=revision)
    )
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
            message("收件箱不能写入：{error}", error=os_reason(error)),
            message("请检查共享文件夹的权限和网络。"),
        )
    return ok("inbox", message("收件箱可以写入"))


def _locked(workspace: Workspace) -> Iterator[Check]:
    for ledger in workspace.catalog:
        path = workspace.primary(ledger)
        who = open_elsewhere(path)
        if who is not None:
            yield warning(
                "locked",
                message(
                    "{path} 被{who}打开，合并结果会等它关闭后写入",
                    path=path.name,
                    who=who or message("别人"),
                ),
                message("请关闭它；若没有人打开，删除旁边以 ~$ 或 .~lock 开头的残留文件。"),
            )


def _snapshot(workspace: Workspace, revision: int) -> Check:
    reader = opened(workspace.snapshot_file)
    if reader is not None and reader.revision == revision:
        return ok("snapshot", message("表格函数的快照是最新的"))
    advice = message("下一次合并会重新生成。")
    if not os.access(workspace.snapshot_file.parent, os.R_OK):
        advice = message("这台电脑无权读取 .ledgersync：查主台账的函数和“更新”在这里不可用。")
    found = message("表格函数的快照缺失或过期")
    return warning("snapshot", found, advice)
