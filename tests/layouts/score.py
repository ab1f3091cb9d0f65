"""`python -m tests.layouts.score DIR | --random N`: how well workbooks are read.

DIR holds workbooks and their `expected.json`, as the field set does.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledgersync.checks import check_workbook
from ledgersync.schema import load_catalog
from ledgersync.workbook.read import as_json, read_workbook
from tests.layouts.compare import KINDS, Comparison, RulesAt, compare, over_flagged
from tests.layouts.render import TODAY, random_case

Json = dict[str, Any]


def read_document(path: Path) -> tuple[Json, RulesAt]:
    """What `ledgersync read --json` prints, and the rules that `check` finds broken, by cell."""
    catalog = load_catalog()
    data = read_workbook(path, catalog, today=TODAY)
    rules: dict[tuple[str, int, str], list[str]] = {}
    for f in check_workbook(data, catalog, TODAY):
        if f.sheet and f.row and f.field:
            rules.setdefault((f.sheet, f.row, f.field), []).append(f.rule)
    return as_json(data), rules


def scored_case(path: Path, expected: Json) -> Comparison:
    """How one workbook is read, values and findings."""
    document, rules = read_document(path)
    result = compare(document, expected, rules)
    result.differences += over_flagged(document, expected)
    return result


def field_cases(folder: Path) -> Iterator[tuple[Path, Json]]:
    """The workbooks of a folder with an `expected.json`."""
    for expected in json.loads((folder / "expected.json").read_text(encoding="utf-8")):
        yield folder / expected["file"], expected


def random_cases(count: int, first: int, layout: str) -> Iterator[tuple[Path, Json]]:
    with tempfile.TemporaryDirectory(prefix="layouts-") as folder:
        for seed in range(first, first + count):
            yield random_case(seed, Path(folder), layout)


def total(results: list[Comparison]) -> Json:
    """Counts over all files."""
    kinds = Counter(d.kind for r in results for d in r.differences)
    values = sum(r.values for r in results)
    right = sum(r.right for r in results)
    return {
        "files": len(results),
        "perfect": sum(1 for r in results if not r.differences),
        "values": values,
        "right": right,
        "share": round(right / values, 6) if values else 1.0,
        "differences": {k: kinds[k] for k in KINDS if kinds[k]},
    }


def report(results: list[Comparison], show: int) -> None:
    """A line per file that differs, then the totals by layout and over all."""
    for result in results:
        if result.differences:
            print(f"{result.file}: {result.right}/{result.values}")
            for difference in result.differences[:show]:
                print(f"    {difference}")
    by_layout: dict[str, list[Comparison]] = {}
    for result in results:
        by_layout.setdefault(result.file[0], []).append(result)
    for letter, some in sorted(by_layout.items()):
        print(letter, json.dumps(total(some), ensure_ascii=False))
    print("all", json.dumps(total(results), ensure_ascii=False))


def main(arguments: list[str] | None = None) -> int:
    """0 when every file reads as expected, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.layouts.score")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--random", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=0, help="first seed")
    parser.add_argument("--layout", default="", help="one letter; default: any")
    parser.add_argument("--show", type=int, default=5, help="differences shown per file")
    given = parser.parse_args(arguments)
    if given.folder is None and not given.random:
        parser.error("a folder or --random N")
    cases = random_cases(given.random, given.seed, given.layout)
    if given.folder is not None:
        cases = field_cases(given.folder)
    results = [scored_case(path, expected) for path, expected in cases]
    report(results, given.show)
    return int(any(r.differences for r in results))


if __name__ == "__main__":
    sys.exit(main())
