"""Identity numbers in all the forms they come in; everybody in here is invented."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import numdb
from stdnum.cn import ric

from ledgersync.model import Invalid
from ledgersync.schema import FieldSchema
from ledgersync.values import CellParser
from ledgersync.values.identity import (
    birth_date,
    check_digit,
    id_fault,
    region_name,
    sex,
    upgrade_15,
)

TODAY = date(2022, 6, 30)
GOOD = "11010119900307299X"
PARSE = CellParser(FieldSchema(id="f", header="身份证号", type="id_number"), TODAY)


@pytest.mark.parametrize(
    "raw",
    [
        *(GOOD, "11010119900307299x", "11010119900307299Ｘ", "11010119900307299×"),
        *(f"'{GOOD}", f"’{GOOD}", f"＇{GOOD}", f" {GOOD} ", f"{GOOD}\u200b", f"\ufeff{GOOD}"),
        *("110101 19900307 299X", "110101\u00a019900307\u3000299X", "110101\n19900307299x"),
        "１１０１０１１９９００３０７２９９Ｘ",
    ],
    ids=ascii,
)
def test_what_is_typed_around_a_number_is_dropped(raw: str) -> None:
    parsed = PARSE(raw)
    assert (parsed.value, parsed.notes) == (GOOD, ())


@pytest.mark.parametrize("raw", ["110101900307299", 110101900307299, 110101900307299.0])
def test_fifteen_digits_become_eighteen(raw: object) -> None:
    parsed = PARSE(raw)
    assert parsed.value == GOOD
    assert [(n.rule, n.severity) for n in parsed.notes] == [("id.upgraded15", "info")]


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ("11010119900307299", "id.length"),
        ("1101011990030729911", "id.length"),
        ("不详", "id.length"),
        ("11010119900307299X（本人）", "id.length"),
        ("11010119900307299A", "id.chars"),
        ("1101011990O307299X", "id.chars"),
        ("X1010119900307299X", "id.chars"),
        ("11010A900307299", "id.chars"),
        ("110101199013072991", "id.birthdate"),
        ("110101199002302991", "id.birthdate"),
        ("110101189912312991", "id.birthdate"),
        ("110101202207012991", "id.birthdate"),  # born tomorrow
        ("110101901307299", "id.birthdate"),
        ("110101199003072991", "id.checksum"),
        ("110101199003027999", "id.checksum"),
        ("1.10101E+17", "id.precision_lost"),
        (110101199003072990, "id.precision_lost"),
        (1.10101199003073e17, "id.precision_lost"),
    ],
)
def test_the_first_fault_is_the_one_told(raw: object, rule: str) -> None:
    parsed = PARSE(raw)
    assert isinstance(parsed.value, Invalid)
    assert parsed.value.rule == rule
    [note] = parsed.notes
    assert (note.rule, note.severity) == (rule, "error")
    assert "1101" not in note.message.zh + note.message.en


def test_an_unknown_region_is_only_a_warning() -> None:
    number = "99999919900307299"
    number += str(ric.calc_check_digit(number + "0"))
    parsed = PARSE(number)
    assert parsed.value == number
    assert [(n.rule, n.severity) for n in parsed.notes] == [("id.region", "warning")]
    assert region_name("999999") is None
    assert region_name("110101") is not None


def test_newer_counties_are_known_and_no_key_error_is_raised() -> None:
    """A library's own validation raises KeyError on some of these."""
    for prefix in ("320213", "320214", "440309", "330113", "330114", "659010", "710000"):
        region_name(prefix)
        assert id_fault(prefix + "19900307299X", TODAY) in (None, "id.checksum")


@given(
    region=st.sampled_from(["110101", "320102", "440106", "500101"]),
    born=st.dates(date(1900, 1, 1), TODAY),
    order=st.integers(0, 999),
)
def test_every_rightly_made_number_is_taken_and_no_typo_is(
    region: str, born: date, order: int
) -> None:
    body = f"{region}{born:%Y%m%d}{order:03d}"
    number = body + str(ric.calc_check_digit(body + "0"))
    assert PARSE(number).value == number
    assert birth_date(number) == born
    assert sex(number) == ("男" if order % 2 else "女")
    for place in range(18):
        digit = number[place]
        other = "0" if digit != "0" else "7"
        wrong = number[:place] + other + number[place + 1 :]
        assert isinstance(PARSE(wrong).value, Invalid)
    for place in range(17):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert swapped == number or isinstance(PARSE(swapped).value, Invalid)


@given(born=st.dates(date(1900, 1, 1), date(1999, 12, 31)), order=st.integers(0, 999))
def test_the_upgraded_number_is_right_and_keeps_birth_and_sex(born: date, order: int) -> None:
    old = f"110101{born:%y%m%d}{order:03d}"
    new = upgrade_15(old)
    assert id_fault(new, TODAY) is None
    assert birth_date(new) == birth_date(old) == born
    assert sex(new) == sex(old)


@given(st.from_regex(r"[0-9]{17}", fullmatch=True))
def test_the_check_digit_is_stdnums(body: str) -> None:
    assert check_digit(body) == ric.calc_check_digit(body + "0")


@given(st.from_regex(r"[1-8][0-9]{5}", fullmatch=True) | st.sampled_from(("110103", "469029")))
def test_regions_are_stdnums(prefix: str) -> None:
    parts = [info for _, info in numdb.get("cn/loc").info(prefix)]
    found = {key: text for info in parts for key, text in info.items()}
    name = region_name(prefix)
    assert (name is not None) == ({"province", "county"} <= found.keys())
    if name is not None:
        assert name == found["province"] + found["county"].rpartition("]")[2]
