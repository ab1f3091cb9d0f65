"""Whose row it is: scopes of people, and rows that lie in nobody's."""

from datetime import date

import pytest

from ledgersync.checks.cross.views import View, Views
from ledgersync.checks.rows import RowChecker
from ledgersync.checks.scopes import Scopes, holds
from ledgersync.model import Invalid, Row, Rows, Value
from ledgersync.schema import TableSchema, load_catalog

TODAY = date(2022, 6, 30)


def table(**more: object) -> TableSchema:
    fields: list[dict[str, object]] = [
        {"id": "grid", "header": "网格", "type": "text"},
        {"id": "worker", "header": "责任人", "type": "name"},
        {"id": "n", "header": "数", "type": "integer", **more},
    ]
    return TableSchema.validated({"id": "t", "sheet": "表", "key": ["grid"], "fields": fields})


@pytest.mark.parametrize(
    ("scope", "row", "held"),
    [
        ({}, ("一", "王", 1), True),
        ({"grid": ["一", "二"]}, ("一", "王", 1), True),
        ({"grid": ["二"]}, ("一", "王", 1), False),
        ({"grid": ["二"]}, (None, "王", 1), True),  # where nothing is said, it is everybody's
        ({"grid": ["一"], "worker": ["李"]}, ("一", "王", 1), False),
        ({"grid": ["一"], "worker": ["李", "王"]}, ("一", "王", 1), True),
        ({"elsewhere": ["二"]}, ("一", "王", 1), True),
    ],
)
def test_a_row_in_a_scope(scope: dict[str, list[str]], row: Row, held: bool) -> None:
    assert holds(scope, table(), row) is held


GRIDS = Scopes({"王": {"grid": ["一"]}, "李": {"grid": ["二"], "worker": ["李"]}})
ALL = Scopes({"王": {"grid": ["一"]}, "主任": {}})


@pytest.mark.parametrize(
    ("scopes", "row", "author", "field"),
    [
        (GRIDS, ("一", "王", 1), None, None),
        (GRIDS, ("三", "李", 1), None, "grid"),
        (GRIDS, ("二", "赵", 1), None, "worker"),
        (GRIDS, (None, None, 1), None, None),
        (ALL, ("三", "王", 1), None, None),  # somebody sees everything
        (ALL, ("三", "王", 1), "王", "grid"),
        (ALL, ("三", "王", 1), "主任", None),
        (ALL, ("一", "王", 1), "王", None),
        (Scopes({"主任": {}}), ("三", "王", 1), "主任", None),
    ],
)
def test_rows_that_are_nobodys(
    scopes: Scopes, row: Row, author: str | None, field: str | None
) -> None:
    assert scopes.nobodys(table(), row, author) == field
    others = {"a": ("一", "李", 2), "b": row, "c": ("三", "钱", 3), "d": (*row[:2], 9)}
    one_by_one = {
        r: f for r, each in others.items() if (f := scopes.nobodys(table(), each, author))
    }
    assert scopes.strays(table(), Rows(others), author) == one_by_one


@pytest.mark.parametrize(
    ("bounds", "value", "rules"),
    [
        ({}, -5, []),
        ({"min": 1}, 0, ["range"]),
        ({"min": 1}, 1, []),
        ({"max": 9}, 10, ["range"]),
        ({"max": 9}, 9, []),
        ({"min": 1, "max": 9}, 10, ["range"]),
        ({"min": 1}, None, []),
        ({"required": True}, None, ["required"]),
        ({"wanted": True}, None, ["wanted"]),
        ({"min": 1}, Invalid("若干", "type.integer"), ["type.integer"]),
    ],
)
def test_the_bounds_of_a_stored_number(
    bounds: dict[str, object], value: Value, rules: list[str]
) -> None:
    found = RowChecker(table(**bounds), TODAY).faults(("一", "王", value))
    assert [fault.rule for fault in found] == rules


def test_a_table_has_its_fields_and_no_others() -> None:
    view = View(("a", "t"), table(), {"r1": ("一", Invalid("x", "type.text"), 1)})
    assert view.has() and view.has("grid", "worker", "n") and not view.has("grid", "x")
    assert list(view.select("grid", "worker", "x")) == [("r1", ("一", None, None))]
    missing = Views({}, load_catalog()).table("nowhere", "t")
    assert not missing.has() and list(missing.select("grid")) == []
    assert View(("a", "t"), None, {"r1": ("一",)}).rows == {}
