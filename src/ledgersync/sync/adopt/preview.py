"""What taking over some files would do; nothing is changed by it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ledgersync.errors import UnreadableFile
from ledgersync.messages import literal, message
from ledgersync.schema import Catalog, LedgerSchema
from ledgersync.sync.adopt.together import put_together, tell_gaps
from ledgersync.workbook.foreign.findings import count_gaps
from ledgersync.workbook.foreign.plan import Decisions, Plan
from ledgersync.workbook.foreign.sheets import SheetPlanner
from ledgersync.workbook.read import read_workbook
from ledgersync.workbook.read.formats.files import open_book


def preview(
    ledger: LedgerSchema,
    catalog: Catalog,
    files: Sequence[Path],
    today: date,
    decisions: Decisions,
    password: str | None = None,
    staff: frozenset[str] = frozenset(),
) -> Plan:
    """All sheets of all files; `staff` are names of those who work here.

    Raises UnreadableFile, also where no sheet gives a single record.
    """
    plan = Plan(ledger.id)
    for file in files:
        read_workbook(file, catalog, today=today, password=password)  # in a child process first
        book = open_book(file.read_bytes(), file.name, password)
        planner = SheetPlanner(ledger, catalog, file.name, today, decisions, book.date1904, staff)
        plan.sheets += [s for grid in book if (s := planner.plan(grid)) is not None]
    if not any(plan.tables()):
        raise _nothing(ledger, files, plan)
    put_together(ledger, plan)
    tell_gaps(ledger, plan, today)
    for table in plan.tables():
        count_gaps(table, ledger.by_id[table.table])
    return plan


def _nothing(ledger: LedgerSchema, files: Sequence[Path], plan: Plan) -> UnreadableFile:
    return UnreadableFile(
        message(
            "{file} 里没有认出{workbook}的表。{remarks}",
            file="、".join(f.name for f in files),
            workbook=literal(ledger.workbook, ledger.id),
            remarks=[told for sheet in plan.sheets for told in sheet.remarks],
        ),
        message("请用 ledgersync read 查看读到了什么，或用 map 确认表头。"),
    )
