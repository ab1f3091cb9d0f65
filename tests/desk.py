"""A workspace driven by its commands, as a person at a terminal does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from ledgersync.cli import main
from ledgersync.sync.opening import open_session
from ledgersync.sync.session import Session
from ledgersync.workspace import Workspace
from tests.community import Sheet, write_book


class Desk:
    """One workspace folder; `run` answers with JSON, `told` with what the terminal shows."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def new(cls, root: Path, name: str, code: str, level: str = "community") -> "Desk":
        main_ended(["init", str(root), "--name", name, "--code", code, "--level", level])
        return cls(root)

    def run(self, *arguments: str, accepted: tuple[int, ...] = (0,)) -> Any:
        code, out, err = main_ended(["-C", str(self.root), *arguments, "--json"])
        assert code in accepted, (code, out, err)
        return json.loads(out)

    def told(self, *arguments: str, accepted: tuple[int, ...] = (0, 1)) -> str:
        """All that a command says, lines joined."""
        code, out, err = main_ended(["-C", str(self.root), *arguments])
        assert code in accepted, (code, out, err)
        return (out + err).replace("\n", "")

    def refused(self, *arguments: str) -> str:
        return self.told(*arguments, accepted=(2,))

    def give(self, staff: str, name: str, **sheets: str) -> Path:
        """A workbook typed from nothing, in somebody's inbox."""
        return write_book(self.root / "inbox" / staff / name, sheets)

    def rows(self, file: str, sheet: str, *headers: str) -> list[list[str]]:
        return Sheet(load_workbook(self.root / file)[sheet]).texts(headers)

    def send(self, staff: str, workbook: str, edit: Any, source: str | None = None) -> Path:
        """A copy as issued, edited (`edit` gets the open workbook), saved into the inbox."""
        path = self.root / (source or f"issued/{staff}/{workbook}")
        book = load_workbook(path)
        for ws in book.worksheets:
            for table in list(ws.tables):
                del ws.tables[table]
        edit(book)
        target = self.root / "inbox" / staff / workbook
        target.parent.mkdir(parents=True, exist_ok=True)
        book.save(target)
        return target

    @contextmanager
    def session(self) -> Iterator[Session]:
        with open_session(Workspace.open(self.root), "test") as session:
            yield session

    def assert_consistent(self) -> None:
        code, out, _ = main_ended(["-C", str(self.root), "verify", "--deep", "--json"])
        assert (code, json.loads(out)["troubles"]) == (0, [])


def main_ended(arguments: list[str]) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0), out.getvalue(), err.getvalue()
