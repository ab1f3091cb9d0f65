"""In which language the program speaks: known before parsing, click's own texts included.

Help texts stand where they belong, in the commands, in Chinese; their English, and the Chinese of
what click says, are in the catalogues.
"""

from __future__ import annotations

import copy
import gettext
import inspect
import itertools
import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import click

from ledgersync.cli.common.help_format import Context
from ledgersync.cli.common.metavars import metavar
from ledgersync.messages import message
from ledgersync.messages.catalogue import CLICK, FOLDER, translated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

VARIABLE = "LEDGERSYNC_LANG"
LANGUAGES = ("zh", "en")
_LANGUAGES = "LANGUAGE"  # where gettext looks first
_spoken = ["zh"]

C = TypeVar("C", bound=click.Command)
P = TypeVar("P", bound=click.Parameter)


def asked_for(arguments: Sequence[str]) -> str:
    """The language of a command line, else of the environment, else Chinese."""
    found = os.environ.get(VARIABLE, "").strip().lower()[:2]
    for first, second in itertools.pairwise([*arguments, ""]):
        if first == "--lang":
            found = second
        elif first.startswith("--lang="):
            found = first.partition("=")[2]
    return found if found in LANGUAGES else "zh"


def spoken() -> str:
    """The language in force."""
    return _spoken[-1]


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Everything inside is said in `lang`, by click too, which asks gettext for all it says."""
    before, domain = os.environ.get(_LANGUAGES), gettext.textdomain()
    gettext.bindtextdomain(CLICK, FOLDER)
    gettext.textdomain(CLICK)
    os.environ[_LANGUAGES] = lang  # there is no catalogue for English: click speaks it
    _spoken.append(lang)
    try:
        yield
    finally:
        _spoken.pop()
        gettext.textdomain(domain)
        if before is None:
            del os.environ[_LANGUAGES]
        else:
            os.environ[_LANGUAGES] = before


def localised(command: C, lang: str) -> C:
    """A copy of a command, and of those below it, whose help speaks `lang`."""
    own = copy.copy(command)
    own.help = help_text(command.help, lang)
    own.short_help = in_short(own.help or "")
    own.params = [*(_parameter(command, p, lang) for p in command.params), _help_option(lang)]
    if lang == "zh":
        own.context_class = Context
        own.options_metavar = "[选项]"
    if isinstance(own, click.Group):
        own.commands = {n: localised(c, lang) for n, c in own.commands.items()}
        own.subcommand_metavar = "命令 [参数]..." if lang == "zh" else own.subcommand_metavar
    return own


def help_text(text: str | None, lang: str) -> str | None:
    """A help text, written in Chinese, in `lang`; one nobody translated stays Chinese."""
    return translated(inspect.cleandoc(text), None, lang) if text else text


def in_short(text: str) -> str:
    """The first sentence of a help text, for the list of a group's commands."""
    first = " ".join(text.partition("\n\n")[0].split())
    return re.split(r"(?<=。)|(?<=\.)(?= )", first)[0].rstrip("。.")


def _parameter(command: click.Command, parameter: P, lang: str) -> P:
    own = copy.copy(parameter)
    if isinstance(own, click.Option):
        own.help = help_text(own.help, lang)
    if lang == "zh":
        own.metavar = metavar(command.name or "", own) or own.metavar
    else:
        own.metavar = help_text(own.metavar, lang)
    return own


def _help_option(lang: str) -> click.Option:
    return click.Option(
        ["-h", "--help"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        help=message("显示用法").text(lang),
        callback=_show_help,
    )


def _show_help(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(ctx.get_help())
        ctx.exit()
