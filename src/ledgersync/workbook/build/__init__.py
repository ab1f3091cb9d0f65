"""Ledger workbooks from a schema: primaries, issued copies, templates, with their native checks."""

from typing import TYPE_CHECKING, Any

from ledgersync.workbook.build.ids import new_record_id, record_ids
from ledgersync.workbook.build.layout import (
    RESERVED_ROWS,
    Kind,
    NameList,
    Proposals,
    SheetRows,
)
from ledgersync.workbook.build.version import builder_version

if TYPE_CHECKING:
    from ledgersync.workbook.build.templates import build_template, template_difference
    from ledgersync.workbook.build.workbook import ledger_workbook

__all__ = [
    "RESERVED_ROWS",
    "Kind",
    "NameList",
    "Proposals",
    "SheetRows",
    "build_template",
    "builder_version",
    "ledger_workbook",
    "new_record_id",
    "record_ids",
    "template_difference",
]


def __getattr__(name: str) -> Any:
    """What builds is imported when something is built: most commands build nothing."""
    if name == "ledger_workbook":
        from ledgersync.workbook.build.workbook import ledger_workbook

        return ledger_workbook
    if name in ("build_template", "template_difference"):
        from ledgersync.workbook.build import templates

        return getattr(templates, name)
    raise AttributeError(name)
