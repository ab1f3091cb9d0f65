"""A district adds a ledger: one TOML file, no Python, all the way to the figures."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

LEDGER = """
format = "ledgersync.ledger/1"
id = "patrol"
name = "巡查"
workbook = "巡查台账"
version = 1

[[tables]]
id = "rounds"
sheet = "巡查记录"
key = ["round_no"]

[[tables.fields]]
id = "round_no"
header = "巡查编号"
type = "code"
required = true
unique = true

[[tables.fields]]
id = "date"
header = "巡查日期"
aliases = ["巡查时间"]
type = "date"
required = true
not_future = true

[[tables.fields]]
id = "kind"
header = "巡查类别"
type = "choice"
[tables.fields.choices]
"消防" = ["防火"]
"防汛" = []

[[tables.fields]]
id = "hazards"
header = "隐患数"
type = "integer"
min = 0
max = 99

[[indicators]]
id = "patrols"
name = "巡查次数"
measure = "次"
kind = "flow"
rows = "rounds"
date = "date"
value = "count(*)"
"""


def run(workspace: Path, *arguments: str) -> tuple[int, Any]:
    """A command with --json in a process of its own: exit code and document."""
    done = subprocess.run(
        [sys.executable, "-m", "ledgersync", "-C", str(workspace), *arguments, "--json"],
        capture_output=True,
        text=True,
        env={"LEDGERSYNC_TODAY": "2022-07-01", "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert done.stdout.strip(), done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    from ledgersync.sync.create import create_workspace
    from ledgersync.workspace.config import new_unit

    root = tmp_path / "社区"
    create_workspace(root, new_unit("幸福社区", "360702001001", "community"))
    (root / "ledgers").mkdir()
    (root / "ledgers" / "patrol.toml").write_text(LEDGER, encoding="utf-8")
    return root


def fill(copy: Path, target: Path, rows: list[dict[str, object]]) -> None:
    """Types rows into the empty rows of a workbook, header by header."""
    book = openpyxl.load_workbook(copy)
    sheet = book["巡查记录"]
    header = next(r for r in range(1, 13) if sheet.cell(r, 1).value == "巡查编号")
    columns = {c.value: c.column for c in sheet[header] if c.value}
    for line, row in enumerate(rows, header + 1):
        for name, value in row.items():
            sheet.cell(line, columns[name]).value = value
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)


def test_template_read_check_merge_and_figures(workspace: Path, tmp_path: Path) -> None:
    template = tmp_path / "空表.xlsx"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "ledgersync",
            "-C",
            str(workspace),
            "template",
            "巡查",
            "-o",
            str(template),
        ],
        check=True,
        capture_output=True,
    )
    filled = tmp_path / "填好.xlsx"
    rows: list[dict[str, object]] = [
        {"巡查编号": "X1", "巡查日期": "2022.6.1", "巡查类别": "防火", "隐患数": "3处"},
        {"巡查编号": "X2", "巡查日期": "2022-06-20", "巡查类别": "防汛", "隐患数": 2},
    ]
    fill(template, filled, rows)

    _, read = run(workspace, "read", str(filled))
    values = [r["values"] for r in read["tables"][0]["records"]]
    assert [v["kind"] for v in values] == ["消防", "防汛"]
    assert [v["date"] for v in values] == ["2022-06-01", "2022-06-20"]

    code, check = run(workspace, "check", str(filled))
    assert code == 1
    errors = {(f["cell"][0], f["rule"]) for f in check["findings"] if f["severity"] == "error"}
    assert errors == {("D", "type.integer")}  # “3处” is no count that is known for certain

    _, issued = run(workspace, "issue", "--staff", "王芳", "巡查")
    assert issued["files"] == ["issued/王芳/巡查台账.xlsx"]
    fill(workspace / issued["files"][0], workspace / "inbox" / "王芳" / "a.xlsx", rows)
    code, merged = run(workspace, "merge")
    assert code == 1  # the hazard count went back
    [submission] = merged["submissions"]
    assert (submission["ledger"], submission["changes"]["added"]) == ("patrol", 2)
    _, primary = run(workspace, "read", str(workspace / "primary" / "巡查台账.xlsx"))
    assert [r["values"]["hazards"] for r in primary["tables"][0]["records"]] == [None, 2]

    _, figures = run(workspace, "rollup", "--period", "2022-06")
    [patrols] = [f for f in figures["figures"] if f["indicator"] == "patrols"]
    assert patrols["value"] == 2
