"""What people type is a text in every workbook we make, whatever XlsxWriter takes it for."""

from datetime import date
from io import BytesIO
from itertools import islice
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from xlsxwriter import Workbook

from ledgersync.demo.oldbook import write_old_workbook
from ledgersync.demo.people import sample_community
from ledgersync.messages import literal
from ledgersync.report import sheets
from ledgersync.report.one_page import Page, Section, as_workbook
from ledgersync.schema import load_catalog
from ledgersync.upward.reminder_book import reminder_book
from ledgersync.upward.reminders import Reminder
from ledgersync.upward.review_book import review_book
from ledgersync.workbook.build import NameList, Proposals, SheetRows, ledger_workbook, record_ids
from ledgersync.workbook.build.lists import Lists
from ledgersync.workbook.lists.answers import AnswerSheet, Line, write_answers
from ledgersync.workbook.lists.conflict_lines import ConflictLine
from ledgersync.workbook.lists.conflicts import write_conflict_workbook
from ledgersync.workbook.lists.list_book import ListPage, list_workbook
from ledgersync.workbook.read import read_workbook
from ledgersync.workbook.stamp_text import LIST_SHEET

TODAY = date(2024, 6, 1)
CATALOG = load_catalog()
HOMES = CATALOG.table("dibao", "households")
TEXTS = ["<r>a & b</r>", "<r>甲</r>", "<r><t>甲</t></r>", "=1+1", "{=1+1}", "mailto:a@b.c"]
TEXTS += ["http://a.b/?c=d", "internal:表!A1", "<t>甲</t>", "_x0041_", "1e5"]


def test_remarks_of_a_copy_come_back_as_they_were(tmp_path: Path) -> None:
    (record,) = sample_community(5, 30, TODAY, "幸福社区").tables["dibao", "households"][:1]
    row = tuple(record[f] for f in HOMES.field_ids)
    at = HOMES.field_ids.index("remark")
    records = [
        (rid, (*row[:at], text, *row[at + 1 :]))
        for rid, text in zip(islice(record_ids("s"), len(TEXTS)), TEXTS, strict=True)
    ]
    path = tmp_path / "甲.xlsx"
    path.write_bytes(
        ledger_workbook(
            CATALOG.ledger("dibao"),
            CATALOG,
            kind="copy",
            unit="<r>甲</r>",
            rows={"households": SheetRows(records)},
            stamp=None,
            today=TODAY,
        )
    )
    table = read_workbook(path, CATALOG, today=TODAY).tables[0]
    assert table.values["remark"] == TEXTS


@pytest.mark.parametrize("text", TEXTS)
def test_a_list_and_a_page_show_what_was_typed(text: str) -> None:
    field = next(f for f in HOMES.fields if f.type == "text")
    listed = list_workbook(ListPage(text, text, (field,), [(text,)], "甲", numbered=False))
    page = Page(text, (text,) * 4, (Section(text, ((text,) * 4,)),), (text,))
    for content in (listed, as_workbook([page])):
        sheet = load_workbook(BytesIO(content)).worksheets[0]
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        told = [c.value for c in cells if c.value != field.header]
        assert told == [text] * len(told) and len(told) >= 3
        assert not any(c.data_type == "f" or c.hyperlink for c in cells)


def test_a_title_of_the_time_before_is_no_formula(tmp_path: Path) -> None:
    rows = sample_community(5, 30, TODAY, "幸福社区").tables["dibao", "households"][:2]
    path = tmp_path / "甲.xlsx"
    write_old_workbook(path, CATALOG.ledger("dibao"), {"households": rows}, "=甲", TODAY, Random(1))
    assert load_workbook(path).worksheets[0]["A1"].data_type == "s"


@pytest.mark.parametrize("word", ['王"小"芳', "王,芳", "𠮷" * 126])
def test_words_that_no_rule_can_hold_stand_on_the_sheet_of_lists(word: str) -> None:
    assert Lists(Workbook(BytesIO())).source([word, "甲" * 4]) != [word, "甲" * 4]
    assert Lists(Workbook(BytesIO())).source(["王芳", "甲"]) == ["王芳", "甲"]


def test_a_name_in_quotation_marks_leaves_the_copy_whole() -> None:
    """`"王"小"芳"` is no formula, and a program calls a workbook with it damaged."""
    content = ledger_workbook(
        CATALOG.ledger("dibao"),
        CATALOG,
        kind="copy",
        unit="甲",
        rows={},
        stamp=None,
        today=TODAY,
        proposals={"households": Proposals({}, {"head_name": NameList(('王"小"芳', "赵亮"))})},
    )
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    rules = [str(rule.formula1) for rule in sheet.data_validations.dataValidation]
    assert not any("小" in rule for rule in rules)
    assert any(rule.startswith(LIST_SHEET) for rule in rules)


def test_a_summary_and_lists_of_units_hold_texts_that_look_like_formulas(tmp_path: Path) -> None:
    """Units and reasons as others wrote them; a sum of ours stays one."""
    unit = SimpleNamespace(name="=甲", code="330212001")
    due = SimpleNamespace(day=TODAY, mark=literal("", ""))
    step = SimpleNamespace(reason="=1+1\x07")
    standing: Any = SimpleNamespace(
        node=SimpleNamespace(unit=unit), last=None, steps=(step,), due=due, state="missing"
    )
    standing.on_time, standing.days_late = False, 3
    review_book(tmp_path / "a.xlsx", [(standing, [])])
    reminder = Reminder(standing, ("dibao",), literal("=乙", "=b"))
    period = SimpleNamespace(name="=丙")
    reminder_book(tmp_path / "b.xlsx", CATALOG, period, [reminder])  # type: ignore[arg-type]
    summary = Book()
    page = sheets.Page(summary.worksheets[0], (20.0, 10.0, 10.0), "甲")
    page.title("=甲", sheets.Caption("乙", "6月", TODAY))
    page.header(("=甲", "乙", "丙"))
    page.band("=甲")
    page.line(("=甲",), [("=SUM(B1:B2)", "#,##0")], note="=甲")
    page.spread(("=甲", "乙"), (2, 1))
    summary.save(tmp_path / "c.xlsx")
    formulas = [
        cell.value
        for name in ("a.xlsx", "b.xlsx", "c.xlsx")
        for sheet in load_workbook(tmp_path / name).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert formulas == ["=SUM(B1:B2)"]


def test_a_conflict_over_a_sign_that_no_cell_can_hold_is_listed(tmp_path: Path) -> None:
    told = dict.fromkeys(ConflictLine.__dataclass_fields__, "=甲\x07") | {"id": 1}
    write_conflict_workbook(tmp_path / "a.xlsx", [ConflictLine(**told)], "甲")  # type: ignore[arg-type]
    row = load_workbook(tmp_path / "a.xlsx").worksheets[0][4]
    assert (row[0].value, row[7].value, row[7].data_type) == (1, "=甲", "s")


def test_a_sample_of_an_old_workbook_is_shown_without_such_a_sign(tmp_path: Path) -> None:
    line = Line(("=甲\x07", "\x07"), "", ("取", "不取"), "甲", is_open=True)
    heads = (("甲", 9), ("乙", 9), ("丙", 9))
    write_answers(tmp_path / "a.xlsx", "甲", ("甲",), [AnswerSheet("各列", heads, "", [line])])
    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert [c.value for c in sheet[sheet.max_row]] == ["=甲", None, None]
