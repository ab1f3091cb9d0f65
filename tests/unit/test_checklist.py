"""The checklist as a workbook: the page's steps, a count of what is open, valid for Office."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openxml_audit import FileFormat, OpenXmlValidator
from tests.checklist_book import HEADS, PAGE, RESULTS, checklist, parts_of

TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "a.xlsx"
    path.write_bytes(checklist(TEXT))
    return path


def test_every_step_of_the_page_stands_in_the_workbook(written: Path) -> None:
    sheet = load_workbook(written).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_col=5)]
    assert tuple(rows[0]) == HEADS
    steps = [row for row in rows if isinstance(row[0], int)]
    rows_of_page = [line for line in TEXT.splitlines() if line[:3].strip("| ").isdigit()]
    assert len(steps) == len(rows_of_page) > 15
    for (number, action, expected, *empty), line in zip(steps, rows_of_page, strict=True):
        assert line.replace("`", "") == f"| {number} | {action} | {expected} |"
        assert empty == [None, None]
    assert sheet.print_title_rows == "$4:$4"


def test_the_workbook_is_valid_and_the_same_again(written: Path) -> None:
    assert OpenXmlValidator(FileFormat.OFFICE_2010).validate(written).errors == []
    assert checklist(TEXT) == written.read_bytes()


def test_a_result_is_chosen(written: Path) -> None:
    rules = load_workbook(written).worksheets[0].data_validations.dataValidation
    assert [rule.formula1 for rule in rules] == [f'"{",".join(RESULTS)}"']


@pytest.mark.parametrize("numbers", [(), (1, 3), (2, 3), (1, 2, 2)], ids=str)
def test_a_page_whose_steps_do_not_count_up_is_refused(numbers: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="numbered"):
        parts_of("# 单\n## 甲\n" + "".join(f"| {n} | 做 | 看 |\n" for n in numbers))
