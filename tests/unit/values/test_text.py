"""Text that is an error, garbled, or spelled anew: what only looks so is left as it is."""

from datetime import date

import pytest

from ledgersync.schema import FieldSchema
from ledgersync.values.identity import check_digit
from ledgersync.values.phones import to_phones
from ledgersync.values.plain import plain_for
from ledgersync.values.respelled import place_of, respelled
from ledgersync.values.text import (
    clean_text,
    is_error_text,
    is_garbled,
    is_program_blank,
    looks_like_formula,
    squeeze,
)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("#REF!", True),
        ("# ref! ", True),
        ("#N/A", True),
        ("#3号楼", False),
        ("REF!", False),
        ("", False),
    ],
)
def test_errors_of_a_spreadsheet(text: str, error: bool) -> None:
    assert is_error_text(text) is error


def western(text: str, encoding: str = "utf-8") -> str:
    """Chinese as a program shows it that takes its bytes for western letters."""
    return text.encode(encoding).decode("latin-1")


@pytest.mark.parametrize(
    ("text", "garbled"),
    [
        (western("中国"), True),
        (western("中"), False),  # one character may be chance
        (western("网格", "gb18030"), True),
        ("ÄbÖb", False),  # umlauts between letters, though as bytes they are Chinese
        ("Müller Straße", False),
        ("中国", False),
        ("涓涓细流", False),
        ("éè", False),
        ("烫烫烫", True),
    ],
)
def test_chinese_that_was_read_as_something_else(text: str, garbled: bool) -> None:
    assert is_garbled(text) is garbled


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("甲\r\n乙\x85丙", "甲\n乙\n丙"),
        ("甲\u200b乙", "甲乙"),
        (" '101.0 ", "101"),
        ("'王'", "'王'"),
        ("甲\t乙", "甲\t乙"),
        ("''王", "''王"),
    ],
)
def test_free_text_cleaned(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    ("text", "blank"), [("NULL", True), ("nan" + " " * 20, True), ("nano", False), ("空", False)]
)
def test_what_programs_write_for_nothing(text: str, blank: bool) -> None:
    assert is_program_blank(text) is blank


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("+a", True),
        ("=甲", True),
        ("@王芳", False),
        ("-已联系", False),
        ("+王!A1", True),
        ("-3", False),
    ],
)
def test_texts_that_a_spreadsheet_would_run(text: str, formula: bool) -> None:
    assert looks_like_formula(text) is formula


def test_an_accent_meets_its_letter() -> None:
    assert squeeze("e´") == "é"


def test_an_id_of_somebody_born_today_is_its_own_value() -> None:
    born = "11010120220630001"
    field = FieldSchema(id="f", header="项", type="id_number")
    plain = plain_for(field, date(2022, 6, 30))
    assert plain is not None and plain(born + check_digit(born))
    earlier = plain_for(field, date(2022, 6, 29))
    assert earlier is not None and not earlier(born + check_digit(born))


@pytest.mark.parametrize(("address", "place"), [("幸福3号", "幸福"), ("路3号", ""), ("第3号", "")])
def test_the_beginning_of_an_address(address: str, place: str) -> None:
    assert place_of(address) == place


@pytest.mark.parametrize("text", ["13800000001-", "-13800000001", "138-0000-0001"])
def test_a_telephone_number_begins_and_ends_with_a_figure(text: str) -> None:
    assert to_phones(text) == ((["13800000001"], False) if text[3] == "-" else None)


@pytest.mark.parametrize(
    ("text", "is_place", "spelled"),
    [
        ("幸福12号", True, "兴福2号"),  # by the longest beginning that is known
        ("幸福3号", True, "福兴3号"),
        ("幸福", False, "福兴"),
        ("幸福3号", False, "幸福3号"),
        ("幸福村", True, "幸福村"),
    ],
)
def test_spellings_that_the_unit_has_put_right(text: str, is_place: bool, spelled: str) -> None:
    words = {"幸福": "福兴", "幸福1": "兴福"}
    assert respelled(words, text, is_place=is_place) == spelled
