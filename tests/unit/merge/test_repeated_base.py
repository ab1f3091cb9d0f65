"""The base of a table that shows an old state a second time."""

import pytest

from ledgersync.merge import base_of_repeated
from ledgersync.model import Rows

GIVEN: Rows = {"r1": ("a", "b"), "r2": ("c", "d"), "r3": ("e", "f")}
INGESTED: Rows = {"r1": ("a", "B"), "r2": ("C", "d"), "n1": ("x", "y")}


@pytest.mark.parametrize(
    ("theirs", "is_backup"),
    [
        (GIVEN, True),
        (INGESTED, False),
        ({**GIVEN, "r1": ("z", "b")}, True),  # a backup with an edit
        ({**INGESTED, "r1": ("a", "b")}, False),  # one edit taken back
        ({**INGESTED, "r1": ("a", "third"), "r2": ("third", "d")}, False),
        ({**GIVEN, "n1": ("x", "y")}, False),  # the added row is there
        ({r: row for r, row in GIVEN.items() if r != "r3"}, False),  # the removed one is not
    ],
)
def test_a_backup_has_nothing_of_what_was_ingested(theirs: Rows, is_backup: bool) -> None:
    assert base_of_repeated(GIVEN, INGESTED, theirs) is (GIVEN if is_backup else INGESTED)


def test_where_nothing_was_ingested_that_differs_it_is_the_same() -> None:
    assert base_of_repeated(GIVEN, dict(GIVEN), {"r1": ("q", "q")}) == GIVEN
