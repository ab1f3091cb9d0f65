"""What a record is called: open in a workbook, masked in a message."""

import pytest
from tests.community import ROSTER

from ledgersync.journal.rows import encode_record
from ledgersync.model import Row
from ledgersync.schema import load_catalog
from ledgersync.schema.catalog import parse_ledger
from ledgersync.sync.cases.titles import masked_side, masked_title, open_title, title_fields

PEOPLE = parse_ledger(ROSTER, "roster.toml").by_id["people"]
HOUSEHOLDS = load_catalog().table("dibao", "households")
NUMBER = "36070219351024220X"


def household(**cells: object) -> Row:
    return tuple(cells.get(name) for name in HOUSEHOLDS.field_ids)  # type: ignore[return-value]


def test_the_fields_that_name_a_record_come_once_and_its_key_with_them() -> None:
    names = [f.id for f in title_fields(HOUSEHOLDS)]
    assert len(names) == len(set(names)) and set(HOUSEHOLDS.key) <= set(names)


def test_a_workbook_shows_the_name_and_no_id_number_and_a_message_neither() -> None:
    row = household(head_name="王小明", head_id=NUMBER, household_no="DB-1")
    shown, masked = open_title(HOUSEHOLDS, row, "r1"), masked_title(HOUSEHOLDS, row, "r1")
    assert "王小明" in shown and NUMBER not in shown
    assert "王小明" not in masked and NUMBER not in masked and "王" in masked


def test_a_record_of_which_nothing_is_known_goes_by_its_id() -> None:
    assert open_title(PEOPLE, None, "r1") == masked_title(PEOPLE, (None,) * 9, "r1") == "r1"


def test_a_title_has_an_end() -> None:
    assert len(open_title(PEOPLE, ("长" * 80, "名" * 80, *(None,) * 7), "r1")) == 60


@pytest.mark.parametrize(
    ("field", "stored", "shown"),
    [
        ("phone", '"13800000001"', "138****0001"),
        ("note", '"电话13800000001"', "电话138****0001"),
        ("size", "3", "3"),
        ("phone", None, "（空）"),
        (None, None, "（没有这一行）"),
    ],
)
def test_a_side_of_a_conflict_is_masked_as_its_field_is(
    field: str | None, stored: str | None, shown: str
) -> None:
    assert masked_side(PEOPLE, field, stored) == shown


def test_a_row_as_a_side_is_told_by_its_masked_title() -> None:
    row: Row = ("A1", "王小明", *(None,) * 7)
    told = masked_side(PEOPLE, None, encode_record(PEOPLE, row))
    assert told == masked_title(PEOPLE, row, "") and "小明" not in told
