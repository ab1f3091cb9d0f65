"""Whatever somebody types: written down by us, it reads back as the same value."""

from datetime import date, datetime
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from ledgersync.model import Invalid
from ledgersync.schema import FieldSchema, load_catalog
from ledgersync.values import CellError, CellParser, as_cell

TODAY = date(2022, 6, 30)
OF_TYPE: dict[tuple[str, bool], FieldSchema] = {
    (f.type, f.required): f for _, table in load_catalog().tables() for f in table.fields
}
FIELDS = [*OF_TYPE.values(), FieldSchema(id="digits", header="数码", type="digits")]
TYPED = "0123456789.-/年月日 '＋+=①１２元人一二三无—√×是否Xx\n\r\t_\u200b\u3000#"
TEXTS = st.text(TYPED, max_size=14) | st.text(max_size=8)
TEXTS |= st.dates(date(1880, 1, 1), date(2120, 1, 1)).map(str)
NUMBERS = st.integers(-10, 10**19) | st.floats(-1e17, 1e17) | st.integers(190001, 209912)
NUMBERS |= st.floats(1900, 2100).map(lambda x: round(x, 2))
DAYS = st.dates(date(1900, 3, 1), date(2150, 1, 1))
MOMENTS = st.datetimes(datetime(1900, 3, 1), datetime(2150, 1, 1))
MOMENTS = MOMENTS.map(lambda d: d.replace(microsecond=0, fold=0))
ERRORS = st.sampled_from(["#REF!", "#N/A", "#VALUE!"]).map(CellError)
RAW = st.one_of(TEXTS, NUMBERS, DAYS, MOMENTS, st.booleans(), ERRORS)


def read_back(cell: object) -> object:
    """What the reader yields for a cell written so: every number is a float."""
    if isinstance(cell, (int, float, Decimal)):
        assert not isinstance(cell, bool)
        return float(cell)
    return "" if cell is None else cell


def field(kind: str) -> FieldSchema:
    return next(f for f in FIELDS if f.type == kind)


@given(st.sampled_from(FIELDS), RAW)
@example(field("date"), 2022.06)
@example(field("date"), "1910-01-01")
@example(field("date"), date(1910, 1, 1))
@example(field("code"), 110101199003070000)
@example(field("id_number"), 110101199003070000)
@example(field("digits"), 1e17)
@example(field("integer"), "110101199003070134")
@example(field("integer"), "１２ ")
def test_a_value_reads_back_as_itself(f: FieldSchema, raw: object) -> None:
    parser = CellParser(f, TODAY)
    value = parser(raw).value
    again = parser(read_back(as_cell(f, value))).value
    assert again == value
    assert isinstance(again, Invalid) is isinstance(value, Invalid)
