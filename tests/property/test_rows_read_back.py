"""Rows taken apart at a glance say what a parser says of them, or are left to it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ledgersync.workbook.patch.scan import read_back

TEXTS = st.one_of(
    st.text(max_size=5),
    st.sampled_from(
        ["&amp;", "]]>", "a\rb", "\x01", "\ufffe", "_x000D_", "_x4E00_甲", "<b/>", "1.5"]
    ),
)
ADDRESSES = st.sampled_from(["A2", "B2", "C2", "AA2", "A3", "b2", "$A$2", "A02", "A0", "ABCD2", ""])
ATTRIBUTES = st.sampled_from(
    ["", ' s="3"', " s='3'", ' t="inlineStr"', ' s="1" t="b"', ' t="s"', ' s="1" s="2"', ' t=""']
)
INSIDE = st.one_of(
    st.builds("<v>{}</v>".format, TEXTS),
    st.builds("<f>A1</f><v>{}</v>".format, TEXTS),
    st.builds('<is><t xml:space="preserve">{}</t></is>'.format, TEXTS),
    st.builds("<is><r><t>{}</t></r></is>".format, TEXTS),
    st.sampled_from(
        ["", "<v/>", "<f/>", "<f></f>", '<f t="shared" si="0"/>', "<!--x-->", "<x:v/>"]
    ),
)
CELLS = st.one_of(
    st.builds('<c r="{}"{}>{}</c>'.format, ADDRESSES, ATTRIBUTES, INSIDE),
    st.builds('<c r="{}"{}/>'.format, ADDRESSES, ATTRIBUTES),
    st.sampled_from(["<c><v>1</v></c>", " ", "\n", "<!-- x -->", "x", "<c", '<x:c r="A2"/>']),
)
HEADS = st.sampled_from(
    [
        '<row r="2">',
        '<row r="2" spans="1:9" ht="2">',
        "<row>",
        '<row r="3">',
        '<row r="2"/>',
        '<row x="&">',
    ]
)
TAILS = st.sampled_from(["</row>", "</row>\r\n ", "</row>x", "", "</row><row></row>"])
ROWS = st.builds(
    lambda h, cells, t: h + "".join(cells) + t, HEADS, st.lists(CELLS, max_size=6), TAILS
)


def outcome(rows: list[str]) -> object:
    texts = {2 + n: row.replace("2", str(2 + n)) for n, row in enumerate(rows)}
    fragments = {n: text.encode("utf-8", "surrogatepass") for n, text in texts.items()}
    try:
        return read_back.read_rows(fragments, {n: [1, 2, 3, 27] for n in fragments})
    except (etree.XMLSyntaxError, ValueError) as fault:
        return type(fault)


@settings(max_examples=300, deadline=None)
@given(st.lists(ROWS, max_size=3))
def test_at_a_glance_as_a_parser_reads(rows: list[str]) -> None:
    found = outcome(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read_back, "_at_a_glance", lambda row: (row, None))
        assert found == outcome(rows)


def test_rows_of_ours_need_no_parser() -> None:
    row = '<row r="2" spans="1:3"><c r="A2" s="1"/><c r="B2" t="b"><v>1</v></c>'
    row += '<c r="C2" s="4" t="inlineStr"><is><t xml:space="preserve">甲</t></is></c></row>'
    assert read_back._at_a_glance(row.encode())[1] is not None
