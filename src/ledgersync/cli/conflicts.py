"""`conflicts`: list them, or hand them over as a workbook."""

from pathlib import Path

import click

from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import emit_json, json_option, say, show_table
from ledgersync.errors import ExitCode


@click.command()
@click.option("--export", "target", type=click.Path(path_type=Path), help="导出成带下拉的工作簿")
@json_option
@pass_app
@click.pass_context
def conflicts(ctx: click.Context, app: App, target: Path | None, as_json: bool) -> None:
    """列出待裁定的冲突；个人信息已遮盖，冲突清单.xlsx 里是原样。"""
    from ledgersync.sync.decisions import conflict_json, export_conflicts
    from ledgersync.sync.session import open_session

    with open_session(app.workspace(), "conflicts", write=False) as session:
        found = [conflict_json(session, case) for case in session.journal.conflicts.open()]
        if target:
            export_conflicts(session, target)
    if as_json:
        emit_json({"format": "ledgersync.conflicts/v1", "conflicts": found})
    elif found:
        headers = ("编号", "台账", "项目", "类型", "原值", "主台账", "提交", "谁改的", "谁交的")
        rows = (
            [c[k] for k in ("id", "ledger", "field", "kind", "base", "ours", "theirs")]
            + [c["ours_by"], c["theirs_by"]]
            for c in found
        )
        show_table("", headers, rows)
        say(
            app.pick(
                "裁定：ledgersync resolve 编号 --take ours|theirs|base|值，"
                "或填写 conflicts/冲突清单.xlsx 后 ledgersync resolve 那个文件。",
                "Decide: ledgersync resolve ID --take ours|theirs|base|VALUE.",
            )
        )
    else:
        say(app.pick("没有待裁定的冲突。", "No open conflicts."))
    if target and not as_json:
        say(app.pick(f"已导出：{target}", f"Exported: {target}"))
    ctx.exit(ExitCode.PERSON_NEEDED if found else ExitCode.DONE)
