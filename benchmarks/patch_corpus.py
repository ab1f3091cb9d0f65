"""Runs the patcher over a folder of foreign workbooks and reports what came of each.

Per file: five edits and two appended rows on its first worksheet, into a scratch folder. The
result is checked without the patcher's own reader: every untouched member's compressed bytes,
and the values through openpyxl where it opens the source. Usage:

    python benchmarks/patch_corpus.py FOLDER [--json FILE] [--keep FOLDER] [--office N]
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from rich.console import Console
from rich.table import Table

from ledgersync.workbook.patch import CellValue, PatchRefused, SheetEdit, SheetReport, patch_sheets
from ledgersync.workbook.patch.package.parts import Package
from ledgersync.workbook.patch.package.zipcopy import ZipSource

CELLS: dict[tuple[int, int], CellValue] = {
    (2, 1): "110101199003078515",
    (3, 2): 12.5,
    (4, 3): date(2024, 2, 29),
    (5, 1): "改动",
    (6, 5): True,
}
ROWS: list[list[CellValue]] = [
    ["新增一", "张伟", 1, date(2024, 1, 31), None, "5"],
    ["新增二", "王芳", 2.5, None, False, "a<b&c"],
]


@dataclass
class Outcome:
    """What happened to one file: `written`, `refused` (with a reason) or `failed`."""

    file: str
    result: str
    reason: str = ""
    detail: str = ""
    seconds: float = 0.0
    untouched: int = 0
    changed: list[str] = field(default_factory=list)
    opens: str = ""


def main() -> int:
    """Runs the corpus; the exit status is 1 when any file failed."""
    arguments = _arguments()
    files = sorted(_workbooks(arguments.folder))
    with tempfile.TemporaryDirectory() as scratch:
        keep = arguments.keep or Path(scratch)
        keep.mkdir(parents=True, exist_ok=True)
        outcomes = [_run(path, keep / path.name) for path in files]
        office = _open_in_office(_sample(outcomes, keep, arguments.office))
    report = _report(outcomes, office)
    if arguments.json:
        arguments.json.write_text(json.dumps(report, ensure_ascii=False, indent=1))
    _print(report)
    return 1 if report["failed"] else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, help="where the full report goes")
    parser.add_argument("--keep", type=Path, help="keep the patched files in this folder")
    parser.add_argument("--office", type=int, default=0, help="open so many in LibreOffice")
    return parser.parse_args()


def _workbooks(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.suffix.lower() in (".xlsx", ".xlsm", ".xltx", ".xltm") and path.is_file():
            yield path


def _run(path: Path, target: Path) -> Outcome:
    start = time.perf_counter()
    outcome = Outcome(path.name, "written")
    try:
        sheet = _first_sheet(path)
        report = patch_sheets(path, target, {sheet: SheetEdit(cells=CELLS, append=ROWS)})
        outcome.untouched = report.untouched_members
        outcome.changed = list(report.changed_members)
        problem = _differences(path, target, report.sheets[sheet], sheet, outcome)
        if problem:
            outcome.result, outcome.detail = "failed", problem
    except PatchRefused as refused:
        outcome.result, outcome.reason = "refused", refused.reason
        outcome.detail = refused.message.en
    except Exception as error:  # noqa: BLE001 - a failure of any kind is what is counted here
        outcome.result = "failed"
        outcome.detail = f"{type(error).__name__}: {error}\n{traceback.format_exc(limit=-3)}"
    outcome.seconds = round(time.perf_counter() - start, 3)
    return outcome


def _first_sheet(path: Path) -> str:
    source = ZipSource(path)
    try:
        sheets = Package(source).sheets
    finally:
        source.close()
    worksheets = [sheet.name for sheet in sheets if sheet.kind == "worksheet" and sheet.member]
    names = worksheets or [sheet.name for sheet in sheets]
    return names[0] if names else "Sheet1"


def _differences(path: Path, target: Path, report: SheetReport, sheet: str, out: Outcome) -> str:
    """What is wrong with a written file; "" when nothing is."""
    problem = _member_differences(path, target, set(out.changed))
    if problem:
        return problem
    try:
        known = sheet in _load(path).sheetnames
    except Exception as error:  # noqa: BLE001 - openpyxl fails in many ways on foreign files
        out.opens = f"source does not open: {type(error).__name__}"
        return ""
    if not known:
        out.opens = "openpyxl does not see the sheet"
        return ""
    out.opens = "yes"
    return _value_differences(_load(target)[sheet], report)


def _load(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path)


def _member_differences(path: Path, target: Path, changed: set[str]) -> str:
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target) as new:
        if new.testzip():
            return "checksum"
        for name in set(old.namelist()) - changed:
            if name not in new.namelist():
                if not name.lower().endswith("calcchain.xml"):
                    return f"lost {name}"
            elif old.read(name) != new.read(name):
                return f"differs {name}"
    return ""


def _value_differences(worksheet: Any, report: SheetReport) -> str:
    expected: dict[tuple[int, int], CellValue] = {}
    for row, values in zip(report.appended_rows, ROWS, strict=True):
        start = report.append_column
        expected |= {(row, start + i): value for i, value in enumerate(values)}
    for (row, column), value in CELLS.items():
        expected[report.row_after(row) or row, column] = value
    for (row, column), value in expected.items():
        got = _cell_value(worksheet, row, column)
        if got is not Ellipsis and not _same(value, got):
            return f"R{row}C{column}: {value!r} became {got!r}"
    return ""


def _cell_value(worksheet: Any, row: int, column: int) -> object:
    """The value; Ellipsis inside a merged range, where openpyxl shows nothing."""
    cell = worksheet.cell(row, column)
    return ... if type(cell).__name__ == "MergedCell" else cell.value


def _same(wanted: object, got: object) -> bool:
    if isinstance(wanted, date) and hasattr(got, "date"):
        return bool(wanted == got.date())
    return wanted == got


def _sample(outcomes: list[Outcome], folder: Path, count: int) -> list[Path]:
    written = [folder / outcome.file for outcome in outcomes if outcome.result == "written"]
    step = max(len(written) // count, 1) if count else 1
    return written[::step][:count] if count else []


def _open_in_office(files: list[Path]) -> dict[str, list[str]]:
    """Converts the sample to CSV in one LibreOffice run; lists what did not convert."""
    if not files or shutil.which("soffice") is None:
        return {"opened": [], "not_opened": []}
    with tempfile.TemporaryDirectory() as out:
        profile = f"-env:UserInstallation=file://{out}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "csv", "--outdir", out]
        subprocess.run([*command, *map(str, files)], timeout=600, capture_output=True, check=False)
        done = {path.stem for path in Path(out).glob("*.csv")}
    names = {path.name: path.stem in done for path in files}
    return {
        "opened": [name for name, ok in names.items() if ok],
        "not_opened": [name for name, ok in names.items() if not ok],
    }


def _report(outcomes: list[Outcome], office: dict[str, list[str]]) -> dict[str, object]:
    counts = Counter(outcome.result for outcome in outcomes)
    reasons = Counter(outcome.reason for outcome in outcomes if outcome.result == "refused")
    return {
        "files": len(outcomes),
        "written": counts["written"],
        "refused": counts["refused"],
        "failed": counts["failed"],
        "refused_by_reason": dict(reasons.most_common()),
        "opened_in_openpyxl": sum(outcome.opens == "yes" for outcome in outcomes),
        "office": office,
        "seconds": round(sum(outcome.seconds for outcome in outcomes), 1),
        "outcomes": [asdict(outcome) for outcome in outcomes],
    }


def _print(report: dict[str, object]) -> None:
    table = Table("result", "reason", "files", "share")
    total = int(str(report["files"])) or 1
    for result in ("written", "refused", "failed"):
        count = int(str(report[result]))
        table.add_row(result, "", str(count), f"{count / total:.1%}")
        if result == "refused" and isinstance(report["refused_by_reason"], dict):
            for reason, number in report["refused_by_reason"].items():
                table.add_row("", str(reason), str(number), f"{number / total:.1%}")
    console = Console()
    console.print(table)
    console.print(f"openpyxl opened {report['opened_in_openpyxl']}, {report['seconds']} s")
    outcomes = report["outcomes"]
    for outcome in outcomes if isinstance(outcomes, list) else []:
        if outcome["result"] != "written":
            console.print(outcome["file"], outcome["result"], outcome["detail"], markup=False)
    if report["office"] != {"opened": [], "not_opened": []}:
        console.print("LibreOffice:", report["office"], markup=False)


if __name__ == "__main__":
    sys.exit(main())
