"""Groups of figures beside each other in tables of so many columns."""

from types import SimpleNamespace
from typing import Any

import pytest

from ledgersync.report.groups import Group, side_by_side


def group(name: str, size: int) -> Group:
    lines: Any = tuple(SimpleNamespace(id=f"{name}{n}") for n in range(size))
    return Group(name, lines)


@pytest.mark.parametrize(
    ("sizes", "tables"),
    [
        ([3, 3, 1, 3, 3, 4], ["3 3 1 3", "3 4"]),
        ([1, 13, 3], ["1 9", "4 3"]),
        ([7, 5, 5], ["7", "5 5"]),
        ([8, 13], ["8", "10", "3"]),
        ([20], ["10", "10"]),
        ([10, 10], ["10", "10"]),
        ([], []),
    ],
)
def test_tables_are_filled_and_small_groups_stay_whole(sizes: list[int], tables: list[str]) -> None:
    groups = [group(chr(97 + n), size) for n, size in enumerate(sizes)]
    found = list(side_by_side(groups, 10))
    assert [" ".join(str(len(part.lines)) for part in table) for table in found] == tables
    every = [line for table in found for part in table for line in part.lines]
    assert every == [line for each in groups for line in each.lines], "all of them, in order"
