"""What holds for whatever anybody types into any field."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledgersync.model import Invalid, Value
from ledgersync.schema import FieldSchema, load_catalog
from ledgersync.values import CellError, CellParser, from_json, parse_column, shown, to_json
from ledgersync.values.text import is_ditto

TODAY = date(2022, 6, 30)
FIELDS = [f for _, table in load_catalog().tables() for f in table.fields]
FIELDS += [
    FieldSchema(id="d", header="编码", type="digits"),
    FieldSchema(id="n", header="人数", type="integer", required=True, min=1, max=9),
    FieldSchema(id="m", header="金额", type="money", wanted=True, min=0),
]
BY_KIND = list({(f.type, f.required, f.wanted): f for f in FIELDS}.values())
WORDS = [w for f in FIELDS for c, s in f.choices.items() for w in (c, *s)]
TYPED = st.one_of(
    st.none(),
    st.text(max_size=24),
    st.text("0123456789.-/年月日元人,，、 Xx√是否无—'+=", max_size=14),
    st.sampled_from([*WORDS, "#REF!", "#N/A", "无", "/", "13800001234", "11010119900307299X"]),
    st.integers(-(10**19), 10**19),
    st.integers(9000, 74000),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.sampled_from(["#REF!", "#N/A", ""]).map(CellError),
)
PYTHON = {
    **dict.fromkeys(("text", "name", "code", "digits", "phone", "id_number", "choice"), (str,)),
    "integer": (int,),
    "decimal": (int, float),
    "money": (Decimal,),
    "date": (date,),
    "bool": (bool,),
    "choices": (tuple,),
}


@given(raw=TYPED)
@example(raw="\x00")
@example(raw="٣٤٥")
@example(raw="²")
@example(raw="〇〇点点")
@example(raw=2958466.5)
def test_a_value_of_the_fields_type_or_an_error_never_a_crash(raw: object) -> None:
    for field in BY_KIND:
        parsed = CellParser(field, TODAY)(raw)
        errors = [n for n in parsed.notes if n.severity == "error"]
        value = parsed.value
        if isinstance(value, Invalid):
            assert [n.rule for n in errors] == [value.rule]
        elif value is None:
            assert [n.rule for n in errors] == (["required"] if field.required else [])
        else:
            assert type(value) in PYTHON[field.type]
            assert {n.rule for n in errors} <= {"range", "date.future"}


@given(raw=TYPED)
@example(raw=0.00001)
def test_what_is_shown_of_a_value_reads_back_as_that_value(raw: object) -> None:
    """A value written into a workbook as people see it, and read again, has not changed."""
    for field in BY_KIND:
        parser = CellParser(field, TODAY)
        value = parser(raw).value
        if isinstance(value, Invalid) and not isinstance(raw, str):
            continue  # the number 2022.1 is no date, while the text is a month
        again = parser(shown(value)).value
        assert again == value, field.type


@given(raw=TYPED)
def test_json_and_back(raw: object) -> None:
    for field in BY_KIND:
        value = CellParser(field, TODAY)(raw).value
        again = from_json(field, to_json(value))
        assert (again, type(again)) == (value, type(value))
        if isinstance(value, Invalid):
            assert isinstance(again, Invalid)
            assert again.rule == value.rule


@given(st.lists(TYPED, max_size=12), st.data())
def test_a_column_is_its_cells(cells: list[object], data: st.DataObject) -> None:
    """Parsing by column takes short cuts, and says the same as cell by cell."""
    field = data.draw(st.sampled_from(BY_KIND))
    agree(field, cells)


@given(st.lists(st.text(max_size=20), min_size=1, max_size=8), st.data())
def test_a_column_of_texts_is_its_cells(cells: list[object], data: st.DataObject) -> None:
    field = data.draw(st.sampled_from([f for f in BY_KIND if f.type != "bool"]))
    agree(field, cells)


def agree(field: FieldSchema, cells: list[object]) -> None:
    parser = CellParser(field, TODAY)
    cells = ["x" if isinstance(c, str) and is_ditto(c) else c for c in cells]
    values, noted = parse_column(parser, cells)
    alone = [parser(cell) for cell in cells]
    if field.type == "bool" and any(v is True for v in values) and None not in values:
        alone = [p for p in alone if p.value is not None]
        values = [v for v, c in zip(values, cells, strict=True) if parser(c).value is not None]
        noted = {}
        alone = [type(p)(p.value) for p in alone]
    assert [(v, type(v)) for v in values] == [(p.value, type(p.value)) for p in alone]
    assert noted == {i: p.notes for i, p in enumerate(alone) if p.notes}


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["√", None, " ", "√"], [True, False, False, True]),
        (["√", "×", None], [True, False, None]),
        (["是", None], [True, None]),
        ([None, None], [None, None]),
        (["√", "部分", None], [True, "部分", None]),
        ([True, 1.0, "1", False, 0], [True, True, True, False, False]),
    ],
)
def test_blanks_in_a_column_of_ticks_are_no(cells: list[object], values: list[object]) -> None:
    field = FieldSchema(id="f", header="享受", type="bool")
    got = [v.typed if isinstance(v, Invalid) else v for v in parse_column_values(field, cells)]
    assert got == values


def parse_column_values(field: FieldSchema, cells: list[object]) -> list[Value]:
    return parse_column(CellParser(field, TODAY), cells)[0]


def test_true_is_not_one_in_a_column_of_text() -> None:
    field = FieldSchema(id="f", header="备注", type="text")
    assert parse_column_values(field, [True, 1, 1.0, "1"]) == ["TRUE", "1", "1", "1"]


@given(st.datetimes(datetime(1927, 1, 1), datetime(2099, 12, 31)))
def test_a_day_written_in_any_of_the_usual_ways(moment: datetime) -> None:
    day = moment.date()
    serial = (day - date(1899, 12, 30)).days
    parser = CellParser(FieldSchema(id="f", header="日期", type="date"), TODAY)
    y, m, d = day.year, day.month, day.day
    for raw in (
        *(f"{y}-{m}-{d}", f"{y}/{m:02}/{d:02}", f"{y}.{m}.{d}", f"{y}。{m}。{d}", f"{day:%Y%m%d}"),
        *(f"{y}年{m}月{d}日", int(f"{day:%Y%m%d}"), serial, float(serial), day, moment),
        str(moment),
    ):
        assert parser(raw).value == day


@given(st.decimals(0, 10**9, places=2))
def test_an_amount_written_in_any_of_the_usual_ways(amount: Decimal) -> None:
    parser = CellParser(FieldSchema(id="f", header="金额", type="money"), TODAY)
    for raw in (f"{amount}", f"{amount:,}", f"￥{amount}", f"{amount}元", float(amount)):
        assert parser(raw).value == amount


@given(st.text("0123456789Xx-张伟", min_size=6, max_size=30))
def test_messages_repeat_nothing_of_personal_fields(raw: str) -> None:
    for field in BY_KIND:
        if field.privacy == "none":
            continue
        for note in CellParser(field, TODAY)(raw).notes:
            assert raw not in note.message.zh
            assert raw not in note.message.en
