"""Staff whose copies drift apart, against an oracle that a person can check by eye."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

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
from ledgersync.sync.history.undo import undo_revision
from ledgersync.sync.intake.submit import submit_data
from ledgersync.sync.session import Session
from ledgersync.workbook.build import new_record_id
from ledgersync.workspace import Workspace
from tests.community import ROSTER, TODAY, counted

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
