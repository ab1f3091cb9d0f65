"""Reading 100,000 × 20 against plain calamine `to_python` (C), in this process and in a child.

Both are timed in turns on the same file; the ratios of the medians are printed. Targets: a child
process at most 1.5 C, a small file below 100 ms once the child is warm.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import python_calamine
from openpyxl import Workbook
from stdnum.cn import ric

from ledgersync.schema import Catalog, FieldSchema, load_catalog
from ledgersync.workbook.read.pool import ReaderPool
from ledgersync.workbook.read.reading import read_here

TODAY = date(2022, 6, 30)
FIELDS = 20
_WORDS = ("已核实", "需跟进", "按月联系", "", "第1网格", "第2网格")


def make(path: Path, rows: int, catalog: Catalog) -> Path:
    """A workbook of low-income households, every id, number and address different."""
    rng, fields = Random(1), catalog.table("dibao", "households").fields[:FIELDS]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("低保户")
    sheet.append([f.header for f in fields])
    for n in range(rows):
        sheet.append([_cell(rng, f, n) for f in fields])
    book.save(path)
    return path


def _cell(rng: Random, f: FieldSchema, n: int) -> object:
    if f.type == "id_number":
        body = f"360702{1930 + n % 80}{1 + n % 12:02d}{1 + n % 28:02d}{n // 960 % 1000:03d}"
        return body + str(ric.calc_check_digit(body + "0"))
    if f.choices:
        return rng.choice(list(f.choices))
    makers: dict[str, Callable[[], object]] = {
        "code": lambda: f"DB{n:09d}",
        "name": lambda: rng.choice("王李张刘陈") + rng.choice("芳伟娜敏静") + rng.choice("一二三"),
        "integer": lambda: rng.randint(1, 6),
        "money": lambda: rng.randint(100, 3000),
        "date": lambda: date(2015, 1, 1) + timedelta(days=rng.randint(0, 2000)),
        "phone": lambda: f"1{rng.randint(3 * 10**9, 10**10 - 1)}",
    }
    if f.id == "address":
        return f"幸福路{rng.randint(1, 99)}号{rng.randint(1, 30)}栋{rng.randint(101, 1900)}室"
    return makers.get(f.type, lambda: rng.choice(_WORDS))()


def plain(path: Path) -> None:
    book = python_calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    catalog, pool = load_catalog(), ReaderPool(1)
    with tempfile.TemporaryDirectory() as folder:
        big = make(Path(folder) / "big.xlsx", given.rows, catalog)
        small = make(Path(folder) / "small.xlsx", 50, catalog)
        pool.read(small, catalog, today=TODAY)
        times: dict[str, list[float]] = {"plain": [], "here": [], "child": [], "small": []}
        for _ in range(given.rounds):
            times["plain"].append(timed(lambda: plain(big)))
            times["here"].append(timed(lambda: read_here(big, catalog, today=TODAY)))
            times["child"].append(timed(lambda: pool.read(big, catalog, today=TODAY)))
            pool.read(small, catalog, today=TODAY)
            times["small"].append(timed(lambda: pool.read(small, catalog, today=TODAY)))
    pool.close()
    return report(given.rows, {k: statistics.median(v) for k, v in times.items()})


def report(rows: int, median: dict[str, float]) -> int:
    c = median["plain"]
    print(f"read {rows} x {FIELDS}: plain calamine {c:.2f} s (C)")
    print(f"  in this process  {median['here']:.2f} s = {median['here'] / c:.2f} C")
    print(f"  in a child       {median['child']:.2f} s = {median['child'] / c:.2f} C (target 1.5)")
    print(f"  small file, warm {median['small'] * 1000:.0f} ms (target 100)")
    return int(median["child"] > 1.5 * c or median["small"] > 0.1)


if __name__ == "__main__":
    sys.exit(main())
