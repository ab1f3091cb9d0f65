"""Several lists as one: what is one record, and what is told of it."""

from tests.community import ROSTER

from ledgersync.model import Value
from ledgersync.schema.catalog import parse_ledger
from ledgersync.sync.adopt.together import put_together
from ledgersync.workbook.foreign.plan import Plan, SheetPlan, TablePlan, TakenRow

LEDGER = parse_ledger(ROSTER, "roster.toml")


def row(sheet: str, number: int, **values: Value) -> TakenRow:
    return TakenRow(sheet, number, dict(values), file=f"{sheet}.xlsx")


def together(table: str, *rows: TakenRow) -> tuple[Plan, list[TakenRow]]:
    sheets = dict.fromkeys(r.sheet for r in rows)
    plan = Plan("roster")
    for name in sheets:
        mine = [r for r in rows if r.sheet == name]
        one = TablePlan(name, "roster", table, (1,), [], mine)
        plan.sheets.append(SheetPlan(f"{name}.xlsx", name, [one]))
    put_together(LEDGER, plan)
    return plan, plan.rows(table)


def test_a_person_on_two_lists_is_one_record_with_what_both_say() -> None:
    first = row("低保", 2, no="A1", name="王芳", phone="1")
    plan, left = together("people", first, row("高龄", 5, no="A1", name="王芳", note="独居"))
    assert left == [first]
    assert first.values == {
        **dict.fromkeys(LEDGER.by_id["people"].field_ids),
        "no": "A1",
        "name": "王芳",
        "phone": "1",
        "note": "独居",
    }
    [told] = plan.remarks
    assert "1 处是同一条" in told.zh and "5" in told.zh
    assert [o.reason for t in plan.tables() for o in t.left_out] == ["twice"]
    assert not any(sheet.is_plain for sheet in plan.sheets)


def test_two_that_contradict_each_other_both_stay_and_are_named() -> None:
    plan, left = together(
        "people", row("甲", 2, no="A1", name="王芳"), row("乙", 3, no="A1", name="李强")
    )
    assert len(left) == 2 and "身份相同而内容不同" in plan.remarks[0].zh
    assert all(sheet.is_plain for sheet in plan.sheets)


def test_the_fallback_key_tells_where_the_key_is_missing() -> None:
    _, left = together("people", row("甲", 2, phone="1", name="王芳"), row("乙", 3, phone="1"))
    assert len(left) == 1


def test_without_any_key_nothing_is_one() -> None:
    plan, left = together("people", row("甲", 2, name="王芳"), row("乙", 3, name="王芳"))
    assert len(left) == 2 and plan.remarks == []


def test_of_what_the_program_numbers_only_the_very_same_row_of_another_list_is_one() -> None:
    same = {"what": "修路灯", "person_no": "A1"}
    _, left = together("matters", row("甲", 2, **same), row("乙", 3, **same))
    assert [r.sheet for r in left] == ["甲"]
    _, left = together("matters", row("甲", 2, **same), row("甲", 3, **same))
    assert len(left) == 2  # twice on one list: somebody meant it
    _, left = together("matters", row("甲", 2, **same), row("乙", 3, what="修水管"))
    assert len(left) == 2


def test_what_belongs_to_a_row_that_is_gone_belongs_to_the_one_that_stays() -> None:
    first, second = row("甲", 2, no="A1", name="王芳"), row("乙", 2, no="A1", name="王芳")
    below = row("乙", 2, what="修路灯")
    below.parent = second
    plan = Plan("roster")
    for name, rows, more in (("甲", [first], []), ("乙", [second], [below])):
        tables = [TablePlan(name, "roster", "people", (1,), [], rows)]
        tables += [TablePlan(name, "roster", "matters", (1,), [], more)] if more else []
        plan.sheets.append(SheetPlan(f"{name}.xlsx", name, tables))
    put_together(LEDGER, plan)
    assert below.parent is first and plan.rows("people") == [first]
