"""How many lines a text takes, and how tall that makes a row."""

import pytest

from ledgersync.workbook.lines import height_of, line_count


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("备注", 10, 1),
        ("四个汉字", 10, 1),
        ("一共五个字", 10, 2),
        ("2022-06-01", 13, 1),
        ("一\n二\n三", 20, 3),
        ("一\n\n三", 20, 3),
        ("长" * 100, 22, 10),
        ("窄", 1, 1),
    ],
)
def test_lines(text: str, width: float, lines: int) -> None:
    assert line_count(text, width) == lines


def test_rows_grow_by_the_line_as_far_as_a_spreadsheet_allows() -> None:
    assert height_of(2) - height_of(1) == height_of(3) - height_of(2) > 0
    assert height_of(1000) <= 409
