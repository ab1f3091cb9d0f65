"""What a package is refused for is found, however quickly most packages are passed."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgersync.errors import UnreadableFile
from ledgersync.workbook.read.formats import preflight

REFERENCES = st.one_of(
    st.builds(lambda c, r: f"{c}{r}", st.sampled_from("ABCZ"), st.integers(1, 300)),
    st.builds(lambda c, r: f"{c}{r}", st.sampled_from(["A", "zz", "XFD", "ZZZ"]), st.just(9)),
    st.sampled_from(["A999999", "B1048577", "E99999999", "A0", "1A", "", "A1\nB2", "a7", "A 1"]),
)
CELLS = st.builds(
    lambda ref, end: f'<c r="{ref}"{end}', REFERENCES, st.sampled_from([">", "/>", ' t="s">'])
)
PIECES = st.sampled_from(
    [
        '<row r="1">',
        '<row r="2" spans="1:2"><c><v>',
        '<c s="1" r="B7">',
        '<c r="A1" r="B1">',
        '<c  r="A1">\n    ',
        '<x:c r="A9">',
        '<c r="A1" or="2">',
        'operator="x"',
        "<sheetData>",
        "</sheetData>",
        '<f r="A1">',
        '\tr="\n    ',
        '<c\nr="A1">',
        '<c x:r="A2" r="A3">',
        'rgbColor="1"',
    ]
)


def outcome(xml: bytes) -> object:
    is_named = not preflight._may_be_placed_twice(xml)
    try:
        return preflight._stray(xml, "名", is_named=is_named)
    except UnreadableFile as refused:
        return str(refused)


@settings(max_examples=150, deadline=None)
@given(st.lists(CELLS | PIECES, max_size=40), st.integers(0, 3))
def test_cells_close_together_are_passed_as_looked_at(cells: list[str], repeated: int) -> None:
    xml = ("".join(cells) + '<c r="A1" t="s">' * 10**repeated).encode()
    found = outcome(xml)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preflight, "_lie_close", lambda _: False)
        patch.setattr(preflight, "_may_be_placed_twice", lambda _: True)
        assert found == outcome(xml)


@settings(max_examples=150, deadline=None)
@given(st.lists(CELLS | PIECES, max_size=12))
def test_cells_placed_twice_are_searched_for(pieces: list[str]) -> None:
    xml = "".join(pieces).encode()
    assert preflight._may_be_placed_twice(xml) or not preflight._TWICE.search(xml)


def test_rows_that_end_before_they_begin_hide_nothing() -> None:
    xml = b'</sheetData><x a:r="B1" er="2"/><c r="A1" er="A2"/><c s="1" r="A1" r="B7"/><sheetData>'
    assert preflight._may_be_placed_twice(xml)


@settings(max_examples=100, deadline=None)
@given(st.text("<!\0DOCTYPEdoctype x", max_size=30))
def test_document_types_are_searched_for(text: str) -> None:
    xml = text.encode()
    assert preflight._declares(xml) == bool(preflight._DOCTYPE.search(xml))
    wide = re.sub("(.)", "\\1\0", f"<!DOCTYPE{text}").encode()
    assert preflight._declares(wide) and preflight._declares(b"\0" + wide)
