"""Value, row, table and cross-ledger rules → findings. Pure: no files, no clock."""

from ledgersync.checks.rows import RowChecker

__all__ = ["RowChecker"]
