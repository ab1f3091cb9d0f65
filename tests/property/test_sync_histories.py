"""Random histories of many staff through the whole of `sync` and the journal, against an oracle.

Two speeds: sheets handed over as read (`TableData`), for thousands of rounds; and real workbooks
on disk, for dozens. The oracle is a dict of dicts that a person can check by eye.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.community import TODAY, Book, Community, counted
from tests.histories import (
    TABLE,
    Copy,
    Expected,
    FastOffice,
    History,
    Sheet,
    clone,
    in_memory,
    oracle,
    rows_of,
)

from ledgersync.model import (
    Invalid,
)
from ledgersync.sync.copies.issue import issue_one
from ledgersync.workbook.build import new_record_id


def play(folder: Path, seed: int, rounds: int) -> Counter[str]:
    folder.mkdir(parents=True, exist_ok=True)
    with in_memory(folder) as session:
        office = FastOffice(session, random.Random(seed).randrange)
        for _ in range(rounds):
            office.round()
        office.settle()
        return office.sums


@pytest.mark.parametrize("seed", range(3))
def test_five_staff_in_memory(seed: int, tmp_path: Path) -> None:
    sums = play(tmp_path, seed, 250)
    assert all(sums[name] for name in vars(Expected()))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(100, 103))
def test_five_staff_for_a_thousand_rounds(seed: int, tmp_path: Path) -> None:
    """Three communities, each with five staff and a thousand rounds."""
    print(dict(play(tmp_path, seed, 1000)))


class FileOffice(History):
    """Level two: real workbooks, saved into the inbox, merged into a primary on disk."""

    def __init__(self, town: Community, pick: Callable[[int], int], staff: int = 5) -> None:
        super().__init__(pick)
        self.town, self.staff = town, staff
        first = self.take_copy("建账")
        first.spare = [new_record_id() for _ in range(24)]
        first.sheet = {first.spare.pop(0): self.record() for _ in range(24)}
        self.hand_in("建账", first)
        self.copies = [[self.take_copy(self.name(n))] for n in range(staff)]

    def name(self, n: int) -> str:
        return f"人员{n}"

    def take_copy(self, staff: str) -> "FileCopy":
        with self.town.session() as session:
            ledger = session.catalog.ledgers["roster"]
            path = issue_one(session, staff, ledger)
        book = Book(self.town, staff, path)
        sheet = book.people
        ids = [
            sheet.ws.cell(r, sheet.columns["_LS_ID"]).value
            for r in range(sheet.top + 1, sheet.ws.max_row + 1)
        ]
        spare_ids = [i for i in ids if i and i not in self.primary]
        base = clone(self.primary)
        self.rounds += 1
        name = f"{staff}第{self.rounds}份"
        return FileCopy(name, clone(base), base, clone(base), spare_ids, book=book)

    def hand_in(self, staff: str, copy: Copy) -> None:
        assert isinstance(copy, FileCopy)
        copy.lay_out(self.pick(3))
        result = self.town.hand_in(copy.book, f"{copy.id}.xlsx")
        said = clone(copy.sheet)
        assert counted(result) == oracle(self.primary, copy, said).as_dict()
        self.look_again()
        self.agree()

    def agree(self) -> None:
        """State = oracle = replay = the primary read back; nothing is damaged."""
        with self.town.session() as session:
            rows = session.journal.state.rows("roster", "people")
            assert rows == rows_of(self.primary)
        self.town.assert_consistent()

    def edit_by_hand(self) -> None:
        """Somebody works in the primary itself, and re-sorts it."""
        hand = Copy("", clone(self.primary), clone(self.primary), {}, [])
        self.work(hand)
        hand.sheet = {r: row for r, row in hand.sheet.items() if r in self.primary}
        primary = self.town.open_primary()
        lay_out(primary, hand.sheet)
        primary.save()
        self.town.merge()
        self.primary = clone(hand.sheet)
        self.look_again()
        self.agree()

    def round(self) -> None:
        who = self.pick(self.staff)
        mine = self.copies[who]
        copy = mine[self.pick(len(mine))]
        self.work(copy)
        self.hand_in(self.name(who), copy)
        if self.pick(4) == 0:
            mine.append(self.take_copy(self.name(who)))
            del mine[:-2]
        if self.pick(4) == 0:
            self.edit_by_hand()


@dataclass
class FileCopy(Copy):
    """A copy with its workbook."""

    book: Book = field(kw_only=True)

    def lay_out(self, mood: int) -> None:
        lay_out(self.book, self.sheet, self.spare)
        if mood == 1 and "电话" in self.book.people.columns:
            self.book.people.rename("电话", "联系电话")


def lay_out(book: Book, records: Sheet, spare: list[str] | None = None) -> None:
    """Types the records into the sheet, in their order, and leaves the spare ids below."""
    sheet = book.people
    headers = {f.id: sheet.columns.get(f.header) for f in TABLE.fields}
    headers["phone"] = headers["phone"] or sheet.columns["联系电话"]
    lines: list[tuple[str | None, dict[str, Any]]] = list(records.items())
    lines += [(record, {}) for record in spare or ()]
    for row in range(sheet.top + 1, max(sheet.ws.max_row, sheet.top + len(lines)) + 1):
        at = row - sheet.top - 1
        record, cells = lines[at] if at < len(lines) else (None, {})
        for name, column in headers.items():
            value = cells.get(name)
            typed = value.typed if isinstance(value, Invalid) else value
            sheet.ws.cell(row, column or 0).value = typed
        sheet.ws.cell(row, sheet.columns["_LS_ID"]).value = record


def play_files(folder: Path, seed: int, rounds: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    office = FileOffice(Community(folder), random.Random(seed).randrange)
    for _ in range(rounds):
        office.round()


def test_five_staff_with_real_workbooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    play_files(tmp_path, 7, 3)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("community", range(3))
def test_three_communities_with_real_workbooks(
    community: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    play_files(tmp_path, 40 + community, 60)


def test_the_order_of_submissions_decides_nothing_but_who_is_ours(tmp_path: Path) -> None:
    """The same cells come in either way; the same candidates stand in conflict either way."""
    found = []
    for order in ((0, 1, 2), (2, 0, 1)):
        folder = tmp_path / "".join(map(str, order))
        folder.mkdir()
        with in_memory(folder) as session:
            office = FastOffice(session, random.Random(5).randrange, staff=3)
            ids = {r: row["no"] for r, row in office.primary.items()}
            work = random.Random(6)
            for n in range(3):
                for record in list(office.copies[n][0].sheet)[:8]:
                    office.copies[n][0].sheet[record]["note"] = f"注{work.randrange(3)}"
            for n in order:
                office.hand_in(office.name(n), office.copies[n][0])
            sides: dict[str, set[str | None]] = {}
            for case in session.journal.conflicts.open():
                sides.setdefault(ids[case.record], set()).update((case.ours, case.theirs))
            settled = {
                row["no"]: row["note"] for row in office.primary.values() if row["no"] not in sides
            }
            found.append((sides, settled))
    assert found[0] == found[1]
    assert found[0][0]
