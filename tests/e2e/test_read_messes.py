"""The fifty messes of real ledgers, each as a file: read right, or a finding at its cell.

The number in a test's name is the mess's number in `docs/messes.md`.
"""

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from tests.fuzz.hostile import SHEET, repacked
from tests.reading import (
    LI,
    PEOPLE,
    TODAY,
    WANG,
    rules_of,
    save,
    save_text,
    skipped_of,
    values_of,
)

from ledgersync.checks import check_workbook
from ledgersync.errors import UnreadableFile
from ledgersync.model import Invalid, WorkbookData
from ledgersync.schema import load_catalog
from ledgersync.workbook.read.reading import read_here

A, B, C = "36070219351024220X", "500113197504263435", "330106198007250499"
HOUSE = "低保证号 | 户主姓名 | 户主身份证号 | 家庭人口数 | 保障人数 | 月保障金额 | 保障状态"
ONE, TWO = f"DB1 | 王芳 | {A} | 3 | 2 | 900 | 在保", f"DB2 | 李娜 | {B} | 2 | 2 | 600 | 在保"


def read(path: Path, password: str | None = None) -> WorkbookData:
    return read_here(path, load_catalog(), today=TODAY, password=password)


def text(folder: Path, table: str, merges: str = "", name: str = "台账.xlsx") -> WorkbookData:
    return read(save_text(folder / name, table, merges))


def column(folder: Path, field_header: str, cells: Sequence[Any]) -> WorkbookData:
    """A list of people with this column beside a valid name and id."""
    rows = [
        [f"王{'甲乙丙丁戊己庚辛壬癸'[n % 10]}", "", "孤儿", cell] for n, cell in enumerate(cells)
    ]
    return read(
        save(folder / "a.xlsx", 重点人员=[["姓名", "身份证号", "人员类别", field_header], *rows])
    )


def ids(folder: Path, cells: Sequence[Any]) -> WorkbookData:
    rows = [[f"王{'甲乙丙丁戊己庚辛壬癸'[n % 10]}", cell, "孤儿"] for n, cell in enumerate(cells)]
    return read(save(folder / "a.xlsx", 重点人员=[["姓名", "身份证号", "人员类别"], *rows]))


def test_01_02_title_and_caption(tmp_path: Path) -> None:
    data = text(
        tmp_path, f"幸福社区低保台账\n填报单位：幸福社区 填报日期：7月1日\n{HOUSE}\n{ONE}", "A1:G1"
    )
    assert skipped_of(data.tables[0]) == {1: "title", 2: "caption"}


def test_03_merged_headers_of_three_rows(tmp_path: Path) -> None:
    data = text(
        tmp_path,
        "基本信息 | | | 保障信息 | | |\n低保证号 | 户主 | | 人数 | | 月保障金额 | 保障状态\n"
        f" | 姓名 | 身份证号 | 家庭人口数 | 保障人数 | |\n{ONE}",
        "A1:C1 D1:G1 A2:A3 B2:C2 D2:E2 F2:F3 G2:G3",
    )
    assert data.tables[0].header_rows == (1, 2, 3)
    assert data.tables[0].record(0)["head_id"] == A
    assert data.findings == []


def test_04_hint_row(tmp_path: Path) -> None:
    data = text(tmp_path, f"{HOUSE}\n | | （18位） | | | | （①在保、②停发）\n{ONE}")
    assert skipped_of(data.tables[0]) == {2: "hint"}


def test_05_total_above_with_numbers_as_text(tmp_path: Path) -> None:
    data = text(tmp_path, f"{HOUSE}\n合计880户，选定875户 | | | | | '1,570.441 |\n{ONE}\n{TWO}")
    assert skipped_of(data.tables[0]) == {2: "total"}
    assert data.tables[0].rows == [3, 4]


def test_06_totals_inside_and_below(tmp_path: Path) -> None:
    data = text(tmp_path, f"{HOUSE}\n{ONE}\n小计 | | | 3 | 2 | 900\n{TWO}\n合计 | | | 5 | 4 | 1500")
    assert skipped_of(data.tables[0]) == {3: "total", 5: "total"}


def test_07_notes_and_signatures(tmp_path: Path) -> None:
    data = text(tmp_path, f"{HOUSE}\n{ONE}\n-\n备注：1.按月报\n2.不得空项\n填表人：　审核人：")
    assert skipped_of(data.tables[0]) == {4: "note", 5: "note", 6: "note"}


def test_08_numbered_and_wrapped_headers(tmp_path: Path) -> None:
    header = "1.低保 证号 | 2.户主\u3000姓名"
    data = text(
        tmp_path,
        f"{header} | 3.户主身份证号 | 4.家庭人口数（人） | 5.保障人数 | 6.月保障金额（元） | "
        f"7.状态\n{ONE}",
    )
    assert len(data.tables[0].columns) == 7


def test_09_villages_on_sheets_of_their_own(tmp_path: Path) -> None:
    data = read(save(tmp_path / "a.xlsx", 东风村=[PEOPLE, WANG], 李家湾村=[PEOPLE, LI]))
    assert [(t.sheet, len(t.rows)) for t in data.tables] == [("东风村", 1), ("李家湾村", 1)]


def test_10_empty_and_hidden_sheets(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", 甲=[PEOPLE, WANG], Sheet2=[], 乙=[PEOPLE, LI])
    book = load_workbook(path)
    book["乙"].sheet_state = "hidden"
    book.save(path)
    data = read(path)
    assert values_of(data, "name") == ["王芳", "李娜"]
    assert data.findings == []


def test_11_columns_reordered_inserted_and_repeated(tmp_path: Path) -> None:
    rows = [["备注", "电话", "身份证号", "照片", "姓名", "联系电话", "人员类别"]]
    rows += [["无", "1", A, "有", "王芳", "13800000001", "孤儿"]]
    data = read(save(tmp_path / "a.xlsx", 重点人员=rows))
    assert values_of(data, "phone") == ["13800000001"]
    assert [c.header for c in data.tables[0].unknown_columns] == ["电话", "照片"]
    assert [f.rule for f in data.findings] == ["header.unknown", "header.unknown"]


def test_12_two_tables_on_one_sheet(tmp_path: Path) -> None:
    members = f"低保证号 | 姓名 | 身份证号 | 与户主关系\nDB1 | 王芳 | {A} | 户主"
    data = text(tmp_path, f"{HOUSE}\n{ONE}\n-\n{members}")
    assert [t.table for t in data.tables] == ["households", "members"]


def test_13_vertically_merged_household(tmp_path: Path) -> None:
    data = text(
        tmp_path,
        f"低保证号 | 姓名 | 身份证号 | 与户主关系\nDB1 | 王芳 | {A} | 户主\n | 李娜 | {B} | 子女",
        "A2:A3",
    )
    assert values_of(data, "cert_no") == ["DB1", "DB1"]


def test_14_used_range_blown_up(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", 重点人员=[PEOPLE, WANG])
    book = load_workbook(path)
    book["重点人员"]["A1048576"].number_format = "0.00"
    book["重点人员"]["B900000"] = " "
    book.save(path)
    data = read(path)
    assert values_of(data, "name") == ["王芳"]
    assert [f.severity for f in data.findings] == ["info"]


def test_15_blank_rows_inside(tmp_path: Path) -> None:
    data = text(tmp_path, f"{HOUSE}\n-\n{ONE}\n-\n-\n{TWO}\n-\n-")
    assert data.tables[0].rows == [3, 6]
    assert skipped_of(data.tables[0]) == {4: "blank", 5: "blank"}


def test_16_17_hidden_rows_and_another_order(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", 重点人员=[PEOPLE, LI, WANG])
    book = load_workbook(path)
    book["重点人员"].row_dimensions[2].hidden = True
    book["重点人员"].auto_filter.ref = "A1:F3"
    book.save(path)
    assert values_of(read(path), "name") == ["李娜", "王芳"]


def test_18_a_dimension_that_lies(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", 重点人员=[PEOPLE, WANG])
    lie = repacked(path.read_bytes(), {SHEET: lambda x: x.replace(b'ref="A1:F2"', b'ref="A1:A1"')})
    path.write_bytes(lie)
    assert b'ref="A1:A1"' in zipfile.ZipFile(path).read(SHEET)
    assert values_of(read(path), "name") == ["王芳"]


def test_19_forty_two_thousand_merged_ranges(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", 重点人员=[PEOPLE, WANG])
    merges = b"".join(b'<mergeCell ref="Y%d:Z%d"/>' % (n, n) for n in range(1, 42_001))
    part = b"</sheetData><mergeCells>" + merges + b"</mergeCells>"
    path.write_bytes(
        repacked(path.read_bytes(), {SHEET: lambda x: x.replace(b"</sheetData>", part)})
    )
    assert values_of(read(path), "name") == ["王芳"]


def test_20_serial_numbers_are_no_keys(tmp_path: Path) -> None:
    data = text(tmp_path, f"序号 | {HOUSE}\n1 | {ONE}\n1 | {TWO}")
    assert data.tables[0].extras == {}
    assert data.findings == []


def test_21_shifted_down_and_right(tmp_path: Path) -> None:
    data = text(tmp_path, f"-\n-\n | | {HOUSE}\n | | {ONE}")
    assert data.tables[0].header_rows == (3,)
    assert data.tables[0].columns[0].index == 3


def test_22_23_24_numbers_that_lost_their_digits(tmp_path: Path) -> None:
    data = ids(tmp_path, [360702193510242000, 3.2e17, 36070219351024200000])
    assert rules_of(data, "id_number") == ["id.precision_lost"] * 3
    assert all(isinstance(v, Invalid) for v in values_of(data, "id_number"))


def test_25_26_27_ids_as_people_type_them(tmp_path: Path) -> None:
    typed = ["'" + B, f" {B}", B + "\u200b", A.lower(), A.replace("X", "Ｘ"), A.replace("X", "×")]
    data = ids(tmp_path, [*typed, "360702351024220"])
    assert values_of(data, "id_number") == [B, B, B, A, A, A, A]
    assert rules_of(data, "id_number") == ["id.upgraded15"]


def test_28_dragged_ids(tmp_path: Path) -> None:
    data = ids(tmp_path, ["360702193510242011", "360702193510242012", "360702193510242013"])
    found = check_workbook(data, load_catalog(), TODAY)
    assert "id.sequence_fill" in {f.rule for f in found}


def test_29_dates_in_all_written_forms(tmp_path: Path) -> None:
    typed = ["2022-6-1", "2022/6/1", "2022.6.1", "2022。6。1", "20220601", 20220601, 44713]
    data = column(tmp_path, "纳入日期", [*typed, "2022年6月1日", datetime(2022, 6, 1), "2022年6月"])
    assert values_of(data, "enrolled") == [date(2022, 6, 1)] * 10
    assert rules_of(data, "enrolled") == ["date.month_only"]


def test_29_the_1904_date_system(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    for row in (
        ["姓名", "身份证号", "人员类别", "纳入日期"],
        ["王芳", B, "孤儿", datetime(2022, 6, 1)],
    ):
        sheet.append(row)
    sheet.append(["李娜", A, "孤儿", 44713 - 1462])
    book.save(tmp_path / "a.xlsx")
    assert values_of(read(tmp_path / "a.xlsx"), "enrolled") == [date(2022, 6, 1)] * 2


def test_30_impossible_and_ambiguous_dates(tmp_path: Path) -> None:
    data = column(tmp_path, "纳入日期", ["2022.13.1", "2022-02-30", "二月初三", "22.6.1", 2022.1])
    assert rules_of(data, "enrolled") == ["type.date"] * 3 + ["date.ambiguous"] * 2


def test_31_phones(tmp_path: Path) -> None:
    typed = [13800000001, 13800000001.0, "13800000001.0", "13800000001/13900000002", "1380000"]
    data = column(tmp_path, "联系电话", typed)
    assert values_of(data, "phone")[:3] == ["13800000001"] * 3
    assert values_of(data, "phone")[3] == "13800000001、13900000002"
    assert rules_of(data, "phone") == ["value.several", "phone.format"]


def test_32_amounts(tmp_path: Path) -> None:
    rows = [HOUSE.split(" | "), *([f"DB{n}", "王芳", B, 3, 2, x, "在保"] for n, x in enumerate(
        ["100元", "￥1,570.44", "五百", "约100"]))]  # fmt: skip
    data = read(save(tmp_path / "a.xlsx", 低保户=rows))
    money = values_of(data, "monthly_amount")
    assert money[:3] == [Decimal("100.00"), Decimal("1570.44"), Decimal("500.00")]
    assert money[3] == Invalid("约100", "type.money")


def test_33_34_40_names(tmp_path: Path) -> None:
    names = ["王   芳", "张　三", "李\u00a0娜", "\uf9e1娜", "买买提•艾山", "䶮㟃", "王\n芳", "ＡＢ"]
    rows = [[name, "", "孤儿"] for name in names]
    data = read(save(tmp_path / "a.xlsx", 重点人员=[["姓名", "身份证号", "人员类别"], *rows]))
    expected = ["王芳", "张三", "李娜", "李娜", "买买提·艾山", "䶮㟃", "王芳", "AB"]
    assert values_of(data, "name") == expected


def test_35_error_cells_and_formulas_without_a_value(tmp_path: Path) -> None:
    cells = ["#REF!", "==SUM(A1:A2)", "==[1]外部!A1", "#N/A"]
    data = column(tmp_path, "住址", cells)
    assert rules_of(data, "address") == ["cell.error"] * 3
    assert values_of(data, "address")[3] is None


def test_36_marks_for_yes(tmp_path: Path) -> None:
    data = column(tmp_path, "知情同意", ["√", "是", 1, "有", "Y", "否", None])
    assert values_of(data, "consent") == [True] * 5 + [False, None]


def test_36_a_column_of_ticks_only(tmp_path: Path) -> None:
    data = column(tmp_path, "知情同意", ["√", None, "√"])
    assert values_of(data, "consent") == [True, False, True]


def test_37_duplicates(tmp_path: Path) -> None:
    data = read(save(tmp_path / "a.xlsx", 重点人员=[PEOPLE, WANG, WANG]))
    found = {f.rule for f in check_workbook(data, load_catalog(), TODAY)}
    assert found & {"duplicate.key", "duplicate.row"}


def test_38_text_that_looks_like_a_formula(tmp_path: Path) -> None:
    typed = ["=cmd|' /C calc'!A0", "+SUM(A1)", "-2+3+cmd", "@x"]
    data = column(tmp_path, "备注", typed)
    assert values_of(data, "remark") == typed
    assert rules_of(data, "remark") == ["cell.formula_injection"] * 4


def test_39_cells_beyond_the_limit(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", 重点人员=[PEOPLE, [*WANG[:5], "MARK"]])
    content = path.read_bytes()
    path.write_bytes(repacked(content, {SHEET: lambda x: x.replace(b"MARK", b"x" * 40_000)}))
    assert rules_of(read(path), "remark") == ["cell.too_long"]


@pytest.mark.parametrize("suffix", [".xlsm", ".csv", ".txt", ".XLSX", ""])
def test_41_the_content_decides_not_the_suffix(tmp_path: Path, suffix: str) -> None:
    content = save(tmp_path / "a.xlsx", 重点人员=[PEOPLE, WANG]).read_bytes()
    path = tmp_path / f"台账{suffix}"
    path.write_bytes(content)
    assert values_of(read(path), "name") == ["王芳"]


@pytest.mark.parametrize(
    "name", ["台账(1).xlsx", "台账-副本.xlsx", "最终版2.xlsx", "张伟 的冲突副本.xlsx"]
)
def test_42_copies_are_read_like_any_file(tmp_path: Path, name: str) -> None:
    assert values_of(read(save(tmp_path / name, 重点人员=[PEOPLE, WANG])), "name") == ["王芳"]


@pytest.mark.parametrize("kept", [0, 10, 2000, -40])
def test_44_half_written_files_are_refused(tmp_path: Path, kept: int) -> None:
    path = save(tmp_path / "a.xlsx", 重点人员=[PEOPLE, WANG])
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(UnreadableFile):
        read(path)


def test_49_many_sheets_and_many_columns(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    for n in range(1000):
        book.create_sheet(f"s{n}").append(["x"])
    wide = book.create_sheet("宽")
    wide.append(["姓名", "身份证号", "人员类别", *[f"列{n}" for n in range(16_381)]])
    wide.append(["王芳", B, "孤儿"])
    book.save(tmp_path / "a.xlsx")
    data = read(tmp_path / "a.xlsx")
    assert data.tables == []  # three fields among 16,384 columns are no ledger
    assert {f.rule for f in data.findings} <= {"table.unrecognised"}
