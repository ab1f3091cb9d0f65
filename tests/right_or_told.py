"""`python -m tests.right_or_told DIR`: what is read right, told, or silently wrong.

DIR holds small files and `expected.json`: the rows of each that are records, and cells with the
values that are right (null: left empty, with a finding). A row or cell is *right* when it is there
with one of these values, *told* when an error or warning stands at it, else *silently wrong*. A
finding at a row tells of all its cells, one about a header or the whole sheet of all its rows.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from ledgersync.checks import check_workbook
from ledgersync.model import Finding
from ledgersync.schema import load_catalog
from ledgersync.workbook.read import as_json
from ledgersync.workbook.read.reading import read_here

Json = dict[str, Any]
Verdict = Literal["right", "told", "silent"]
TODAY = date(2022, 6, 30)
_WHOLE = ("header.missing", "table.unrecognised")


@dataclass(slots=True)
class Reading:
    """One table of a file as `read` and `check` show it."""

    records: dict[int, Json]
    findings: list[Finding]

    def told(self, row: int, name: str | None = None) -> bool:
        """An error or warning stands at the row, its cell, or the whole table."""
        return any(
            (f.row == row and (name is None or f.field in (None, name))) or f.rule in _WHOLE
            for f in self.findings
            if f.severity != "info"
        )


@dataclass(slots=True)
class Score:
    """The verdicts of one file, in words those that are not right."""

    file: str
    counts: Counter[Verdict] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, verdict: Verdict, what: str) -> None:
        self.counts[verdict] += 1
        if verdict != "right":
            self.wrong.append(f"{verdict}: {what}")


def read_case(path: Path, ledger: str, table: str) -> Reading:
    """The records of a table by row, the first of several in one row, and all findings."""
    catalog = load_catalog()
    data = read_here(path, catalog, today=TODAY)
    records: dict[int, Json] = {}
    for found in as_json(data)["tables"]:
        if (found["ledger"], found["table"]) == (ledger, table):
            for record in found["records"]:
                records.setdefault(record["row"], record["values"])
    return Reading(records, check_workbook(data, catalog, TODAY))


def score(folder: Path, case: Json) -> Score:
    found = Score(case["file"])
    reading = read_case(folder / case["file"], case["ledger"], case["table"])
    for row in case["rows"]:
        is_there = row in reading.records
        found.add(_verdict(is_there, reading.told(row)), f"row {row}")
    for row in reading.records.keys() - set(case["rows"]):
        found.add(_verdict(False, reading.told(row)), f"row {row} is no record")
    for cell in case["cells"]:
        row, name, right = cell["row"], cell["field"], cell["is"]
        value = reading.records.get(row, {}).get(name)
        is_told = reading.told(row, name)
        is_right = row in reading.records and value in right
        if value is None and not any(v in ("", None) for v in right):
            is_right = False
        found.add(_verdict(is_right, is_told), f"row {row} {name}: {value!r}, not {right}")
    return found


def _verdict(is_right: bool, is_told: bool) -> Verdict:
    return "right" if is_right else "told" if is_told else "silent"


def scores(folder: Path) -> list[Score]:
    cases = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return [score(folder, case) for case in cases]


def total(found: list[Score]) -> Counter[Verdict]:
    return sum((s.counts for s in found), Counter())


def main(folder: str) -> int:
    """0 when nothing is silently wrong."""
    found = scores(Path(folder))
    for one in found:
        print(one.file, dict(one.counts))
        for wrong in one.wrong:
            print("   ", wrong)
    counts = total(found)
    print("all", dict(counts), f"{counts['right'] / max(1, counts.total()):.1%} right")
    return int(counts["silent"] > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
