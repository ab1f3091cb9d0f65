"""Copies saved by another program, in every format it writes: no change, or exactly the edits."""

import csv
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook
from tests.entries import CATALOG, IDS, TABLES, VALID, VISITS

from ledgersync.cli import cli

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here"),
]
STAFF = "赵敏"
_ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
FORMATS = {"xls": "xls", "ods": "ods", "csv": _ALL_SHEETS, "html": "html", "xlsx": "xlsx"}
Editor = Callable[[Path], None]


def run(root: Path, *command: str) -> str:
    result = CliRunner().invoke(cli, ["-C", str(root), *command])
    assert result.exit_code in (0, 1), result.output
    return result.stdout


def merge(root: Path) -> list[dict[str, Any]]:
    report = json.loads(run(root, "merge", "--json"))
    assert [w for w in report["warnings"] if w["rule"].startswith(("row.", "csv.", "table."))] == []
    submissions: list[dict[str, Any]] = report["submissions"]
    return submissions


def save_records(path: Path) -> None:
    """Three records in every table, ids and numbers different."""
    book = Workbook()
    for key in TABLES:
        table = CATALOG.table(*key)
        sheet = book.create_sheet(table.sheet)
        sheet.append([table.by_id[f].header for f in VALID[key]])
        for n in range(3):
            sheet.append([_varied(table.by_id[f].type, v, n) for f, v in VALID[key].items()])
    del book["Sheet"]
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def _varied(kind: str, value: object, n: int) -> object:
    if kind == "id_number":
        return IDS[n]
    return f"{str(value)[:-1]}{n + 1}" if kind == "code" else value


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("town") / "幸福社区"
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    run(root.parent, "init", str(root), "--name", "幸福社区", "--code", "360702001001",
        "--level", "community")  # fmt: skip
    save_records(root / "inbox" / STAFF / "全部.xlsx")
    assert {s["status"] for s in merge(root)} == {"merged"}
    run(root, "issue", "--staff", STAFF)
    monkeypatch.undo()
    return root


def saved_elsewhere(town: Path, folder: Path, suffix: str, edit: Editor | None = None) -> Path:
    """A workspace whose inbox holds the issued copies as LibreOffice saves them."""
    root = folder / "幸福社区"
    shutil.copytree(town, root)
    inbox = root / "inbox" / STAFF
    shutil.rmtree(inbox)
    inbox.mkdir()
    copies = [Path(shutil.copy(p, folder)) for p in (root / "issued" / STAFF).glob("*.xlsx")]
    if edit is not None:
        for copy in copies:
            edit(copy)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", FORMATS[suffix], "--outdir"]
    subprocess.run([*command, str(inbox), *map(str, copies)], check=True, timeout=300,
                   capture_output=True)  # fmt: skip
    for path in inbox.iterdir():
        if "_ledgersync" in path.name or "填表说明" in path.name:
            path.unlink()
    return root


def formats(*daily: str) -> list[Any]:
    """All of them; those beside `daily` are tried with the slow tests."""
    return [s if s in daily else pytest.param(s, marks=pytest.mark.slow) for s in FORMATS]


@pytest.mark.parametrize("suffix", formats("xls", "ods"))
def test_an_untouched_copy_changes_nothing(
    town: Path, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    found = merge(saved_elsewhere(town, tmp_path, suffix))
    assert len(found) >= 4
    assert {s["status"] for s in found} == {"unchanged"}
    assert all(not any(s["changes"].values()) for s in found)


def _edit(path: Path) -> None:
    """A remark in the first record of every sheet, and one new visit in the first prepared row."""
    book = load_workbook(path)
    for sheet in book.worksheets:
        heads = {c.value: c for row in sheet.iter_rows(max_row=12) for c in row}
        if "备注" not in heads or "_LS_ID" not in heads:
            continue
        top = heads["备注"].row
        sheet.cell(top + 1, heads["备注"].column, "改过一次")
        if sheet.title == CATALOG.table(*VISITS).sheet:
            for name, value in {"走访日期": "2022-06-20", "户址": "幸福路9号"}.items():
                sheet.cell(top + 4, heads[name].column, value)
    book.save(path)


@pytest.mark.parametrize("suffix", formats("ods", "csv", "xlsx"))
def test_of_an_edited_copy_the_edits_alone_come_in(
    town: Path, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    found = merge(saved_elsewhere(town, tmp_path, suffix, _edit))
    changes = [s["changes"] for s in found]
    assert sum(c["applied"] for c in changes) == len(TABLES)
    assert sum(c["added"] for c in changes) == 1
    others = ("removed", "conflicts", "returned", "held")
    assert all(c[name] == 0 for c in changes for name in others)


def test_a_csv_file_of_every_sheet_has_the_records_of_its_table(town: Path, tmp_path: Path) -> None:
    root = saved_elsewhere(town, tmp_path, "csv")
    paths = list((root / "inbox" / STAFF).glob("*.csv"))
    assert len(paths) == len(TABLES)
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            assert len(list(csv.reader(lines))) > 4
