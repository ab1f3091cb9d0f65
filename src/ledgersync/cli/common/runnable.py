"""Commands in what is told, so that they work as they stand: with the `-C` that was typed."""

import os
import re
import shlex
from contextvars import ContextVar
from pathlib import Path

_ELSEWHERE = ("init", "demo", "template", "read", "functions", "addin", "doctor")
_COMMAND = re.compile(rf"\bledgersync (?=(?!{'|'.join(_ELSEWHERE)})[a-z]+\b)")
_directory: ContextVar[Path | None] = ContextVar("directory", default=None)


def working_in(directory: Path) -> None:
    """The folder that `-C` named; the current one needs no naming."""
    _directory.set(None if directory == Path() else directory)


def runnable(text: str) -> str:
    """The text, each command in it with the workspace's folder."""
    directory = _directory.get()
    if directory is None or "ledgersync " not in text:
        return text
    return _COMMAND.sub(lambda _: f"ledgersync -C {quoted(str(directory))} ", text)


def quoted(text: str) -> str:
    """A word as the shell of this system takes it."""
    if os.name == "nt":
        return f'"{text}"' if re.search(r"[\s&()^%!]", text) else text
    plain = re.fullmatch(r"[\w./\-+@%:,=]+", text)
    return text if plain else shlex.quote(text)
