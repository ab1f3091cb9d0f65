"""How many of a layout's values are read right, how many wrong, and what had to be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ledgersync.schema import Catalog
from ledgersync.sync.adopt.preview import preview
from ledgersync.workbook.foreign.plan import Decisions, Plan
from tests.lists.layouts import List

TODAY = date(2022, 6, 30)


@dataclass(slots=True)
class Score:
    name: str
    values: int = 0
    right: int = 0
    asked: int = 0
    wrong: list[str] = field(default_factory=list)


def scored(catalog: Catalog, layout: List) -> Score:
    """A clerk who answers what is asked, and accepts the rest."""
    ledger = catalog.ledger(layout.ledger)
    plan = preview(ledger, catalog, layout.files, TODAY, Decisions())
    score = Score(layout.name, asked=len(plan.questions))
    if plan.questions:
        values = {
            ("", q.field or ""): layout.answers.get(q.field or "", "-") for q in plan.questions
        }
        plan = preview(ledger, catalog, layout.files, TODAY, Decisions(values=values))
        score.wrong += [f"still asked: {q.message.zh}" for q in plan.questions]
    for table, expected in layout.expected.items():
        _compare(score, plan, table, expected)
    for table, count in plan.counts().items():
        if table not in layout.expected and count:
            score.wrong.append(f"{table}: {count} records that are none")
    return score


def _compare(score: Score, plan: Plan, table: str, expected: list[dict[str, object]]) -> None:
    rows = plan.rows(table)
    if len(rows) != len(expected):
        score.wrong.append(f"{table}: {len(rows)} records, not {len(expected)}")
    found = _in_order([r.values for r in rows], expected)
    for wanted, values in zip(expected, found, strict=True):
        for name, value in wanted.items():
            score.values += 1
            read = plain(values.get(name))
            if read == value:
                score.right += 1
            elif read is not None:
                score.wrong.append(f"{table}.{name}: {read!r}, not {value!r}")


def _in_order(
    rows: list[dict[str, object]], expected: list[dict[str, object]]
) -> list[Mapping[str, object]]:
    """For each expected record the one that agrees best with it, each once."""
    left = list(rows)
    found: list[Mapping[str, object]] = []
    for wanted in expected:
        best = max(left, key=lambda row: _agreement(row, wanted), default=None)
        if best is None:
            found.append({})
            continue
        left.remove(best)
        found.append(best)
    return found


def _agreement(row: Mapping[str, object], wanted: Mapping[str, object]) -> int:
    return sum(plain(row.get(name)) == value for name, value in wanted.items())


def plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.2f}" if isinstance(value, Decimal) else value
