"""Shared formulas and formula blocks: a master goes, members part ways, rows move."""

import pytest
from tests.patching import text_of

from ledgersync.workbook.patch import PatchRefused
from ledgersync.workbook.patch.follow.shared_formulas import (
    Formula,
    blocks,
    formulas_with_attributes,
    masters,
    rehome,
    unshare,
    unshare_changing,
)
from ledgersync.workbook.patch.scan.data import SheetText
from ledgersync.workbook.patch.scan.refs import Area


def f(place: str, attributes: str, text: str = "") -> str:
    """A cell with a formula, self-closed where it has no text."""
    inner = f"<f {attributes}>{text}</f>" if text else f"<f {attributes}/>"
    return f'<c r="{place}">{inner}<v>0</v></c>'


def plain(place: str, text: str) -> str:
    return f'<c r="{place}"><f>{text}</f><v>0</v></c>'


GROUP, OTHER = 't="shared" si="0"', 't="shared" si="1"'
MASTER = 't="shared" ref="{}" si="0"'


def sheet(*rows: str) -> SheetText:
    """Rows of cells; the number stands in their addresses."""
    return text_of("".join(f'<row r="{n}">{cells}</row>' for n, cells in enumerate(rows, 2)))


def cells_of(raw: bytes) -> str:
    inner = raw.decode().partition("<sheetData>")[2].partition("</sheetData>")[0]
    return inner.replace("</row>", "").partition(">")[2]


BLOCK = sheet(
    f("B2", MASTER.format("B2:C4"), "A2*2") + f("C2", GROUP),
    f("B3", GROUP) + plain("C3", "A3") + f("D3", OTHER, "A1"),
    f("B4", GROUP, "A4*3") + f("C4", GROUP),
)


def test_what_formulas_with_attributes_say() -> None:
    found = formulas_with_attributes(BLOCK)
    assert [(x.row, x.column, x.group, x.text) for x in found] == [
        (2, 2, "0", "A2*2"),
        (2, 3, "0", ""),
        (3, 2, "0", ""),
        (3, 4, "1", "A1"),
        (4, 2, "0", "A4*3"),
        (4, 3, "0", ""),
    ]
    assert [x.area for x in found] == [Area(2, 2, 4, 3), *[None] * 5]
    for one in found:
        raw = BLOCK.raw[one.start : one.end]
        assert raw.startswith(b"<f ") and raw.endswith(b"</f>" if one.text else b"/>")
    heads = formulas_with_attributes(BLOCK, members=False)
    assert heads == [found[0], found[3], found[4]]


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        (f("B2", 't="dataTable" ref="B2:B4" dt2D="0" r1="A1"'), True),
        (f("B2", 't="array" ref="B2:B4"', "A2:A4"), True),
        (f("B2", 'ca="1"', "A1&amp;B1"), True),
        (f("B2", GROUP), False),
    ],
)
def test_members_are_left_out_where_only_heads_are_wanted(cell: str, kept: bool) -> None:
    text = sheet(cell)
    assert len(formulas_with_attributes(text, members=False)) == kept
    one = formulas_with_attributes(text)[0]
    assert one.kind in ("dataTable", "array", "normal", "shared")
    assert one.text in ("", "A2:A4", "A1&B1")


def test_blocks_are_arrays_and_data_tables() -> None:
    text = sheet(
        f("B2", 't="array" ref="B2:B4"', "A2:A4") + f("C2", GROUP, "A1") + f("D2", 'ca="1"', "A1"),
        f("E3", 't="dataTable" ref="E3:F4" r1="A1"') + f("G3", 't="array"', "A1"),
    )
    assert blocks(formulas_with_attributes(text)) == [
        ("array", Area(2, 2, 4, 2)),
        ("dataTable", Area(3, 5, 4, 6)),
        ("array", Area(3, 7, 3, 7)),
    ]


def test_the_first_with_a_text_is_the_master_of_its_group() -> None:
    assert masters(formulas_with_attributes(BLOCK)) == {(2, 2), (3, 4)}
    late = sheet(f("B2", GROUP), f("B3", GROUP, "A3"), f("C4", 't="array" si="2"', "A1"))
    assert masters(formulas_with_attributes(late)) == {(3, 2)}


@pytest.mark.parametrize(
    ("touched", "place", "heir"),
    [
        ({(2, 2)}, "C2", 't="shared" ref="B2:C4" si="0">B2*2'),
        ({(2, 2), (2, 3)}, "B3", 't="shared" ref="B3:C4" si="0">A3*2'),
        ({(2, 2), (2, 3), (3, 2)}, "B4", 't="shared" ref="B4:C4" si="0">A4*3'),
        ({(2, 2), (2, 3), (3, 2), (4, 2)}, "C4", 't="shared" ref="C4" si="0">B4*2'),
    ],
)
def test_the_next_member_becomes_the_master(
    touched: set[tuple[int, int]], place: str, heir: str
) -> None:
    raw = rehome(BLOCK, formulas_with_attributes(BLOCK), touched)
    assert f'<c r="{place}"><f {heir}</f>' in raw.decode()
    assert raw.count(b'ref="') == BLOCK.raw.count(b'ref="') + (place != "B2")


def test_a_master_that_stays_keeps_its_members() -> None:
    formulas = formulas_with_attributes(BLOCK)
    assert rehome(BLOCK, formulas, {(2, 3), (3, 3)}) == BLOCK.raw
    everyone = {(one.row, one.column) for one in formulas}
    assert rehome(BLOCK, formulas, everyone) == BLOCK.raw


def test_members_get_formulas_of_their_own() -> None:
    formulas = formulas_with_attributes(BLOCK)
    raw = unshare(BLOCK, formulas)
    expected = [
        (plain("B2", "A2*2"), plain("C2", "B2*2")),
        (plain("B3", "A3*2"), plain("C3", "A3"), plain("D3", "A1")),
        (plain("B4", "A4*3"), plain("C4", "B4*2")),
    ]
    assert raw == sheet(*map("".join, expected)).raw
    one = unshare(BLOCK, formulas, {"1"})
    assert one == BLOCK.raw.replace(b'<f t="shared" si="1">A1', b"<f>A1")
    lost = sheet(f("B2", GROUP))
    assert unshare(lost, formulas_with_attributes(lost)) == lost.raw


RANGED = sheet(
    f("B2", MASTER.format("B2:B3"), "SUM(A2:A9)") + f("C2", OTHER, "A2"),
    f("B3", GROUP) + f("C3", OTHER),
)


def test_only_groups_over_ranges_of_which_a_member_changes_are_taken_apart() -> None:
    seen: list[str] = []

    def changes(formula: Formula, text: str) -> bool:
        seen.append(text)
        return formula.row == 3

    apart = sheet(
        plain("B2", "SUM(A2:A9)") + f("C2", OTHER, "A2"),
        plain("B3", "SUM(A3:A10)") + f("C3", OTHER),
    )
    assert unshare_changing(RANGED, changes) == apart.raw
    assert seen == ["SUM(A2:A9)", "SUM(A3:A10)"]
    assert unshare_changing(RANGED, lambda *_: False) == RANGED.raw
    assert unshare_changing(BLOCK, lambda *_: True) == BLOCK.raw


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><f t="shared" si="0"/><c r="B2"/></row>',
        '<row r="2"><c r="B2"><v/></c><f t="shared" si="0"/></row>',
        '<row r="2"><c r="B2"><f t="shared" si="0">A1</c></row>',
    ],
)
def test_formulas_that_stand_nowhere_are_refused(rows: str) -> None:
    with pytest.raises(PatchRefused) as refused:
        formulas_with_attributes(text_of(rows))
    assert refused.value.reason == "xml.malformed"
