"""What a table of a primary is compared with when somebody saved it."""

from ledgersync.model import Rows
from ledgersync.sync.primary.hand_base import HandBase

GIVEN: Rows = {"r1": ("A1", "旧"), "r2": ("A2", "旧")}


def test_a_file_is_compared_with_what_it_was_given_out_with() -> None:
    base = HandBase(GIVEN)
    assert base.of({"r1": ("A1", "新")}) == GIVEN == base.known


def test_an_edit_that_was_taken_in_once_is_no_edit_the_second_time() -> None:
    base = HandBase(GIVEN, ingested={"r1": ("A1", "手改"), "r2": ("A2", "旧")})
    again = base.of({"r1": ("A1", "手改"), "r2": ("A2", "又改")})
    assert again == {"r1": ("A1", "手改"), "r2": ("A2", "旧")}


def test_a_row_that_only_the_first_save_had_is_known_the_second_time() -> None:
    base = HandBase(GIVEN, ingested={**GIVEN, "r3": ("A3", "新")})
    assert set(base.known) == {"r1", "r2", "r3"} and base.known["r1"] == ("A1", "旧")


def test_who_leaves_out_what_rests_in_an_archive_removes_nothing() -> None:
    base = HandBase(GIVEN, resting={"r2"})
    assert base.of({"r1": ("A1", "旧")}) == {"r1": ("A1", "旧")}
    assert base.of({}) == {"r1": ("A1", "旧")}  # r1 is missing, and that is a removal
    assert base.of(GIVEN) == GIVEN  # it stands there still
