"""One verdict: LS_CHECK over cells, and `check` over the same cells as a workbook, agree.

Cells are generated field by field from what people type, right and wrong; LibreOffice and the
native formulas are compared with the same functions in tests/e2e.
"""

import random
from collections.abc import Iterator
from datetime import date

import pytest

from ledgersync.checks import check_workbook
from ledgersync.model import WorkbookData
from ledgersync.plugin.functions import RowMessages, columns_of
from ledgersync.plugin.vectors import _DATES, _PHONES, _ids
from ledgersync.schema import FieldSchema, LedgerSchema, TableSchema, load_catalog
from ledgersync.workbook.read.layout.choose import Chooser
from ledgersync.workbook.read.layout.grid import Grid
from ledgersync.workbook.read.layout.headers import HeaderIndex
from ledgersync.workbook.read.layout.sheets import SheetReader

TODAY = date(2022, 6, 30)
ROWS = 250
# What only a whole table, another table or the file decides.
NOT_OF_A_ROW = ("id.sequence_fill", "ref.", "deadline.", "header.", "table.")
CATALOG = load_catalog()
TEXTS = ["张伟", "李 娜", "买买提•艾山", "=1+1", "@x", "A-001", "无", "—", "第一网格", "x" * 50]
NUMBERS = [
    "3",
    "3人",
    "100元",
    "1,570.44",
    "￥500",
    "五百",
    "约100",
    "-1",
    "99999",
    "2.5",
    3.0,
    1.005,
]
MARKS = ["是", "否", "√", "×", "Y", "也许", 1.0, "0"]


def cells_of(field: FieldSchema, source: random.Random) -> list[object]:
    words = [w for group in (_DATES, _PHONES) for line in group.split() for w in line.split("|")]
    choices: list[object] = [c for pair in field.choices.items() for c in (pair[0], *pair[1])]
    by_type: dict[str, list[object]] = {
        "id_number": list(_ids(source))[:120],
        "date": [*_DATES.replace("\n", "|").split("|"), 44713.0, 2022.1],
        "phone": [*_PHONES.replace("\n", "|").split("|")],
        "integer": NUMBERS,
        "decimal": NUMBERS,
        "money": NUMBERS,
        "bool": MARKS,
        "choice": [*choices, "看情况", "#REF!"],
        "choices": [*choices, "、".join(map(str, choices[:2])), "甲、乙"],
    }
    return [*by_type.get(field.type, [*TEXTS, *words[:10]]), None, ""]


def typed_rows(table: TableSchema, source: random.Random) -> Iterator[list[object]]:
    pools = [cells_of(f, source) for f in table.fields]
    for _ in range(ROWS):
        yield [source.choice(pool) for pool in pools]


def by_check(
    ledger: LedgerSchema, table: TableSchema, rows: list[list[object]]
) -> dict[tuple[int, str], set[tuple[str, str]]]:
    """(row, field) → rules with their severity, as `check` finds them in a workbook."""
    index = HeaderIndex(CATALOG)
    reader = SheetReader("t.xlsx", index, Chooser(CATALOG, index), TODAY)
    grid = Grid(table.sheet, [["" if c is None else c for c in row] for row in rows])
    tables, findings = reader.read(grid)
    assert [(t.ledger, t.table) for t in tables] == [(ledger.id, table.id)]
    found: dict[tuple[int, str], set[tuple[str, str]]] = {}
    for f in check_workbook(WorkbookData("t.xlsx", "", None, tables, findings), CATALOG, TODAY):
        if "贴错了列" in f.message.zh:  # told by the column as a whole, which no row knows
            continue
        told = f.field or f.rule == "duplicate.row"
        if f.severity != "info" and f.row and told and not f.rule.startswith(NOT_OF_A_ROW):
            found.setdefault((f.row - 2, f.field or ""), set()).add((f.rule, f.severity))
    return {key: rules for key, rules in found.items() if key[0] + 2 in set(tables[0].rows)}


@pytest.mark.parametrize("path", [f"{ledger.id}.{t.id}" for ledger, t in CATALOG.tables()])
def test_ls_check_and_check_agree(path: str) -> None:
    ledger = CATALOG.ledgers[path.split(".")[0]]
    table = ledger.by_id[path.split(".")[1]]
    header: list[object] = [f.header for f in table.fields]
    rows = list(typed_rows(table, random.Random(path)))
    found = by_check(ledger, table, [header, *rows])
    messages = RowMessages(table, columns_of(table, [header]), TODAY).notes(rows)
    said: dict[tuple[int, str], set[tuple[str, str]]] = {}
    for i, notes in enumerate(messages):
        for (field, rule), note in notes.items():
            said.setdefault((i, field), set()).add((rule, note.severity))
    read = {i for i, _ in found}
    assert len(read) > ROWS * 0.8, "most rows are records, and most of them have faults"
    assert {k: v for k, v in said.items() if k[0] in read} == found
