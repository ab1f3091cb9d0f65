"""Random histories of many staff: the engine against an oracle that a person can check by eye."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.merging import Desk, submitted

from ledgersync.model import Row, Rows
from ledgersync.schema import TableSchema

NAMES = ("no", "a", "b", "c")
TABLE = TableSchema.validated(
    {"id": "t", "sheet": "表", "key": ["no"]}
    | {"fields": [{"id": n, "header": n.upper(), "type": "text"} for n in NAMES]}
)
Case = tuple[str, int | None, Any]  # record, cell (None: the whole record), what theirs wanted


def oracle(primary: Rows, said: Rows, base: Rows, theirs: Rows) -> tuple[set[Case], Rows]:
    """Merges `theirs` into `primary` in place; the conflicts, and the copy's next base."""
    asked: set[Case] = set()
    kept: Rows = {}
    for r in base.keys() | theirs.keys():
        b, o, t = base.get(r), primary.get(r), theirs.get(r)
        if b and t is None and o and (o != b or r not in said):
            kept[r] = b
        if t == said.get(r) or o == t:
            continue
        if t is not None and b is None and o is None:
            primary[r] = t
        elif t is None and o == b:
            del primary[r]
        elif t is None or o is None:
            asked.update({(r, None, t)} if t != b else ())
        else:
            for i, (x, y, z) in enumerate(zip(b or (None,) * len(t), o, t, strict=True)):
                if x != z != y and x != y:
                    asked.add((r, i, z))
                elif x != z != y:
                    primary[r] = (*primary[r][:i], z, *primary[r][i + 1 :])
    return asked, theirs | kept


class Office:
    """Staff with copies that drift apart; each hands its copy in, gets a new one, or waits."""

    def __init__(self, staff: int, pick: Callable[[int], int]) -> None:
        rows: Rows = {f"r{i}": (f"r{i}", "1", "1", "1") for i in range(6)}
        self.pick, self.staff, self.count = pick, staff, 0
        self.primary, self.desk = dict(rows), Desk(TABLE, rows, lambda row: [])
        self.bases: list[Rows] = [dict(rows) for _ in range(staff)]
        self.said: list[Rows] = [dict(rows) for _ in range(staff)]
        self.sheets: list[Rows] = [dict(rows) for _ in range(staff)]
        for who in range(staff):
            self.desk.issue(str(who))

    def round(self) -> None:
        who = self.pick(self.staff)
        for _ in range(self.pick(4)):
            self.work(self.sheets[who])
        operation = self.pick(6)
        if operation < 4:
            self.submit(who)
        elif operation == 4:
            self.submit(who)
            self.issue(who)

    def work(self, sheet: Rows) -> None:
        operation, records = self.pick(8), sorted(sheet)
        if operation == 0 or not records:
            self.count += 1
            sheet[f"n{self.count}"] = (f"n{self.count}", *self.cells())
        elif operation == 1 and len(records) > 3:
            del sheet[records[self.pick(len(records))]]
        else:
            record, i = records[self.pick(len(records))], 1 + self.pick(3)
            cells: list[Any] = list(sheet[record])
            cells[i] = self.cells()[i - 1]
            sheet[record] = tuple(cells)

    def cells(self) -> Row:
        return tuple("123"[n] if (n := self.pick(4)) < 3 else None for _ in range(3))

    def submit(self, who: int) -> None:
        sheet = self.sheets[who]
        said, self.said[who] = self.said[who], dict(sheet)
        asked, self.bases[who] = oracle(self.primary, said, self.bases[who], sheet)
        result = self.desk.submit(str(who), submitted(sheet), hold=False)
        at = TABLE.position
        found = {(c.record, at[c.field] if c.field else None, c.theirs) for c in result.conflicts}
        assert found == asked
        assert self.desk.ours == self.primary

    def issue(self, who: int) -> None:
        self.desk.issue(str(who))
        self.sheets[who] = dict(self.primary)
        self.bases[who] = self.said[who] = dict(self.primary)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_the_oracle_agrees_on_short_histories(data: st.DataObject) -> None:
    office = Office(3, lambda n: data.draw(st.integers(0, n - 1)))
    for _ in range(data.draw(st.integers(1, 12))):
        office.round()


@pytest.mark.parametrize("seed", range(4))
def test_the_oracle_agrees_on_long_histories(seed: int) -> None:
    office = Office(5, random.Random(seed).randrange)
    for _ in range(300):
        office.round()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 120))
def test_five_staff_for_a_thousand_rounds(seed: int) -> None:
    office = Office(5, random.Random(seed).randrange)
    for _ in range(1000):
        office.round()
