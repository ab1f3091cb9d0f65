"""The whole way through the command line: five issued copies merged into 100,000 rows, refreshed.

    python benchmarks/bench_merge_command.py [--rows N] [--keep DIR] [--repeat N]

An old workbook is adopted, each of five people is issued the rows of their grid, changes 1 % of
them, fills 0.5 % into the empty rows and deletes 0.2 %. Measured is `ledgersync merge`: from the
command to the patched primary and the five refreshed copies, by the clock and by the processor,
child processes included. C is the time of python-calamine's `to_python` over the six files, in
this run. Targets: 3.5 C cold, 2.5 C where it is known where everything stands in the primary.
"""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from bench_merge_end_to_end import STAFF, TODAY, Bench, calamine, household, remember
from ledgersync.model import Value
from ledgersync.sync.opening import open_session
from ledgersync.workbook.build import SheetRows, ledger_workbook, new_record_id
from ledgersync.workbook.patch import SheetEdit, patch_sheets
from ledgersync.workbook.read import read_workbook
from ledgersync.workspace import Workspace


def command(root: Path, *words: str) -> tuple[float, float, int]:
    """One command as a process of its own: seconds, CPU seconds, its own and its children's peak.

    Peak memory is that of the largest process, in MB.
    """
    environment = {**os.environ, "LEDGERSYNC_TODAY": TODAY.isoformat()}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "ledgersync", "-q", "-C", str(root), *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    took, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stdout + done.stderr)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, used, after.ru_maxrss // 1024


def set_up(root: Path, rows: int, people: Sequence[str] = STAFF) -> None:
    """The workspace as its commands make it, and what its people made of their copies."""
    rng = Random(7)
    unit = ("--name", "幸福社区", "--code", "360702001001", "--level", "community")
    command(root.parent, "init", str(root), *unit)
    with (root / "ledgersync.toml").open("a", encoding="utf-8") as config:
        for n, staff in enumerate(people, 1):
            config.write(f'\n[[staff]]\nname = "{staff}"\nscope = {{ grid = ["第{n}网格"] }}\n')
    old = root / "旧台账" / "低保台账.xlsx"
    old.parent.mkdir()
    old.write_bytes(old_workbook(root, rng, rows, len(people)))
    command(root, "adopt", "低保", str(old), "--yes")
    for n, staff in enumerate(people):
        command(root, "issue", "低保", "--staff", staff)
        hand_in(root, staff, rng, rows + 5 * n)


def old_workbook(root: Path, rng: Random, rows: int, grids: int) -> bytes:
    catalog = Workspace.open(root).catalog
    ledger = catalog.ledgers["dibao"]
    table = ledger.tables[0]
    records = {new_record_id(): household(rng, n, table.field_ids, grids) for n in range(rows)}
    shown = {table.id: SheetRows(tuple(records.items()), ())}
    return ledger_workbook(
        ledger, catalog, kind="primary", unit="幸福社区", rows=shown, stamp=None, today=TODAY
    )


def hand_in(root: Path, staff: str, rng: Random, first: int) -> None:
    """The person's copy in the inbox, as a spreadsheet program would have changed it."""
    workspace = Workspace.open(root)
    ledger = workspace.catalog.ledgers["dibao"]
    copy, table = workspace.issued(staff, ledger), ledger.tables[0]
    data = next(
        t for t in read_workbook(copy, workspace.catalog, today=TODAY).tables if t.table == table.id
    )
    at = {c.field: c.index for c in data.columns}
    count, free = len(data.rows), data.rows[-1] + 1
    touched = rng.sample(data.rows, count // 100 + count // 500)
    edited, removed = touched[: count // 100], touched[count // 100 :]
    cells: dict[tuple[int, int], Value] = {
        (row, at["remark"]): f"已核{rng.randrange(99)}" for row in edited
    }
    for n in range(count // 200):
        new = dict(
            zip(table.field_ids, household(rng, first + 10_000 * n, table.field_ids), strict=True)
        )
        new["grid"] = data.values["grid"][0]
        cells |= {
            (free + n, at[name]): v for name, v in new.items() if v is not None and name in at
        }
    inbox = workspace.inbox / staff / ledger.file_name
    inbox.parent.mkdir(parents=True, exist_ok=True)
    edit = SheetEdit(cells={k: _typed(v) for k, v in cells.items()}, remove_rows=removed)
    patch_sheets(copy, inbox, {data.sheet: edit})


def _typed(value: Value) -> str | float | int:
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, int):
        return value
    return str(value)


def measure(stage: Path, root: Path, known: bool) -> tuple[float, float]:
    """One merge of everything and one of nothing; the ratios to C by clock and by processor."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(stage, root)
    if known:
        remember(root)
    else:
        with open_session(Workspace.open(root), "bench") as session:
            session.journal.writes.forget_layout("dibao")
    c, c_used = calamine([*root.glob("inbox/*/*.xlsx"), root / "primary" / "低保台账.xlsx"])
    took, used, peak = command(root, "merge")
    print(f"C {c:.2f} s ({c_used:.2f} CPU); merge {took:.2f} s ({used:.2f} CPU), {peak} MB")
    again, again_used, _ = command(root, "merge")
    print(f"nothing new: {again:.2f} s ({again_used:.2f} CPU)", flush=True)
    return took / c, used / c_used


if __name__ == "__main__":
    Bench("issued", set_up, measure, (3.5, 2.5)).run(__doc__)
