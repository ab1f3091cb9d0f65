"""Lists in odd shapes: what is shown is right, and what is taken is what was shown."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.desk import main_ended
from tests.lists.odd import MAKERS, Maker, Odd, by_category, is_it_solved, of_kinds, with_hours
from tests.lists.people import Hand
from tests.lists.score import TODAY, plain

from ledgersync.schema import load_catalog
from ledgersync.sync.adopt.given import with_given
from ledgersync.sync.adopt.preview import preview
from ledgersync.workbook.foreign.plan import Decisions, Plan

CATALOG = load_catalog()


def seen(odd: Odd) -> Plan:
    """What a clerk who answers what is asked is shown."""
    ledger = CATALOG.ledger(odd.ledger)
    plan = preview(ledger, CATALOG, [odd.file], TODAY, Decisions())
    assert len(plan.questions) == odd.asked, [q.message.zh for q in plan.questions]
    if odd.given:
        said = with_given(ledger, plan, Decisions(), odd.given)
        plan = preview(ledger, CATALOG, [odd.file], TODAY, said)
    assert [q.message.zh for q in plan.questions] == []
    return plan


def told(plan: Plan) -> str:
    texts = [m.zh for s in plan.sheets for m in s.remarks]
    return " ".join([*texts, *(m.zh for t in plan.tables() for m in t.filled.values())])


def agree(values: Mapping[str, object], wanted: Mapping[str, object]) -> bool:
    return all(plain(values.get(name)) == value for name, value in wanted.items())


@pytest.mark.parametrize("seed", [3, 8])
@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m.__name__)
def test_every_value_is_what_a_clerk_takes(tmp_path: Path, maker: Maker, seed: int) -> None:
    odd = maker(tmp_path, Hand(seed))
    plan = seen(odd)
    assert {t: n for t, n in plan.counts().items() if n} == {
        t: len(rows) for t, rows in odd.expected.items()
    }
    for table, expected in odd.expected.items():
        left = [row.values for row in plan.rows(table)]
        for wanted in expected:
            found = next((values for values in left if agree(values, wanted)), None)
            assert found is not None, (table, wanted, left)
            left.remove(found)
    assert all(text in told(plan) for text in odd.told)


@pytest.mark.parametrize(
    "maker", [by_category, is_it_solved, of_kinds, with_hours], ids=lambda m: m.__name__
)
def test_what_is_taken_is_what_was_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, maker: Maker
) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY.isoformat())
    odd = maker(tmp_path, Hand(5))
    plan, root = seen(odd), tmp_path / "社区"
    run("init", str(root), "--name", "幸福社区", "--code", "360702001001", "--level", "community")
    given = [part for text in odd.given for part in ("--set", text)]
    run("-C", str(root), "adopt", odd.ledger, str(odd.file), *given, "--yes")
    book = next((root / "primary").glob(f"{CATALOG.ledger(odd.ledger).workbook}*"))
    read = json.loads(run("-C", str(root), "read", str(book), "--json"))
    for table in read["tables"]:
        rows = plan.rows(table["table"])
        assert len(table["records"]) == len(rows)
        for record, row in zip(table["records"], rows, strict=True):
            assert _given(record["values"], row.values) == _given(row.values, row.values)


def _given(values: Mapping[str, Any], shown: Mapping[str, object]) -> dict[str, str]:
    names = [n for n, v in shown.items() if v is not None and not n.endswith("_no")]
    return {n: str(_list(plain(values.get(n)))) for n in names}


def _list(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def run(*arguments: str) -> str:
    code, printed, _ = main_ended(list(arguments))
    assert code == 0, printed
    return printed
