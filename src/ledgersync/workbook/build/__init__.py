"""Ledger workbooks from a schema: primaries, issued copies, templates, with their native checks."""

from ledgersync.workbook.build.ids import new_record_id, record_ids
from ledgersync.workbook.build.layout import (
    RESERVED_ROWS,
    Kind,
    NameList,
    Proposals,
    SheetRows,
)
from ledgersync.workbook.build.templates import build_template, template_difference
from ledgersync.workbook.build.workbook import ledger_workbook

__all__ = [
    "RESERVED_ROWS",
    "Kind",
    "NameList",
    "Proposals",
    "SheetRows",
    "build_template",
    "ledger_workbook",
    "new_record_id",
    "record_ids",
    "template_difference",
]
