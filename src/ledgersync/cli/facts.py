"""`facts export`: the rows as a Parquet dataset, for other programs and for Spark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option
from ledgersync.errors import ExitCode
from ledgersync.messages import message

if TYPE_CHECKING:
    from ledgersync.rollup.dataset.manifest import Manifest
    from ledgersync.workspace import Workspace


@click.group()
def facts() -> None:
    """明细数据：导出给别的程序和 Spark 用。"""


@facts.command("export")
@click.option(
    "-o", "folder", type=click.Path(path_type=Path), help="写到哪里，默认为工作区；其中建 facts"
)
@click.option("--period", help="只带这个统计期要问的往日状态；默认三年内每个月末")
@click.option("--unmask", "reason", metavar="REASON", help="不脱敏的理由（会记入日志）")
@json_option
@pass_app
@click.pass_context
def export(
    ctx: click.Context,
    app: App,
    folder: Path | None,
    period: str | None,
    reason: str | None,
    as_json: bool,
) -> None:
    """把本单位和下级各单位的明细写成 Parquet 数据集。

    姓名、证号、电话、账号换成带密钥的摘要（仍可比较是否相同），住址只留户的标识，
    自由文字不带出。
    """
    from ledgersync.rollup.dataset.workspace_export import export_workspace

    workspace = app.workspace()
    if reason is not None:
        _journal(workspace, reason, folder)
    if not (as_json or app.quiet):
        app.complain(message("… 正在读取各单位台账"))
    written, manifest, missing = export_workspace(
        workspace, folder or workspace.root, period=period, plain=reason is not None
    )
    if as_json:
        emit_json(_document(written, manifest))
    else:
        rows = sum(part.rows for part in manifest.parts if not part.history)
        app.say(message("已写出 {path}，共 {rows} 行。", path=written, rows=rows))
        for unit, why in missing:
            app.complain(message("缺报：{name}：{reason}", name=unit, reason=why))
    ctx.exit(ExitCode.PERSON_NEEDED if missing else ExitCode.DONE)


def _journal(workspace: Workspace, reason: str, folder: Path | None) -> None:
    """An unmasked dataset is a deed that the journal keeps; no journal, no such dataset."""
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.unmasking import journal_unmasking

    with open_session(workspace, "facts", write=True) as session:
        journal_unmasking(session, reason, command="facts export", folder=str(folder or ""))


def _document(path: Path, manifest: Manifest) -> dict[str, object]:
    return {
        "format": "ledgersync.facts/v1",
        "manifest": str(path),
        "files": [
            {
                "ledger": part.ledger,
                "table": f"{part.table}.history" if part.history else part.table,
                "unit": part.unit,
                "path": str(path.parent / part.path),
                "rows": part.rows,
            }
            for part in manifest.parts
        ],
    }
