"""Checks that run inside the spreadsheet with no plugin, generated from the schema's rules.

Every rule becomes a hidden defined name; cells, validations and conditional formats use a few of
them.
"""

from ledgersync.workbook.build.native.known import native_table
from ledgersync.workbook.build.native.table_rules import NativeTable

__all__ = ["NativeTable", "native_table"]
