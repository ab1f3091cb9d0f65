"""Rows that move, however they are written: numbers and addresses follow, nothing else changes."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.patching import text_of

from ledgersync.workbook.patch.scan.row_map import RowMap
from ledgersync.workbook.patch.sheet.moving import MovingRows

ADDRESSES = [
    '<c r="{a}"{s}>', "<c r='{a}'{s}>", '<c{s} r="{a}">', '<c\nr = "${a}"{s}>', "<c{s}>",
    '<c r="{a}"{s}>',
]  # fmt: skip
TAGS = [
    '<row r="{n}"{x}>', '<row r="{n}"{x}>', "<row r='{n}'{x}>", '<row{x} r="{n}">', "<row\n{x}>",
]  # fmt: skip
BODIES = [
    "<v>{n}</v>", '<is><t>A{n}" r="{n}"</t></is>', "", "<f>A{n}</f>", "<is><t>'{n}'</t></is>",
    '<is><r><rPr><color rgb="A{n}"/><charset val="{n}"/></rPr><t>x</t></r></is>',
    '<f t="dataTable" r1="B{n}" ref="A{n}:B{n}"/>', '<!-- <c r="A{n}"> -->',
    '<is><t><![CDATA[<c r="A{n}">]]></t></is>',
]  # fmt: skip
EXTRAS = ["", ' spans="1:{n}"', ' ht="{n}"']
STYLES = ["", ' s="{n}"', ' s="4"']


@st.composite
def rows_as_written(draw: st.DrawFn) -> tuple[str, list[int]]:
    """Row elements in some order of spellings, and their numbers; mostly the usual spelling."""
    usual = draw(st.booleans())

    def some(ways: list[str]) -> str:
        return ways[0] if usual and draw(st.integers(0, 9)) else draw(st.sampled_from(ways))

    text, numbers, last = "", [], 0
    for _ in range(draw(st.integers(1, 12))):
        tag = some(TAGS)
        number = last + (draw(st.integers(1, 4)) if "{n}" in tag else 1)
        cells = ""
        for column in "ABCD"[: draw(st.integers(0, 4))]:
            cell = some(ADDRESSES) + some(BODIES) + "</c>"
            cells += cell.format(a=f"{column}{number}", n=number, s=some(STYLES).format(n=number))
        text += tag.format(n=number, x=some(EXTRAS).format(n=number)) + cells + "</row>"
        text += draw(st.sampled_from(["", "", "\n"]))
        numbers.append(number)
        last = number
    return text, numbers


def described(row: etree._Element, number: int) -> list[object]:
    """A row without what follows its number; an address says only whether it is the row's own."""
    cells = []
    for cell in row:
        address = cell.get("r")
        letters = (address or "").rstrip("0123456789")
        own = address and address == f"{letters}{number}" and letters
        inside = [etree.tostring(part) for part in cell]
        cells.append((own, sorted((k, v) for k, v in cell.items() if k != "r"), cell.text, inside))
    return [sorted((k, v) for k, v in row.items() if k != "r"), cells]


ODD = (
    """<row r="2"><c r="A2"><v>2</v></c></row><row r="3"><c r="A3"/><c r='B3'/></row>"""
    """<row r="4"><c r="A4" s="4"/></row><row r="7" ht="7"><c s="7"/></row>"""
)


@settings(max_examples=300, deadline=None)
@example((ODD, [2, 3, 4, 7]), [2], 9, 0, 1 << 20)
@given(
    rows_as_written(),
    st.lists(st.integers(1, 30), max_size=5),
    st.integers(1, 40),
    st.integers(0, 20),
    st.sampled_from([1, 200, 1 << 20]),
)
def test_numbers_follow_and_nothing_else_changes(
    written: tuple[str, list[int]], removed: list[int], before: int, count: int, block: int
) -> None:
    text, numbers = written
    sheet, rows = text_of(text), RowMap.of(removed, before, count)
    pieces = MovingRows(sheet, rows, block).pieces(sheet.data_start, sheet.data_end)
    found = etree.fromstring(b"<any>" + b"".join(map(bytes, pieces)) + b"</any>")
    old = dict(zip(numbers, etree.fromstring(f"<any>{text}</any>"), strict=True))
    expected = [(n, after) for n in numbers if (after := rows.row(n)) is not None]
    assert len(found) == len(expected)
    last = 0
    for (number, after), row in zip(expected, found, strict=True):
        assert int(row.get("r", last + 1)) == after
        assert described(row, after) == described(old[number], number)
        last = after
