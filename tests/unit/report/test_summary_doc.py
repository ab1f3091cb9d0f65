"""docs/summary.md lists every sentence that the ledgers bring, with indicators that are there."""

import re
from pathlib import Path

from ledgersync.report.letter.rules import rules_of
from ledgersync.rollup.definitions import COMMON, load_definitions
from ledgersync.schema import load_catalog

CATALOG = load_catalog()
TEXT = (Path(__file__).resolve().parents[3] / "docs" / "summary.md").read_text(encoding="utf-8")
TABLE = TEXT.partition("### 逐类句子")[2].partition("\n\n街道")[0]
ROWS = [line.split("|")[1:-1] for line in TABLE.splitlines() if line.startswith("| ")][1:]


def quoted(column: int) -> set[str]:
    return {name for row in ROWS for name in re.findall(r"`([^`]+)`", row[column])}


def test_every_sentence_of_the_ledgers_has_its_row() -> None:
    known = {rule.id.removeprefix(f"{COMMON}.") for rule in rules_of(CATALOG, None)}
    assert quoted(1) - {"step"} == known


def test_every_indicator_of_the_table_is_one() -> None:
    assert quoted(2) <= set(load_definitions(CATALOG).by_id)
    assert len(quoted(2)) > 40
