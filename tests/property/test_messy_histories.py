"""Random histories on an adopted, messy primary: after each operation everything agrees.

The workbook has a title, merged cells, a column of formulas, one of the unit's own, hidden rows,
subtotals and a note below. People edit copies and the primary, remove and add rows, send files from
one copy twice, undo, change the ledger's file; every invariant of `verify --deep` holds each time,
and nobody is said to have edited by hand who did not.
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from tests.community import TODAY, Book, Community, counted

from ledgersync.errors import UsageFault
from ledgersync.sync.create import adopt_workbook
from ledgersync.sync.history.undo import undo_revision
from ledgersync.sync.migration.accept import accept
from ledgersync.sync.results import MergeReport
from ledgersync.sync.run import finish

HEADS = [
    "编号",
    "姓名",
    "电话",
    "状态",
    "登记日期",
    "人口",
    "享受人数",
    "网格",
    "备注",
    "联系人",
    "合计",
]
BLOCKS = (3, 2, 1, 4)
STAFF = ("王芳", "李强", "赵敏")
NOTE = '  { id = "note", header = "备注", type = "text" },\n'


def messy(path: Path) -> Path:
    """Blocks of people with merged grid, persons and contact, a subtotal under each."""
    book = Workbook()
    ws = book.worksheets[0]
    ws.title = "人员"
    ws.append(["幸福社区人员名册"])
    ws.merge_cells("A1:K1")
    ws.append(HEADS)
    number = 0
    for block, size in enumerate(BLOCKS, 1):
        top = ws.max_row + 1
        for n in range(size):
            number += 1
            first = n == 0
            shared = [
                3 if first else None,
                2 if first else None,
                f"第{block}网格" if first else None,
            ]
            line = [f"A{number}", f"人{number}", f"138000000{number:02}", "在册", "2022-01-01"]
            own = f"联{block}" if first else None
            ws.append([*line, *shared, f"记{number}", own, f"=F{ws.max_row + 1}*2"])
        if size > 1:
            for column in "FGHJ":
                ws.merge_cells(f"{column}{top}:{column}{top + size - 1}")
        ws.append(["小计", *[None] * 4, f"=SUM(F{top}:F{top + size - 1})"])
    ws.row_dimensions[4].hidden = True
    ws.append(["填表人：王芳"])
    book.save(path)
    return path


class Office:
    """People at work on one messy ledger; `pick(n)` gives a number below n."""

    def __init__(self, town: Community, pick: Callable[[int], int]) -> None:
        self.town, self.pick, self.keys, self.noted = town, pick, 100, True
        self.books = {name: [town.issue(name)] for name in STAFF}

    def key(self, book: Book) -> str | None:
        keys = [row[0] for row in book.people.texts(["编号"]) if row[0].startswith("A")]
        return keys[self.pick(len(keys))] if len(keys) > 4 else None

    def edit(self, book: Book) -> None:
        people, key, operation = book.people, self.key(book), self.pick(8)
        if key is None or operation == 0:
            self.keys += 1
            people.add(编号=f"A{self.keys}", 姓名=f"新{self.keys}", 网格="第1网格")
        elif operation == 1:
            people.remove(key)
        else:
            header, values = self.cell(book)
            people.set(key, header, values[self.pick(len(values))])

    def cell(self, book: Book) -> tuple[str, list[object]]:
        cells: list[tuple[str, list[object]]] = [
            ("网格", ["第1网格", "第9网格", None]),
            ("人口", [1, 5, None]),
            ("联系人", ["甲", None]),
            ("状态", ["注销", "正常"]),
            ("备注", ["好", "12", None]),
            ("电话", ["13911111111", "123"]),
        ]
        there = [c for c in cells if c[0] in book.people.columns]
        return there[self.pick(len(there))]

    def round(self) -> None:
        operation, who = self.pick(12), STAFF[self.pick(len(STAFF))]
        if operation < 7:
            mine = self.books[who]
            book = mine[self.pick(len(mine))]
            for _ in range(1 + self.pick(2)):
                self.edit(book)
            self.town.hand_in(book)
        elif operation == 7:
            self.books[who] = [*self.books[who][-1:], self.town.issue(who)]
        elif operation == 8:
            self.undo()
        elif operation == 9:
            self.by_hand()
        else:
            self.change_ledger()
        self.town.assert_consistent()
        assert all(counted(s) == {} for s in self.town.merge().submissions)

    def undo(self) -> None:
        with self.town.session() as session:
            last = session.journal.log.last
            try:
                undo_revision(session, last - self.pick(3), "站长")
            except UsageFault:
                return
            finish(session, MergeReport(0))

    def by_hand(self) -> None:
        """A cell of the primary itself; openpyxl leaves its formulas without results, so that only
        cells that no formula reads are changed."""
        book = load_workbook(self.town.primary)
        ws = book["人员"]
        rows = [
            r for r in range(3, ws.max_row + 1) if str(ws.cell(r, 1).value or "").startswith("A")
        ]
        ws.cell(rows[self.pick(len(rows))], 2).value = f"改{self.pick(9)}"
        book.save(self.town.primary)
        self.town.merge()

    def change_ledger(self) -> None:
        file = self.town.root / "ledgers" / "roster.toml"
        text = file.read_text("utf-8")
        options = {
            NOTE: NOTE.replace('"text"', '"integer"'),
            NOTE.replace('"text"', '"integer"'): NOTE,
            '"在册" = ["正常"]': '"登记" = ["在册"]',
            '"登记" = ["在册"]': '"在册" = ["正常"]',
        }
        there = [old for old in options if old in text]
        old = there[self.pick(len(there))]
        file.write_text(text.replace(old, options[old]), "utf-8")
        with self.town.session() as session:
            accept(session, session.catalog.ledgers["roster"], "站长")
            finish(session, MergeReport(0))


def play(folder: Path, seed: int, rounds: int) -> None:
    town = Community(folder)
    own = messy(folder / "人员.xlsx")
    adopt_workbook(town.workspace, town.workspace.catalog.ledger("roster"), own)
    town.assert_consistent()
    office = Office(town, random.Random(seed).randrange)
    for _ in range(rounds):
        office.round()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(1))
def test_on_a_messy_primary(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    play(tmp_path, seed, 12)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(10, 30))
def test_on_a_messy_primary_for_long(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    play(tmp_path, seed, 60)
