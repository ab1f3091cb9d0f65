"""Passwords of encrypted workbooks: from the environment or the prompt, never the command line."""

import os

import click

from ledgersync.cli.common.language import spoken
from ledgersync.messages import message

VARIABLE = "LEDGERSYNC_PASSWORD"

password_option = click.option(
    "--password",
    "ask_password",
    is_flag=True,
    help="文件有打开密码：按提示输入（或设环境变量 LEDGERSYNC_PASSWORD）",
)


def given_password(ask: bool) -> str | None:
    """The password from the environment, else asked for when `ask`."""
    known = os.environ.get(VARIABLE)
    if known or not ask:
        return known or None
    question = message("文件的打开密码")
    return str(click.prompt(question.text(spoken()), hide_input=True, err=True))
