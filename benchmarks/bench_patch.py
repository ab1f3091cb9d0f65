"""500 changed cells and 200 appended rows in 100,000 × 20, against C and against openpyxl.

    python benchmarks/bench_patch.py [--rows N] [--repeat N] [--no-openpyxl] [--json FILE]

C is the time python-calamine's `to_python` needs for the same file. Prints medians in seconds,
the ratios (targets: ≤ 0.35 C, ≤ 1/60 of openpyxl's CPU time) and the peak memory over what the
interpreter holds before, as a multiple of the sheet's XML (target: ≤ 1.5).
"""

import argparse
import json
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import openpyxl
import xlsxwriter
from python_calamine import CalamineWorkbook

from ledgersync.workbook.patch import CellValue, patch_workbook

COLUMNS = 20
SHEET = "台账"
DAY = date(2015, 1, 1)
Cells = dict[tuple[int, int], CellValue]


def record(rng: Random, n: int) -> list[CellValue]:
    """One row as ledgers have them: ids and names as text, amounts, counts and days."""
    texts: list[CellValue] = [f"R{n:06d}", f"{110101190000000000 + rng.randrange(10**8)}"]
    texts += [rng.choice("王李张刘陈") + rng.choice("伟芳娜敏静") + str(n % 300) for _ in range(6)]
    numbers: list[CellValue] = [rng.randrange(100_000) / 10 for _ in range(6)]
    days: list[CellValue] = [DAY + timedelta(rng.randrange(3000)) for _ in range(6)]
    return texts + numbers + days


def build(path: Path, rows: int) -> None:
    """Writes the workbook that is patched."""
    rng = Random(1)
    book = xlsxwriter.Workbook(path, {"constant_memory": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(SHEET)
    sheet.write_row(0, 0, [f"列{n}" for n in range(COLUMNS)])
    for n in range(1, rows + 1):
        for column, value in enumerate(record(rng, n)):
            sheet.write(n, column, value, day if isinstance(value, date) else None)
    book.close()


def changes(rows: int) -> tuple[Cells, list[list[CellValue]]]:
    """The same edits for every contender."""
    rng = Random(2)
    cells: Cells = {}
    while len(cells) < 500:
        values = record(rng, rng.randrange(10**6))
        column = rng.randrange(COLUMNS)
        cells[rng.randrange(2, rows + 2), column + 1] = values[column]
    return cells, [record(rng, rows + n) for n in range(200)]


def through_calamine(path: Path) -> None:
    CalamineWorkbook.from_path(path).get_sheet_by_name(SHEET).to_python()


def through_patch(path: Path, rows: int) -> None:
    cells, appended = changes(rows)
    patch_workbook(path, path.with_name("patched.xlsx"), SHEET, cells, appended)


def through_openpyxl(path: Path, rows: int) -> None:
    cells, appended = changes(rows)
    book = openpyxl.load_workbook(path)
    for (row, column), value in cells.items():
        book[SHEET].cell(row, column).value = value
    for values in appended:
        book[SHEET].append(values)
    book.save(path.with_name("rewritten.xlsx"))


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Wall and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def medians(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    walls, cpus = zip(*pairs, strict=True)
    return statistics.median(walls), statistics.median(cpus)


def peak_growth(path: Path, rows: int) -> int:
    """Bytes that one patch adds to the peak memory of a fresh process."""
    small = path.with_name("small.xlsx")
    build(small, 50)
    through_patch(small, 40)
    before = _peak()
    through_patch(path, rows)
    return _peak() - before


def _peak() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def measure(folder: Path, rows: int, repeat: int, peer: bool) -> dict[str, float]:
    path = folder / "ledger.xlsx"
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        pool.apply(build, (path, rows))
        with zipfile.ZipFile(path) as package:
            xml = package.getinfo("xl/worksheets/sheet1.xml").file_size
        growth = multiprocessing.get_context("spawn").Pool(1).apply(peak_growth, (path, rows))
    reading, patching = [], []
    for _ in range(repeat):
        reading.append(timed(lambda: through_calamine(path)))
        patching.append(timed(lambda: through_patch(path, rows)))
    c, patch = medians(reading), medians(patching)
    found = {
        "rows": rows,
        "sheet_xml_mb": xml / 1e6,
        "C_wall": c[0],
        "C_cpu": c[1],
        "patch_wall": patch[0],
        "patch_cpu": patch[1],
        "patch_over_C_wall": patch[0] / c[0],
        "patch_over_C_cpu": patch[1] / c[1],
        "memory_over_xml": growth / xml,
    }
    if peer:
        wall, cpu = timed(lambda: through_openpyxl(path, rows))
        found |= {
            "openpyxl_wall": wall,
            "openpyxl_cpu": cpu,
            "openpyxl_over_patch_wall": wall / patch[0],
            "openpyxl_over_patch_cpu": cpu / patch[1],
        }
    return found


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--no-openpyxl", action="store_true")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        peer = not arguments.no_openpyxl
        found = measure(Path(folder), arguments.rows, arguments.repeat, peer)
    for name, value in found.items():
        print(f"{name:26} {value:12.3f}")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
