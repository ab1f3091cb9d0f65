"""What makes two rows the same record: keys, fallback keys, required fields."""

import pytest
from tests.unit.merge.homes import HOMES, KEYED, NUMBERED, home

from ledgersync.merge.keys import KeyReader, usable
from ledgersync.merge.owners import Owners
from ledgersync.model import Invalid, Row, Rows

READER, KEYED_READER, NUMBERS = KeyReader(HOMES), KeyReader(KEYED), KeyReader(NUMBERED)
BAD = Invalid("x", "type.code")
WANG = home("1", "王芳", "东街")


@pytest.mark.parametrize("no", [None, "", BAD])
def test_an_incomplete_key_is_none(no: str | Invalid | None) -> None:
    assert not usable(no)
    assert READER.key(home(no, "王芳")) is None
    assert READER.key(WANG) == ("1",)


def test_a_fallback_key_is_whole_and_its_text_has_no_blanks() -> None:
    assert READER.fallback(home(None, "王芳", "东 街 1 号")) == ("王芳", "东街1号")
    assert READER.fallback(home("1", "王芳")) is None
    assert KEYED_READER.fallback(WANG) is None


@pytest.mark.parametrize(
    ("other", "agree", "alike"),
    [
        (home("1", "王芳", "西街"), True, True),
        (home("1", "李强", "西街"), True, True),  # its key tells
        (home("2", "王芳", "东街"), False, False),
        (home(None, "王芳", "东街"), True, True),
        (home(None, "王芳", "西街"), False, False),
        (home(None, "王芳"), None, True),  # nothing tells: the required field does
        (home(None, "李强"), None, False),
        (home(None, None), None, True),  # a required field to be filled in
        (home(BAD, BAD, "东街"), None, True),
    ],
)
def test_two_rows(other: Row, agree: bool | None, alike: bool) -> None:
    assert (READER.agree(WANG, other), READER.agree(other, WANG)) == (agree, agree)
    assert (READER.alike(WANG, other), READER.alike(other, WANG)) == (alike, alike)


def test_a_number_that_the_program_gives_is_not_enough() -> None:
    one = home("H-1", "王芳", "东街")
    assert NUMBERS.agree(one, home("H-1", "李强")) is True
    assert NUMBERS.alike(one, home("H-1", "李强")) is False
    assert NUMBERS.alike(one, home("H-1", "王芳", "西街")) is True
    assert NUMBERS.alike(one, home("H-2", "王芳", "东街")) is False


@pytest.mark.parametrize(
    ("reader", "row", "marks"),
    [
        (READER, WANG, [(0, ("1",)), (1, ("王芳", "东街"))]),
        (READER, home("1", "王芳"), [(0, ("1",))]),
        (READER, home(None, "王芳", "东街"), [(1, ("王芳", "东街"))]),
        (READER, home(None, "王芳"), [(2, (None, "王芳", None, None))]),
        (NUMBERS, home("H-1", "王芳"), [(0, ("H-1",)), (2, ("王芳", None, None))]),
    ],
)
def test_what_a_row_is_recognised_by(reader: KeyReader, row: Row, marks: list[object]) -> None:
    assert list(reader.marks(row)) == marks


@pytest.mark.parametrize(
    ("reader", "one", "other", "corrected"),
    [
        (READER, WANG, home("2", "王芳", "东街", 5), True),
        (READER, WANG, home("2", "王芳", "西街"), False),
        (READER, home("1", "王芳"), home("2", "王芳"), True),  # all else is equal
        (READER, home("1", "王芳"), home("2", "王芳", "西街"), False),
        (KEYED_READER, WANG, home("2", "王芳", "东街"), True),
        (KEYED_READER, WANG, home("2", "王芳", "东街", 1), False),
        (KEYED_READER, home("1"), home("2"), False),  # nothing is left to tell
    ],
)
def test_a_corrected_key(reader: KeyReader, one: Row, other: Row, corrected: bool) -> None:
    assert reader.is_corrected(one, other) is corrected


ROWS: Rows = {
    "a": home("1", "王芳", "东街"),
    "b": home("2", "李强", "西街"),
    "c": home("2", "赵敏", "南街"),
    "d": home(None, "钱进", "北街"),
    "e": home(BAD, "钱进", "北街"),
    "f": home("", "孙丽"),
    "g": home("5", "周涛", "北街"),
}


@pytest.mark.parametrize(
    ("row", "owners"),
    [
        (home("1"), ["a"]),
        (home("1", "李强", "西街"), ["a"]),  # the key comes first
        (home("2"), ["b", "c"]),
        (home("9"), []),
        (home("9", "钱进", "北 街"), ["d", "e"]),  # a number for those that have none
        (home("9", "王芳", "东街"), []),  # whoever has the fallback key has another number
        (home(None, "王芳", "东街"), ["a"]),
        (home(None, "钱进", "北街"), ["d", "e"]),
        (home(None, "王芳"), []),
    ],
)
def test_whose_a_key_is(row: Row, owners: list[str]) -> None:
    assert Owners(READER, ROWS).of(row) == owners


@pytest.mark.parametrize(
    ("record", "others"),
    [("a", []), ("b", ["c"]), ("c", ["b"]), ("d", ["e"]), ("e", ["d"]), ("f", []), ("g", [])],
)
def test_the_others_like_a_record(record: str, others: list[str]) -> None:
    assert Owners(READER, ROWS).others(record) == others


def test_one_with_a_number_and_one_without_are_alike_by_the_fallback_key() -> None:
    rows: Rows = {"a": WANG, "b": home(None, "王芳", "东街"), "c": home("2", "王芳", "东街")}
    owners = Owners(READER, rows)
    assert owners.others("a") == ["b"] and owners.others("b") == ["a", "c"]
    assert Owners(KEYED_READER, rows).others("b") == []


def test_content_is_what_was_typed() -> None:
    assert NUMBERS.content(home("H-1", "王芳", "东街"), (0, 1)) == ("王芳",)
    assert READER.content(WANG, (0, 2)) == ("1", "东街")
