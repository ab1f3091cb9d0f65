"""Choices and yes or no as the unit writes them, and the words that mean none of them."""

import pytest

from ledgersync.schema import FieldSchema
from ledgersync.values.choices import BoolReader, ChoiceReader, Picked, to_bool


def field(kind: str = "choice", **more: object) -> FieldSchema:
    return FieldSchema.validated({"id": "f", "header": "项", "type": kind, **more})


STATES = {"在享": ["享受中"], "停了": [], "一般／普通": []}
WORDS = {"照发": "在享", "停了": "在享", "旧词": "没有这个"}
WITHHELD = {"吸毒": {"read_as": "停了", "responsible": "派出所"}}


@pytest.fixture
def reader() -> ChoiceReader:
    return ChoiceReader(field(choices=STATES, words=WORDS, withheld=WITHHELD))


@pytest.mark.parametrize(
    ("raw", "picked"),
    [
        ("在享", Picked("在享")),
        (" “在享” ", Picked("在享")),
        ("享受中", Picked("在享", synonym=True)),
        ("照发", Picked("在享", synonym=True)),
        ("停了", Picked("停了")),  # a choice stays itself, whatever the unit says
        ("停", Picked("停了")),
        ("√停", Picked("停了")),
        ("①在享。", Picked("在享")),
        ("旧词", None),
        ("吸毒", Picked("停了", responsible="派出所")),
        ("", None),
        ("在", None),
    ],
)
def test_the_choice_that_a_word_means(
    reader: ChoiceReader, raw: str, picked: Picked | None
) -> None:
    assert reader.one(raw) == picked


@pytest.mark.parametrize(
    ("raw", "values", "unknown"),
    [
        ("在享、停", ["在享", "停了"], []),
        ("在享，享受中", ["在享"], []),
        ("停 在享/停了", ["停了", "在享"], []),
        ("在享、别的、√、又一", None, ["别的", "又一"]),
        ("一般／普通", ["一般／普通"], ["一般", "普通"]),
        ("、", None, []),
        ("√", None, []),
    ],
)
def test_several_words_in_a_cell(
    reader: ChoiceReader, raw: str, values: list[str] | None, unknown: list[str]
) -> None:
    found = reader.several(raw)
    assert (None if found is None else [pick.value for pick in found]) == values
    assert reader.unknown(raw) == unknown


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("是。", True),
        ("“是”", True),
        ("否！", False),
        ("。", None),
        ("", None),
        ("是否", None),
        (True, True),
        (0, False),
        (2, None),
    ],
)
def test_yes_and_no(raw: object, meant: bool | None) -> None:
    assert to_bool(raw) is meant
    assert BoolReader(field("bool")).one(raw) == (meant, False)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("去过", (True, True)),
        ("没去。", (False, True)),
        ("是", (True, False)),
        ("在家", (None, False)),
        ("。", (None, False)),
    ],
)
def test_the_units_own_words_for_yes_and_no(raw: str, found: tuple[bool | None, bool]) -> None:
    reader = BoolReader(field("bool", words={"去过": "是", "没去": "否", "在家": "也许"}))
    assert reader.one(raw) == found
