"""The field workbooks: each expected finding at its cell, and no other error."""

import json
from datetime import date
from pathlib import Path

import pytest

from ledgersync.checks import check_workbook
from ledgersync.schema import load_catalog
from ledgersync.workbook.read import read_workbook

TODAY = date(2022, 7, 1)
CATALOG = load_catalog()
OWN = Path(__file__).parents[2] / "fixtures" / "field"
SHARED = Path(__file__).parents[4] / "shared" / "field" / "workbooks"


def cases(folder: Path) -> list[dict[str, object]]:
    listed = folder / "expected.json"
    return json.loads(listed.read_text(encoding="utf-8")) if listed.exists() else []


def assert_found(folder: Path, case: dict) -> None:
    data = read_workbook(folder / case["file"], CATALOG, today=TODAY)
    found = check_workbook(data, CATALOG, TODAY)
    errors = {(f.sheet, f.row, f.field, f.rule) for f in found if f.severity == "error"}
    expected = {
        (table["sheet"], f["row"], f["field"], f["rule"])
        for table in case["tables"]
        for f in table["findings"]
    }
    assert {e for e in errors if e[3] != "compare"} == expected
    for finding in found:
        if finding.row is not None and finding.field:
            assert (finding.column is None) == (finding.rule == "header.missing")


@pytest.mark.parametrize("case", cases(OWN), ids=lambda c: c["file"])
def test_own_copies(case: dict) -> None:
    assert_found(OWN, case)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the shared field material is not beside")
@pytest.mark.parametrize("case", cases(SHARED), ids=lambda c: c["file"])
def test_shared_workbooks(case: dict) -> None:
    assert_found(SHARED, case)
