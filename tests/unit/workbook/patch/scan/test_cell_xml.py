"""Cells as they are written and read back."""

from datetime import datetime

import pytest

from ledgersync.workbook.patch import PatchRefused
from ledgersync.workbook.patch.scan.cell_xml import (
    Content,
    Transplant,
    content,
    serial,
)
from ledgersync.workbook.patch.scan.read_back import Read, agrees, read_rows
from ledgersync.workbook.patch.scan.xml_scan import unescape


@pytest.mark.parametrize(
    ("day", "old", "new"),
    [
        (datetime(1900, 1, 1), 1, None),
        (datetime(1899, 12, 31), None, None),
        (datetime(1900, 2, 28), 59, None),
        (datetime(1900, 3, 1), 61, None),
        (datetime(1904, 1, 1), 1462, 0),
        (datetime(2022, 6, 1, 12), 44713.5, 43251.5),
        (datetime(2022, 6, 1, 0, 0, 0, 864_000), 44713.00001, 43251.00001),
        (datetime(2022, 6, 1, 0, 0, 8, 640_000), 44713.0001, 43251.0001),
    ],
)
def test_days_as_serials(day: datetime, old: float | None, new: float | None) -> None:
    assert serial(day, date1904=False) == (old if old is None else pytest.approx(old, abs=1e-9))
    assert serial(day, date1904=True) == (new if new is None else pytest.approx(new, abs=1e-9))


@pytest.mark.parametrize(
    ("content", "style", "xml"),
    [
        (Content("blank", ""), 0, '<x:c r="B2"/>'),
        (Content("blank", ""), 3, '<x:c r="B2" s="3"/>'),
        (Content("formula", 'A1&"甲"'), 0, '<x:c r="B2"><x:f>A1&amp;"甲"</x:f></x:c>'),
        (Content("bool", "1"), 0, '<x:c r="B2" t="b"><x:v>1</x:v></x:c>'),
        (Content("number", "1.5"), 2, '<x:c r="B2" s="2"><x:v>1.5</x:v></x:c>'),
        (
            Content("text", "a<b"),
            0,
            '<x:c r="B2" t="inlineStr"><x:is><x:t xml:space="preserve">a&lt;b</x:t></x:is></x:c>',
        ),
    ],
)
def test_a_cell_as_it_is_written(content: Content, style: int, xml: str) -> None:
    assert content.xml(b"x:", b' r="B2"', style) == xml.encode()


ROW = (
    '<row r="2"><c><v>1</v></c><c t="b"><v>1</v></c>'
    '<c r="D2" t="inlineStr"><is><t>甲_x000D_</t></is></c><c/>'
    '<c t="s"><v>0</v></c><c r="H2"><f>A1</f><v>3</v></c></row>'
)
CELLS = {
    1: Read("number", "1"),
    2: Read("bool", "1"),
    4: Read("text", "甲\r"),
    5: Read("blank", ""),
    6: Read("other", "0"),
    8: Read("other", "3"),
}


@pytest.mark.parametrize("wanted", [[1, 2, 4, 5, 6, 8], [5], [6], [8], [2, 3], [7]])
def test_cells_read_back_with_and_without_addresses(wanted: list[int]) -> None:
    found = read_rows({2: ROW.encode()}, {2: wanted})
    assert found == {(2, c): CELLS[c] for c in wanted if c in CELLS}
    assert read_rows({3: ROW.encode()}, {3: wanted}) == {}  # another row stands there


@pytest.mark.parametrize(
    ("wanted", "content", "got", "same"),
    [
        ("甲", Content("text", "甲"), Read("text", "甲"), True),
        ("甲", Content("text", "甲"), Read("text", "乙"), False),
        ("1", Content("text", "1"), Read("number", "1"), False),
        (7, Content("digits", "007"), Read("text", "007"), True),
        (None, Content("blank", ""), Read("blank", ""), True),
        (None, Content("blank", ""), Read("text", ""), False),
        (True, Content("bool", "1"), Read("bool", "1"), True),
        (False, Content("bool", "0"), Read("bool", "1"), False),
        (1.5, Content("number", "1.5"), Read("number", "1.50"), True),
        (1.5, Content("number", "1.5"), Read("number", "1.6"), False),
        (1.5, Content("number", "1.5"), Read("text", "1.5"), False),
        ("=A1", Content("formula", "A1"), Read("other", "3"), True),
        ("=A1", Content("formula", "A1"), Read("number", "3"), False),
        ("x", Content("kept", ""), Read("blank", ""), True),
        ("x", Transplant(b"", b""), Read("text", "x"), True),
        ("x", Transplant(b"", b""), Read("blank", ""), False),
    ],
)
def test_what_was_wanted_is_there(
    wanted: object, content: Content | Transplant, got: Read, same: bool
) -> None:
    assert agrees(wanted, content, got) is same  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("&lt;a&gt;&amp;&quot;&apos;", "<a>&\"'"),
        ("&#65;&#x42;&#x4E00;", "AB一"),
        ("&other;&#x110000;", "&other;&#x110000;"),
        ("A & B", "A & B"),
    ],
)
def test_entities(raw: str, text: str) -> None:
    assert unescape(raw.encode()) == text


def test_a_cell_taken_over_as_it_stands() -> None:
    moved = Transplant(b' s="3" t="s"', b"<x:v>1</x:v>")
    assert moved.at(b"x:", b' r="B2"') == b'<x:c r="B2" s="3" t="s"><x:v>1</x:v></x:c>'


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("12345678901", "text"),
        ("123456789012", "digits"),
        ("11010119900307851X", "digits"),
        ("110101199003078515Xx", "text"),
        ("字" * 32_767, "text"),
        ("𠀀" * 16_383 + "字", "text"),
    ],
)
def test_texts_that_a_cell_holds(text: str, kind: str) -> None:
    assert content(text, False, "台账!A1") == Content(kind, text)  # type: ignore[arg-type]


def test_a_text_is_measured_as_a_spreadsheet_does() -> None:
    with pytest.raises(PatchRefused):
        content("𠀀" * 16_384, False, "台账!A1")
