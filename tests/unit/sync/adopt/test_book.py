"""Answers in a preview that was given back: what they decide."""

import pytest

from ledgersync.errors import UsageFault
from ledgersync.schema import load_catalog
from ledgersync.schema.mappings import IGNORED
from ledgersync.sync.adopt.book import decisions_of, fields_of
from ledgersync.workbook.foreign.lists import EMPTY as NO_VALUE
from ledgersync.workbook.foreign.plan import OWN, Decisions
from ledgersync.workbook.lists.adopt_book import EMPTY, KEPT, LEAVE, NOT_TAKEN, TAKE
from ledgersync.workbook.lists.answers import Answers

DIBAO = load_catalog().ledgers["dibao"]
NAME = next(shown for shown, field in fields_of(DIBAO).items() if field == "households.head_name")


def decided(**answers: str) -> Decisions:
    """By `kind/sheet/name`, as the keys of the workbook are."""
    changed = {key.replace("__", "\t"): answer for key, answer in answers.items()}
    return decisions_of(DIBAO, Answers((), changed))


def test_every_field_is_offered_once_and_leads_back() -> None:
    offered = fields_of(DIBAO)
    assert len(offered) == sum(len(t.fields) for t in DIBAO.tables)
    assert set(offered.values()) == {f"{t.id}.{f.id}" for t in DIBAO.tables for f in t.fields}


@pytest.mark.parametrize(
    ("answer", "field"), [(NAME, "households.head_name"), (KEPT, OWN), (NOT_TAKEN, IGNORED)]
)
def test_a_column_becomes_what_was_chosen_on_its_sheet_and_on_the_others(
    answer: str, field: str
) -> None:
    columns = decided(column__一__对象=answer).columns
    assert columns == {("一", "对象"): field, ("", "对象"): field}


def test_the_first_answer_holds_for_the_other_sheets_and_each_for_its_own() -> None:
    columns = decided(column__一__对象=NAME, column__二__对象=NOT_TAKEN).columns
    assert columns["", "对象"] == columns["一", "对象"] == "households.head_name"
    assert columns["二", "对象"] == IGNORED


@pytest.mark.parametrize(("answer", "value"), [("在保", "在保"), (EMPTY, NO_VALUE)])
def test_a_value_for_all_may_be_none(answer: str, value: str) -> None:
    assert decided(value__一__status=answer).values["一", "status"] == value


def test_a_sheet_is_left_out_only_where_somebody_said_so() -> None:
    assert decided(sheet__一=LEAVE, sheet__二=TAKE).left_out == {"一"}


def test_an_answer_that_was_never_offered_is_refused() -> None:
    with pytest.raises(UsageFault, match="瞎写"):
        decided(column__一__对象="瞎写")
