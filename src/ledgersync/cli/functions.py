"""`functions`: the worksheet functions and their documentation."""

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, show_table
from ledgersync.messages import message


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
        rows = ([app.text(usage), app.text(doc), example] for usage, doc, example in help_rows())
        show_table("", app.headers(message("函数|作用|例")), rows)
        app.say(message("安装：ledgersync addin install"))
