"""Filling in an issued copy in a real LibreOffice: proposals, hints, repetitions, saving."""

from collections.abc import Mapping
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.e2e.native_bench import Cells, needs_office, office_saved, recalculated

from ledgersync.files import atomic_write
from ledgersync.model import Stamp
from ledgersync.schema import load_catalog
from ledgersync.workbook.build import (
    NameList,
    Proposals,
    SheetRows,
    build_template,
    ledger_workbook,
    record_ids,
)
from ledgersync.workbook.read import read_workbook
from ledgersync.workbook.stamp import read_stamp

pytestmark = [pytest.mark.office, needs_office]
CATALOG = load_catalog()
TODAY = date(2024, 6, 1)
ID = "11010519491231002X"
SUGGESTED = {
    "visits": Proposals(
        defaults={"visitor": "王芳", "grid": "第1网格"},
        names={"subject_name": NameList(("张伟", "李娜"), {"subject_id": (ID, None)})},
    )
}


def _copy(folder: Path) -> Path:
    path = folder / "visit.xlsx"
    ids = record_ids("entry")
    ledger = CATALOG.ledger("visit")
    atomic_write(
        path,
        ledger_workbook(
            ledger,
            CATALOG,
            kind="copy",
            unit="幸福社区",
            rows={t.id: SheetRows((), list(islice(ids, 6))) for t in ledger.tables},
            stamp=Stamp("w", "visit", 1, 3, "c", "王芳"),
            today=TODAY,
            staff="王芳",
            proposals=SUGGESTED,
        ),
    )
    return path


def _typed(path: Path, sheet: str, rows: Mapping[int, Mapping[str, object]]) -> Path:
    """Cells as a person would type them, by row and header."""
    book = load_workbook(path)
    columns = {cell.value: cell.column for cell in book[sheet][3]}
    for row, cells in rows.items():
        for header, value in cells.items():
            book[sheet].cell(row, columns[header], value)  # type: ignore[arg-type]
    book.save(path)
    return path


def _column(cells: Cells, header: str) -> list[str]:
    at = cells[2].index(header)
    return [row[at] for row in cells[3:]]


def test_fresh_copies_and_templates_show_no_fault_at_all(tmp_path: Path) -> None:
    books = [_copy(tmp_path)]
    for ledger in CATALOG:
        books.append(tmp_path / f"empty_{ledger.id}.xlsx")
        build_template(books[-1], ledger, CATALOG, today=TODAY)
    for (_, sheet), cells in recalculated(tmp_path, books).items():
        if len(cells) > 2 and "校验" in cells[2]:
            assert set(_column(cells, "校验")) == {""}, sheet
            assert all(set(row[:-1]) <= {""} for row in cells[3:]), "nothing is proposed yet"


def test_five_typed_cells_make_a_whole_visit(tmp_path: Path) -> None:
    path = _copy(tmp_path)
    typed = {"走访日期": date(2024, 5, 31), "户址": "3-2", "受访人": "张伟"}
    typed |= {"走访方式": "入户", "走访对象": "张伟"}
    saved = office_saved(tmp_path, _typed(path, "走访记录", {4: typed}))
    data = read_workbook(saved, CATALOG, today=TODAY)
    assert read_stamp(saved) == Stamp("w", "visit", 1, 3, "c", "王芳")
    visits = data.tables[0]
    (record,) = visits.records()
    assert record["visit_no"] == f"ZF-{visits.record_ids[0][-8:]}"  # type: ignore[index]
    assert (record["visitor"], record["grid"]) == ("王芳", "第1网格")
    assert (record["subject_id"], record["household"]) == (ID, "3-2")
    assert len(visits.reserved) == 5, "rows with nothing but ids and formulas stay empty"


def test_the_first_fault_comes_first_and_hints_come_last(tmp_path: Path) -> None:
    path = _copy(tmp_path)
    rows = {
        4: {"登记日期": date(2024, 5, 1), "问题描述": "路灯不亮", "处理状态": "办结"},
        5: {"登记日期": date(2024, 5, 1), "处理状态": "办结", "办结日期": date(2024, 4, 1)},
        6: {"问题描述": "漏水", "登记日期": date(2024, 5, 1), "处理状态": "不知道"},
    }
    sheets = recalculated(tmp_path, [_typed(path, "问题诉求", rows)])
    told = _column(sheets["visit", "问题诉求"], "校验")
    assert told[0] == "提示：〔办结日期〕请补填；"
    assert told[1] == "〔问题描述〕必填，现为空；〔办结日期〕早于〔登记日期〕；"
    assert told[2].startswith("〔处理状态〕不在可选值内")
    assert told[3:] == ["", "", ""]
    banner = "有 2 行待更正，点此查看：第5行〔问题描述〕必填，现为空"
    assert banner in sheets["visit", "问题诉求"][1]


def test_a_repeated_id_names_the_row_where_it_stood_first(tmp_path: Path) -> None:
    path = tmp_path / "care.xlsx"
    build_template(path, CATALOG.ledger("care"), CATALOG, today=TODAY)
    # The first fifteen digits agree in all three, which is all that COUNTIF would compare.
    people = {4: ID, 5: "110105194912310011", 6: ID.lower(), 7: ID}
    homes = {4: "1-1", 5: "1-1", 6: "1-1", 7: "2-2"}
    rows = {
        row: {"姓名": "张伟", "人员类别": "独居", "身份证号": n, "住址": homes[row]}
        for row, n in people.items()
    }
    sheets = recalculated(tmp_path, [_typed(path, "重点人员", rows)])
    told = _column(sheets["care", "重点人员"], "校验")
    said = "行重复，而其他内容不同，请核对后保留一行；"
    assert "重复" not in told[1]
    assert (told[0], told[3]) == (f"〔身份证号〕与第6{said}", f"〔身份证号〕与第4{said}")


def test_a_copy_saved_by_libreoffice_still_checks_what_is_typed(tmp_path: Path) -> None:
    saved = office_saved(tmp_path, _copy(tmp_path))
    rows = {4: {"走访日期": "2022.13.1", "户址": "1-1"}}
    sheets = recalculated(tmp_path, [_typed(saved, "走访记录", rows)])
    told = _column(sheets[saved.stem, "走访记录"], "校验")
    assert told[0].startswith("〔走访日期〕不是有效的公历日期")
    assert set(told[1:]) == {""}
