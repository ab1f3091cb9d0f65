"""A worksheet part cut into rows and cells by position; large parts are searched, not indexed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.patching import MAIN, row, text_of

from ledgersync.workbook.patch import PatchRefused
from ledgersync.workbook.patch.scan import data
from ledgersync.workbook.patch.scan.data import RowFragment, SheetText
from ledgersync.workbook.patch.scan.row_map import MAX_ROW


@pytest.fixture(params=["indexed", "searched"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A small part, and one that counts as large."""
    if request.param == "searched":
        monkeypatch.setattr(data, "_INDEX_ALWAYS", 8)
        monkeypatch.setattr(data, "_SAMPLES", 8)
    return str(request.param)


ODD = "<row r='9'/>\n<row ht='3' r=\"12\" ><c/></row>"


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13, 70])
def test_rows_are_found_by_their_number(size: str, count: int) -> None:
    numbers = [3 * n + 1 for n in range(1, count + 1)]
    rows = ["\n" * (n % 3) + row(n, *["x" * (n % 7)] * (n % 4)) for n in numbers]
    text = text_of("".join(rows))
    places, position = {}, text.data_start
    for number, one in zip(numbers, rows, strict=True):
        places[number] = position + len(one) - len(one.lstrip())
        position += len(one.encode())
    for number in range(numbers[-1] + 3):
        above = [place for n, place in places.items() if n >= number]
        assert text.at(number) == min(above, default=text.data_end)
        assert text.find(number) == places.get(number)
    assert [text.number(place) for place in places.values()] == numbers
    assert list(text.backwards()) == sorted(places.values(), reverse=True)
    assert list(text.backwards(places[numbers[-1]])) == sorted(places.values())[-2::-1]
    assert list(text.starts) == sorted(places.values())
    assert list(text.numbers) == numbers
    assert "_indexed" not in vars(text) or vars(text)["_indexed"] is (size == "indexed")


@pytest.mark.parametrize(
    ("rows", "numbers"),
    [
        ("<row/><row/><row/>", [1, 2, 3]),
        ('<row r="4"/><row/><row r="9"/><row/>', [4, 5, 9, 10]),
        (ODD, [9, 12]),
        ('<row r="1"/><!-- <row r="7"/> --><row r="2"/>', [1, 2]),
        (f'<row r="{MAX_ROW}"/>', [MAX_ROW]),
        ("", []),
    ],
)
def test_rows_without_numbers_follow_the_one_before(
    size: str, rows: str, numbers: list[int]
) -> None:
    text = text_of(rows)
    assert [text.number(start) for start in text.starts] == numbers
    assert [text.find(n) for n in numbers] == list(text.starts)
    assert text.find(11) is None and text.at(MAX_ROW + 1) == text.data_end
    assert [text.row_around(text.end_of(start)) for start in text.starts] == numbers


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"/><row r="2"/>',
        '<row r="3"/><row r="2"/>',
        '<row r="0"/><row r="0"/><row r="1"/>',
        f'<row r="{MAX_ROW + 1}"/>',
        f'<row r="{MAX_ROW}"/><row/>',
        '<row r="9"/><row r="4"/><row r="12"/>',
    ],
)
def test_rows_out_of_order_are_refused(size: str, rows: str) -> None:
    with pytest.raises(PatchRefused) as refused:
        text = text_of(rows)
        text.find(5)
        assert list(text.numbers)
    assert refused.value.reason == "sheet.rows_out_of_order"


@given(st.sets(st.integers(1, 400), min_size=1, max_size=40), st.integers(1, 401))
def test_a_search_finds_what_an_index_finds(numbers: set[int], wanted: int) -> None:
    rows = "".join(row(n, *["甲"] * (n % 5)) + " " * (n % 9) for n in sorted(numbers))
    small, large = text_of(rows), text_of(rows)
    vars(large)["_indexed"] = False
    assert large.at(wanted) == small.at(wanted)
    assert large.find(wanted) == small.find(wanted)
    assert "starts" not in vars(large) or wanted not in numbers


def test_a_row_without_a_number_is_found_in_a_large_part() -> None:
    text = text_of('<row r="1"/><row r="5"/><row/><row r="9"/>')
    vars(text)["_indexed"] = False
    assert [text.find(n) for n in (5, 6, 9)] == list(text.starts)[1:]


def test_a_row_its_end_and_its_head() -> None:
    text = text_of('<row r="1"/> <row r="2" ht="9"><c r="A2"/></row>\n')
    first, second = text.starts
    assert (text.end_of(first), text.end_of(second)) == (second, text.data_end)
    assert text.fragment(first) == b'<row r="1"/> '
    assert text.fragment(second) == b'<row r="2" ht="9"><c r="A2"/></row>\n'
    assert text.row_tag(second) == b'<row r="2" ht="9">'
    assert text.raw[text.data_end :] == b"</sheetData></worksheet>"
    with pytest.raises(PatchRefused):
        text.row_tag(first + 1)


@pytest.mark.parametrize(
    ("attributes", "style"),
    [
        ("", None),
        (' s="4"', None),
        (' s="4" customFormat="1"', 4),
        (" customFormat='true' s='12'", 12),
        (' s="4" customFormat="0"', None),
        (' customFormat="1"', None),
    ],
)
def test_the_style_of_a_row(attributes: str, style: int | None) -> None:
    text = text_of(f'<row r="1"{attributes}/>')
    assert text.row_style(text.starts[0]) == style


@pytest.mark.parametrize(
    "data_tag", ["<sheetData/>", "<sheetData />", "<sheetData xml:space='x' />"]
)
def test_a_sheet_without_rows_is_opened(data_tag: str) -> None:
    raw = f'<worksheet xmlns="{MAIN}"><cols/>{data_tag}<tail/></worksheet>'
    text = SheetText(raw.encode(), "台账")
    head, tail = text.raw[: text.data_start], text.raw[text.data_end :]
    assert tail == b"</sheetData><tail/></worksheet>"
    assert head.rstrip(b" >") + b"/>" in raw.replace(" />", "/>").encode()
    assert head.endswith(b">") and not head.endswith(b"/>")
    assert text.data_start == text.data_end
    assert text.at(1) == text.data_end and text.find(1) is None
    assert list(text.backwards()) == []


def test_a_prefix_is_part_of_every_name() -> None:
    rows = '<x:row r="2"><x:c r="A2"><x:f>1</x:f></x:c></x:row>'
    raw = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    text = SheetText(raw.encode(), "台账")
    assert (text.prefix, list(text.numbers), text.has_formulas) == (b"x:", [2], True)
    assert [cell.body for cell in text.cells(text.starts[0])] == [b"<x:f>1</x:f>"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("<worksheet/>", "sheet.no_data"),
        ("<worksheet><sheetDataX/></worksheet>", "sheet.no_data"),
        ("<worksheet></sheetData><sheetData></worksheet>", "xml.malformed"),
        ("<worksheet><sheetData></worksheet>", "xml.malformed"),
        ('<?xml version="1.0" encoding="GBK"?><worksheet><sheetData/></worksheet>', "xml.encoding"),
        (
            '<worksheet xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            "<sheetData><mc:AlternateContent/></sheetData></worksheet>",
            "sheet.alternate_content",
        ),
    ],
)
def test_parts_that_cannot_be_cut_are_refused(raw: str, reason: str) -> None:
    with pytest.raises(PatchRefused) as refused:
        SheetText(raw.encode(), "台账")
    assert (refused.value.reason, "台账" in refused.value.message.zh) == (reason, True)


@pytest.mark.parametrize(
    "raw",
    [
        "<worksheet><sheetData><mc:AlternateContent/></sheetData></worksheet>",
        '<w xmlns:mc="urn:markup-compatibility"><sheetData/><mc:AlternateContent/></w>',
        '<w xmlns:mc="urn:markup-compatibility"><mc:AlternateContent/><sheetData/></w>',
    ],
)
def test_alternatives_outside_the_cells_harm_nobody(raw: str) -> None:
    assert SheetText(raw.encode(), "台账").raw.count(b"AlternateContent") == 1


@pytest.mark.parametrize(
    "hidden", ["<!-- <row r='1'/> -->", "<?x <row r='1'/> ?>", "<![CDATA[<row r='1'/>]]>"]
)
def test_what_only_looks_like_a_row_is_blanked_for_the_search(hidden: str) -> None:
    text = text_of(f"{hidden}{row(2, 5)}")
    assert list(text.numbers) == [2]
    assert text.raw.count(b"<row") == 2
    assert len(text.scan) == len(text.raw)
    assert text.scan[text.data_end :] == text.raw[text.data_end :]
    assert text.scan[: text.data_start] == text.raw[: text.data_start]


def test_a_mark_of_exclamation_alone_hides_nothing() -> None:
    text = text_of('<row r="1"><c r="A1" t="str"><v>好!? a</v></c></row>')
    assert text.scan is text.raw


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ('<c r="A2"/>', [(1, None, b"")]),
        ('<c r="B2" s="3"><v>1</v></c><c r="AA2"/>', [(2, 3, b"<v>1</v>"), (27, None, b"")]),
        ("<c/><c s='12'/><c r='$E$2'/><c/>",
         [(1, None, b""), (2, 12, b""), (5, None, b""), (6, None, b"")]),
        ('<!-- <c r="A2"/> --><c r="B2"/>', [(2, None, b"")]),
        ('<c r="A2"><v>1</v></c ><c r="B2"><is><t><![CDATA[</c>]]></t></is></c>',
         [(1, None, b"<v>1</v>"), (2, None, b"<is><t><![CDATA[</c>]]></t></is>")]),
        ('<c r="A2"><?x </c> ?></c>', [(1, None, b"<?x </c> ?>")]),
        ('<c r="A2"></c>', [(1, None, b"")]),
    ],
)  # fmt: skip
def test_the_cells_of_a_row(cells: str, found: list[tuple[int, int | None, bytes]]) -> None:
    raw = f'<row r="2">{cells}</row>\n'.encode()
    fragment = RowFragment(raw, b"", "台账 2")
    assert [(c.column, c.style, c.body) for c in fragment.cells] == found
    assert not fragment.empty
    assert raw[fragment.end :] == b"</row>\n"
    for one in fragment.cells:
        assert raw[one.start : one.start + 2] == b"<c" and raw[one.end - 1 : one.end] == b">"


@pytest.mark.parametrize(
    "cells", ['<c r="B2"/><c r="A2"/>', '<c r="B2"/><c r="B2"/>', '<c/><c r="A2"/>']
)
def test_cells_out_of_order_are_refused(cells: str) -> None:
    with pytest.raises(PatchRefused) as refused:
        text = text_of(f'<row r="2">{cells}</row>')
        text.cells(text.starts[0])
    assert refused.value.reason == "sheet.cells_out_of_order"
    assert "台账 2" in refused.value.message.zh


@pytest.mark.parametrize(
    ("raw", "edits", "after"),
    [
        (b'<row r="1"/>\n', [], b'<row r="1"/>\n'),
        (b'<row r="1"/>\n', [(0, 0, b"")], b'<row r="1"/>\n'),
        (b'<row r="1" />\n', [(9, 9, b"<c/>"), (9, 9, b"<d/>")], b'<row r="1"><c/><d/></row>\n'),
        (b"<row><c/></row>\n", [(9, 9, b"<e/>"), (5, 9, b"<d/>")], b"<row><d/><e/></row>\n"),
        (b"<row><c/></row>\n", [(9, 9, b"<z/>"), (9, 9, b"<a/>")], b"<row><c/><z/><a/></row>\n"),
    ],
)
def test_a_row_with_stretches_replaced(
    raw: bytes, edits: list[tuple[int, int, bytes]], after: bytes
) -> None:
    assert RowFragment(raw, b"", "台账 1").changed(edits) == after


def test_a_row_of_a_part_with_a_prefix_is_opened_with_it() -> None:
    fragment = RowFragment(b"<x:row/>", b"x:", "台账 1")
    assert fragment.changed([(0, 0, b"<x:c/>")]) == b"<x:row><x:c/></x:row>"


@pytest.mark.parametrize(
    ("cells", "attributes"),
    [
        ("<c><f>A1</f></c>", []),
        (
            '<c><f t="shared" si="0"/></c><c><f ca="1">B1</f></c>',
            [b't="shared" si="0"/', b'ca="1"'],
        ),
        ("<c><v>1</v></c>", []),
        ('<c t="str"><v>f!</v></c>', []),
        ("<!-- <f t='array'> --><c/><c><f>A1</f></c>", []),
    ],
)
def test_formulas_that_carry_attributes(cells: str, attributes: list[bytes]) -> None:
    text = text_of(f'<row r="1">{cells}</row>', tail="<f x='1'>")
    assert [found[1] for found in text.formula_tags()] == attributes
    assert text.has_formulas is ("<f>" in cells or bool(attributes))
