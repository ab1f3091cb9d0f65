"""XML as bytes with positions: tags, elements, replacements, encodings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgersync.workbook.patch import PatchRefused
from ledgersync.workbook.patch.scan.xml_scan import (
    Splices,
    elements,
    escape,
    first,
    inside,
    mask,
    opening,
    require_utf8,
    require_well_formed,
    tags,
    unescape,
    whole_number,
)

PART = b"""<?xml version="1.0"?><!-- <a x="9"/> --><p:a x='1>2' p:y="&amp;"><b/><![CDATA[<b/>]]>
<c>1<b z="3">5</b></c></p:a>"""


def test_tags_are_found_and_what_only_looks_like_one_is_not() -> None:
    found = [(tag.name, tag.prefix, tag.closing, tag.empty) for tag in tags(PART)]
    assert found == [
        (b"a", b"p:", False, False),
        (b"b", b"", False, True),
        (b"c", b"", False, False),
        (b"b", b"", False, False),
        (b"b", b"", True, False),
        (b"c", b"", True, False),
        (b"a", b"p:", True, False),
    ]
    assert b"".join(PART[tag.start : tag.end] for tag in opening(PART, b"b", b"c")) == (
        b'<b/><c><b z="3">'
    )
    assert list(opening(PART, b"d")) == [] and first(PART, b"d") is None
    end = PART.index(b"<c>")
    assert [tag.name for tag in tags(PART, PART.index(b"<b/>"), end)] == [b"b"]


@pytest.mark.parametrize(
    ("name", "raw", "text"),
    [(b"x", b"1>2", "1>2"), (b"y", b"&amp;", "&"), (b"z", None, None), (b"p:y", None, None)],
)
def test_attributes_are_found_by_their_local_name(
    name: bytes, raw: bytes | None, text: str | None
) -> None:
    tag = next(tags(PART))
    assert (tag.get(name), tag.text(name)) == (raw, text)
    span = tag.span(name)
    assert (span is None) == (raw is None)
    assert span is None or PART[slice(*span)] == raw


def test_elements_and_what_is_inside_them() -> None:
    whole = next(elements(PART, b"a"))
    assert PART[whole.tag.start : whole.end] == PART[PART.index(b"<p:a") :]
    assert PART[whole.inner_start : whole.inner_end].startswith(b"<b/>")
    assert PART[whole.inner_end : whole.end] == b"</p:a>"
    found = list(inside(PART, whole, b"b"))
    assert [PART[item.tag.start : item.end] for item in found] == [b"<b/>", b'<b z="3">5</b>']
    assert [PART[item.tag.start : item.tag.end] for item in found] == [b"<b/>", b'<b z="3">']
    assert [PART[item.inner_start : item.inner_end] for item in found] == [b"", b"5"]
    span = found[1].tag.span(b"z")
    assert span is not None and PART[slice(*span)] == b"3"
    assert list(inside(PART, found[0], b"b")) == []


def test_elements_within_elements_of_one_name() -> None:
    data = b"<x><x>1</x><y/></x></x><y><x/></y><x>"
    found = [data[item.tag.start : item.end] for item in elements(data, b"x", b"y")]
    assert found == [b"<x>1</x>", b"<y/>", b"<x><x>1</x><y/></x>", b"<x/>", b"<y><x/></y>"]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (b"x", "7", b'<a x="7" y="2"/>'),
        (b"y", '<"&>', b'<a x="1" y="&lt;&quot;&amp;&gt;"/>'),
        (b"z", "<3", b'<a z="&lt;3" x="1" y="2"/>'),
    ],
)
def test_an_attribute_is_set_or_added(name: bytes, value: str, expected: bytes) -> None:
    data, splices = b'<a x="1" y="2"/>', Splices()
    assert not splices
    splices.attribute(next(tags(data)), name, value)
    assert splices
    assert splices.apply(data) == expected


def test_replacements_in_any_order() -> None:
    data, splices = b"0123456789", Splices()
    assert splices.apply(data) == data
    splices.replace(7, 9, b"x")
    splices.insert(2, b"a")
    splices.replace(2, 4, b"b")
    splices.insert(4, b"c")
    splices.replace(2, 3, b"inside a wider one")
    splices.insert(3, b"inside a wider one")
    splices.replace(9, 10, b"")
    splices.insert(0, b"^")
    splices.insert(10, b"$")
    assert splices.apply(data) == b"^01abc456x$"


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4)), max_size=6, unique_by=lambda t: t[0])
)
def test_replacements_apart_from_each_other_are_all_made(edits: list[tuple[int, int]]) -> None:
    data, splices = b"abcdefghijklmnopqrstuvwxyz", Splices()
    expected = [bytes([byte]) for byte in data]
    taken: set[int] = set()
    for start, length in edits:
        reach = set(range(start, start + max(length, 1) + 1))
        if reach & taken:
            continue
        taken |= reach
        splices.replace(start, start + length, b"[%d]" % start)
        for n in range(start, start + length):
            expected[n] = b""
        expected[start] = b"[%d]" % start + expected[start]
    assert splices.apply(data) == b"".join(expected)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (None, -1),
        (b"", -1),
        (b"x", -1),
        (b"-3", -1),
        (b"1.5", -1),
        (b" 12 ", 12),
        (b"0", 0),
        (b"999999999", 999_999_999),
        (b"1000000000", -1),
    ],
)
def test_whole_numbers(raw: bytes | None, number: int) -> None:
    assert whole_number(raw, -1) == number
    assert whole_number(raw) == max(number, 0)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_an_escaped_text_reads_back(text: str) -> None:
    raw = escape(text)
    assert unescape(raw) == text
    assert not set(raw) & set(b'<>"')


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (b"<a/>", None),
        (b'<?xml version="1.0"?><a encoding="GBK"/>', None),
        (b'<?xml version="1.0" encoding="UTF-8"?><a/>', None),
        (b"\xef\xbb\xbf\r\n<?xml version='1.0' encoding = 'utf8'?><a/>", None),
        (b'<?xml version="1.0" encoding="US-ASCII"?><a/>', None),
        (b'<?xml version="1.0" encoding="ascii"?><a/>', None),
        (b'<?xml version="1.0" encoding="GB2312"?><a/>', "xml.encoding"),
        (b"\xff\xfe<\x00a\x00/\x00>\x00", "xml.encoding"),
        (b"\xfe\xff\x00<\x00a\x00/\x00>", "xml.encoding"),
        (b"<!DOCTYPE a><a/>", "xml.doctype"),
        (b"<!--" + b"x" * 4000 + b"--><!DOCTYPE a><a/>", "xml.doctype"),
    ],
)
def test_encodings_that_are_understood(head: bytes, reason: str | None) -> None:
    if reason is None:
        assert require_utf8(head, "部件") is head
        return
    with pytest.raises(PatchRefused) as refused:
        require_utf8(head, "部件")
    assert (refused.value.reason, "部件" in refused.value.message.zh) == (reason, True)


def test_comments_and_the_like_are_blanked() -> None:
    masked = mask(PART)
    assert len(masked) == len(PART)
    assert (
        masked.split() == b"""<p:a x='1>2' p:y="&amp;"><b/> <c>1<b z="3">5</b></c></p:a>""".split()
    )


@pytest.mark.parametrize("data", [b"", b"<a>", b"<a></b>", b"<a x=1/>", b"<a/><b/>", b"<p:a/>"])
def test_parts_that_no_parser_takes_are_refused(data: bytes) -> None:
    with pytest.raises(PatchRefused) as refused:
        require_well_formed(data, "部件")
    assert (refused.value.reason, "部件" in refused.value.message.zh) == ("xml.malformed", True)


def test_a_part_that_a_parser_takes_however_long_its_texts() -> None:
    require_well_formed(PART.replace(b"p:", b""), "部件")
    require_well_formed(b"<a>" + b"x" * 10_000_001 + b"</a>", "部件")
