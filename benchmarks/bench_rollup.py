"""Roll-up: 3 million visits, 150 communities × 12 months × 3 levels, distinct households.

    python benchmarks/bench_rollup.py [--rows N] [--check]

Each engine runs in a process of its own on the same Parquet file, from opening it to the last
figure; ours normalises the addresses on the way, which the peer is spared (the figure alone,
with the facts loaded, is printed beside it). The counts are compared. Polars is a
development tool of this benchmark only: `pip install polars`. `--check` exits 1 above the target
of 1.2 × Polars or 512 MB.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from ledgersync.rollup.engine import Engine
from ledgersync.rollup.engines.duckdb import DuckDBStore, Limits
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.sql.statements import checked_statements
from ledgersync.rollup.units.tree import build_tree
from ledgersync.schema import load_catalog
from ledgersync.workspace import Unit

RATIO, MEMORY, ROUNDS = 1.2, 512, 3
CODES = [f"360702{1 + c // 15:03d}{1 + c % 15:03d}" for c in range(150)]
ROADS = ("解放路", "建设路", "人民路", "新华路", "幸福路")
Counts = dict[str, int]  # "level unit month" → households


def write_visits(path: Path, rows: int) -> None:
    """Visits to 2,500 homes per community; one home in fifty lies in its neighbour too."""
    rng = np.random.default_rng(1)
    community, home = rng.integers(0, 150, rows), rng.integers(0, 2500, rows)
    day = np.datetime64("2022-01-01") + rng.integers(0, 365, rows)
    whose = np.where(home % 50 == 0, community // 2, community)
    address = [_address(c, h) for c, h in zip(whose.tolist(), home.tolist(), strict=True)]
    columns = {
        "unit": pa.array(np.array(CODES)[community]),
        "date": pa.array(day.astype("datetime64[D]")),
        "household": pa.array(address),
    }
    pq.write_table(pa.table(columns), path, row_group_size=250_000)


def _address(community: int, home: int) -> str:
    street = f"{ROADS[community % 5]}{community * 10 + home // 250}号"
    return f"{street}{home // 50 % 5 + 1}栋{home // 10 % 5 + 1}单元{home % 10 + 1}01室"


def ours(path: Path) -> tuple[Counts, float]:
    """The engine's own query, with a window per month; also the seconds of the query alone."""
    pa.set_memory_pool(pa.system_memory_pool())  # gives back what the reader no longer needs
    catalog = load_catalog()
    store = DuckDBStore.create(checked_statements(catalog), limits=Limits("192MB"))
    store.load_columns(
        ("visit", "visits"), pq.ParquetFile(path).iter_batches(250_000, use_threads=False)
    )
    own = Unit(code="360702", name="区", level="district")
    units = [Unit(code=code, name=code, level="community") for code in CODES]
    year = Period(2022 * 12, 2022 * 12 + 11)
    engine = Engine(store, build_tree(own, units), year, date(2022, 12, 31))
    engine.prepare()
    months = list(enumerate(year.month_ends()))
    store.fill("_windows", [(n, first, last, first, last) for n, (first, last) in months])
    day_of = [(day, day.month - 1) for day in year.days()]
    store.fill("_days", day_of)
    start = time.perf_counter()
    found = engine.found(store.definitions.by_id["visits_households"])
    seconds = time.perf_counter() - start
    levels = {node.code: node.unit.level for node in engine.tree}
    lengths = {"district": 6, "street": 9, "community": 12}
    return {
        f"{lengths[levels[code]]} {code[: lengths[levels[code]]]} {window + 1}": int(value[0] or 0)
        for (code, window, _), value in found.items()
    }, seconds


def polars(path: Path) -> tuple[Counts, float]:
    """One lazy query per level, all collected together."""
    import polars as pl

    frame = pl.scan_parquet(path).with_columns(month=pl.col("date").dt.month())
    levels = [
        frame.group_by(pl.col("unit").str.slice(0, n).alias("node"), "month").agg(
            pl.col("household").n_unique()
        )
        for n in (6, 9, 12)
    ]
    return {
        f"{len(node)} {node} {month}": count
        for found in pl.collect_all(levels)
        for node, month, count in found.rows()
    }, 0.0


ENGINES: dict[str, Callable[[Path], tuple[Counts, float]]] = {"ours": ours, "polars": polars}


def child(engine: str, path: Path) -> None:
    """One run in this process; prints seconds, peak memory and a digest of the counts."""
    start = time.perf_counter()
    counts, query = ENGINES[engine](path)
    seconds = time.perf_counter() - start
    peak = _peak_mb()

    told = {"seconds": seconds, "query": query, "peak": peak, "counts": sorted(counts.items())}
    sys.stdout.write(json.dumps(told))


def _peak_mb() -> float:
    """Peak resident memory of this process alone (getrusage would tell its parent's)."""
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / 2**20
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def run(engine: str, path: Path) -> dict[str, object]:
    command = [sys.executable, __file__, "--child", engine, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    told: dict[str, object] = json.loads(done.stdout)
    return told


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--child", nargs=2)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "visits.parquet"
        write_visits(path, options.rows)
        runs = {name: [run(name, path) for _ in range(ROUNDS)] for name in _installed()}
    report(runs, options.check)


def _installed() -> list[str]:
    return [name for name in ENGINES if name == "ours" or find_spec(name)]


def report(runs: dict[str, list[dict[str, object]]], check: bool) -> None:
    seconds = {n: median(float(str(r["seconds"])) for r in found) for n, found in runs.items()}
    peaks = {n: max(float(str(r["peak"])) for r in found) for n, found in runs.items()}
    query = median(float(str(r["query"])) for r in runs["ours"])
    for name in runs:
        print(f"{name:8} {seconds[name]:6.2f} s  peak {peaks[name]:5.0f} MB")
    print(f"the figure alone, facts loaded: {query:.2f} s")
    if "polars" not in runs:
        print("Polars is not installed: nothing to compare with")
        return
    ratio = seconds["ours"] / seconds["polars"]
    same = runs["ours"][0]["counts"] == runs["polars"][0]["counts"]
    print(f"{ratio:.2f} × Polars; counts equal: {same}")
    if check and not (same and ratio <= RATIO and peaks["ours"] <= MEMORY):
        sys.exit(f"target: {RATIO} × Polars and {MEMORY} MB")


if __name__ == "__main__":
    main()
