"""One verdict: the check column in a real LibreOffice says what `ledgersync check` says."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from tests.e2e.native_bench import (
    Trial,
    built,
    disagreements,
    needs_office,
    recalculated,
    trials,
    unjudged,
)

from ledgersync.schema import load_catalog
from ledgersync.workbook.build.layout import LIVELY_ROWS

pytestmark = [pytest.mark.office, needs_office]


def _compare(folder: Path, each: int, seeds: Sequence[str]) -> tuple[int, list[str]]:
    """So many entries per field and seed, all ledgers: how many, and which disagree."""
    found: list[Trial] = []
    wrong: list[str] = []
    for seed in seeds:
        (folder / seed).mkdir()
        found += _compare_once(folder / seed, each, seed, wrong)
    assert _varied(found)
    return len(found), wrong


def _compare_once(folder: Path, each: int, seed: str, wrong: list[str]) -> list[Trial]:
    """One start of LibreOffice; disagreements are added to `wrong`."""
    catalog, today = load_catalog(), date.today()
    rows = {
        ledger.id: {t.id: trials(t, each, seed, today) for t in ledger.tables} for ledger in catalog
    }
    books = [built(folder, ledger, catalog, rows[ledger.id], today) for ledger in catalog]
    sheets = recalculated(folder, books)
    for ledger in catalog:
        for table in ledger.tables:
            found = rows[ledger.id][table.id]
            assert len(found) < LIVELY_ROWS, "larger tables leave future dates to the colours"
            wrong += disagreements(table, found, sheets[ledger.id, table.sheet])
    return [trial for tables in rows.values() for group in tables.values() for trial in group]


def _varied(found: list[Trial]) -> bool:
    """A good part is wrong, a good part right, and few are beyond a formula."""
    faulty = sum(bool(trial.expected) for trial in found) / len(found)
    beyond = sum(map(unjudged, found)) / len(found)
    return 0.15 < faulty < 0.7 and beyond < 0.06


def test_check_column_agrees_with_check(tmp_path: Path) -> None:
    count, wrong = _compare(tmp_path, 25, ["everyday"])
    assert count > 2500
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("run", ["first", "second", "third"])
def test_check_column_agrees_over_thousands_of_entries(tmp_path: Path, run: str) -> None:
    count, wrong = _compare(tmp_path, 130, [f"{run}{n}" for n in range(4)])
    assert count > 50_000
    assert wrong == []
