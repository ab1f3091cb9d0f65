"""Runs workbooks through a real LibreOffice and compares its verdicts with `ledgersync check`."""

import csv
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from tests.e2e.native_entries import Raw, entries, id_number

from ledgersync.checks.rows import RowChecker
from ledgersync.files import atomic_write
from ledgersync.model import Row
from ledgersync.schema import Catalog, FieldSchema, LedgerSchema, TableSchema
from ledgersync.values import CellParser
from ledgersync.workbook.build import SheetRows, ledger_workbook, record_ids

needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here")
Cells = list[list[str]]
_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


@dataclass(frozen=True)
class Trial:
    """One row with one cell under test; `expected` are the headers of the fields with errors."""

    field: FieldSchema
    raw: Raw
    row: Row
    expected: tuple[str, ...]


def trials(table: TableSchema, each: int, seed: str, today: date) -> list[Trial]:
    """So many entries for every field of a table, in rows that are right otherwise."""
    rng = Random(f"{seed}/{table.id}")
    parsers = {f.id: CellParser(f, today) for f in table.fields}
    checker = RowChecker(table, today)
    found = []
    for f in table.fields:
        for raw in islice(entries(f, rng, today), each):
            cells = _right_cells(table, rng, today) | {f.id: raw}
            row = tuple(parsers[name](cell).value for name, cell in cells.items())
            faults = [x for x in checker.faults(row) if x.severity == "error"]
            names = {x.field for x in faults}
            expected = tuple(g.header for g in table.fields if g.id in names)
            found.append(Trial(f, raw, tuple(cells.values()), expected))
    return found


def _right_cells(table: TableSchema, rng: Random, today: date) -> dict[str, Raw]:
    """A row without any fault: required fields filled, numbers of the row in order."""
    cells: dict[str, Raw] = {}
    for f in table.fields:
        cells[f.id] = (
            _right(f, rng, today) if f.required or f.unique or rng.random() < 0.5 else None
        )
    return cells


def _right(f: FieldSchema, rng: Random, today: date) -> Raw:
    if f.type == "id_number":
        return id_number(rng, today)
    if f.unique:
        return f"NO{rng.randrange(10**12)}"
    if f.choices:
        return next(iter(f.choices))
    low, high = f.min or 0, f.max or 100
    right: dict[str, Raw] = {"date": 44000, "bool": "是", "phone": "13800001234"}
    right |= {"integer": low if f.le else min(high, 20), "decimal": min(high, 2.5), "money": low}
    return right.get(f.type, "张三")


def recalculated(folder: Path, workbooks: Sequence[Path]) -> dict[tuple[str, str], Cells]:
    """Every sheet as LibreOffice calculates it, by workbook stem and sheet, in one start."""
    _convert(folder, _CSV, folder, workbooks)
    sheets = {}
    for book in workbooks:
        for path in folder.glob(f"{book.stem}-*.csv"):
            with path.open(encoding="utf-8", newline="") as stream:
                sheets[book.stem, path.stem.removeprefix(f"{book.stem}-")] = list(
                    csv.reader(stream)
                )
    return sheets


def office_saved(folder: Path, workbook: Path) -> Path:
    """The workbook as LibreOffice saves it, with every formula calculated."""
    target = folder / "saved"
    _convert(folder, "xlsx", target, [workbook])
    return target / workbook.name


def _convert(folder: Path, kind: str, target: Path, workbooks: Sequence[Path]) -> None:
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--norestore"]
    command += ["--convert-to", kind, "--outdir", str(target), *map(str, workbooks)]
    environment = os.environ | {"HOME": str(folder)}
    subprocess.run(command, check=True, timeout=280, capture_output=True, env=environment)


def built(
    folder: Path, ledger: LedgerSchema, catalog: Catalog, rows: dict[str, list[Trial]], today: date
) -> Path:
    """A copy of the ledger that holds the trials."""
    ids = record_ids("native")
    path = folder / f"{ledger.id}.xlsx"
    sheets = {
        t: SheetRows([(next(ids), trial.row) for trial in found]) for t, found in rows.items()
    }
    atomic_write(
        path,
        ledger_workbook(
            ledger, catalog, kind="copy", unit="幸福社区", rows=sheets, stamp=None, today=today
        ),
    )
    return path


def verdict(cell: str) -> tuple[str, ...]:
    """The fields that a check cell names, in its order; hints and repetitions aside."""
    told = [p for p in cell.split("；") if not re.match(r"提示：|.*与第\d+行重复", p)]
    return tuple(dict.fromkeys(re.findall(r"^〔([^〕]+)〕", "\n".join(told), re.MULTILINE)))


def unjudged(trial: Trial) -> bool:
    """What a formula cannot judge and the guide sheet leaves to `check`.

    Chinese numerals: their cells are yellow. And a wide blank before a day with a time.
    """
    if trial.field.type == "date" and re.match("　.*:", str(trial.raw)):
        return True
    kind, typed = trial.field.type, str(trial.raw).strip()
    numeral = kind in ("integer", "decimal", "money", "date")
    return numeral and typed[:1] in set("零〇一二两三四五六七八九十百千万亿点")


def disagreements(
    table: TableSchema, found: Sequence[Trial], cells: Sequence[Sequence[str]]
) -> Iterator[str]:
    """Rows where the check column names other fields than `check` does."""
    column = len(table.fields)
    data = cells[3 : 3 + len(found)]
    assert len(data) == len(found)
    for trial, line in zip(found, data, strict=True):
        if verdict(line[column]) != trial.expected and not unjudged(trial):
            yield f"{table.id}.{trial.field.id} {trial.raw!r}: {line[column]!r}, {trial.expected}"
