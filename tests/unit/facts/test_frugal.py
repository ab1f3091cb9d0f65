"""Commands go without pandas; whoever wants a frame still gets one."""

import subprocess
import sys

import pytest

MADE = """
import sys
from datetime import date
{first}
from ledgersync.facts.columns import MARK
import pyarrow as pa
made = pa.table({{"day": pa.array([date(2022, 6, 30), None], pa.date32())}})
assert ("pandas" in sys.modules) is {there}
assert made.to_pandas().shape == (2, 1)
import pandas as pd
assert pa.array(pd.Series([1.5, float("nan")])).null_count == 1
"""
FRUGAL = "from ledgersync.facts.frugal import be_frugal; be_frugal()"


@pytest.mark.parametrize(("first", "there"), [(FRUGAL, False), ("", True)], ids=["command", "own"])
def test_pandas_comes_when_a_frame_is_wanted(first: str, there: bool) -> None:
    program = MADE.format(first=first, there=there)
    subprocess.run([sys.executable, "-c", program], check=True)
