"""What another form of a ledger makes of the records that are there."""

import pytest
from tests.community import ROSTER, Community

from ledgersync.schema.catalog import parse_ledger
from ledgersync.sync.migration.effects import Effect, effects_of


def effects(town: Community, *changes: tuple[str, str]) -> list[Effect]:
    text = ROSTER
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    with town.session() as session:
        old_form = session.catalog.ledgers["roster"]
        return effects_of(session, old_form, parse_ledger(text, "roster.toml"))


NOTE = '  { id = "note", header = "备注", type = "text" },\n'


@pytest.mark.parametrize(
    "change",
    [
        ('header = "网格"', 'header = "所属网格"'),
        (NOTE, NOTE + '  { id = "more", header = "另记", type = "text" },\n'),
        ('"在册" = ["正常"]', '"在册" = ["正常", "在"]'),
        ("max = 30", "max = 40"),
        ("min = 1, max", "min = 0, max"),
    ],
)
def test_what_touches_no_record_has_no_effect(town: Community, change: tuple[str, str]) -> None:
    assert effects(town, change) == []


def test_a_field_that_is_taken_away_leaves_its_cells_unread(town: Community) -> None:
    [effect] = effects(town, (NOTE, ""))
    assert (effect.kind, effect.table, effect.field, effect.cells) == (
        "dropped",
        "people",
        "note",
        6,
    )
    assert not effect.is_refused and effect.examples == ()


def test_cells_that_fit_no_more_are_counted_and_shown_masked(town: Community) -> None:
    kind = 'header = "电话", aliases = ["联系电话", "手机"], type = "phone"'
    [effect] = effects(town, (kind, kind.replace('"phone"', '"date"')))
    assert (effect.kind, effect.field, effect.cells) == ("unfit", "phone", 6)
    assert len(effect.examples) == 3 and not any("1380000" in x for x in effect.examples)


def test_an_empty_column_may_become_anything(town: Community) -> None:
    matters = ('header = "办理结果", type = "text"', 'header = "办理结果", type = "date"')
    assert effects(town, matters) == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (('key = ["no"]', 'key = ["status"]'), "key"),
        (('workbook = "名册"', 'workbook = "花名册"'), "workbook"),
    ],
)
def test_what_would_break_what_is_there_is_refused(
    town: Community, change: tuple[str, str], kind: str
) -> None:
    found = effects(town, change)
    assert [e.kind for e in found] == [kind] and found[0].is_refused
    assert found[0].as_json()["refused"] is True


def test_a_ledger_with_records_is_not_taken_away_and_one_without_is(town: Community) -> None:
    with town.session() as session:
        [effect] = effects_of(session, session.catalog.ledgers["roster"], None)
        assert (effect.kind, effect.cells) == ("workbook", 6)
        assert effects_of(session, session.catalog.ledgers["visit"], None) == []
