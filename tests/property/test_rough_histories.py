"""Rough random histories: undo of undo, decisions right and wrong, keys freed and typed again.

After every operation every invariant of `verify --deep` holds, the state is what replaying gives,
and a decision did what it said or nothing at all.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.histories import in_memory

from ledgersync.errors import UsageFault
from ledgersync.journal import ConflictCase
from ledgersync.journal import Copy as Issued
from ledgersync.model import Column, Invalid, Row, Rows, Stamp, TableData, WorkbookData
from ledgersync.schema import TableSchema
from ledgersync.sync.cases.decisions import resolve
from ledgersync.sync.cases.held import dismiss, release
from ledgersync.sync.history.invariants import broken_invariants
from ledgersync.sync.history.undo import undo_revision
from ledgersync.sync.intake.submit import submit_data
from ledgersync.sync.revision.record import load_value
from ledgersync.sync.session import Session
from ledgersync.values import from_json
from ledgersync.workbook.build import new_record_id
from ledgersync.workbook.lists.conflict_lines import Decision

STAFF, TABLES, KEYS = 4, ("people", "matters", "steps"), 12
TAKES = ("ours", "theirs", "base", "value")
Line = dict[str, Any]
Sheets = dict[str, dict[str, Line]]  # by table, by record


@dataclass
class RoughCopy:
    """A copy in somebody's hands; some rows carry another row's id, as copied rows do."""

    id: str
    staff: str
    sheets: Sheets
    carried: dict[str, str] = field(default_factory=dict)


class RoughOffice:
    """People who do what they should not; `pick(n)` gives a number below n."""

    def __init__(self, session: Session, pick: Callable[[int], int]) -> None:
        self.session, self.pick = session, pick
        self.schemas = {t: session.catalog.table("roster", t) for t in TABLES}
        self.saves = 0
        first = self.issue("建账")
        for _ in range(8):
            self.add(first, "people")
            self.add(first, "matters")
        self.hand_in(first)
        self.copies = [self.issue(f"人员{n}") for n in range(STAFF)]

    def rows(self, table: str) -> Rows:
        return self.session.journal.state.rows("roster", table)

    def issue(self, staff: str) -> RoughCopy:
        sheets: Sheets = {
            t: {r: self.line(self.schemas[t], row) for r, row in self.rows(t).items()}
            for t in TABLES
        }
        made = RoughCopy(f"copy{new_record_id()}", staff, sheets)
        journal = self.session.journal
        known = {t: list(rows) for t, rows in sheets.items()}
        issued = Issued(
            made.id, staff, "roster", "issued", journal.log.last, "", None, None, known, {}, False
        )
        journal.copies.add(issued)
        return made

    def line(self, table: TableSchema, row: Row) -> Line:
        return dict(zip(table.field_ids, row, strict=True))

    def any(self, found: Iterable[Any]) -> Any:
        several = list(found)
        return several[self.pick(len(several))] if several else None

    def add(self, copy: RoughCopy, table: str) -> None:
        line: Line = dict.fromkeys(self.schemas[table].field_ids)
        day = date(2022, 1, 1 + self.pick(28))
        if table == "people":
            line |= {"no": self.key(), "name": f"人{self.pick(50)}", "phone": self.phone()}
        elif table == "matters":
            line |= {"matter_no": self.number(), "person_no": self.key(), "day": day}
            line["what"] = f"事{self.pick(50)}"
        else:
            line |= {"told": f"说{self.pick(50)}", "day": day}
            line["matter_no"] = self.any(m["matter_no"] for m in copy.sheets["matters"].values())
        copy.sheets[table][new_record_id()] = line

    def key(self) -> str:
        """One of few keys: often one that is free again, sometimes one that is taken."""
        live = {row[0] for row in self.rows("people").values()}
        free = [f"K{n}" for n in range(KEYS) if f"K{n}" not in live]
        return self.any(free) if free and self.pick(3) else f"K{self.pick(KEYS)}"

    def phone(self) -> str | None:
        return None if self.pick(3) == 0 else f"1380000000{self.pick(9)}"

    def number(self) -> str | None:
        return None if self.pick(2) else f"SX-001001-{1 + self.pick(12)}"

    def work(self, copy: RoughCopy) -> None:
        for _ in range(1 + self.pick(3)):
            table = TABLES[self.pick(len(TABLES))]
            sheet, operation = copy.sheets[table], self.pick(10)
            record = self.any(sheet)
            if operation < 2 or record is None or len(sheet) < 7:
                self.add(copy, table)
            elif operation == 2:
                del sheet[record]
            elif operation == 3:
                self.copy_row(copy, table, record)
            elif operation < 6:
                self.rename(sheet[record], table)
            else:
                self.edit(sheet[record], table)

    def rename(self, line: Line, table: str) -> None:
        """The key corrected, perhaps to one that is another's, or to nothing."""
        name = {"people": "no", "matters": "matter_no", "steps": "matter_no"}[table]
        line[name] = self.key() if table == "people" else self.number()
        if table == "people" and self.pick(3) == 0:
            line["phone"] = self.phone()
        if table == "people" and self.pick(5) == 0:
            line["no"] = Invalid("#REF!", "cell.error") if self.pick(2) else None

    def edit(self, line: Line, table: str) -> None:
        texts = {"people": ("note", "grid"), "matters": ("result", "what"), "steps": ("told",)}
        line[self.any(texts[table])] = f"改{self.pick(4)}"

    def copy_row(self, copy: RoughCopy, table: str, record: str) -> None:
        """A row copied whole, hidden id and all, and then perhaps edited."""
        other = new_record_id()
        copy.sheets[table][other] = dict(copy.sheets[table][record])
        copy.carried[other] = copy.carried.get(record, record)
        if self.pick(4):
            self.edit(copy.sheets[table][other], table)
        if self.pick(2):
            self.rename(copy.sheets[table][other], table)

    def hand_in(self, copy: RoughCopy) -> None:
        self.saves += 1
        tables = [self.data(copy, t) for t in TABLES]
        stamp = Stamp(self.session.journal.workspace_id, "roster", 1, 0, copy.id)
        data = WorkbookData("名册.xlsx", f"{self.saves:064d}", stamp, tables)
        submit_data(self.session, data, f"inbox/{copy.staff}/{copy.id}.xlsx", copy.staff)

    def data(self, copy: RoughCopy, table: str) -> TableData:
        schema, sheet = self.schemas[table], copy.sheets[table]
        columns = tuple(Column(f.id, f.header, n) for n, f in enumerate(schema.fields, 1))
        found = TableData("roster", table, schema.sheet, (1,), columns)
        found.rows = list(range(2, 2 + len(sheet)))
        found.values = {f.id: [line[f.id] for line in sheet.values()] for f in schema.fields}
        found.record_ids = [copy.carried.get(r, r) for r in sheet]
        found.id_column = len(columns) + 1
        return found

    def round(self) -> None:
        operation = self.pick(12)
        who = self.pick(STAFF)
        if self.pick(3) == 0:
            self.copies[who] = self.issue(self.copies[who].staff)
        if operation < 6:
            self.work(self.copies[who])
            self.hand_in(self.copies[who])
        elif operation < 8:
            self.undo()
        elif operation < 10:
            self.decide()
        else:
            self.release()
        self.holds()

    def undo(self) -> None:
        """Mostly a revision that let a record or its key go."""
        last = self.session.journal.log.last
        revision = max(2, last - self.pick(8))
        late = self.session.journal.log.operations(after=last - 12)
        gone = [o.revision for o in late if o.kind == "remove" or o.field == "no"]
        if gone and self.pick(3):
            revision = self.any(gone)
        try:
            undo_revision(self.session, revision, "站长")
        except UsageFault:
            assert not self.session.journal.log.operations(revision=revision) or revision > last

    def decide(self) -> None:
        """An open conflict, or one that is over, decided in any way."""
        case = self.any(self.session.journal.conflicts.open())
        if self.pick(4) == 0:
            known = self.session.journal.conflicts.get(1 + self.pick(1 + (case.id if case else 1)))
            case = known or case
        if case is None:
            return
        decision = Decision(case.id, TAKES[self.pick(4)], self.key())
        before = {t: dict(self.rows(t)) for t in TABLES}
        try:
            done = resolve(self.session, decision, "站长").done
        except UsageFault:
            done = False
        if not done:
            assert {t: self.rows(t) for t in TABLES} == before
        else:
            self.took(case, decision, before)

    def took(self, case: ConflictCase, decision: Decision, before: dict[str, Rows]) -> None:
        """What was decided stands there; what was shown stood there before."""
        schema, row = self.schemas[case.table], self.rows(case.table).get(case.record)
        was = before[case.table].get(case.record)
        if decision.take == "ours":
            assert row == was
        if case.field is None or decision.take == "value":
            return
        at, sides = schema.position[case.field], (case.ours, case.theirs, case.base)
        ours, theirs, base = (from_json(schema.fields[at], load_value(s)) for s in sides)
        assert was is not None and was[at] == ours
        assert row is not None
        assert row[at] == {"ours": ours, "theirs": theirs, "base": base}[decision.take]

    def release(self) -> None:
        held = self.any(self.session.journal.held.open())
        if held and self.pick(2):
            release(self.session, held.id, "站长")
        elif held:
            dismiss(self.session, held.id)

    def holds(self) -> None:
        """Every invariant; the state is what replaying gives."""
        assert [(t.kind, t.what) for t in broken_invariants(self.session)] == []
        for table in TABLES:
            assert self.session.journal.state.replay("roster", table) == self.rows(table)


def play(folder: Path, seed: int, rounds: int) -> RoughOffice:
    folder.mkdir(parents=True, exist_ok=True)
    with in_memory(folder) as session:
        office = RoughOffice(session, random.Random(seed).randrange)
        for _ in range(rounds):
            office.round()
        return office


@pytest.mark.parametrize("seed", range(4))
def test_every_invariant_holds_after_every_operation(seed: int, tmp_path: Path) -> None:
    play(tmp_path, seed, 50)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(100, 140))
def test_every_invariant_holds_for_long(seed: int, tmp_path: Path) -> None:
    play(tmp_path, seed, 300)
