"""`adopt`: an existing workbook becomes a primary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgersync.api.aftermath import refresh_snapshot
from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option
from ledgersync.messages import Message, counted, listed, message

if TYPE_CHECKING:
    from ledgersync.schema import LedgerSchema
    from ledgersync.workspace import Workspace


@click.command()
@click.argument("ledger")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@pass_app
def adopt(app: App, ledger: str, file: Path, as_json: bool) -> None:
    """把现有工作簿（连同格式）收为某本台账的主台账。"""
    from ledgersync.sync.create import adopt_workbook

    workspace = app.workspace()
    schema = workspace.catalog.ledger(ledger)
    counts = adopt_workbook(workspace, schema, file)
    refresh_snapshot(workspace)
    findings = _findings(workspace, schema)
    if as_json:
        document = {"format": "ledgersync.adopt/v1", "ledger": schema.id, "records": counts}
        emit_json({**document, "findings": findings})
        return
    taken = [counted("{sheet} {n} 条", n, sheet=schema.by_id[t].sheet) for t, n in counts.items()]
    app.say(
        message("{book}已收为主台账：{records}", book=schema.workbook, records=listed(taken, "，"))
    )
    if any(findings.values()):
        app.say(_faulty(findings))


def _findings(workspace: Workspace, schema: LedgerSchema) -> dict[str, int]:
    """What `check` says of the new primary: errors and warnings."""
    from ledgersync.sync.check import check_workspace
    from ledgersync.workspace import clock

    found = check_workspace(workspace, clock.today())
    path = workspace.primary(schema)
    mine = [f for file in found.files if file.path == path for f in file.findings]
    return {level: sum(f.severity == level for f in mine) for level in ("error", "warning")}


def _faulty(findings: dict[str, int]) -> Message:
    return message(
        "其中错误 {errors} 处、警告 {warnings} 处，格子都照原样留着。\n"
        "下一步：ledgersync check 逐条查看（加 --annotate 另存标注副本），在主台账里改正。",
        errors=findings["error"],
        warnings=findings["warning"],
    )
