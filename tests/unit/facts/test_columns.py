"""Values as columns: a column can be made of whatever a cell holds, and what it holds is kept."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgersync.facts.columns import MARK, derived_names
from ledgersync.facts.rows import PlacedRow, RowColumns
from ledgersync.model import Invalid, Value
from ledgersync.schema import load_catalog

TODAY = date(2022, 7, 5)
TABLES = [table for _, table in load_catalog().tables()]
NUMBERS = st.integers(-(10**20), 10**20)
BY_TYPE: dict[str, st.SearchStrategy[Value]] = {
    "integer": NUMBERS,
    "decimal": st.one_of(NUMBERS, st.floats(allow_nan=False, allow_infinity=False)),
    "money": st.decimals(-(10**20), 10**20, places=2),
    "date": st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    "bool": st.booleans(),
    "choices": st.lists(st.text(max_size=3), max_size=3).map(tuple),
}
ODD = st.one_of(st.none(), st.builds(Invalid, st.text(max_size=5), st.just("type")))


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.id)
@given(data=st.data())
def test_any_row_becomes_columns(table: object, data: st.DataObject) -> None:
    schema = next(t for t in TABLES if t is table)
    texts = st.text(max_size=8)
    row = tuple(data.draw(st.one_of(ODD, BY_TYPE.get(f.type, texts))) for f in schema.fields)
    made = RowColumns(schema, TODAY).of([PlacedRow("R1", row, "表", 4)])
    (found,) = made.to_pylist()
    assert (found["_record"], found["_sheet"], found["_row"]) == ("R1", "表", 4)
    assert found["_faulty_until"] is None or found["_faulty_until"] >= TODAY
    assert isinstance(found[MARK], int)
    for f, value in zip(schema.fields, row, strict=True):
        held = found[f.id]
        if isinstance(value, Invalid) or value is None:
            assert held is None
        elif f.type in ("integer", "money", "decimal"):
            small = abs(value) < 10**12  # type: ignore[arg-type]
            assert held == value or (f.type == "decimal" and held == float(value)) or not small  # type: ignore[arg-type]
        else:
            assert held == (list(value) if isinstance(value, tuple) else value)
        assert all(name in found for name in derived_names(f))


def test_money_is_exact() -> None:
    table = load_catalog().table("dibao", "households")
    at = table.position["monthly_amount"]
    rows = [
        PlacedRow(
            str(n),
            tuple(Decimal("0.10") if i == at else None for i in range(len(table.fields))),
            "表",
            n,
        )
        for n in range(10)
    ]
    amounts = RowColumns(table, TODAY).of(rows).column("monthly_amount").to_pylist()
    assert sum(amounts) == Decimal("1.00")
