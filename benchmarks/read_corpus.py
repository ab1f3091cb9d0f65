"""Every file of a folder read or refused with a reason: `python benchmarks/read_corpus.py DIR`.

Fails when a file takes more than five seconds, when a reading process is lost to it, or when
anything but an UnreadableFile comes out.
"""

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledgersync.errors import LedgerSyncError, UnreadableFile
from ledgersync.schema import Catalog, load_catalog
from ledgersync.workbook.read.pool import ReaderPool

SLOWEST = 5.0
TODAY = date(2022, 6, 30)
_LOST = ("ended unexpectedly", "was stopped")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file: what came of it, and after how many seconds."""

    path: Path
    seconds: float
    tables: int
    refusal: str | None

    @property
    def is_fault(self) -> bool:
        lost = self.refusal is not None and any(word in self.refusal for word in _LOST)
        return lost or self.seconds > SLOWEST


def read_one(pool: ReaderPool, path: Path, catalog: Catalog) -> Outcome:
    started = time.perf_counter()
    tables, refusal = 0, None
    try:
        tables = len(pool.read(path, catalog, today=TODAY).tables)
    except UnreadableFile as error:
        refusal = error.message.en
    return Outcome(path, time.perf_counter() - started, tables, refusal)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    if not files:
        print(f"read: no files in {folder}, nothing to do")
        return 0
    catalog, pool, faults = load_catalog(), ReaderPool(), 0
    outcomes: list[Outcome] = []
    for path in files:
        try:
            outcomes.append(read_one(pool, path, catalog))
        except LedgerSyncError as error:
            print(f"FAULT {path.name}: {error.text('en')}")
            faults += 1
    pool.close()
    return report(outcomes, faults)


def report(outcomes: list[Outcome], faults: int) -> int:
    for outcome in outcomes:
        if outcome.is_fault:
            print(f"FAULT {outcome.path.name}: {outcome.seconds:.2f} s {outcome.refusal or ''}")
    refusals = [o for o in outcomes if o.refusal]
    reasons = Counter((o.refusal or "").replace(o.path.name, "FILE") for o in refusals)
    for reason, count in reasons.most_common():
        print(f"{count:5} refused: {reason}")
    times = sorted(o.seconds for o in outcomes)
    print(
        f"read: {len(outcomes) - len(refusals)} files read, {len(refusals)} refused with a reason; "
        f"median {times[len(times) // 2] * 1000:.0f} ms, slowest {times[-1]:.2f} s"
    )
    return int(faults > 0 or any(o.is_fault for o in outcomes))


if __name__ == "__main__":
    sys.exit(main())
