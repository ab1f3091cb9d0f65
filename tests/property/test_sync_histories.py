"""Random histories of many staff through the whole of `sync` and the journal, against an oracle.

Two speeds: sheets handed over as read (`TableData`), for thousands of rounds; and real workbooks
on disk, for dozens. The oracle is a dict of dicts that a person can check by eye.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.community import ROSTER, TODAY, Book, Community, counted

from ledgersync.journal import Journal, Originals
from ledgersync.model import (
    Column,
    Invalid,
    Rows,
    Stamp,
    TableData,
    UnknownColumn,
    WorkbookData,
)
from ledgersync.schema import Catalog
from ledgersync.schema.catalog import parse_ledger
from ledgersync.sync.copies.issue import issue_one
from ledgersync.sync.history.undo import undo_revision
from ledgersync.sync.intake.submit import submit_data
from ledgersync.sync.session import Session
from ledgersync.workbook.build import new_record_id
from ledgersync.workspace import Workspace

LEDGER = parse_ledger(ROSTER, "roster.toml")
TABLE = LEDGER.by_id["people"]
FIELDS = TABLE.field_ids
EDITED = ("name", "phone", "size", "note", "grid")
OWN = {"x:标记": "标记", "x:备用": " 备 用"}  # columns that people added: header by field
WRONG = Invalid("12345", "phone.format")
GRIDS = ("第1网格", "第2网格", "第3网格")
Sheet = dict[str, dict[str, Any]]  # by record id


@dataclass
class Expected:
    """What the oracle counts for one submission."""

    applied: int = 0
    added: int = 0
    removed: int = 0
    converged: int = 0
    conflicts: int = 0
    returned: int = 0

    def as_dict(self) -> dict[str, int]:
        return {name: n for name, n in vars(self).items() if n}


def oracle(primary: Sheet, copy: "Copy", theirs: Sheet) -> Expected:
    """Merges `theirs` into `primary` in place, brings the copy's base up to date; what is counted.

    What went back once, or waits in a conflict, is no news while the copy says the same of it.
    """
    said, base = Expected(), copy.base
    for r in {**base, **theirs}:
        b, o, t = base.get(r), primary.get(r), theirs.get(r)
        if t is None:
            _gone(said, primary, copy, r)
        elif b is None and o is None:
            said.added += 1
            taken = {n: None if isinstance(v, Invalid) else v for n, v in t.items()}
            primary[r], base[r] = taken, dict(taken)
        else:
            _cells(said, copy, r, o, t)
    copy.before = theirs
    return said


def _gone(said: Expected, primary: Sheet, copy: "Copy", r: str) -> None:
    """A record that the copy lacks; it stays in the copy's base where it could not be removed."""
    if r not in copy.before:
        return
    copy.waiting = {cell: value for cell, value in copy.waiting.items() if cell[0] != r}
    if r not in primary:
        said.converged += 1
        del copy.base[r]
    elif primary[r] == copy.base[r]:
        said.removed += 1
        del primary[r], copy.base[r]
    else:
        said.conflicts += 1


def _cells(
    said: Expected, copy: "Copy", r: str, o: dict[str, Any] | None, t: dict[str, Any]
) -> None:
    """The cells of a record; the base learns those that were taken in, and only those."""
    b = copy.base.setdefault(r, dict.fromkeys(t))
    last = copy.before.get(r, dict(b))
    over = [n for n in t if (r, n) in copy.waiting and copy.waiting[r, n] != t[n]]
    for name in t if over and o is None else over:
        copy.waiting.pop((r, name), None)
    changed = [name for name in t if t[name] != b[name]]
    faulty = [name for name in changed if isinstance(t[name], Invalid)]
    good = [name for name in changed if name not in faulty]
    news = [name for name in good if (r, name) not in copy.waiting]
    if o is None:
        said.conflicts += bool(news)
        said.returned += 0 if news else sum(t[name] != last[name] for name in faulty)
        copy.waiting.update({(r, name): t[name] for name in good} if news else {})
        return
    said.returned += sum(t[name] != last[name] for name in faulty)
    for name in news:
        if o[name] == t[name]:
            said.converged += 1
        elif o[name] == b[name]:
            said.applied += 1
        else:
            said.conflicts += 1
            copy.waiting[r, name] = t[name]
            continue
        o[name] = b[name] = t[name]


@dataclass
class Copy:
    """A copy as a person sees it, and what it was compared with last."""

    id: str
    sheet: Sheet
    base: Sheet
    before: Sheet
    spare: list[str]
    waiting: dict[tuple[str, str], Any] = field(default_factory=dict)  # cells in open conflicts

    def settle(self, primary: Sheet) -> dict[tuple[str, str], Any]:
        """Conflicts over cells that the primary says alike by now are over: what they were."""
        over = {
            (r, name): self.base[r][name]
            for (r, name), value in self.waiting.items()
            if r in primary and primary[r][name] == value
        }
        for r, name in over:
            self.base[r][name] = self.waiting.pop((r, name))
        return over


def rows_of(sheet: Sheet, names: Sequence[str] = FIELDS) -> Rows:
    return {r: tuple(row[name] for name in names) for r, row in sheet.items()}


@dataclass
class History:
    """People at work; `pick(n)` gives a number below n."""

    pick: Callable[[int], int]
    primary: Sheet = field(default_factory=dict)
    copies: list[list[Copy]] = field(default_factory=list)
    keys: int = 0
    rounds: int = 0
    own: Sequence[str] = ()  # columns that are in no ledger, as fields
    over: list[tuple[Copy, dict[tuple[str, str], Any]]] = field(default_factory=list)

    def look_again(self) -> None:
        """After every change: conflicts over what the primary says alike by now are over."""
        self.over = [(copy, copy.settle(self.primary)) for mine in self.copies for copy in mine]

    def record(self) -> dict[str, Any]:
        """A new record, with a key that nobody else has."""
        self.keys += 1
        row: dict[str, Any] = dict.fromkeys([*FIELDS, *self.own])
        row |= {"no": f"K{self.keys}", "name": self.value("name"), "size": 3, "covered": 1}
        row |= {"status": "在册", "since": date(2022, 1, 1), "grid": GRIDS[self.pick(3)]}
        return row

    def value(self, name: str) -> Any:
        n = self.pick(4)
        return {
            "name": ["王芳", "李强", "赵敏", "钱进"][n],
            "phone": f"1380000000{n}",
            "size": n + 2,
            "note": ["好", "无误", None, "补"][n],
            "grid": GRIDS[n % 3],
            "x:标记": ["√", "无", None, "=1+1"][n],
            "x:备用": ["2022-06-01", "3.5", None, "007"][n],
        }[name]

    def work(self, copy: Copy) -> None:
        """A few entries of one person in one copy; never so many removals that they are held."""
        gone = sum(r not in copy.sheet for r in copy.base)
        for _ in range(self.pick(5)):
            operation, records = self.pick(10), list(copy.sheet)
            if operation == 0 and copy.spare:
                copy.sheet[copy.spare.pop()] = self.record()
            elif operation == 1 and gone < min(5, len(copy.base) // 6) and records:
                del copy.sheet[records[self.pick(len(records))]]
                gone += 1
            elif operation == 2 and records:
                order = records[:]
                random.Random(self.pick(1000)).shuffle(order)
                copy.sheet = {r: copy.sheet[r] for r in order}
            elif operation == 3 and records:
                self.keys += 1
                copy.sheet[records[self.pick(len(records))]]["no"] = f"K{self.keys}"
            elif operation == 4 and records:
                copy.sheet[records[self.pick(len(records))]]["phone"] = WRONG
            elif records:
                edited = (*EDITED, *self.own)
                name = edited[self.pick(len(edited))]
                copy.sheet[records[self.pick(len(records))]][name] = self.value(name)


class FastOffice(History):
    """Level one: no workbooks; copies are handed over as the reader would have read them."""

    def __init__(self, session: Session, pick: Callable[[int], int], staff: int = 5) -> None:
        super().__init__(pick, own=tuple(OWN))
        self.session, self.staff = session, staff
        self.issued, self.sums = 0, Counter[str]()
        start = self.copy_of("建账", {})
        start.spare = [new_record_id() for _ in range(30)]
        start.sheet = {start.spare.pop(): self.record() for _ in range(24)}
        self.hand_in("建账", start)
        self.copies = [[self.issue(self.name(n))] for n in range(staff)]

    def name(self, n: int) -> str:
        return f"人员{n}"

    def issue(self, staff: str) -> Copy:
        return self.copy_of(staff, self.primary)

    def copy_of(self, staff: str, sheet: Sheet) -> Copy:
        from ledgersync.journal import Copy as Issued

        self.issued += 1
        spare = [new_record_id() for _ in range(12)]
        made = Copy(f"copy{self.issued}", clone(sheet), clone(sheet), clone(sheet), spare)
        journal = self.session.journal
        known = {"people": list(sheet)}
        revision = journal.log.last
        journal.copies.add(
            Issued(made.id, staff, "roster", "issued", revision, "", None, None, known, {}, False)
        )
        return made

    def hand_in(self, staff: str, copy: Copy) -> None:
        data = self.data(copy)
        [result] = submit_data(self.session, data, f"inbox/{staff}/{data.sha256}", staff)
        self.sums.update(counted(result))
        said = clone(copy.sheet)
        assert counted(result) == oracle(self.primary, copy, said).as_dict()
        self.look_again()
        self.agree()

    def agree(self) -> None:
        state = self.session.journal.state
        assert state.rows("roster", "people") == self.rows()

    def rows(self) -> Rows:
        """The oracle's rows, with the columns of people's own that were used so far."""
        return rows_of(self.primary, self.session.catalog.table("roster", "people").field_ids)

    def data(self, copy: Copy) -> WorkbookData:
        """What the reader makes of the copy; columns in any order."""
        self.rounds += 1
        names = list(FIELDS)
        random.Random(self.rounds).shuffle(names)
        columns = tuple(
            Column(name, TABLE.by_id[name].header, i) for i, name in enumerate(names, 1)
        )
        table = TableData("roster", "people", "人员", (3,), columns)
        table.rows = list(range(4, 4 + len(copy.sheet)))
        table.values = {name: [row[name] for row in copy.sheet.values()] for name in names}
        table.record_ids = list(copy.sheet)
        table.id_column = len(names) + 2
        table.unknown_columns = tuple(UnknownColumn(h, 20 + n) for n, h in enumerate(OWN.values()))
        table.extras = {h: [row[name] for row in copy.sheet.values()] for name, h in OWN.items()}
        workspace = self.session.journal.workspace_id
        stamp = Stamp(workspace, "roster", 1, 0, copy.id)
        return WorkbookData("名册.xlsx", f"{self.rounds:064d}", stamp, [table])

    def round(self) -> None:
        who = self.pick(self.staff)
        mine = self.copies[who]
        copy = mine[self.pick(len(mine))]  # often the newest, sometimes a stale one
        self.work(copy)
        before, revision = clone(self.primary), self.session.journal.log.last
        self.hand_in(self.name(who), copy)
        if self.pick(10) == 0 and self.session.journal.log.last > revision:
            self.undo(before)
        if self.pick(10) == 0:
            self.again(who, copy)
        if self.pick(8) == 0:
            mine.append(self.issue(self.name(who)))
            del mine[:-3]

    def undo(self, before: Sheet) -> None:
        """What was just merged is taken back: everything is as it was."""
        counts = undo_revision(self.session, self.session.journal.log.last, "站长").counts
        assert counts.conflicts == 0
        self.primary = before
        for copy, over in self.over:  # what ended with the revision is open again
            for (r, name), b in over.items():
                copy.waiting[r, name], copy.base[r][name] = copy.base[r][name], b
        self.look_again()
        self.agree()

    def again(self, who: int, copy: Copy) -> None:
        """The same submission once more changes nothing."""
        [result] = submit_data(
            self.session, self.data(copy), f"又一份{self.rounds}", self.name(who)
        )
        assert counted(result) == {}
        self.agree()

    def settle(self) -> None:
        """Replaying the journal gives the state, which is the oracle's."""
        journal = self.session.journal
        assert journal.state.replay("roster", "people") == self.rows()
        journal.state.forget()
        self.agree()
        for revision in journal.log.revisions():
            assert journal.log.digest_of(revision.id) == revision.digest


def clone(sheet: Sheet) -> Sheet:
    return {r: dict(row) for r, row in sheet.items()}


@contextmanager
def in_memory(folder: Path) -> Iterator[Session]:
    """A session over a journal alone."""
    catalog = Catalog({"roster": LEDGER})
    (folder / "ledgersync.toml").write_text(
        '[unit]\ncode = "360702001001"\nname = "幸福社区"\nlevel = "community"\n', "utf-8"
    )
    workspace = Workspace.open(folder)
    workspace.__dict__["catalog"] = catalog
    with Journal.create(folder / "journal.db", catalog) as journal:
        journal.connection.execute("PRAGMA synchronous = OFF")
        with journal.transaction():
            journal.log.seal(
                journal.log.begin("init", "test", Session.over(workspace, journal).now())
            )
        yield Session(workspace, journal, Originals(folder), date.fromisoformat(TODAY))


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
