"""The layout generator: its expectations follow the values' rules, and `compare` sees faults."""

import copy
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from tests.layouts.compare import compare, over_flagged, rules_at
from tests.layouts.faults import ERROR_CELLS, type_fault
from tests.layouts.plans import LAYOUTS
from tests.layouts.render import TODAY, random_case, render
from tests.layouts.score import field_cases
from tests.layouts.typing_habits import Hand, Typed, type_value

from ledgersync.demo.people import sample_community
from ledgersync.model import Invalid, Value
from ledgersync.schema import FieldSchema, load_catalog
from ledgersync.values import CellError, CellParser, to_json

FIELD = Path(__file__).parents[1] / "fixtures" / "field"


def typed_cells(faults: bool) -> Iterator[tuple[FieldSchema, Typed]]:
    """Every value of a small community, typed twice by a very messy hand."""
    community = sample_community(5, 80, TODAY, "光明社区")
    hand = Hand(Random(11), 1.0)
    for key, rows in community.tables.items():
        for f in load_catalog().table(*key).fields:
            for row in rows[:60] * 2:
                typed = type_fault(hand, f, row[f.id]) if faults else type_value(hand, f, row[f.id])
                if typed is not None and (faults or typed.rule is None):
                    yield f, typed


def parsed(f: FieldSchema, typed: Typed) -> tuple[Value, set[str]]:
    raw = CellError(str(typed.cell)) if typed.cell in ERROR_CELLS else typed.cell
    result = CellParser(f, date(2022, 7, 1))(raw)
    return result.value, {n.rule for n in result.notes if n.severity == "error"}


def test_every_right_value_however_typed_is_read_without_an_error() -> None:
    wrong = []
    for f, typed in typed_cells(faults=False):
        value, errors = parsed(f, typed)
        if to_json(value) != typed.value or errors:
            wrong.append((f.id, typed.cell, typed.value, value, errors))
    assert wrong == []


def test_every_fault_is_found_by_its_rule() -> None:
    wrong, rules = [], set()
    for f, typed in typed_cells(faults=True):
        value, errors = parsed(f, typed)
        shown = None if isinstance(value, Invalid) else to_json(value)
        rules.add(typed.rule)
        if errors != {typed.rule} or shown != typed.value:
            wrong.append((f.id, typed.cell, typed.rule, value, errors))
    assert wrong == []
    assert {"required", "cell.error", "id.chars", "date.ambiguous", "type.bool", "range"} <= rules


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_decided_by_its_seed(layout: str, tmp_path: Path) -> None:
    first, expected = random_case(4, tmp_path, layout)
    cells = _cells(first)
    again, same = random_case(4, tmp_path, layout)
    assert (again, same) == (first, expected)
    assert _cells(again) == cells
    assert all(t["records"] for t in expected["tables"])


def _cells(path: Path) -> list[Any]:
    book = openpyxl.load_workbook(path)
    return [[c.value for c in row] for s in book.worksheets for row in s.iter_rows(max_row=99)]


def test_a_clean_layout_holds_the_very_values(tmp_path: Path) -> None:
    people = sample_community(2, 60, TODAY, "和平社区").tables["care", "people"]
    path = tmp_path / "g.xlsx"
    expected = render(1, "g", {("care", "people"): people}, path)["tables"][0]
    assert (expected["header_rows"], expected["skipped"]) == ([1], [])
    sheet = openpyxl.load_workbook(path)[expected["sheet"]]
    headers = [c.value for c in sheet[1]]
    by_id = load_catalog().table("care", "people").by_id
    for record, person in zip(expected["records"], people, strict=True):
        for name, value in record["values"].items():
            assert value == to_json(person[name])
            cell = sheet.cell(record["row"], headers.index(by_id[name].header) + 1).value
            if isinstance(value, str) and by_id[name].type != "date":
                assert cell == value


def test_the_field_sets_reading_of_itself_has_no_differences() -> None:
    for path, expected in field_cases(FIELD):
        assert path.exists()
        result = compare(_as_read(expected), expected)
        assert result.differences == []
        assert result.right == result.values > 100


def _as_read(expected: dict[str, Any]) -> dict[str, Any]:
    """A perfect `read` document made from the expectation."""
    document = json.loads(json.dumps(expected))
    for table in document["tables"]:
        faults = {(f["row"], f["field"]) for f in table.pop("findings")}
        fields = list(table["records"][0]["values"])
        table["columns"] = [{"field": f, "header": f, "column": "A"} for f in fields]
        for record in table["records"]:
            record["invalid"] = {f: "?" for f in fields if (record["row"], f) in faults}
    return document


def test_compare_tells_silent_from_flagged_and_sees_every_kind(tmp_path: Path) -> None:
    _, expected = random_case(1, tmp_path, "a")
    document = _as_read(expected)
    table = document["tables"][0]
    name = next(k for k, v in table["records"][0]["values"].items() if v is not None)
    table["records"][0]["values"][name] = "别的"
    table["records"][1]["values"][name] = None
    table["records"][1]["invalid"][name] = "别的"
    lost = table["records"].pop()
    table["records"].append({"row": 999, "values": {}, "invalid": {}})
    table["columns"] = [c for c in table["columns"] if c["field"] != name]
    table["skipped"][0]["reason"] = "note"
    table["header_rows"] = [77]
    document["tables"].append(copy.deepcopy(table) | {"sheet": "Sheet9"})
    result = compare(document, expected)
    kinds = {d.kind for d in result.differences}
    assert kinds >= {"value.silent", "value.flagged", "row.missing", "row.extra"}
    assert kinds >= {"column.missing", "skipped", "header_rows", "table.extra"}
    assert result.right == result.values - 2 - len(lost["values"])


def test_a_flag_on_an_empty_cell_that_is_right_is_a_difference(tmp_path: Path) -> None:
    _, expected = random_case(6, tmp_path, "a")
    document = _as_read(expected)
    assert list(over_flagged(document, expected)) == []
    records = document["tables"][0]["records"]
    faulty = {(f["row"], f["field"]) for f in expected["tables"][0]["findings"]}
    row, name = next(
        (r, k)
        for r in records
        for k, v in r["values"].items()
        if v is None and (r["row"], k) not in faulty
    )
    row["invalid"][name] = "无"
    assert [(d.row, d.field) for d in over_flagged(document, expected)] == [(row["row"], name)]


def test_compare_holds_rule_ids_against_the_findings_of_check(tmp_path: Path) -> None:
    _, expected = random_case(3, tmp_path, "a")
    table = expected["tables"][0]
    table["findings"] = [{"row": table["records"][0]["row"], "field": "name", "rule": "choice"}]
    found = {"sheet": table["sheet"], "row": table["records"][0]["row"], "field": "name"}
    document = _as_read(expected)

    def kinds(rule: str) -> list[str]:
        rules = rules_at({"findings": [found | {"rule": rule}]})
        return [d.kind for d in compare(document, expected, rules).differences]

    assert kinds("choice") == []
    assert kinds("type.date") == ["finding.wrong"]
    assert compare(document, expected, {}).of_kind("finding.missing")
