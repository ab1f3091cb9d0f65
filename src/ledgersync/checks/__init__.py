"""Value, row, table and cross-ledger rules → findings. Pure: no files, no clock."""

from ledgersync.checks.findings import check_workbook
from ledgersync.checks.rows import RowChecker
from ledgersync.checks.workdays import Deadline, WorkCalendar

__all__ = ["Deadline", "RowChecker", "WorkCalendar", "check_workbook"]
