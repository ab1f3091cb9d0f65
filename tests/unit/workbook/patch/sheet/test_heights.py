"""How many lines a text takes where it is written, and how tall its row becomes."""

import pytest
from tests.patching import text_of

from ledgersync.workbook.patch.sheet.heights import RowHeights, own_height

COLS = (
    '<cols><col min="2" max="3" width="12"/><col min="4" max="4" width="x"/>'
    '<col min="5" max="5" style="1"/><col max="1" width="22"/><col min="6" width="22"/></cols>'
)
TEXT = "一二三四五六七八九十"  # twenty characters wide


def of(head: str = COLS, tail: str = "") -> RowHeights:
    return RowHeights(text_of("", head, tail))


@pytest.mark.parametrize(
    ("column", "lines"), [(1, 1), (2, 2), (3, 2), (4, 10), (5, 4), (6, 4), (16_384, 4)]
)
def test_lines_by_the_width_of_the_column(column: int, lines: int) -> None:
    """Of which two characters stay blank; a width that is no number is none."""
    assert of().lines(2, column, TEXT) == lines
    assert of().lines(None, column, TEXT) == lines


@pytest.mark.parametrize(
    ("format_", "lines"),
    [
        ("", 4),
        ('<sheetFormatPr defaultColWidth="12"/>', 2),
        ('<sheetFormatPr defaultRowHeight="20"/>', 4),
        ('<sheetFormatPr defaultColWidth="0"/>', 4),
    ],
)
def test_lines_by_the_width_that_the_sheet_says(format_: str, lines: int) -> None:
    assert of(format_).lines(2, 7, TEXT) == lines


def test_a_text_in_merged_cells_is_not_measured() -> None:
    merged = '<mergeCells><mergeCell ref="B2:C4"/><mergeCell/><mergeCell ref="?"/></mergeCells>'
    heights = of(tail=merged)
    assert [heights.lines(row, 2, TEXT) for row in (1, 2, 4, 5, None)] == [2, 1, 1, 2, 2]
    assert heights.lines(3, 6, TEXT) == 4


@pytest.mark.parametrize(
    ("row", "lines", "after"),
    [
        (b'<row r="2">', 1, b'<row r="2">'),
        (b'<row r="2">', 2, b'<row r="2" ht="34.5">'),
        (b'<row r="2">', 3, b'<row r="2" ht="51">'),
        (b'<row r="2"/>', 2, b'<row r="2" ht="34.5"/>'),
        (b'<row r="2" />', 2, b'<row r="2" ht="34.5" />'),
        (b'<row r="2" ht="20" s="1"><c ht="1"/>', 2, b'<row r="2" s="1" ht="34.5"><c ht="1"/>'),
        (b'<row r="2" ht="34.50">', 2, b'<row r="2" ht="34.50">'),
        (b'<row r="2" ht="34.4">', 2, b'<row r="2" ht="34.5">'),
        (b'<row r="2" ht="99">', 2, b'<row r="2" ht="99">'),
        (b'<row r="2" ht="x">', 2, b'<row r="2" ht="34.5">'),
        (b'<row r="2" ht="20" customHeight="1">', 2, b'<row r="2" ht="20" customHeight="1">'),
        (b'<row r="2" ht="20" customHeight="0">', 2, b'<row r="2" customHeight="0" ht="34.5">'),
        (b' s="1"', 2, b' s="1" ht="34.5"'),
        (b"", 1, b""),
    ],
)
def test_a_row_becomes_as_tall_as_its_text(row: bytes, lines: int, after: bytes) -> None:
    assert of().fitted(row, lines) == after


def test_rows_that_are_tall_by_default_stay() -> None:
    tall = of('<sheetFormatPr defaultRowHeight="40"/>')
    assert tall.fitted(b"<row>", 2) == b"<row>"
    assert tall.fitted(b"<row>", 3) == b'<row ht="51">'
    none = of('<sheetFormatPr defaultRowHeight="0"/>')
    assert none.fitted(b"<row>", 2) == b'<row ht="34.5">'


@pytest.mark.parametrize(
    ("attributes", "kept"),
    [
        (b' s="1" ht="30"', b' s="1"'),
        (b' ht="30" customHeight="1"', b' ht="30" customHeight="1"'),
        (b" customHeight='true' ht='30'", b" customHeight='true' ht='30'"),
        (b"", b""),
    ],
)
def test_a_new_row_takes_over_only_a_height_that_a_person_gave(
    attributes: bytes, kept: bytes
) -> None:
    assert own_height(attributes) == kept
