"""Workbooks that people made themselves become primaries, and stay theirs."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill
from tests.community import PEOPLE, TODAY, Book, Community, begun, cells_of, counted, write_book

from ledgersync.cli import main
from ledgersync.sync.create import adopt_workbook
from ledgersync.workbook.stamp import read_stamp

MESSY = """
编号 | 姓 名 | 联系电话    | 状态 | 登记日期  | 人口数
A1   | 王芳  | 13800000001 | 正常 | 2022.1.1  | 3
A2   | 李强  | 13800000002 | 在册 | 2022/1/2  | 3
     | 无号  |             | 在册 | 2022/1/3  | 1
A4   | 钱进  | 13800000004 | 在册 | 2022-1-4  | 2
"""


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Community:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    return Community(tmp_path)


def messy(folder: Path, suffix: str = ".xlsx") -> Path:
    """Title and caption above, a merged title, notes below, colours, another sheet."""
    book = Workbook()
    ws = book.worksheets[0]
    ws.title = "2022年"
    ws["A1"] = "幸福社区人员名册"
    ws.merge_cells("A1:F1")
    ws["A2"] = "填报单位：幸福社区"
    for line in cells_of(MESSY):
        ws.append([cell or None for cell in line])
    ws["F3"] = "人口"
    ws["H5"] = "旁注"
    ws["A9"] = "注：本表由社区填写"
    ws["B5"].fill = PatternFill("solid", fgColor="FFFF00")
    ws.column_dimensions["B"].width = 33
    book.create_sheet("草稿")["C3"] = "勿删"
    path = folder / f"老名册{suffix}"
    book.save(path)
    return path


def adopted(town: Community, path: Path) -> dict[str, int]:
    return adopt_workbook(town.workspace, town.workspace.catalog.ledgers["roster"], path)


def test_records_get_ids_in_a_hidden_column_and_nothing_else_changes(
    town: Community, tmp_path: Path
) -> None:
    path = messy(tmp_path)
    assert adopted(town, path)["people"] == 4
    ws, old = load_workbook(town.primary)["2022年"], load_workbook(path)["2022年"]
    for row in old.iter_rows():
        for cell in row:
            assert ws[cell.coordinate].value == cell.value
    assert ws["B5"].fill.fgColor.rgb == "00FFFF00"
    assert ws.column_dimensions["B"].width == 33
    column = next(c for c in ws[3] if c.value == "_LS_ID")
    assert column.column_letter == "I"
    assert ws.column_dimensions["I"].hidden
    ids = [ws.cell(r, column.column).value for r in range(4, 8)]
    assert len(set(ids)) == 4 and None not in ids
    assert load_workbook(town.primary)["草稿"]["C3"].value == "勿删"
    stamp = read_stamp(town.primary)
    assert stamp is not None and stamp.copy_id == "primary"
    town.assert_consistent()


def test_ids_survive_sorting_and_edits_by_hand(town: Community, tmp_path: Path) -> None:
    adopted(town, messy(tmp_path))
    before = {r[0]: r[1] for r in town.open_primary()["2022年"].texts(["姓 名", "_LS_ID"]) if r[0]}
    primary = town.open_primary()
    sheet = primary["2022年"]
    rows = [[c.value for c in sheet.ws[r]] for r in range(4, 8)]
    for r, cells in zip(range(4, 8), reversed(rows), strict=True):
        for column, value in enumerate(cells, 1):
            sheet.ws.cell(r, column).value = value
    sheet.set("无号", "人口", 5)
    primary.save()
    town.merge()
    after = {r[0]: r[1] for r in town.open_primary()["2022年"].texts(["姓 名", "_LS_ID"]) if r[0]}
    assert {k: after[k] for k in ("王芳", "李强", "无号", "钱进")} == {
        k: before[k] for k in ("王芳", "李强", "无号", "钱进")
    }
    with town.session() as session:
        rows_now = session.journal.state.rows("roster", "people")
        assert len(rows_now) == 4 and rows_now[before["无号"]][5] == 5
    town.assert_consistent()


def test_new_rows_go_above_the_notes_and_new_columns_beside(
    town: Community, tmp_path: Path
) -> None:
    adopted(town, messy(tmp_path))
    book = town.issue("王芳")
    book.people.add(编号="B1", 姓名="吴刚", 人口=2, 备注="原来没有备注列")
    book.people.set("A1", "备注", "也有备注")
    assert counted(town.hand_in(book)) == {"applied": 1, "added": 1}
    sheet = town.open_primary()["2022年"]
    assert sheet.ws.cell(8, 2).value == "吴刚"
    assert sheet.ws.cell(10, 1).value == "注：本表由社区填写"
    assert "备注" in sheet.columns
    assert [r for r in sheet.texts(["编号", "备注"]) if r[1]] == [
        ["A1", "也有备注"],
        ["B1", "原来没有备注列"],
    ]
    town.assert_consistent()


def test_records_of_a_table_whose_sheet_went_get_one(town: Community, tmp_path: Path) -> None:
    adopted(town, messy(tmp_path))
    primary = town.open_primary()
    del primary.file["事项"]
    primary.save()
    book = town.issue("王芳")
    book.matters.add(事项编号="SX-1", 事项内容="修灯", 办理日期="2022-06-01")
    result = town.hand_in(book)
    assert (result.status, counted(result)) == ("merged", {"added": 1})
    assert town.shown("事项编号 事项内容", "事项") == [["SX-1", "修灯"]]
    town.assert_consistent()


def test_two_tables_on_one_sheet_both_grow(town: Community, tmp_path: Path) -> None:
    book = Workbook()
    ws = book.worksheets[0]
    ws.title = "台账"
    for line in cells_of(MESSY):
        ws.append([cell or None for cell in line])
    ws["F1"] = "人口"
    ws.append([])
    ws.append(["事项编号", "人员编号", "事项内容", "办理日期", "办理结果"])
    ws.append(["SX-1", "A1", "修灯", "2022-05-01", "好"])
    path = tmp_path / "合一.xlsx"
    book.save(path)
    assert adopted(town, path) == {"people": 4, "matters": 1, "steps": 0}
    copy = town.issue("王芳")
    copy.people.add(编号="B1", 姓名="吴刚", 人口=2)
    copy.matters.add(事项编号="SX-2", 事项内容="修门", 办理日期="2022-06-01")
    assert counted(town.hand_in(copy)) == {"added": 2}
    ws = load_workbook(town.primary)["台账"]
    texts = [[c.value for c in row[:3]] for row in ws.iter_rows() if row[0].value]
    assert next(t for t in texts if t[0] == "B1")[:2] == ["B1", "吴刚"]
    assert next(t for t in texts if t[0] == "SX-2")[2] == "修门"
    assert [t[0] for t in texts].index("B1") < [t[0] for t in texts].index("事项编号")
    town.assert_consistent()


def test_duplicates_and_faults_of_an_old_workbook_all_stay(town: Community, tmp_path: Path) -> None:
    book = Workbook()
    ws = book.worksheets[0]
    for line in cells_of(MESSY + "A1 | 王芳 | 12345 | 正常 | 明天 | 很多\n"):
        ws.append([cell or None for cell in line])
    ws["F1"] = "人口"
    path = tmp_path / "重复.xlsx"
    book.save(path)
    assert adopted(town, path)["people"] == 5
    copy = town.issue("王芳")
    copy.people.set("A2", "姓名", "李强强")
    assert counted(town.hand_in(copy)) == {"applied": 1}
    shown = [[c.value for c in row[:6]] for row in load_workbook(town.primary).worksheets[0]]
    assert shown[5] == ["A1", "王芳", "12345", "正常", "明天", "很多"]
    assert len([r for r in shown if r[0] == "A1"]) == 2
    town.assert_consistent()


def test_a_copy_of_an_adopted_ledger_comes_back(town: Community, tmp_path: Path) -> None:
    adopted(town, messy(tmp_path))
    book = town.issue("王芳")
    book.people.set("无号", "电话", "13900000009").remove("A4")
    assert counted(town.hand_in(book)) == {"applied": 1, "held": 1}
    again = Book(town, "王芳", book.path)
    assert again.people.id("无号") == book.people.id("无号")
    town.assert_consistent()


def test_new_records_use_the_reserved_rows_of_a_filled_template(
    town: Community, tmp_path: Path
) -> None:
    """Right under the records, and only what has no room there follows below the reserved rows."""
    (tmp_path / "别处").mkdir()
    other = begun(tmp_path / "别处")
    path = other.issue("王芳").unstamp().save(tmp_path / "填好的模板.xlsx")
    adopted(town, path)
    first = town.open_primary().people.lines()
    assert len(first) == 6
    copy = town.issue("李强")
    copy.people.add(编号="B1", 姓名="吴刚", 状态="在册").add(编号="B2", 姓名="郑爽", 状态="在册")
    copy.people.remove("A2")
    assert counted(town.hand_in(copy)) == {"added": 2, "removed": 1}
    town.assert_consistent()
    people = town.open_primary().people
    assert people.lines() == list(range(first[0], first[0] + 7))
    assert [r[0] for r in people.texts(["编号"])] == ["A1", "A3", "A4", "A5", "A6", "B1", "B2"]
    copy = town.issue("李强")
    for n in range(3, 12):
        copy.people.add(编号=f"B{n}", 姓名="冯程", 状态="在册", reserved=n < 9)
    town.hand_in(copy)
    town.assert_consistent()
    people = town.open_primary().people
    assert [r[0] for r in people.texts(["编号"])][-9:] == [f"B{n}" for n in range(3, 12)]
    assert people.lines() == list(range(first[0], first[0] + 16))


def test_rows_sorted_beside_their_ids_stay_who_they_are(town: Community, tmp_path: Path) -> None:
    """A filter may end before the hidden column: keys tell, and content where there is none."""
    adopted(town, messy(tmp_path))
    book = town.open_primary()
    people = book["2022年"]
    lines = [r for r in people.lines() if people.ws.cell(r, 2).value]
    rows = [[c.value for c in people.ws[r]][:-1] for r in lines]
    for row, cells in zip(lines, reversed(rows), strict=True):
        for column, value in enumerate(cells, 1):
            people.ws.cell(row, column).value = value
    book.save()
    town.merge()
    with town.session() as session:
        assert [s.base for s in session.journal.submissions.all()] == ["adopt"]
    assert [r[0] for r in town.shown("编号", "2022年")][:4] == ["A4", "", "A2", "A1"]


STACKED = """
编号     | 姓名         | 人口     | 备注       |
A1       | 王芳         | 3        | 一         |
A2       | 李强         | 3        | 二         |
         |              |          |            |
事项编号 | 人员编号     | 事项内容 | 办理日期   | 办理结果
S1       | A1           | 低保     | 2022-01-01 | 好
         |              |          |            |
经过编号 | 所属事项编号 | 经过说明 | 经过日期   |
J1       | S1           | 上门     | 2022-01-02 |
"""


def test_rows_for_three_tables_of_one_sheet_arrive_at_once_and_are_nobodys_hand_edit(
    tmp_path: Path, town: Community
) -> None:
    own = write_book(tmp_path / "老台账.xlsx", {"人员": STACKED})
    adopt_workbook(town.workspace, town.workspace.catalog.ledger("roster"), own)
    book = town.issue("王芳")
    book.people.add(编号="B1", 姓名="吴刚")
    book.matters.add(事项编号="S2", 人员编号="B1", 事项内容="救助", 办理日期="2022-02-01")
    book["经过"].add(经过编号="J2", 所属事项编号="S2", 经过说明="电话", 经过日期="2022-02-02")
    result = town.hand_in(book)
    assert (result.status, counted(result)) == ("merged", {"added": 3})
    with town.session() as session:
        assert "hand" not in [s.base for s in session.journal.submissions.all()]
    lines = [[c.value for c in row] for row in load_workbook(town.primary)["人员"].iter_rows()]
    assert [line[0] for line in lines] == [
        *["编号", "A1", "A2", "B1", None],
        *["事项编号", "S1", "S2", None],
        *["经过编号", "J1", "J2"],
    ]
    town.assert_consistent()


def test_a_filter_reaches_the_columns_that_are_added(town: Community, tmp_path: Path) -> None:
    """Sorting by the filter takes the hidden id and every added column along."""
    path = messy(tmp_path)
    book = load_workbook(path)
    book["2022年"].auto_filter.ref = "A3:H7"
    book.save(path)
    adopted(town, path)
    primary = load_workbook(town.primary)["2022年"]
    ids = primary.auto_filter.ref
    assert ids == "A3:I7", "with the ids in column I"
    copy = town.issue("李强")
    copy.people.ws.cell(copy.people.top, 30).value = "特长"
    copy.people.ws.cell(copy.people.line("A2"), 30).value = "裁缝"
    assert counted(town.hand_in(copy)) == {"applied": 1}
    book = load_workbook(town.primary)
    primary = book["2022年"]
    assert (primary["J3"].value, primary["J5"].value) == ("特长", "裁缝")
    assert primary.auto_filter.ref == "A3:J7"
    with ZipFile(town.primary) as package:
        names = package.read("xl/workbook.xml").decode()
    assert "$A$3:$J$7" in names
    town.assert_consistent()


def _adopt_lines(town: Community, folder: Path, text: str) -> None:
    book = Workbook()
    for line in cells_of(text):
        book.worksheets[0].append([cell or None for cell in line])
    path = folder / "老名册.xlsx"
    book.save(path)
    adopted(town, path)


def test_one_table_twice_on_a_sheet(town: Community, tmp_path: Path) -> None:
    """Each part keeps its own records in the write after the next."""
    head = "编号 | 姓名 | 状态 | 备注"
    _adopt_lines(
        town, tmp_path, f"{head}\nA1 | 王芳 | 在册 | 一\n| | |\n{head}\nA2 | 李强 | 在册 |"
    )
    copy = town.issue("李强")
    copy.people.add(编号="B1", 姓名="吴刚", 状态="在册")
    town.hand_in(copy)
    copy.people.set("B1", "备注", "补").set("A1", "备注", "改")
    assert counted(town.hand_in(copy)) == {"applied": 2}
    town.assert_consistent()


def test_new_records_stay_above_a_total_that_stood_among_records(
    town: Community, tmp_path: Path
) -> None:
    above = "\n".join(f"A{n} | 王芳 | 在册 | 3" for n in range(1, 6))
    lines = f"{above}\n小计 | | | 15\nA6 | 李强 | 在册 | 2"
    _adopt_lines(town, tmp_path, f"编号 | 姓名 | 状态 | 人口\n{lines}")
    copy = town.issue("李强")
    copy.people.remove("A6")
    assert counted(town.hand_in(copy)) == {"removed": 1}
    copy = town.issue("李强")
    copy.people.add(编号="B1", 姓名="吴刚", 状态="在册")
    assert counted(town.hand_in(copy)) == {"added": 1}
    first = [str(row[0].value) for row in load_workbook(town.primary).worksheets[0].iter_rows()]
    assert first.index("B1") < first.index("小计")
    town.assert_consistent()


def test_adopt_says_how_much_is_faulty_and_what_to_do(
    town: Community, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> str:
        capsys.readouterr()
        with pytest.raises(SystemExit):
            main(["-C", str(town.root), *arguments])
        return capsys.readouterr().out

    faulty = MESSY.replace("2022.1.1 ", "2022-13-45").replace("13800000002", "12")
    path = write_book(tmp_path / "老名册.xlsx", {"人员": faulty})
    said = run("adopt", "roster", str(path))
    files = json.loads(run("check", "--json"))["files"]
    checked = next(f for f in files if f["file"] == "名册.xlsx")
    assert checked["error"] >= 2
    assert f"错误 {checked['error']} 处、警告 {checked['warning']} 处" in said
    assert "下一步：ledgersync -C " in said


def test_adopt_of_a_clean_workbook_speaks_of_no_faults(
    town: Community, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_book(tmp_path / "老名册.xlsx", {"人员": PEOPLE})
    with pytest.raises(SystemExit) as ended:
        main(["-C", str(town.root), "adopt", "roster", str(path)])
    assert not ended.value.code
    out = capsys.readouterr().out
    assert "人员 6 条" in out
    assert "错误" not in out
