"""A workspace: its folders, its configuration, its ledgers, its day."""

from ledgersync.workspace.config import Config, Staff, Unit
from ledgersync.workspace.place import Workspace

__all__ = ["Config", "Staff", "Unit", "Workspace"]
