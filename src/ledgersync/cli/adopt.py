"""`adopt`: an existing workbook becomes a primary."""

from pathlib import Path

import click

from ledgersync.cli.aftermath import refresh_snapshot
from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import emit_json, json_option, say


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
    if as_json:
        emit_json({"format": "ledgersync.adopt/v1", "ledger": schema.id, "records": counts})
        return
    zh = "，".join(f"{schema.by_id[t].sheet} {n} 条" for t, n in counts.items())
    en = ", ".join(f"{schema.by_id[t].sheet} {n} records" for t, n in counts.items())
    book = schema.workbook
    say(app.pick(f"{book}已收为主台账：{zh}", f"{book} is the primary now: {en}"))
