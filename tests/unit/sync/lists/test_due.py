"""One thing that is due, as it may be seen."""

from datetime import date

import pytest

from ledgersync.sync.lists.due import Due, Kind

DAY = date(2022, 6, 20)


@pytest.mark.parametrize(
    ("kind", "name", "shown"),
    [
        ("visit", "王小明", "王*"),
        ("review", "李强", "李*"),
        ("issue", "楼道灯坏，找13800000001", "楼道灯坏，找138****0001"),
        ("visit", None, ""),
    ],
)
def test_whom_it_is_about_is_masked_as_a_person_or_as_a_text(
    kind: Kind, name: str | None, shown: str
) -> None:
    one = Due(kind, "王芳", ("care", "people"), "r1", name, DAY, 10)
    assert one.shown() == one.as_json()["name"] == shown
    assert one.shown(unmask=True) == one.as_json(unmask=True)["name"] == (name or "")


@pytest.mark.parametrize(("days", "overdue"), [(10, 10), (0, 0), (-5, 0)])
def test_what_is_yet_to_come_is_not_overdue(days: int, overdue: int) -> None:
    one = Due("visit", None, ("care", "people"), "r1", "王芳", DAY, days)
    assert (one.as_json()["days_overdue"], one.as_json()["due"]) == (overdue, "2022-06-20")
