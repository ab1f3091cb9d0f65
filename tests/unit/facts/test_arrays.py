"""Arrays made without pandas are those that `pa.array` makes."""

import subprocess
import sys
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgersync.facts import arrays

MONEY = pa.decimal128(18, 2)
KINDS: list[tuple[pa.DataType, st.SearchStrategy[Any]]] = [
    (pa.string(), st.text(st.characters(exclude_categories=["Cs"]))),
    (pa.int32(), st.integers(-(2**31), 2**31 - 1)),
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.uint64(), st.integers(0, 2**64 - 1)),
    (pa.float64(), st.floats(allow_nan=False)),
    (pa.bool_(), st.booleans()),
    (pa.date32(), st.dates()),
    (MONEY, st.decimals(-(10**15), 10**15, places=2)),
    (pa.list_(pa.string()), st.lists(st.text(st.characters(exclude_categories=["Cs"])))),
]


@pytest.mark.parametrize("kind", range(len(KINDS)), ids=[str(k) for k, _ in KINDS])
@given(data=st.data())
def test_the_same_array(kind: int, data: st.DataObject) -> None:
    arrow, one = KINDS[kind]
    values = data.draw(st.lists(st.none() | one, max_size=20))
    made = arrays._built(values, arrow)
    made.validate(full=True)
    assert made.equals(pa.array(values, arrow))


@pytest.mark.parametrize(
    "value", [Decimal("1.005"), Decimal(10) ** 16, -(10**16)], ids=["fraction", "large", "small"]
)
def test_what_a_type_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(pa.ArrowInvalid):
        arrays._built([value], MONEY)


def test_pandas_is_not_imported() -> None:
    said = """
import sys
from datetime import date
import pyarrow as pa
from ledgersync.facts.arrays import array_of
array_of([date(2022, 6, 30), None], pa.date32())
array_of([["因病"], None, []], pa.list_(pa.string()))
assert "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", said], check=True)
