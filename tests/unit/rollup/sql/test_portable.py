"""What two engines would answer differently is spelled out, wherever in an expression it stands."""

import duckdb
import pytest
from tests.unit.rollup.sql.catalogs import checked, indicator

ROWS = "(VALUES (0.2, true), (0.8, true), (0.9, false), (1.5, true)) f(hours, done)"
MEANINGS = {
    "avg(hours)": 3.4 / 4,
    "avg(hours) FILTER (WHERE done)": 2.5 / 3,
    "coalesce(avg(hours), 0)": 3.4 / 4,
    "sum(hours) / count(*)": 3.4 / 4,
    "sum(hours) / (count(*) - 4)": None,
    "median(hours)": 0.85,
    "median(hours) FILTER (WHERE done)": 0.8,
    "2 * median(hours)": 1.7,
    "median(hours) FILTER (WHERE hours IN (0.2, 1.5))": 0.85,
    "median(hours) FILTER (WHERE hours IN (0.8, 0.9))": 0.85,
}


@pytest.mark.parametrize("text", MEANINGS)
def test_means_and_medians(text: str) -> None:
    statements = checked(indicator(value=text))
    sql = statements.part(statements.definitions.by_id["patrols"], "value")
    assert "AVG" not in sql.upper()
    rows = ROWS.replace("f(", "g(")
    typed = f"(SELECT CAST(hours AS DECIMAL(18, 6)) AS hours, done FROM {rows}) f"
    [(value,)] = duckdb.sql(f"SELECT {sql} FROM {typed}").fetchall()
    assert value == (None if MEANINGS[text] is None else pytest.approx(MEANINGS[text], abs=0))


@pytest.mark.parametrize("name", ["median", "count", "sum", "max"])
@pytest.mark.parametrize("filtered", ["", " FILTER (WHERE done)"])
def test_what_an_aggregate_is_known_as(name: str, filtered: str) -> None:
    """A trace tells by it how rows come to a figure."""
    statements = checked(indicator(value=f"{name}(hours){filtered}"))
    sql = statements.part(statements.definitions.by_id["patrols"], "value")
    assert statements.shape(sql).top == name
