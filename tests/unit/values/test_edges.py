"""Values at the edge of what they are taken for: found by `make mutants`."""

from datetime import date

import pytest
from stdnum.cn import ric

from ledgersync.values.identity import id_fault
from ledgersync.values.several import listed_names, several_codes

TODAY = date(2022, 6, 30)


def number(birth: str) -> str:
    body = f"110105{birth}002"
    return body + ric.calc_check_digit(body + "0")


@pytest.mark.parametrize(
    ("birth", "fault"),
    [
        ("18991231", "id.birthdate"),
        ("19000101", None),
        ("20220630", None),
        ("20220701", "id.birthdate"),
        ("20220230", "id.birthdate"),
    ],
)
def test_a_birth_is_from_1900_until_today(birth: str, fault: str | None) -> None:
    assert id_fault(number(birth), TODAY) == fault


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("DB001、DB002", True),
        ("DB001、重点2", False),  # of two shapes
        ("1、2", False),  # two small numbers may be one code
        ("DB001", False),
        ("A、B", False),  # no number in it
        ("110105 110106", True),
    ],
)
def test_codes_of_one_shape_are_several(text: str, several: bool) -> None:
    assert several_codes(text) is several


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("王芳和李强", True),
        ("王芳、李强", True),
        ("王芳", False),
        ("平和", False),
        ("王芳和户主", False),
    ],
)
def test_names_of_several_people(text: str, several: bool) -> None:
    assert listed_names(text) is several
