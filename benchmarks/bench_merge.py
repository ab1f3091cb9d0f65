"""The merge core: 50,000 records × 20 fields, five staff.

    python benchmarks/bench_merge.py [--rows N] [--check]

Each person makes 1 % edits, 0.5 % adds, 0.2 % removals. Timed is `merge_table` for the five
copies one after the other: conflicts, journal operations and counts included, with the real row
checks; identity is printed beside it. Each copy's values are objects of their own, as they are
when they come from files. For comparison the same run prints what a bare Python dict needs,
pandas (which finds the changed cells but keeps no conflicts), and C, python-calamine's time to
read the same rows from one workbook. `--check` exits 1 above the target of 0.25 s.
"""

import argparse
import io
import pickle
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook
from stdnum.cn import ric

from ledgersync.checks import RowChecker
from ledgersync.merge import Counts, MergeResult, Submitted, merge_table, resolve_identity
from ledgersync.model import Row, Rows
from ledgersync.schema import TableSchema, load_catalog
from ledgersync.values import shown

TARGET, STAFF, ROUNDS = 0.25, 5, 5
EDITS, ADDS, REMOVALS = 0.01, 0.005, 0.002
TODAY = date(2022, 6, 30)
TABLE = load_catalog().table("dibao", "households")
PRESENT = frozenset(TABLE.field_ids)
EDITABLE = ("remark", "grid", "address", "phone", "monthly_amount", "last_review")


@dataclass(frozen=True)
class Case:
    """A base and the copies that five staff made of it."""

    base: Rows
    copies: list[Rows]


def household(i: int, chance: random.Random) -> Row:
    """A record without faults, all fields filled but three."""
    born = date(1940, 1, 1) + timedelta(days=i % 25000)
    start = date(2015, 1, 1) + timedelta(days=i % 2000)
    digits = f"320102{born:%Y%m%d}{i // 25000 % 1000:03d}"
    size = chance.randint(1, 5)
    cells: dict[str, Any] = {
        "cert_no": f"DB{i:08d}",
        "head_name": chance.choice("王李张刘陈杨赵黄周吴") + chance.choice("芳强敏进丽涛军洋艳杰"),
        "head_id": digits + ric.calc_check_digit(digits + "0"),
        "hukou": chance.choice(["城市", "农村"]),
        "category": chance.choice(["A类", "B类", "C类"]),
        "family_size": size,
        "covered_persons": chance.randint(1, size),
        "monthly_amount": Decimal(chance.randint(100, 3000)).quantize(Decimal("0.01")),
        "class_supplement": Decimal(chance.randint(0, 300)).quantize(Decimal("0.01")),
        "per_capita_income": Decimal(chance.randint(0, 900)).quantize(Decimal("0.01")),
        "hardship_cause": (chance.choice(["因病", "因残", "因老"]),),
        "start_date": start,
        "review_cycle": chance.choice(["每年", "每半年"]),
        "last_review": start + timedelta(days=200),
        "status": "在保",
        "phone": f"139{chance.randint(0, 99999999):08d}",
        "address": f"幸福路{chance.randint(1, 400)}号{chance.randint(1, 30)}栋",
        "grid": f"第{chance.randint(1, 12)}网格",
    }
    return tuple(cells.get(name) for name in TABLE.field_ids)


def changed(row: Row, chance: random.Random) -> Row:
    """One cell of the row with another, faultless value."""
    name = chance.choice(EDITABLE)
    values: dict[str, Any] = {
        "remark": f"已核实{chance.randint(1, 999)}",
        "grid": f"第{chance.randint(1, 12)}网格",
        "address": f"和平路{chance.randint(1, 400)}号",
        "phone": f"138{chance.randint(0, 99999999):08d}",
        "monthly_amount": Decimal(chance.randint(100, 3000)).quantize(Decimal("0.01")),
        "last_review": TODAY - timedelta(days=chance.randint(0, 200)),
    }
    at = TABLE.position[name]
    return (*row[:at], values[name], *row[at + 1 :])


def copy_of(base: Rows, who: int, chance: random.Random) -> Rows:
    """What one person hands in; half of the edits hit records that colleagues edit too."""
    rows: Rows = pickle.loads(pickle.dumps(base))
    records = list(rows)
    size = len(records)
    busy = records[: int(size * EDITS)]
    for _ in range(int(size * EDITS)):
        record = chance.choice(busy if chance.random() < 0.5 else records)
        rows[record] = changed(rows[record], chance)
    for record in chance.sample(records, int(size * REMOVALS)):
        del rows[record]
    for i in range(int(size * ADDS)):
        rows[f"new-{who}-{i}"] = household(1_000_000 * (who + 1) + i, chance)
    return rows


def made(size: int) -> Case:
    chance = random.Random(20220630)
    base = {f"{chance.getrandbits(64):016x}": household(i, chance) for i in range(size)}
    return Case(base, [copy_of(base, who, chance) for who in range(STAFF)])


def merged(case: Case) -> list[MergeResult]:
    """The five submissions in order; every change is counted, and accounted for."""
    faults = RowChecker(TABLE, TODAY).faults
    ours, results = case.base, []
    for copy in case.copies:
        result = merge_table(
            TABLE,
            case.base,
            ours,
            copy,
            present=PRESENT,
            faults=faults,
            positions={},
            removals=True,
        )
        ours = result.merged
        results.append(result)
    return results


def identified(case: Case) -> None:
    """Identity of the five copies, as the sync layer asks for it before each merge."""
    for copy in case.copies:
        rows = [Submitted(i, record, row) for i, (record, row) in enumerate(copy.items())]
        resolve_identity(TABLE, rows, case.base, case.base, new_id=lambda: "never")


def bare_dict(case: Case) -> None:
    """What a short script would do: cells by dict, last writer wins, nothing written down."""
    ours = dict(case.base)
    for copy in case.copies:
        for record, row in copy.items():
            before = case.base.get(record)
            if before is None:
                ours[record] = row
            elif before != row and record in ours:
                cells = zip(before, ours[record], row, strict=True)
                ours[record] = tuple([new if new != old else mine for old, mine, new in cells])
        for record in case.base:
            if record not in copy:
                ours.pop(record, None)


def with_pandas(base: pd.DataFrame, copies: Sequence[pd.DataFrame]) -> int:
    """The changed cells of each copy, found column by column; no conflicts, no journal."""
    found = 0
    for copy in copies:
        both = base.index.intersection(copy.index)
        before, after = base.loc[both], copy.loc[both]
        differ = (before != after) & ~(before.isna() & after.isna())
        found += int(differ.to_numpy().sum()) + len(copy.index.difference(base.index))
        found += len(base.index.difference(copy.index))
    return found


def conserved(case: Case, results: Sequence[MergeResult]) -> None:
    """Every changed cell and row of every copy is counted once."""
    for copy, result in zip(case.copies, results, strict=True):
        cells = sum(_changes(result, case.base, copy, r) for r in case.base.keys() | copy.keys())
        assert result.counts.total == cells, (result.counts, cells)


def _changes(result: MergeResult, base: Rows, copy: Rows, record: str) -> int:
    before, after = base.get(record), copy.get(record)
    if before is None or after is None or before == after:
        return int(before != after)
    if record not in result.merged:
        return 1
    return sum(a != b for a, b in zip(before, after, strict=True))


def workbook(rows: Rows) -> bytes:
    """The rows on one sheet, as text and numbers."""
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"constant_memory": True})
    sheet = book.add_worksheet()
    for i, row in enumerate(rows.values()):
        sheet.write_row(
            i, 0, [v if isinstance(v, (str, int, type(None))) else shown(v) for v in row]
        )
    book.close()
    return memory.getvalue()


def read(content: bytes) -> None:
    CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median of a few runs."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken)


def frame(table: TableSchema, rows: Rows) -> pd.DataFrame:
    found = pd.DataFrame.from_dict(rows, orient="index", columns=list(table.field_ids))
    return found.map(lambda v: "、".join(v) if isinstance(v, tuple) else v)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=50_000)
    options.add_argument("--check", action="store_true")
    given = options.parse_args()
    case = made(given.rows)
    results = merged(case)
    conserved(case, results)
    total = sum((r.counts for r in results), Counts())
    core = seconds(lambda: merged(case))
    dict_time = seconds(lambda: bare_dict(case))
    frames = [frame(TABLE, copy) for copy in case.copies]
    base = frame(TABLE, case.base)
    pandas_time = seconds(lambda: with_pandas(base, frames), 3)
    content = workbook(case.base)
    reading = seconds(lambda: read(content), 3)
    print(f"{given.rows} x {len(TABLE.fields)}, {STAFF} staff: {total.as_dict()}")
    print(f"operations {sum(len(r.operations) for r in results)}, conserved: yes")
    print(f"merge core      {core:8.3f} s   (target {TARGET} s)")
    print(f"bare dict       {dict_time:8.3f} s   core / dict   {core / dict_time:5.2f}")
    print(f"pandas compare  {pandas_time:8.3f} s   core / pandas {core / pandas_time:5.2f}")
    print(f"C (one file)    {reading:8.3f} s   core / 5 C   {core / reading / STAFF:6.3f}")
    print(f"identity        {seconds(lambda: identified(case)):8.3f} s   (not part of the core)")
    return int(given.check and core > TARGET)


if __name__ == "__main__":
    sys.exit(main())
