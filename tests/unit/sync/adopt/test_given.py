"""What is typed behind `adopt --set`: columns, values, and what is refused."""

import pytest

from ledgersync.errors import UsageFault
from ledgersync.schema import load_catalog
from ledgersync.schema.mappings import IGNORED
from ledgersync.sync.adopt.given import with_given
from ledgersync.sync.adopt.masking import masked_samples
from ledgersync.workbook.foreign.lists import EMPTY, YEAR
from ledgersync.workbook.foreign.plan import ColumnPlan, Decisions, Plan, SheetPlan, TablePlan

DIBAO = load_catalog().ledgers["dibao"]


def column(header: str, field: str | None = None, *samples: str) -> ColumnPlan:
    return ColumnPlan(1, header, samples, "households", field, 0.5)


def plan(*headers: str) -> Plan:
    table = TablePlan("低保", "dibao", "households", (1,), [column(h) for h in headers])
    return Plan("dibao", [SheetPlan("旧.xlsx", "低保", [table])])


PLAN = plan("救助对象", "金额", "家庭 ▸ 电话")


@pytest.mark.parametrize(
    ("typed", "key", "field"),
    [
        ("救助对象=户主姓名", "救助对象", "households.head_name"),
        ("救助对象=head_name", "救助对象", "households.head_name"),
        ("救助 对象=户主姓名", "救助对象", "households.head_name"),
        ("金额=-", "金额", IGNORED),
        ("金额@f=-", "金额@F", IGNORED),
        ("家庭▸电话=联系电话", "家庭▸电话", "households.phone"),
    ],
)
def test_a_header_of_the_file_means_a_field_by_any_of_its_names(
    typed: str, key: str, field: str
) -> None:
    assert with_given(DIBAO, PLAN, Decisions(), [typed]).columns == {("", key): field}


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("保障状态=在保", "status", "在保"),
        ("保障状态=-", "status", EMPTY),
        ("年份=2021", YEAR, "2021"),
    ],
)
def test_a_field_without_a_column_gets_a_value_for_all(typed: str, name: str, value: str) -> None:
    assert with_given(DIBAO, PLAN, Decisions(), [typed]).values == {("", name): value}


def test_what_was_decided_before_stays_unless_it_is_said_anew() -> None:
    before = Decisions({("低保", "金额"): "a", ("", "金额"): "b"}, {("", "status"): "在保"})
    now = with_given(DIBAO, PLAN, before, ["金额=-"])
    assert now.columns == {("低保", "金额"): "a", ("", "金额"): IGNORED}
    assert now.values == before.values and before.columns["", "金额"] == "b"


def test_everything_that_is_wrong_is_named_at_once_and_nothing_is_taken() -> None:
    given = ["没有的列=户主姓名", "救助对象=没有的项", "保障状态=", "金额=-"]
    with pytest.raises(UsageFault) as caught:
        with_given(DIBAO, plan("救助对象", "金额"), Decisions(), given[:2] + given[3:])
    told = caught.value.message.zh
    assert "救助对象=没有的项" in told and "金额" not in told
    with pytest.raises(UsageFault, match="保障状态="):
        with_given(DIBAO, PLAN, Decisions(), given[2:3])


@pytest.mark.parametrize(
    ("shown", "sample", "masked"),
    [
        (column("x", "head_name", "王小明"), "王小明", "王*"),
        (column("联系电话", None, "13800000001"), "13800000001", "138****0001"),
        (column("备注", None, "电话13800000001"), "电话13800000001", "电话138****0001"),
        (column("类别", None, "城市"), "城市", "城市"),
    ],
)
def test_samples_are_masked_by_field_else_header_else_as_text(
    shown: ColumnPlan, sample: str, masked: str
) -> None:
    assert shown.samples == (sample,) and masked_samples(DIBAO, shown) == [masked]
