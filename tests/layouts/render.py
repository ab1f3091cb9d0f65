"""Whole workbooks: rows of a community in a random layout, and the reading expected of them."""

import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from re import sub

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.demo.people import Record, Tables, sample_community
from ledgersync.schema import LedgerSchema, TableSchema, load_catalog
from tests.layouts.headings import Slot, slots_for
from tests.layouts.pages import Expected, Page, write_table
from tests.layouts.plans import VILLAGES, Plan, plan_for
from tests.layouts.typing_habits import Hand

TODAY = date(2022, 6, 30)
LETTERS = (*"aaccddeeffggbbbhmoostuv", *"z" * 8)
HELP_LINES = ("填表说明", "1. 每户一行，不要合并单元格。", "2. 身份证号按文本填写。")


def render(seed: int, layout: str, tables: Tables, path: Path, today: date = TODAY) -> Expected:
    """Write the tables (of one ledger) to `path` and return what must be read from it."""
    rng = Random(f"{seed}/{layout}")
    plan = plan_for(layout, rng)
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904 if plan.date1904 else CALENDAR_WINDOWS_1900
    hand = Hand(rng, plan.mess, book.epoch)
    catalog = load_catalog()
    ledger = catalog.ledgers[next(iter(tables))[0]]
    blank = book.active
    assert isinstance(blank, Worksheet)
    job = _Job(book, plan, hand, ledger, today)
    found = job.together(tables) if plan.together else job.sheets(tables)
    book.remove(blank)
    _other_sheets(book, plan, rng, ledger)
    if plan.blown_up:
        book.worksheets[0].cell(1_048_576, 1).number_format = "0.00"
    book.save(path)
    if plan.wrong_dimension:
        _lie_about_dimensions(path)
    return {"file": path.name, "ledger": ledger.id, "tables": found}


def random_case(seed: int, folder: Path | None = None, layout: str = "") -> tuple[Path, Expected]:
    """A workbook in a random layout, named as the field set names them, and its expectation."""
    rng = Random(f"case/{seed}")
    community = sample_community(seed, rng.randrange(60, 240), TODAY, rng.choice(VILLAGES[:3]))
    letter = layout or rng.choice(LETTERS)
    keys = _tables_for(rng, letter, list(community.tables))
    tables = {key: _some(rng, community.tables[key]) for key in keys}
    if letter == "z" and rng.random() < 0.3:
        for rows in tables.values():  # a row copied and pasted below itself
            copied = rng.randrange(len(rows))
            rows.insert(copied, rows[copied])
    folder = folder or Path(tempfile.mkdtemp(prefix="layouts-"))
    ledger = load_catalog().ledgers[keys[0][0]]
    name = ledger.by_id[keys[0][1]].sheet if len(keys) == 1 else "台账"
    path = folder / f"{letter}-{ledger.name}-{name}-{seed}.xlsx"
    return path, render(seed, letter, tables, path)


def _tables_for(rng: Random, letter: str, keys: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Mostly one table; both of a ledger where the layout wants two on a sheet."""
    if letter == "u":
        return [("visit", "issues")]
    key = rng.choice([k for k in keys if letter not in "ps" or k[0] != "care"])
    if letter == "m":
        key = rng.choice([("dibao", "members"), ("volunteer", "records")])
    both = letter in "ps" or (letter != "m" and rng.random() < 0.15)
    return [k for k in keys if k[0] == key[0]] if both else [key]


def _some(rng: Random, rows: Sequence[Record]) -> list[Record]:
    """Eight to fifty neighbouring rows."""
    count = min(len(rows), rng.randint(8, 50))
    start = rng.randint(0, len(rows) - count)
    return list(rows[start : start + count])


class _Job:
    """The sheets of one workbook."""

    def __init__(
        self, book: Workbook, plan: Plan, hand: Hand, ledger: LedgerSchema, today: date
    ) -> None:
        self.book, self.plan, self.hand, self.today = book, plan, hand, today
        self.ledger = ledger

    def sheets(self, tables: Tables) -> list[Expected]:
        """Each table on its own sheet, or village by village with the same header."""
        found = []
        for (_, table_id), rows in tables.items():
            table = self.ledger.by_id[table_id]
            slots = self._slots(table)
            parts = self._villages(rows, len(tables))
            for part, unit in parts:
                title = unit if len(parts) > 1 else self._sheet_name(table, len(tables))
                sheet = self.book.create_sheet(title)
                found.append(write_table(self._page(sheet, table, slots, unit), part))
        return found

    def together(self, tables: Tables) -> list[Expected]:
        """Two tables on one sheet, below or beside each other."""
        sheet = self.book.create_sheet("Sheet1")
        row, left, found = 1, 1, []
        for (_, table_id), rows in tables.items():
            table = self.ledger.by_id[table_id]
            page = self._page(sheet, table, self._slots(table), VILLAGES[0])
            page.row, page.left = row, left
            found.append(write_table(page, rows))
            if self.plan.together == "below":
                row = page.row + self.hand.rng.randint(1, 2)
            else:
                left = page.left + page.width + 1
        return found

    def _slots(self, table: TableSchema) -> list[Slot]:
        if self.plan.status_in_text:
            return _status_under_progress(slots_for(self.hand.rng, self.plan, table, ["progress"]))
        keep = [table.key[0], *(f.id for f in table.fields if f.ref and self.plan.merged_keys)]
        return slots_for(self.hand.rng, self.plan, table, keep)

    def _page(self, sheet: Worksheet, table: TableSchema, slots: Sequence[Slot], unit: str) -> Page:
        plan = self.plan
        if len([s for s in slots if s.field]) < 4:  # too narrow for totals in the middle
            plan = replace(plan, subtotals=False)
        return Page(sheet, plan, self.hand, self.ledger, table, slots, unit, self.today)

    def _villages(self, rows: Sequence[Record], tables: int) -> list[tuple[list[Record], str]]:
        count = min(self.plan.villages, len(rows) // 3 or 1) if tables == 1 else 1
        size = -(-len(rows) // count)
        units = self.hand.rng.sample(VILLAGES, len(VILLAGES))
        return [(list(rows[n * size : (n + 1) * size]), units[n]) for n in range(count)]

    def _sheet_name(self, table: TableSchema, tables: int) -> str:
        """What the field set does: the table's name, a village, or just Sheet1."""
        if tables > 1:
            return table.sheet
        return self.hand.rng.choice((table.sheet, "Sheet1", VILLAGES[0]))


def _status_under_progress(slots: Sequence[Slot]) -> list[Slot]:
    """`办理情况` over the words of 处理状态, which has no column of its own."""
    status = next(s.field for s in slots if s.field and s.field.id == "status")
    kept = [s for s in slots if not s.field or s.field.id != "status"]
    is_text = [bool(s.field and s.field.id == "progress") for s in kept]
    return [Slot(status, s.header) if t else s for s, t in zip(kept, is_text, strict=True)]


def _other_sheets(book: Workbook, plan: Plan, rng: Random, ledger: LedgerSchema) -> None:
    """Empty sheets, instructions, and a hidden list of choices: no tables, any of them."""
    for title in plan.other_sheets:
        sheet = book.create_sheet(title, 0 if rng.random() < 0.2 else None)
        if title == "填表说明":
            for line in HELP_LINES:
                sheet.append([line])
        if title == "字典":
            sheet.sheet_state = rng.choice(("hidden", "veryHidden"))
            for table in ledger.tables:
                for f in table.fields:
                    if f.choices:
                        sheet.append([f.header, *f.choices])


def _lie_about_dimensions(path: Path) -> None:
    """`<dimension ref="A1:A1"/>`, as WPS leaves it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.xlsx"
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
            for item in old.infolist():
                content = old.read(item)
                if item.filename.startswith("xl/worksheets/sheet"):
                    text = content.decode()
                    content = sub(
                        r'<dimension ref="[^"]*"', '<dimension ref="A1:A1"', text
                    ).encode()
                new.writestr(item, content)
        shutil.move(copy, path)
