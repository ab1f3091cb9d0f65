"""Passwords of encrypted workbooks: from the environment or the prompt, never the command line."""

import os

import click

VARIABLE = "LEDGERSYNC_PASSWORD"

password_option = click.option(
    "--password",
    "ask_password",
    is_flag=True,
    help=f"文件有打开密码：按提示输入（或设环境变量 {VARIABLE}）",
)


def given_password(ask: bool) -> str | None:
    """The password from the environment, else asked for when `ask`."""
    known = os.environ.get(VARIABLE)
    if known or not ask:
        return known or None
    return str(click.prompt("打开密码", hide_input=True, err=True))
