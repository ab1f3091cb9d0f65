"""A reading (`ledgersync.read/v1`) held against an expectation: what differs, how much is right.

A wrong value that carries no finding is the worst that can happen (silent); a wrong value that
is flagged at its cell costs somebody a look; both are counted apart.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
RulesAt = Mapping[tuple[str, int, str], Iterable[str]]  # (sheet, row, field) → rules found there

KINDS = (
    "table.missing",
    "table.extra",
    "header_rows",
    "column.missing",
    "row.missing",
    "row.extra",
    "value.silent",
    "value.flagged",
    "finding.missing",
    "finding.wrong",
    "cell.overflagged",
    "skipped",
)
# Faults that leave the value in place, or that no typed text belongs to: not in `invalid`.
NOT_IN_INVALID = ("required", "range", "date.future")


@dataclass(frozen=True, slots=True)
class Difference:
    kind: str
    sheet: str
    row: int | None
    field: str | None
    expected: Any
    found: Any

    def __str__(self) -> str:
        where = f"{self.sheet}!{self.row or ''} {self.field or ''}".strip()
        return f"{self.kind:15} {where}: expected {self.expected!r}, found {self.found!r}"


@dataclass(slots=True)
class Comparison:
    """Differences of one file, and how many of its expected values were read right."""

    file: str
    values: int = 0
    right: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.right / self.values if self.values else 1.0

    def of_kind(self, *kinds: str) -> list[Difference]:
        return [d for d in self.differences if d.kind in kinds]


def compare(document: Json, expected: Json, rules: RulesAt | None = None) -> Comparison:
    """All differences between a reading and what is expected of the file.

    `rules` are the findings at cells, where the caller has them (see `rules_at`): then rule ids
    are compared too. Otherwise a null with an expected fault must have its text in `invalid`.
    """
    result = Comparison(expected["file"])
    left = list(document["tables"])
    for table in expected["tables"]:
        found = _take(left, table)
        if found is None:
            result.values += sum(len(r["values"]) for r in table["records"])
            _add(result, table, "table.missing", None, None, _name(table), None)
            continue
        _compare_table(result, table, found, rules)
    for extra in left:
        _add(result, extra, "table.extra", None, None, None, _name(extra))
    return result


def rules_at(check_document: Json) -> dict[tuple[str, int, str], list[str]]:
    """The findings of a `check --json` document by cell."""
    found: dict[tuple[str, int, str], list[str]] = {}
    for f in check_document["findings"]:
        found.setdefault((f["sheet"], f["row"], f["field"]), []).append(f["rule"])
    return found


def _name(table: Json) -> str:
    return f"{table['ledger']}.{table['table']}"


def _take(left: list[Json], table: Json) -> Json | None:
    """The reading of this table, taken out of `left`; the same header row decides between two."""
    same = [t for t in left if _name(t) == _name(table) and t["sheet"] == table["sheet"]]
    same.sort(key=lambda t: list(t["header_rows"]) != list(table["header_rows"]))
    if not same:
        return None
    left.remove(same[0])
    return same[0]


def _add(
    result: Comparison,
    table: Json,
    kind: str,
    row: int | None,
    name: str | None,
    expected: Any,
    found: Any,
) -> None:
    result.differences.append(Difference(kind, table["sheet"], row, name, expected, found))


def _compare_table(result: Comparison, table: Json, found: Json, rules: RulesAt | None) -> None:
    if list(found["header_rows"]) != list(table["header_rows"]):
        _add(result, table, "header_rows", None, None, table["header_rows"], found["header_rows"])
    _compare_columns(result, table, found)
    rows = {r["row"]: r for r in found["records"]}
    for record in table["records"]:
        seen = rows.pop(record["row"], None)
        if seen is None:
            result.values += len(record["values"])
            _add(result, table, "row.missing", record["row"], None, record["values"], None)
            continue
        _compare_record(result, table, record, seen, rules)
    for row, extra in sorted(rows.items()):
        _add(result, table, "row.extra", row, None, None, extra["values"])
    _compare_faults(result, table, found, rules)
    _compare_skipped(result, table, found)


def _compare_columns(result: Comparison, table: Json, found: Json) -> None:
    """Fields whose column was not recognised at all."""
    if not table["records"]:
        return
    seen = {c["field"] for c in found["columns"]}
    for name in table["records"][0]["values"]:
        if name not in seen:
            _add(result, table, "column.missing", None, name, name, None)


def _compare_record(
    result: Comparison, table: Json, record: Json, seen: Json, rules: RulesAt | None
) -> None:
    for name, value in record["values"].items():
        result.values += 1
        if name in seen["values"] and same_value(value, seen["values"][name]):
            result.right += 1
            continue
        flagged = name in seen.get("invalid", {})
        flagged |= bool(rules and rules.get((table["sheet"], record["row"], name)))
        kind = "value.flagged" if flagged else "value.silent"
        _add(result, table, kind, record["row"], name, value, seen["values"].get(name))


def same_value(expected: Any, found: Any) -> bool:
    """Equal, a bool never equal to a number, 2 equal to 2.0."""
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    return bool(expected == found)


def _compare_faults(result: Comparison, table: Json, found: Json, rules: RulesAt | None) -> None:
    """Every expected fault is flagged at its cell."""
    invalid = {(r["row"], name) for r in found["records"] for name in r.get("invalid", {})}
    rows = {r["row"] for r in found["records"]}
    for fault in table["findings"]:
        row, name, rule = fault["row"], fault["field"], fault["rule"]
        if row not in rows:
            continue
        if rules is not None:
            at = list(rules.get((table["sheet"], row, name), ()))
            if rule not in at:
                kind = "finding.wrong" if at else "finding.missing"
                _add(result, table, kind, row, name, rule, at or None)
        elif rule not in NOT_IN_INVALID and (row, name) not in invalid:
            _add(result, table, "finding.missing", row, name, rule, None)


def _compare_skipped(result: Comparison, table: Json, found: Json) -> None:
    expected = _skips(table["skipped"])
    seen = _skips(found["skipped"])
    for row in sorted(expected.keys() | seen.keys()):
        if expected.get(row) != seen.get(row):
            _add(result, table, "skipped", row, None, expected.get(row), seen.get(row))


def _skips(rows: Iterable[Json]) -> dict[int, str]:
    return {r["row"]: r["reason"] for r in rows}


def over_flagged(document: Json, expected: Json) -> Iterator[Difference]:
    """Empty cells that are flagged as invalid although nothing is wrong with them.

    A cell that holds a value and is flagged is a difference of its value already.
    """
    explained = {
        (t["sheet"], f["row"], f["field"]) for t in expected["tables"] for f in t["findings"]
    }
    explained |= {
        (t["sheet"], r["row"], name)
        for t in expected["tables"]
        for r in t["records"]
        for name, value in r["values"].items()
        if value is not None
    }
    for table in document["tables"]:
        for record in table["records"]:
            for name, text in record.get("invalid", {}).items():
                at = (table["sheet"], record["row"], name)
                if at not in explained:
                    yield Difference("cell.overflagged", *at, None, text)
