"""Five copies of 20,000 rows into a primary of 100,000 × 21, from files to a verified primary.

    python benchmarks/bench_merge_end_to_end.py [--rows N] [--keep DIR] [--repeat N]

Each of five people holds the rows of one grid and has changed 1 % of them, added 0.5 %, removed
0.2 %. Measured is `merge` as a process of its own: read, check, merge, journal, primary patched,
read back and replaced. C is the time of python-calamine's `to_python` over the six files, in this
run. Prints the ratio to C (target: 2.5; 1.5 where the program wrote the primary before, so that it
remembers where everything stands), the time of a run without changes (target: 20 ms a file), and
peak memory (target: 400 MB a process).
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from python_calamine import CalamineWorkbook
from stdnum.cn import ric

from ledgersync.files import atomic_write, file_hash
from ledgersync.journal import Copy, PrimaryFile
from ledgersync.merge import Operation
from ledgersync.model import Row, Rows, Stamp, Value
from ledgersync.sync.create import create_workspace
from ledgersync.sync.opening import open_session
from ledgersync.sync.primary.difference import difference
from ledgersync.sync.primary.hand_base import HandBases
from ledgersync.sync.primary.parts import leave_first_part
from ledgersync.sync.primary.places import remember_layout
from ledgersync.sync.primary.remembered import note_offices
from ledgersync.sync.primary.view import view_primary
from ledgersync.sync.revision.record import write_operations
from ledgersync.workbook.build import SheetRows, ledger_workbook, new_record_id
from ledgersync.workspace import Workspace
from ledgersync.workspace.config import new_unit

STAFF = tuple(f"人员{n}" for n in range(1, 6))
TODAY = date(2022, 6, 30)
NAMES = [a + b for a in "王李张刘陈杨赵黄周吴" for b in "伟芳娜敏静强磊军洋勇"]
RUN = """
import json, os, resource, sys, time
from pathlib import Path
from ledgersync.workspace import Workspace
from ledgersync.sync.opening import open_session
from ledgersync.sync.run import merge_files
begun = time.perf_counter()
with open_session(Workspace.open(Path(sys.argv[1])), "bench") as session:
    report = merge_files(session)
took = time.perf_counter() - begun
from ledgersync.workbook.read.pool import default_pool
default_pool().close()
used = sum(os.times()[:4])
statuses = [s.status for s in report.submissions]
changes = [s.changes for s in report.submissions]
status = Path("/proc/self/status").read_text()  # ru_maxrss would tell that of the parent, too
peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
writes = [w.status for w in report.writes]
print(json.dumps([took, used, statuses, changes, writes, peak, child]))
"""


def identity(rng: Random, n: int) -> str:
    born = date(1935, 1, 1) + timedelta(n % 29000)
    body = f"11010{1 + n % 9}{born:%Y%m%d}{n // 29000 * 90 + rng.randrange(90):03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def household(rng: Random, n: int, names: tuple[str, ...], grids: int = 5) -> Row:
    size, start = rng.randint(1, 5), date(2015, 1, 1) + timedelta(rng.randrange(2000))
    row: dict[str, Value] = {
        "cert_no": f"DB{n:07d}",
        "head_name": rng.choice(NAMES),
        "head_id": identity(rng, n),
        "hukou": rng.choice(("城市", "农村")),
        "category": rng.choice(("A类", "B类", "C类")),
        "family_size": size,
        "covered_persons": rng.randint(1, size),
        "monthly_amount": Decimal(rng.randint(20000, 300000)) / 100,
        "class_supplement": Decimal(rng.randint(0, 30000)) / 100,
        "per_capita_income": Decimal(rng.randint(0, 90000)) / 100,
        "hardship_cause": rng.choice((("因病",), ("因残",), ("因病", "因残"))),
        "start_date": start,
        "review_cycle": "每年",
        "last_review": start + timedelta(rng.randrange(300)),
        "status": "在保",
        "phone": f"13{rng.randrange(10**9):09d}",
        "address": f"幸福路{n % 300}号院{rng.randint(1, 30)}号楼{rng.randint(101, 2604)}",
        "grid": f"第{n % grids + 1}网格",
    }
    return tuple(row.get(name) for name in names)


def set_up(root: Path, rows: int) -> None:
    """The workspace with its records, and the five copies as their people hand them in."""
    rng = Random(7)
    workspace = create_workspace(root, new_unit("幸福社区", "360702001001", "community"))
    ledger = workspace.catalog.ledgers["dibao"]
    table = ledger.tables[0]
    records = {new_record_id(): household(rng, n, table.field_ids) for n in range(rows)}
    with open_session(workspace, "bench") as session:
        journal = session.journal
        with journal.transaction():
            revision = journal.log.begin("adopt", "bench", session.now())
            added = [Operation("add", r, None, None, row) for r, row in records.items()]
            write_operations(session, ledger, table, added, records, revision)
            journal.log.seal(revision)
        stamp = Stamp(journal.workspace_id, "dibao", 1, revision, "primary")
        path = workspace.primary(ledger)
        build(path, session, "primary", records, stamp)
        file, sha256 = workspace.relative(path), file_hash(path)
        journal.writes.set_primary(PrimaryFile("dibao", file, sha256, revision, revision))
        leave_first_part(session, ledger)  # as `adopt` does
        session.state(ledger)  # is at hand in `adopt`, which keeps it by column, too
        session.journal.keep_columns()
        for n, staff in enumerate(STAFF):
            mine = {r: row for r, row in records.items() if row[-2] == f"第{n + 1}网格"}
            stamp = Stamp(journal.workspace_id, "dibao", 1, revision, f"copy{n}", staff)
            known, at = {table.id: list(mine)}, session.now().isoformat()
            issued = (f"copy{n}", staff, "dibao", "issued", revision, at, None, None)
            journal.copies.add(Copy(*issued, known, {}, revoked=False))
            inbox = workspace.inbox / staff / ledger.file_name
            inbox.parent.mkdir(parents=True)
            build(inbox, session, "copy", changed(rng, mine, rows, n, table.field_ids), stamp)


def build(path: Path, session: object, kind: str, rows: Rows, stamp: Stamp) -> None:
    catalog = session.catalog  # type: ignore[attr-defined]
    ledger = catalog.ledgers["dibao"]
    atomic_write(
        path,
        ledger_workbook(
            ledger,
            catalog,
            kind=kind,  # type: ignore[arg-type]
            unit="幸福社区",
            rows={ledger.tables[0].id: SheetRows(tuple(rows.items()), ())},
            stamp=stamp,
            today=TODAY,
            staff=stamp.staff,
        ),
    )


def changed(rng: Random, mine: Rows, rows: int, n: int, names: tuple[str, ...]) -> Rows:
    """1 % of the rows edited, 0.2 % gone, 0.5 % new."""
    sheet, at = dict(mine), names.index("remark")
    ids = list(sheet)
    for record in rng.sample(ids, len(ids) // 100):
        row = sheet[record]
        sheet[record] = (*row[:at], f"已核{rng.randrange(99)}", *row[at + 1 :])
    for record in rng.sample(ids, len(ids) // 500):
        del sheet[record]
    for k in range(len(ids) // 200):
        sheet[new_record_id()] = household(rng, rows + 5 * k + n, names)
    return sheet


def calamine(paths: list[Path]) -> tuple[float, float]:
    """Seconds on the clock, and of the processor."""
    begun, used = time.perf_counter(), time.process_time()
    for path in paths:
        with CalamineWorkbook.from_path(path) as book:
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python()
    return time.perf_counter() - begun, time.process_time() - used


@dataclass(frozen=True)
class Run:
    """What one process said of its merge; memory in MB, of itself and of its largest child."""

    took: float
    used: float
    statuses: list[str]
    changes: list[dict[str, int]]
    writes: list[str]
    peak: int
    child: int


def merge(root: Path) -> Run:
    environment = {**os.environ, "LEDGERSYNC_TODAY": TODAY.isoformat()}
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(root)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Run(*json.loads(done.stdout))


def remember(root: Path) -> None:
    """Leaves behind what a write of the primary does: where everything stands in it."""
    with open_session(Workspace.open(root), "bench") as session:
        ledger = session.catalog.ledgers["dibao"]
        view = view_primary(session, ledger, HandBases(session, ledger.id).rows)
        found = difference(view, session.shown(ledger))
        remember_layout(session, ledger, view, found, None, view.data.sha256)
        note_offices(session)


def measure(stage: Path, root: Path, known: bool) -> tuple[float, float]:
    """One merge of everything and one of nothing; the ratios to C by clock and by processor."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(stage, root)
    if known:
        remember(root)
    c, c_used = calamine([*root.glob("inbox/*/*.xlsx"), root / "primary" / "低保台账.xlsx"])
    run = merge(root)
    assert set(run.statuses) == {"merged"} and "pending" not in run.writes, run
    print(
        f"C {c:.2f} s ({c_used:.2f} s CPU); merge {run.took:.2f} s ({run.used:.2f} s CPU);"
        f" {run.peak} MB, children {run.child} MB; first copy {run.changes[0]}"
    )
    print(f"nothing new: {merge(root).took * 1000:.0f} ms")
    return run.took / c, run.used / c_used


@dataclass(frozen=True)
class Bench:
    """Measures cold and with the primary known, several times on a workspace that is built once."""

    name: str
    set_up: Callable[[Path, int], None]
    measure: Callable[[Path, Path, bool], tuple[float, float]]
    targets: tuple[float, float]  # in C: cold, primary known

    def run(self, description: str | None) -> None:
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument("--rows", type=int, default=100_000)
        parser.add_argument("--keep", type=Path, help="where the workspace is built once and kept")
        parser.add_argument("--repeat", type=int, default=3)
        given = parser.parse_args()
        folder = (given.keep or Path(tempfile.mkdtemp(prefix="ledgersync-bench-"))).resolve()
        stage = folder / f"{self.name}{given.rows}"
        if not (stage / "primary").exists():
            print("building …", flush=True)
            folder.mkdir(parents=True, exist_ok=True)
            self.set_up(stage, given.rows)
        for known, target in zip((False, True), self.targets, strict=True):
            found = [self.measure(stage, folder / "run", known) for _ in range(given.repeat)]
            clock, used = (statistics.median(values) for values in zip(*found, strict=True))
            name = "primary known" if known else "cold"
            print(
                f"{name}: {clock:.2f} C by the clock (target {target}), {used:.2f} C of processor"
            )
        if given.keep is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    Bench("stage", set_up, measure, (2.5, 1.5)).run(__doc__)
