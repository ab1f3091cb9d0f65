"""Words that a person may be asked about, and what they may mean."""

import pytest

from ledgersync.schema import FieldSchema, load_catalog
from ledgersync.sync.words.offers import proposal_for, words_in, words_of_cells

CATALOG = load_catalog()
STATUS = CATALOG.table("dibao", "households").by_id["status"]
VISITS = CATALOG.table("visit", "visits")
SEVERAL = next(f for t in CATALOG.tables() for f in t[1].fields if f.type == "choices")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("暂停发放中", ["暂停发放中"]),
        ("在保", []),  # a choice
        (" 在 保 ", []),
        ("", []),
        ("——", []),  # no word
        ("字" * 21, []),  # prose
        ("甲\n乙", []),
        ("找13800000001", []),  # somebody's secret
    ],
)
def test_short_words_that_mean_nothing_yet(typed: str, words: list[str]) -> None:
    assert list(words_in(STATUS, typed)) == words


def test_of_several_in_a_cell_each_unknown_one() -> None:
    known = next(iter(SEVERAL.choices))
    assert list(words_in(SEVERAL, f"{known}、没听过的、也没听过")) == ["没听过的", "也没听过"]


def test_a_word_that_was_decided_is_asked_no_more() -> None:
    decided = STATUS.changed(words={"暂停发放中": "停发"})
    assert list(words_in(decided, "暂停发放中")) == []
    assert list(words_in(decided, "再等等")) == ["再等等"]


def test_a_field_without_choices_asks_nothing() -> None:
    assert list(words_in(VISITS.by_id["date"], "前天")) == []


def test_words_of_cells_are_counted() -> None:
    found = words_of_cells(("dibao", "households"), STATUS, ["发着", "在保", "发着", "待查"])
    assert [(x.word, x.count) for x in found] == [("发着", 2), ("待查", 1)]
    assert found[0].as_json()["choices"] == list(STATUS.choices)


@pytest.mark.parametrize(
    ("word", "choice"),
    [("停保了", "停发"), ("已经停发", "停发"), ("在保中", "在保"), ("甲乙丙", "")],
)
def test_the_nearest_choice_is_proposed_and_none_where_nothing_comes_near(
    word: str, choice: str
) -> None:
    assert proposal_for(STATUS, word) == choice


@pytest.mark.parametrize(("word", "choice"), [("没办", "否"), ("未", "否"), ("办好了", "是")])
def test_yes_and_no(word: str, choice: str) -> None:
    yes_no = FieldSchema(id="done", header="是否办结", type="bool")
    assert proposal_for(yes_no, word) == choice
