"""What may not be shown under the profile `public`: private families, and what nobody knows."""

import pytest

from ledgersync.rollup.definitions import load_definitions
from ledgersync.schema import load_catalog


@pytest.mark.parametrize(
    ("indicator", "is_private"),
    [
        ("visits_made", False),
        ("care_people", True),
        ("care_people.独居老人", True),
        ("visits_made.独居老人", True),  # a family elsewhere, none here
        ("petitions_open", True),
        ("petitions_open.信访", True),
    ],
)
def test_what_is_not_declared_is_private(indicator: str, is_private: bool) -> None:
    assert load_definitions(load_catalog()).is_private(indicator) is is_private


def test_everything_declared_and_not_private_is_shown() -> None:
    definitions = load_definitions(load_catalog())
    shown = {d.id for d in definitions if not definitions.is_private(d.id)}
    assert {d.id for d in definitions if d.ledger == "common"} <= shown
    assert any("." in one for one in shown), "families"
