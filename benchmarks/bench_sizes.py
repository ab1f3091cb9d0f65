"""Cost against size through the command line: rows, people, communities.

    python benchmarks/bench_sizes.py rows [1000 10000 100000] | staff [1 5 20 50]
                                     | communities [1 10 50 150]

`rows`: five people's copies merged (see bench_merge_command.py), one cell changed after that, and
a merge of nothing, beside calamine's reading of the six files. `staff`: the same of 20,000 rows
shared by so many people. `communities`: a district rolls up so many communities of 1,000 visits
from their folders, for the first time and again. Each size in a workspace of its own; processor
time with child processes is what counts. The lines make a plot: `plot.py FILE.svg [WHAT] < LINES`.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

from bench_merge_command import command, set_up
from bench_merge_end_to_end import TODAY, calamine
from ledgersync.schema import LedgerSchema, load_catalog
from ledgersync.workbook.build import SheetRows, ledger_workbook, new_record_id
from ledgersync.workbook.patch import SheetEdit, patch_sheets
from ledgersync.workbook.read import read_workbook
from ledgersync.workspace import Workspace

SIZES = {"rows": [1000, 10_000, 100_000], "staff": [1, 5, 20, 50], "communities": [1, 10, 50, 150]}
ROWS, VISITS = 20_000, 1000
Measured = tuple[str, float, float]  # what, seconds, CPU seconds


def of_rows(folder: Path, rows: int) -> Iterator[Measured]:
    set_up(folder / "w", rows)
    yield from merges(folder / "w")


def of_staff(folder: Path, people: int) -> Iterator[Measured]:
    set_up(folder / "w", ROWS, [f"人员{n}" for n in range(1, people + 1)])
    yield from merges(folder / "w")


def merges(root: Path) -> Iterator[Measured]:
    """All copies, one cell of one copy, nothing; and what reading the files alone costs."""
    yield "calamine", *calamine([*root.glob("inbox/*/*.xlsx"), root / "primary" / "低保台账.xlsx"])
    yield "merge", *command(root, "merge")[:2]
    change_one_cell(root)
    yield "one cell", *command(root, "merge")[:2]
    yield "nothing", *command(root, "merge")[:2]


def change_one_cell(root: Path) -> None:
    """The first person goes on in the refreshed copy."""
    workspace = Workspace.open(root)
    ledger = workspace.catalog.ledgers["dibao"]
    copy = min(workspace.root.glob(f"issued/*/{ledger.file_name}"))
    data = read_workbook(copy, workspace.catalog, today=TODAY).tables[0]
    column = next(c.index for c in data.columns if c.field == "remark")
    edit = SheetEdit(cells={(data.rows[0], column): "又核"})
    patch_sheets(copy, workspace.inbox / copy.parent.name / copy.name, {data.sheet: edit})


def of_communities(folder: Path, count: int) -> Iterator[Measured]:
    """A district over communities that keep their visits in folders under it."""
    rng, visit = Random(3), load_catalog().ledgers["visit"]
    codes = [f"360702{1 + n // 15:03d}{1 + n % 15:03d}" for n in range(count)]
    command(folder, "init", "d", "--name", "东区", "--code", "360702", "--level", "district")
    streets = dict.fromkeys(code[:9] for code in codes)
    listed = [(s, f"街道{s[6:]}", "street", "360702") for s in streets]
    listed += [(code, f"社区{code[6:]}", "community", code[:9]) for code in codes]
    with (folder / "d" / "ledgersync.toml").open("a", encoding="utf-8") as config:
        for code, name, level, parent in listed:
            config.write(f'\n[[unit]]\ncode = "{code}"\nname = "{name}"\nlevel = "{level}"\n')
            config.write(f'parent = "{parent}"\n')
    for code in codes:
        path = folder / "d" / "units" / code / "primary" / visit.file_name
        path.parent.mkdir(parents=True)
        path.write_bytes(visits(rng, visit))
    yield "first", *command(folder / "d", "rollup", "--period", "2022-06")[:2]
    yield "again", *command(folder / "d", "rollup", "--period", "2022-06")[:2]


def visits(rng: Random, ledger: LedgerSchema) -> bytes:
    table, rows = ledger.tables[0], []
    for n in range(VISITS):
        day = TODAY - timedelta(rng.randrange(360))
        found = {"date": day, "household": f"幸福路{n % 300}号", "visit_no": f"ZF{n:05d}"}
        rows.append((new_record_id(), tuple(found.get(name) for name in table.field_ids)))
    shown = {t.id: SheetRows(tuple(rows) if t is table else (), ()) for t in ledger.tables}
    return ledger_workbook(
        ledger, load_catalog(), kind="primary", unit="", rows=shown, stamp=None, today=TODAY
    )


WAYS = {"rows": of_rows, "staff": of_staff, "communities": of_communities}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=sorted(WAYS), nargs="?", default="rows")
    parser.add_argument("sizes", type=int, nargs="*")
    options = parser.parse_args()
    for size in options.sizes or SIZES[options.what]:
        with tempfile.TemporaryDirectory(prefix="ledgersync-bench-") as folder:
            for name, seconds, cpu in WAYS[options.what](Path(folder), size):
                print(f"{size:>10,} {name:10} {seconds:8.2f} s  CPU {cpu:8.2f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
