"""What every command is given: the folder it works in, the language, how much to say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.output import complain, say
from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, message

if TYPE_CHECKING:
    from collections.abc import Iterable

if TYPE_CHECKING:  # the ledgers cost what `--help` need not pay
    from ledgersync.schema import Catalog
    from ledgersync.workspace import Workspace

CONFIG_NAME = "ledgersync.toml"


@dataclass
class App:
    """The global options, and the workspace they lead to."""

    directory: Path
    lang: str = "zh"
    quiet: bool = False
    verbose: bool = False

    def workspace(self) -> Workspace:
        """The workspace that `-C` lies in; raises WorkspaceFault where there is none."""
        from ledgersync.workspace import Workspace

        return Workspace.open(self.home() or self.directory)

    def home(self) -> Path | None:
        """The folder of the workspace: the one named, or the next above it that is one."""
        start = self.directory.absolute()
        for folder in (start, *start.parents):
            if (folder / CONFIG_NAME).is_file():
                return folder
        return None

    def workspace_or_none(self) -> Workspace | None:
        """The workspace of `-C`, None outside of one."""
        return self.workspace() if self.home() else None

    def catalog(self) -> Catalog:
        """The ledgers known here, in a workspace or out of one."""
        from ledgersync.schema import load_catalog

        workspace = self.workspace_or_none()
        return workspace.catalog if workspace else load_catalog()

    def text(self, told: Message) -> str:
        return told.text(self.lang)

    def texts(self, messages: Iterable[Message]) -> list[str]:
        return [told.text(self.lang) for told in messages]

    def headers(self, told: Message) -> list[str]:
        """Of a table, from one text with bars between them: they are translated together."""
        return told.text(self.lang).split("|")

    def say(self, told: Message) -> None:
        """A line for the person, on stdout."""
        say(told.text(self.lang))

    def say_written(self, paths: Iterable[Path]) -> None:
        for path in paths:
            self.say(message("已写出 {path}", path=path))

    def complain(self, told: Message) -> None:
        """A line for the person on stderr, where `--json` does not get in its way."""
        complain(told.text(self.lang))


pass_app = click.make_pass_decorator(App)
