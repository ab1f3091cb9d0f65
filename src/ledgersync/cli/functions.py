"""`functions`: the worksheet functions and their documentation."""

import click

from ledgersync.cli.app import App, pass_app
from ledgersync.cli.output import emit_json, json_option, say, show_table


@click.command()
@click.option("--markdown", is_flag=True, help="输出 docs/functions.md")
@json_option
@pass_app
def functions(app: App, markdown: bool, as_json: bool) -> None:
    """表格函数（LS_…）及说明。"""
    from ledgersync.plugin.docs import functions_document, functions_markdown, help_rows

    if as_json:
        emit_json(functions_document())
    elif markdown:
        click.echo(functions_markdown(), nl=False)
    else:
        headers = app.pick("函数|作用|例", "function|what it does|example")
        show_table("", headers.split("|"), help_rows())
        say(app.pick("安装：ledgersync addin install", "Install: ledgersync addin install"))
