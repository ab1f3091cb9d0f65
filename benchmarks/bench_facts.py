"""Roll-up from the exported dataset: 150 communities × 12 months × 3 levels, on both engines.

    python benchmarks/bench_facts.py [--rows N …] [--engines duckdb polars pandas spark] [--check]

The dataset is made with numpy in the very layout of `facts export`. Each engine runs in a process
of its own, from opening the dataset to the last figure (different homes per month and unit at
three levels); starting (Spark, importing Polars, checking the ledgers' SQL) is told apart. The
counts of all engines are compared; pandas is the independent one. `--check` exits 1 above
1.2 × Polars or 512 MB, or where counts differ.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from ledgersync.facts.frugal import be_frugal, keep_pandas_out
from ledgersync.rollup.dataset.layout import SCHEMA_VERSION, part_schema
from ledgersync.rollup.dataset.manifest import ExportedUnit, Manifest, Part
from ledgersync.rollup.dataset.read import Dataset
from ledgersync.rollup.engine import Engine
from ledgersync.rollup.engines import FactStore
from ledgersync.rollup.engines.duckdb import DuckDBStore, Limits
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.sql.statements import checked_statements
from ledgersync.rollup.units.tree import build_tree
from ledgersync.schema import load_catalog
from ledgersync.workspace import Unit

RATIO, MEMORY = 1.2, 512
CODES = [f"360702{1 + c // 15:03d}{1 + c % 15:03d}" for c in range(150)]
LAST = date(2022, 12, 31)
Counts = dict[str, int]  # "unit month" → homes
Ready = Callable[[], None]  # said when the engine has started


def write_dataset(folder: Path, rows: int) -> None:
    """Visits to 2,500 homes per community, as `facts export` would write them."""
    rng, catalog = np.random.default_rng(1), load_catalog()
    schema = part_schema(catalog.table("visit", "visits"), ("date", "result"), plain=False)
    parts = [_part(folder, code, rows // len(CODES), rng, schema) for code in CODES]
    units = tuple(ExportedUnit(code, code, "community") for code in CODES)
    Manifest("bench", units, tuple(parts)).write(folder)


def _part(folder: Path, code: str, count: int, rng: np.random.Generator, schema: pa.Schema) -> Part:
    homes = [hashlib.sha256(f"{code}-{n}".encode()).hexdigest()[:32] for n in range(2500)]
    day = np.datetime64("2022-01-01") + rng.integers(0, 365, count)
    given = {
        "_unit": pa.array([code] * count),
        "_record": pa.array([f"{code}{n:08d}" for n in range(count)]),
        "_sheet": pa.array(["走访记录"] * count),
        "_row": pa.array(np.arange(2, count + 2, dtype=np.int32)),
        "_faulty": pa.array(np.zeros(count, bool)),
        "_unread": pa.nulls(count, pa.list_(pa.string())),
        "date": pa.array(day.astype("datetime64[D]")),
        "household_key": pa.array(homes).take(pa.array(rng.integers(0, 2500, count))),
    }
    arrays = [given.get(f.name, pa.nulls(count, f.type)) for f in schema]
    said = {"unit": code, "table": "visit.visits", "schema_version": str(SCHEMA_VERSION)}
    typed = schema.with_metadata({f"ledgersync.{k}": v for k, v in said.items()})
    buffer = BytesIO()
    pq.write_table(pa.table(arrays, schema=typed), buffer, compression="zstd")
    content, digest = buffer.getvalue(), hashlib.sha256(buffer.getvalue()).hexdigest()
    path = f"visit.visits/unit={code}/part-{digest[:16]}.parquet"
    (folder / path).parent.mkdir(parents=True)
    (folder / path).write_bytes(content)
    return Part("visit", "visits", code, path, count, len(content), digest)


def duckdb(folder: Path, ready: Ready) -> Counts:
    """Ours, with every part's bytes checked before they count."""
    be_frugal()  # as every command is
    keep_pandas_out()
    pa.set_memory_pool(pa.system_memory_pool())
    statements = checked_statements(load_catalog())
    ready()
    store = DuckDBStore.create(statements, limits=Limits("192MB"))
    store.load_dataset(Dataset.open(folder), LAST)
    return _counted(store)


def spark(folder: Path, ready: Ready) -> Counts:
    """Ours on a local Spark."""
    from ledgersync.rollup.engines.spark import Cluster, SparkStore, start

    session = start(Cluster())
    ready()
    homes = {code: code for code in CODES}
    store = SparkStore.create(checked_statements(load_catalog()), session, LAST, homes)
    store.load_dataset(Dataset.open(folder, hashes=False))
    return _counted(store)


def _counted(store: FactStore) -> Counts:
    """Different homes with a window per month."""
    own = Unit(code="360702", name="区", level="district")
    units = [Unit(code=code, name=code, level="community") for code in CODES]
    year = Period(2022 * 12, 2022 * 12 + 11)
    engine = Engine(store, build_tree(own, units), year, LAST)
    engine.prepare()
    months = list(enumerate(year.month_ends()))
    store.fill("_windows", [(n, first, last, first, last) for n, (first, last) in months])
    store.fill("_days", [(day, day.month - 1) for day in year.days()])
    found = engine.found(store.definitions.by_id["visits_households"])
    return {
        f"{code} {window + 1}": int(value[0] or 0) for (code, window, _), value in found.items()
    }


def polars(folder: Path, ready: Ready) -> Counts:
    """The peer: homes of a community and month once, added up above."""
    import polars as pl

    ready()
    rows = pl.scan_parquet(folder / "visit.visits" / "**" / "*.parquet", hive_partitioning=False)
    homes = (
        rows.group_by("_unit", pl.col("date").dt.month().alias("month"))
        .agg(pl.col("household_key").n_unique().alias("homes"))
        .collect()
    )
    return _added_up(zip(homes["_unit"], homes["month"], homes["homes"], strict=True))


def pandas(folder: Path, ready: Ready) -> Counts:
    """Independent of ours in every step."""
    ready()
    columns = ["_unit", "date", "household_key"]
    table = pq.read_table(folder / "visit.visits", columns=columns, partitioning=None)
    frame = table.to_pandas()
    frame["month"] = np.array(frame["date"], "datetime64[M]").astype(int) % 12 + 1
    homes = frame.groupby(["_unit", "month"])["household_key"].nunique()
    return _added_up((unit, month, n) for (unit, month), n in homes.items())


def _added_up(homes: object) -> Counts:
    found: Counts = {}
    for unit, month, count in homes:  # type: ignore[attr-defined]
        for node in (unit, unit[:9] + "000", unit[:6] + "000000"):
            key = f"{node} {month}"
            found[key] = found.get(key, 0) + int(count)
    return found


ENGINES: dict[str, Callable[[Path, Ready], Counts]] = {
    "duckdb": duckdb,
    "polars": polars,
    "pandas": pandas,
    "spark": spark,
}


def child(engine: str, folder: Path) -> None:
    """One run in this process; prints seconds, CPU seconds, peak memory, a digest of the counts."""
    begun = [(time.perf_counter(), time.process_time())]
    counts = ENGINES[engine](
        folder, lambda: begun.append((time.perf_counter(), time.process_time()))
    )
    (first, _), (ready, cpu) = begun
    told = {
        "seconds": time.perf_counter() - ready,
        "start": ready - first,
        "cpu": time.process_time() - cpu,
        "peak": _peak_mb(),
    }
    digest = hashlib.sha256(json.dumps(sorted(counts.items())).encode()).hexdigest()
    sys.stdout.write(json.dumps({**told, "counts": digest}))


def _peak_mb() -> float:
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / 2**20
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def run(engine: str, folder: Path) -> dict[str, float | str]:
    command = [sys.executable, __file__, "--child", engine, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    told: dict[str, float | str] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[3_000_000])
    parser.add_argument("--engines", nargs="+", default=["duckdb", "polars", "pandas"])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--child", nargs=2)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]))
        return
    faults = [fault for rows in options.rows for fault in measure(rows, options.engines)]
    if options.check and faults:
        sys.exit("; ".join(faults))


def measure(rows: int, engines: list[str]) -> list[str]:
    """Prints a line per engine; says what misses the targets."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_dataset(folder, rows)
        found = {name: run(name, folder) for name in engines}
    for name, told in found.items():
        print(
            f"{rows:>10,} {name:7} {told['seconds']:7.2f} s  CPU {told['cpu']:7.2f} s  "
            f"peak {told['peak']:5.0f} MB  start {told['start']:5.1f} s"
        )
    faults = [] if len({t["counts"] for t in found.values()}) == 1 else ["counts differ"]
    if {"duckdb", "polars"} <= found.keys():
        ours, peer = found["duckdb"], found["polars"]
        ratio, spent = (float(ours[what]) / float(peer[what]) for what in ("seconds", "cpu"))
        told = f"{ratio:.2f} × Polars by the clock, {spent:.2f} × by CPU"
        print(f"{rows:>10,} duckdb is {told}; counts equal: {not faults}")
        faults += [f"{ratio:.2f} × Polars"] if ratio > RATIO else []
        faults += ["memory"] if float(found["duckdb"]["peak"]) > MEMORY else []
    return faults


if __name__ == "__main__":
    main()
