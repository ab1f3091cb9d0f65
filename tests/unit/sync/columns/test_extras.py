"""Columns that people add: which are one, which are carried, what is told of the others."""

import pytest
from tests.community import ROSTER, Community

from ledgersync.model import Column, Invalid, TableData, UnknownColumn
from ledgersync.schema import TableSchema
from ledgersync.schema.catalog import parse_ledger
from ledgersync.schema.extras import ExtraField
from ledgersync.sync.columns.extras import (
    LONGEST,
    carry,
    extra_id,
    extra_value,
    learn_columns,
    left_out,
    most_columns,
    shown_ledger,
)
from ledgersync.values.parse import CELL_LIMIT

LEDGER = parse_ledger(ROSTER, "roster.toml")
PEOPLE = LEDGER.by_id["people"]
Texts = list[str | None]


def extra(header: str) -> ExtraField:
    return ExtraField(id=extra_id(header), header=header, type="text")


def with_extras(*headers: str) -> TableSchema:
    return PEOPLE.changed(fields=(*PEOPLE.fields, *map(extra, headers)))


def sheet(*columns: tuple[str, str, Texts]) -> TableData:
    """Headers, kinds and texts of columns that nothing is known of, beside one of numbers."""
    unknown = [UnknownColumn(h, 5 + n, kind) for n, (h, kind, _) in enumerate(columns)]  # type: ignore[arg-type]
    data = TableData("roster", "people", "人员", (1,), (Column("no", "编号", 1),), tuple(unknown))
    count = len(columns[0][2])
    data.rows, data.values = list(range(2, 2 + count)), {"no": ["A1"] * count}
    data.extras = {f"{n}": texts for n, (_, _, texts) in enumerate(columns)}
    return data


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("疫苗接种", " 疫苗 接种 ", True),
        ("Ａ１", "a1", True),
        ("家属▸电话", "家属 ▸ 电话", True),
        ("家属▸电话", "家属电话", False),
        ("疫苗接种", "疫苗", False),
    ],
)
def test_headers_that_differ_in_blanks_width_or_case_are_one_column(
    one: str, other: str, same: bool
) -> None:
    assert (extra_id(one) == extra_id(other)) is same


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (None, None),
        ("007", "007"),
        ("=1+1", "=1+1"),
        ("#REF!", Invalid("#REF!", "cell.error")),
        ("字" * CELL_LIMIT, "字" * CELL_LIMIT),
        ("字" * (CELL_LIMIT + 1), Invalid("字" * (CELL_LIMIT + 1), "cell.too_long")),
    ],
)
def test_a_text_stays_as_it_stands_unless_it_is_no_value(text: str | None, value: object) -> None:
    found = extra_value(text)
    assert found == value
    assert not isinstance(value, Invalid) or getattr(found, "rule", None) == value.rule


def test_a_table_takes_twice_its_own_fields_and_never_more_than_thirty() -> None:
    steps = LEDGER.by_id["steps"]
    assert most_columns(steps) == 2 * len(steps.fields) == 8
    assert most_columns(with_extras("甲", "乙")) == 18  # those that are there count nothing
    wide = PEOPLE.changed(
        fields=tuple(f.changed(id=f"f{n}") for n, f in enumerate([PEOPLE.fields[-1]] * 40))
    )
    assert most_columns(wide) == 30


def test_of_two_columns_of_one_header_the_first_is_carried_and_the_other_stays_unknown() -> None:
    part = sheet(("疫苗", "own", ["一针", None]), ("疫 苗", "own", ["二", "三"]))
    carry(with_extras("疫苗"), part)
    assert part.values[extra_id("疫苗")] == ["一针", None]
    assert [c.index for c in part.columns] == [1, 5]
    assert [c.header for c in part.unknown_columns] == ["疫 苗"]
    assert list(part.extras.values()) == [["二", "三"]]


@pytest.mark.parametrize(("in_primary", "carried"), [(False, False), (True, True)])
def test_formulas_are_a_fields_only_in_a_primary(in_primary: bool, carried: bool) -> None:
    part = sheet(("疫苗", "formulas", ["一针"]))
    carry(with_extras("疫苗"), part, formulas=in_primary)
    assert (extra_id("疫苗") in part.values) is carried
    assert bool(part.unknown_columns) is not carried


@pytest.mark.parametrize("header", ["序号", "疫苗"])
@pytest.mark.parametrize("kind", ["serial", "bare", "repeated"])
def test_columns_of_other_kinds_are_never_carried(header: str, kind: str) -> None:
    part = sheet((header, kind, ["一"]))
    carry(with_extras(header), part)
    assert list(part.values) == ["no"]


def test_an_added_column_that_is_empty_here_is_left_off_a_new_sheet() -> None:
    wide = LEDGER.changed(tables=(with_extras("甲", "乙"), *LEDGER.tables[1:]))
    bare = (None,) * len(PEOPLE.fields)
    rows = {"r1": (*bare, None, "有"), "r2": (*bare, None, None)}
    ledger, visible = shown_ledger(wide, {"people": rows, "matters": {}, "steps": {}})
    assert [f.header for f in ledger.by_id["people"].extras] == ["乙"]
    assert visible["people"] == {"r1": (*bare, "有"), "r2": (*bare, None)}
    assert ledger.by_id["matters"] is LEDGER.by_id["matters"]
    assert shown_ledger(LEDGER, {t.id: {} for t in LEDGER.tables})[0] is LEDGER


def test_columns_are_learned_with_content_only_and_told_why_not(town: Community) -> None:
    part = sheet(
        ("疫苗", "own", ["一针", None]),
        ("空列", "own", [None, None]),
        ("长" * (LONGEST + 1), "own", ["一", None]),
        ("", "bare", [None, "散"]),
        ("合计", "formulas", ["1", "2"]),
    )
    with town.session() as session:
        ledger = session.catalog.ledgers["roster"]
        learned = learn_columns(session, ledger, [part])
        table = learned.by_id["people"]
        assert [f.header for f in table.extras] == ["疫苗"]
        carry(table, part)
        told = {(x.row, x.column): (x.told.zh, x.is_entry) for x in left_out(session, table, part)}
    assert sorted(told) == [(1, 7), (1, 9), (3, 8)]  # at the header, or at the first cell
    assert "请写短" in told[1, 7][0] and "没有表头" in told[3, 8][0]
    assert "整列是公式" in told[1, 9][0] and "2 格" in told[1, 9][0]
    assert [told[at][1] for at in ((1, 7), (3, 8), (1, 9))] == [True, True, False]
