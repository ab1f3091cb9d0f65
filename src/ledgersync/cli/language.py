"""In which language the program speaks: known before parsing, click's own texts included.

Chinese help texts stand where they belong, in the commands; `english` has what they say in English,
`chinese` has click's messages and the names of arguments in Chinese.
"""

from __future__ import annotations

import copy
import inspect
import itertools
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

VARIABLE = "LEDGERSYNC_LANG"
LANGUAGES = ("zh", "en")
_CLICK = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types", "utils")
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
    """Everything inside is said in `lang`, by click too, which marks all it says for gettext."""
    kept: list[tuple[ModuleType, str, object]] = []
    if lang == "zh":
        from ledgersync.cli.chinese import IN_PLACE_OF

        for module, (name, own) in itertools.product(map(_click, _CLICK), IN_PLACE_OF.items()):
            if name in vars(module):
                kept.append((module, name, vars(module)[name]))
                setattr(module, name, own)
    _spoken.append(lang)
    try:
        yield
    finally:
        _spoken.pop()
        for module, name, before in kept:
            setattr(module, name, before)


def _click(name: str) -> ModuleType:
    return sys.modules[f"click.{name}"]


def localised(command: C, lang: str) -> C:
    """A copy of a command, and of those below it, whose help speaks `lang`."""
    own = copy.copy(command)
    own.help = own.short_help = help_text(command.help, lang)
    own.params = [*(_parameter(command, p, lang) for p in command.params), _help_option(lang)]
    if lang == "zh":
        own.options_metavar = "[选项]"
    if isinstance(own, click.Group):
        own.commands = {n: localised(c, lang) for n, c in own.commands.items()}
        own.subcommand_metavar = "命令 [参数]..." if lang == "zh" else own.subcommand_metavar
    return own


def help_text(text: str | None, lang: str) -> str | None:
    """A help text, written in Chinese, in `lang`; one nobody translated stays Chinese."""
    if text is None or lang == "zh":
        return text
    from ledgersync.cli.english import ENGLISH

    return ENGLISH.get(inspect.cleandoc(text), text)


def _parameter(command: click.Command, parameter: P, lang: str) -> P:
    own = copy.copy(parameter)
    if isinstance(own, click.Option):
        own.help = help_text(own.help, lang)
    if lang == "zh":
        from ledgersync.cli.chinese import metavar

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
        help="显示用法" if lang == "zh" else "Show this help.",
        callback=_show_help,
    )


def _show_help(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(ctx.get_help())
        ctx.exit()
