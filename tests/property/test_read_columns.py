"""What reading does for whole columns and whole sheets, against the plain way cell by cell."""

import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgersync.model import Invalid, TableData, Value, WorkbookData
from ledgersync.schema import load_catalog
from ledgersync.values import CellParser, parse_column
from ledgersync.values import columns as columns_module
from ledgersync.values.identity import check_digit
from ledgersync.values.text import is_ditto, is_garbled, may_be_garbled
from ledgersync.workbook.read.formats import inflate
from ledgersync.workbook.read.formats.facts import SheetFacts
from ledgersync.workbook.read.formats.scan import cells_in_order, sheet_facts
from ledgersync.workbook.read.transport import packed, unpacked

TODAY = date(2022, 6, 30)
FIELDS = [f for _, t in load_catalog().tables() for f in t.fields if f.type != "bool"]
BLANK = st.just("")
IDS = st.builds(
    lambda body, wrong: body + (check_digit(body) if not wrong else "X"),
    st.from_regex(r"(360702|999999)(19|20)[0-9]{2}(0[0-9]|1[0-3])[0-3][0-9]{4}", fullmatch=True),
    st.booleans(),
)  # fmt: skip
KINDS = [
    st.one_of(BLANK, st.integers(-(10**6), 10**8).map(lambda cents: cents / 100)),
    st.one_of(BLANK, st.floats(), st.integers(-3, 10**16), st.booleans()),
    st.one_of(BLANK, st.dates(date(1899, 1, 1), date(2150, 1, 1)), st.datetimes()),
    st.one_of(BLANK, st.dates(date(2022, 6, 1), date(2022, 7, 9)), st.just("2022-06-01")),
    st.one_of(IDS, IDS.map(str.lower), BLANK, st.just(11010119900307299.0)),
    st.one_of(st.from_regex(r"1[2-9][0-9]{9}", fullmatch=True), st.just(13800138000.0), BLANK),
    st.text(alphabet="王芳锟斤拷烫鏉幸福路1号- ·'=無〃\ufffdÃ©è", max_size=8),
]


@settings(max_examples=300, deadline=None)
@given(
    field=st.sampled_from(FIELDS),
    cells=st.sampled_from(KINDS).flatmap(lambda kind: st.lists(kind, max_size=30)),
    sample=st.sampled_from([2, 500]),
)
def test_a_column_of_one_kind_is_its_cells(field: object, cells: list[object], sample: int) -> None:
    """Whether its cells repeat themselves (as a sample tells) or not."""
    with patch.object(columns_module, "_SAMPLE", sample):
        _agree(field, cells)


def _agree(field: object, cells: list[object]) -> None:
    parser = CellParser(field, TODAY)  # type: ignore[arg-type]
    cells = ["x" if isinstance(c, str) and is_ditto(c) else c for c in cells]
    values, noted = parse_column(parser, cells)
    alone = [parser(cell) for cell in cells]
    assert [repr(v) for v in values] == [repr(one.value) for one in alone]
    assert noted == {i: one.notes for i, one in enumerate(alone) if one.notes}


@pytest.mark.parametrize(
    "typed", ["甲\x85乙", "⓪", "𝟬", "﹣", "0'", "1٣.0", "⽆", "㎁", "0号", "Da", "1号楼"]
)
def test_texts_that_are_folded(typed: str) -> None:
    """A nought in a circle is a look-up that failed, in a column of texts as anywhere."""
    for field in [f for f in FIELDS if f.type == "text"]:
        _agree(field, [typed, "甲"])


@pytest.mark.parametrize("cells", [[0.0, -0.0, "甲"], [-0.0, "", 0.0], [0.0, -0.0] * 300])
def test_zeros_of_both_signs_are_told_apart(cells: list[object]) -> None:
    """Equal as keys of a dictionary, and `0` and `-0` as texts."""
    for field in [f for _, t in load_catalog().tables() for f in t.fields]:
        _agree(field, cells)


@given(st.text())
def test_garbled_texts_are_seen_from_afar(text: str) -> None:
    assert may_be_garbled(f"甲\n{text}\n乙") or not is_garbled(text)


VALUES: list[st.SearchStrategy[Value]] = [
    st.none(),
    st.text(alphabet="甲乙\0\n1", max_size=3),
    st.integers(0, 3),
    st.booleans(),
    st.floats(allow_nan=False),
    st.decimals(allow_nan=False, allow_infinity=False, places=2),
    st.dates(),
    st.tuples(st.sampled_from("甲乙")),
    st.builds(Invalid, st.sampled_from("甲乙"), st.just("type.date")),
]


@st.composite
def columns(draw: st.DrawFn) -> list[Value]:
    """Two hundred values, many of them alike or none."""
    kinds = draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=2))
    pool = draw(st.lists(st.one_of(kinds), min_size=1, max_size=draw(st.sampled_from([2, 150]))))
    random = draw(st.randoms(use_true_random=False))
    return [random.choice(pool) for _ in range(200)]


@settings(max_examples=150, deadline=None)
@given(columns())
def test_columns_come_out_as_they_went_in(column: list[Value]) -> None:
    table = TableData("a", "b", "甲", (1,), (), rows=list(range(200)), values={"f": list(column)})
    table.record_ids = [None] * 200
    moved = unpacked(packed(WorkbookData("甲.xlsx", "", None, [table]))).tables[0]
    assert [repr(v) for v in moved.values["f"]] == [repr(v) for v in column]
    assert moved.rows == list(range(200))


USUAL = [
    '<c r="{}"/>',
    '<c r="{}" s="3"><v>7</v></c>',
    '<c r="{}" t="e"><v>#N/A</v></c>',
    '<c t="e" r="{}"><f>1/0</f><v>#DIV/0!</v></c>',
    '<c r="{}"><f>LS_check</f><v></v></c>',
    '<c r="{}" s="1"><f t="shared" si="0"/><v>1</v></c>',
    '<c r="{}"><f t="shared" ref="A1:A2" si="0">B1&amp;"&lt;c&gt;"</f></c>',
    '<c r="{}"><f>A1="t="e""</f><v>0</v></c>',
    '<c r="{}" t="str"><f>""</f><v></v></c>',
    '<c r="{}" t="inlineStr"><is><t>t="e" c&gt;</t></is></c>',
    '<c r="{}"><f>B1</f><v /></c>',
    '<c r="{}"><f>B1</f><v/></c>',
    '<c r="{}"><f>Data!B1</f><v>5</v></c>',
    '<c r="{}" t="inlineStr"><f>B1</f><is><t>5</t></is></c>',
]
STRANGE = [
    '<c r="{}"><!-- x --><f>1</f></c>',
    '<c r="{}"><f>B1</f><!--x--><v>5</v></c>',
    '<c r="{}"><f>B1</f><?x y?><v>5</v></c>',
    '<c r="{}"><f>B1</f><v><![CDATA[5]]></v></c>',
    '<c r="{}"><f>B1</f><v>5<!--x--></v></c>',
    '<c r="{}" t="e"><v><![CDATA[#REF!]]></v></c>',
    '<!--<c r="{}" t="e"><v>#REF!</v></c>-->',
    "<c><v>1</v></c>",
    "<c><f>1+1</f></c>",
    '<c t="e"><v>#REF!</v></c>',
    "<c r='{}' t='e'><v>#REF!</v></c>",
]


def _sheet(rows: list[list[str]], prefix: str) -> bytes:
    """The rows as a sheet part; places are filled in."""
    lines = []
    for n, cells in enumerate(rows, 1):
        filled = "".join(c.format(f"{'ABCDEFGH'[i]}{n}") for i, c in enumerate(cells))
        lines.append(f'<row r="{n}">{filled}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
    if prefix:
        for tag in ("worksheet", "sheetData", "row", "c", "f", "v", "is", "t"):
            for end in (" ", ">", "/"):
                xml = xml.replace(f"<{tag}{end}", f"<x:{tag}{end}").replace(
                    f"</{tag}>", f"</x:{tag}>"
                )
        xml = xml.replace("xmlns=", "xmlns:x=")
    return xml.encode()


def _as_a_tree(xml: bytes) -> SheetFacts:
    """The same facts, from the parsed XML."""
    facts = SheetFacts()
    for row, column, cell in cells_in_order(xml):
        parts = {str(p.tag).rpartition("}")[2]: p.text or "" for p in cell}
        if "f" in parts:
            facts.note_formula(row, column)
        if cell.get("t") == "e":
            facts.errors[row, column] = parts.get("v") or "#N/A"
        elif "f" in parts and not parts.get("v") and cell.get("t") != "str":
            facts.errors[row, column] = f"={parts['f']}"
    return facts


@pytest.mark.parametrize("piece", [inflate.PIECE, 700, 97])
@pytest.mark.parametrize("cells", [USUAL, USUAL + STRANGE], ids=["usual", "any"])
@settings(max_examples=100, deadline=None)
@given(data=st.data(), prefix=st.sampled_from(["", "x"]))
def test_a_scanned_sheet_is_the_parsed_one(
    piece: int, cells: list[str], data: st.DataObject, prefix: str
) -> None:
    """Wherever a piece of what inflates ends: in a head, in a text, between two cells."""
    row = st.lists(st.sampled_from(cells), max_size=8)
    xml, out = _sheet(data.draw(st.lists(row, max_size=5)), prefix), BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet1.xml", xml)
    with patch.object(inflate, "PIECE", piece), patch.object(inflate, "_FEED", piece):
        scanned = sheet_facts(out.getvalue(), archive.getinfo("sheet1.xml"))
    assert scanned == _as_a_tree(xml)


@pytest.mark.parametrize(
    "inside",
    [
        "<f>B1</f><!--x--><v>5</v>",
        "<f>B1</f><v><![CDATA[5]]></v>",
        "<f>B1</f><v><!--x-->5</v>",
        "<!--<f>B1</f>--><v>5</v>",
        "<f>B1</f><?x y?><v>5</v>",
        "<f>B1</f><x/><v>5</v>",
    ],
)
def test_a_value_behind_something_strange_is_seen(inside: str) -> None:
    xml, out = _sheet([[f'<c r="{{}}">{inside}</c>']], ""), BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet1.xml", xml)
    assert not sheet_facts(out.getvalue(), archive.getinfo("sheet1.xml")).errors


def test_amounts_are_decimals_with_two_places() -> None:
    (field,) = [f for f in FIELDS if f.id == "monthly_amount"][:1]
    values, noted = parse_column(CellParser(field, TODAY), [1577.5, "", 2.0, 0.005])
    assert [repr(v) for v in values[:3]] == [
        repr(Decimal("1577.50")),
        "None",
        repr(Decimal("2.00")),
    ]
    assert [n.rule for n in noted[3]] == [n.rule for n in CellParser(field, TODAY)(0.005).notes]
    assert type(parse_column(CellParser(field, TODAY), [datetime(2022, 1, 1)])[0][0]) is Invalid
