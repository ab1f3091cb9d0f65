"""Patches existing workbooks: only the named cells and rows change, all else stays as it is.

`patch_workbook` and `patch_sheets` are the public functions; `PatchRefused` says, before
anything is written, why a workbook is left alone.
"""

from ledgersync.errors import PatchRefused
from ledgersync.workbook.patch.refusals import REASONS
from ledgersync.workbook.patch.scan.edits import CellValue, PatchReport, SheetEdit, SheetReport
from ledgersync.workbook.patch.scan.refs import Area
from ledgersync.workbook.patch.sheet.hiding import last_column
from ledgersync.workbook.patch.sheet.merged import merged_areas
from ledgersync.workbook.patch.sheet.validations import Validation
from ledgersync.workbook.patch.whole.add_sheets import SheetContent, add_sheets, sheet_names
from ledgersync.workbook.patch.whole.patcher import patch_sheets, patch_workbook

__all__ = [
    "REASONS",
    "Area",
    "CellValue",
    "PatchRefused",
    "PatchReport",
    "SheetContent",
    "SheetEdit",
    "SheetReport",
    "Validation",
    "add_sheets",
    "last_column",
    "merged_areas",
    "patch_sheets",
    "patch_workbook",
    "sheet_names",
]
