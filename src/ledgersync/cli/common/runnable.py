"""Commands in what is told, so that they work as they stand.

With the `-C` that was typed, and with the program as it was called where the shell would not find
it by its name (`make demo` runs `.venv/bin/ledgersync`).
"""

import re
import shutil
import sys
from contextvars import ContextVar
from pathlib import Path

from ledgersync.messages.shell import quoted

_ELSEWHERE = ("init", "demo", "template", "read", "functions", "addin", "doctor")
_COMMAND = re.compile(rf"\bledgersync (?=(?!{'|'.join(_ELSEWHERE)})[a-z]+\b)")
_CALLED = re.compile(r"\b(?<!/)ledgersync (?=-C |--lang |[a-z]+\b)")
_NAME = "ledgersync"
_directory: ContextVar[Path | None] = ContextVar("directory", default=None)


def working_in(directory: Path) -> None:
    """The folder that `-C` named; the current one needs no naming."""
    _directory.set(None if directory == Path() else directory)


def runnable(text: str) -> str:
    """The text, each command in it with the workspace's folder, called as this run was."""
    if "ledgersync " not in text:
        return text
    directory = _directory.get()
    if directory is not None:
        text = _COMMAND.sub(lambda _: f"ledgersync -C {quoted(str(directory))} ", text)
    program = _program()
    return text if program == _NAME else _CALLED.sub(lambda _: f"{program} ", text)


def _program() -> str:
    """How to call this program: by its name where the shell finds it, else as it was called."""
    called = Path(sys.argv[0])
    if called.stem != _NAME or shutil.which(_NAME):
        return _NAME
    return quoted(str(called))
