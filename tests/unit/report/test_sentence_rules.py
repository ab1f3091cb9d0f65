"""Sentences as a ledger's TOML declares them: what can be read, and what is said of a wrong one."""

import pytest

from ledgersync.errors import SchemaFault
from ledgersync.rollup.definitions import load_definitions
from ledgersync.schema import load_catalog, parse_ledger
from ledgersync.schema.sentences import Clause, Gap, parse_condition, parse_text

LEDGER = """
format = "ledgersync.ledger/1"
id = "patrol"
name = "巡查"
workbook = "巡查台账"
[[tables]]
id = "rounds"
sheet = "巡查记录"
key = ["round_no"]
[[tables.fields]]
id = "round_no"
header = "巡查编号"
type = "code"
[[sentences]]
id = "rounds"
section = "治理"
"""


def test_a_text_is_its_words_gaps_and_clauses() -> None:
    assert parse_text("走访{visits_made}户[，见面率{visits_met_rate}]。") == (
        "走访",
        Gap("visits_made", "value"),
        "户",
        Clause(("，见面率", Gap("visits_met_rate", "value"))),
        "。",
    )
    assert parse_text("{issues_collected.*:names}{care_people.高龄}{a:change}{due_day}") == (
        Gap("issues_collected", "names"),
        Gap("care_people.高龄", "value"),
        Gap("a", "change"),
        Gap("due_day", "word"),
    )


@pytest.mark.parametrize(
    ("text", "holds"),
    [("a >= 1", True), ("a < 1", False), ("a == 1", True), ("a != 1", False), ("a > 0.5", True)],
)
def test_a_condition_holds_or_not_and_never_for_what_is_not_known(text: str, holds: bool) -> None:
    assert parse_condition(text).holds(1) is holds
    assert not parse_condition(text).holds(None)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('text = "巡查{Rounds}次"', "不认识的占位符"),
        ('text = "巡查{rounds:sum}次"', "不认识的占位符"),
        ('text = "巡查{rounds.*}次"', "不认识的占位符"),
        ('text = "巡查{rounds次"', "花括号"),
        ('text = "巡查[{rounds}次"', "方括号"),
        ('text = "巡查{rounds}次"\nwhen = ["rounds much"]', "条件"),
        ('text = "巡查{rounds}次"\nstep = "多巡查。"', "when"),
        ('text = "巡查{rounds}次"\nkinds = ["周报"]', "只能是"),
    ],
)
def test_a_wrong_sentence_is_named(lines: str, said: str) -> None:
    with pytest.raises(SchemaFault) as fault:
        parse_ledger(LEDGER + lines, "patrol.toml")
    assert said in fault.value.message.zh
    assert "patrol.toml" in fault.value.message.zh


def test_the_sentences_of_the_package_ask_for_indicators_that_are_there() -> None:
    definitions = load_definitions(load_catalog())
    for ledger in definitions.catalog:
        assert ledger.sentences
        for rule in ledger.sentences:
            for name in rule.indicators():
                definitions.find(name)
                assert name.partition(".")[0] in {d.indicator.stem for d in definitions}
