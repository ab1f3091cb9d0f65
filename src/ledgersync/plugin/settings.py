"""What `addin install` notes down for the spreadsheet: workspace, staff name, interpreter.

A spreadsheet starts without a command line, so the plugin looks in three places, in this order:
the environment (`LEDGERSYNC_WORKSPACE`, `LEDGERSYNC_STAFF`), the folders above the open workbook,
and `plugin.json` in the user's configuration folder.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import platformdirs

from ledgersync.dataclass import dataclass
from ledgersync.files import atomic_write

CONFIG_NAME = "ledgersync.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """Paths as text, empty where nothing is known."""

    workspace: str = ""
    staff: str = ""
    interpreter: str = ""


def settings_file() -> Path:
    return Path(platformdirs.user_config_dir("ledgersync", appauthor=False)) / "plugin.json"


def load_settings() -> Settings:
    """What was noted down; a damaged or missing file counts as empty."""
    try:
        stored = json.loads(settings_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        stored = {}
    noted = stored if isinstance(stored, dict) else {}
    known = {name: str(noted.get(name) or "") for name in Settings.__slots__}
    return Settings(
        workspace=os.environ.get("LEDGERSYNC_WORKSPACE") or known["workspace"],
        staff=os.environ.get("LEDGERSYNC_STAFF") or known["staff"],
        interpreter=known["interpreter"],
    )


def save_settings(settings: Settings) -> Path:
    """Raises OSError."""
    path = settings_file()
    text = json.dumps(asdict(settings), ensure_ascii=False, indent=2)
    atomic_write(path, text + "\n")
    return path


def remove_settings() -> bool:
    """Whether there was anything to remove; the empty folder goes too."""
    path = settings_file()
    if not path.exists():
        return False
    path.unlink()
    if not any(path.parent.iterdir()):
        path.parent.rmdir()
    return True


def workspace_of(workbook: Path | None = None) -> Path | None:
    """The workspace that a workbook lies in, else the one that is noted down."""
    return next(_workspaces(workbook), None)


def _workspaces(workbook: Path | None) -> Iterator[Path]:
    if workbook is not None:
        yield from (p for p in workbook.resolve().parents if (p / CONFIG_NAME).is_file())
    noted = load_settings().workspace
    if noted and (Path(noted) / CONFIG_NAME).is_file():
        yield Path(noted)
