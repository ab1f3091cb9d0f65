"""`ledgersync check` as a person runs it: files, workspaces, JSON, annotated copies, exit codes."""

import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet
from tests.tables import cells_of

from ledgersync.cli import cli
from ledgersync.workbook.annotate import SHEET, annotate
from ledgersync.workspace import Unit
from ledgersync.workspace.place import write_config

WANG, LI = "11010119900307299X", "110101198805061235"
HOMES = f"""
低保证号 | 户主姓名 | 户主身份证号 | 城乡类别 | 家庭人口数 | 保障人数 | 月保障金额(元) | 享受起始日期 | 复核周期 | 上次复核日期 | 保障状态
DB001    | 王芳     | {WANG}       | 城市     | 3          | 1        | 900            | 2021-03-01   | 每季度   | 2022-06-01   | 在保
DB002    | 李强     | {LI}         | 农村     | 2          | 1        | 1200           | 2021-05-01   | 每季度   | 2022-01-01   | 在保
"""  # noqa: E501
FAMILY = f"""
低保证号 | 姓名 | 身份证号 | 与户主关系 | 是否享受
DB001    | 王芳 | {WANG}   | 户主       | 是
DB002    | 李强 | {LI}     | 户主       | 是
"""


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")


def write(path: Path, **sheets: str) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, text in sheets.items():
        sheet = book.create_sheet(name)
        for row in cells_of(text):
            sheet.append([cell or None for cell in row])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


def findings(*arguments: object) -> list[dict]:
    result = run(*arguments, "--json")
    document = json.loads(result.stdout)
    assert document["format"] == "ledgersync.check/v1"
    return document["findings"]


def test_a_clean_file_is_done(tmp_path: Path) -> None:
    path = write(tmp_path / "低保台账.xlsx", 低保户=HOMES, 家庭成员=FAMILY)
    result = run("check", path)
    assert result.exit_code == 0, result.output
    assert "错误 0，警告 0，提示 0" in result.stdout
    assert "4 条记录" in result.stdout


def test_json_names_the_cell_and_masks_what_is_personal(tmp_path: Path) -> None:
    wrong = HOMES.replace("城市", f"{LI}的户口").replace(WANG, WANG[:-1])
    path = write(tmp_path / "低保台账.xlsx", 低保户=wrong)
    assert run("check", path).exit_code == 1
    found = findings("check", path)
    assert [(f["cell"], f["rule"], f["severity"]) for f in found] == [
        ("C2", "id.length", "error"),
        ("D2", "choice", "error"),
    ]
    first = found[0]
    assert {k: first[k] for k in first if k != "message"} == {
        "file": "低保台账.xlsx",
        "sheet": "低保户",
        "row": 2,
        "column": "C",
        "cell": "C2",
        "ledger": "dibao",
        "table": "households",
        "field": "head_id",
        "rule": "id.length",
        "severity": "error",
    }
    assert LI not in json.dumps(found, ensure_ascii=False)
    assert findings("--lang", "en", "check", path)[0]["message"].startswith("户主身份证号 must")


def test_the_table_for_people_groups_equal_findings_and_says_what_next(tmp_path: Path) -> None:
    many = "".join(f"\nDB9{n:02} | 张{n} | | | 3 | 1 | 900" for n in range(9))
    path = write(tmp_path / "低保台账.xlsx", 低保户=HOMES + many.replace("张", "甲"))
    result = run("check", path)
    assert result.exit_code == 1
    assert "等9处" in result.stdout.replace("\n", "").replace(" ", "")
    assert "下一步：" in result.stdout
    assert "value.synonym" not in result.stdout


def test_references_are_followed_between_the_files_given(tmp_path: Path) -> None:
    homes = write(tmp_path / "户.xlsx", 低保户=HOMES)
    family = write(tmp_path / "人.xlsx", 家庭成员=FAMILY.replace("DB002", "DB777"))
    alone = findings("check", family)
    assert [(f["rule"], f["severity"]) for f in alone] == [("ref.missing", "info")]
    assert run("check", family).exit_code == 0
    both = findings("check", homes, family)
    assert [(f["file"], f["cell"], f["rule"]) for f in both] == [("人.xlsx", "A3", "ref.missing")]


def test_an_unreadable_file_does_not_stop_the_others(tmp_path: Path) -> None:
    good = write(tmp_path / "低保台账.xlsx", 低保户=HOMES)
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK\x03\x04 half a file")
    result = run("check", bad, good, "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 3
    assert [f["file"] for f in document["unreadable"]] == ["坏.xlsx"]
    assert [f["file"] for f in document["files"]] == ["低保台账.xlsx"]
    assert "坏.xlsx" in result.stderr


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    wrong = HOMES.replace("| 城市", "| 看情况")
    paths = [write(tmp_path / who / "低保台账.xlsx", 低保户=wrong) for who in ("王芳", "李强")]
    assert {f["file"] for f in findings("check", *paths)} == {str(p) for p in paths}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "幸福社区"
    (root / "primary").mkdir(parents=True)
    write_config(root, Unit(code="110101001001", name="幸福社区", level="community"))
    write(root / "primary" / "低保台账.xlsx", 低保户=HOMES, 家庭成员=FAMILY)
    care = f"姓名 | 身份证号 | 人员类别 | 所属网格 | 包联责任人 | 纳入日期 | 在册状态 | 退出日期\n王芳 | {WANG} | 独居老人 | 一 | 张伟 | 2021-01-01 | 去世 | 2022-06-01"  # noqa: E501
    write(root / "primary" / "重点人员台账.xlsx", 重点人员=care)
    return root


def test_a_workspace_is_checked_across_its_ledgers(workspace: Path) -> None:
    found = findings("-C", workspace, "check")
    assert [(f["file"], f["sheet"], f["cell"], f["rule"]) for f in found] == [
        ("低保台账.xlsx", "低保户", "K2", "cross.dibao_dead_active"),
        ("低保台账.xlsx", "低保户", "J3", "cross.dibao_review_overdue"),
        ("低保台账.xlsx", "家庭成员", "E2", "cross.dibao_dead_active"),
    ]
    assert run("-C", workspace, "check").exit_code == 1


def test_a_copy_is_checked_against_the_primaries(workspace: Path) -> None:
    copy = write(workspace / "inbox" / "李强" / "a.xlsx", 家庭成员=FAMILY.replace("DB002", "DB9"))
    assert [(f["cell"], f["rule"]) for f in findings("-C", workspace, "check", copy)] == [
        ("A3", "ref.missing")
    ]


def test_nothing_to_check_is_a_usage_error(tmp_path: Path) -> None:
    from ledgersync.errors import UsageFault

    assert isinstance(run("-C", tmp_path, "check").exception, UsageFault)


def test_a_missing_file_is_one_that_cannot_be_read_and_the_rest_is_checked(tmp_path: Path) -> None:
    path = write(tmp_path / "低保台账.xlsx", 低保户=HOMES.replace("| 城市", "| 看情况"))
    result = run("check", tmp_path / "没有.xlsx", path, "--json")
    assert result.exit_code == 3
    document = json.loads(result.stdout)
    assert [u["file"] for u in document["unreadable"]] == ["没有.xlsx"]
    assert [f["cell"] for f in document["findings"]] == ["D2"]


def test_a_missing_file_behind_annotate_is_no_folder(workspace: Path) -> None:
    result = run("-C", workspace, "check", "--annotate", workspace / "没有.xlsx")
    assert result.exit_code == 3
    assert not (workspace / "没有.xlsx").exists()


def test_annotated_copy_beside_the_file_or_in_a_folder(tmp_path: Path) -> None:
    wrong = HOMES.replace("| 城市", "| 看情况").replace("| 900 ", "| 约900 ")
    path = write(tmp_path / "低保台账.xlsx", 低保户=wrong)
    before = path.read_bytes()
    result = run("check", "--annotate", path)
    copy = tmp_path / "低保台账-校验.xlsx"
    assert result.exit_code == 1
    assert copy.name in result.stdout.replace("\n", "")
    run("check", path, "--annotate", tmp_path / "out")
    assert (tmp_path / "out" / copy.name).exists()
    assert path.read_bytes() == before
    book = openpyxl.load_workbook(copy)
    assert book.sheetnames == ["低保户", SHEET]
    assert_marked(book)


def assert_marked(book: openpyxl.Workbook) -> None:
    sheet, listed = book["低保户"], book[SHEET]
    assert sheet["D2"].fill.start_color.rgb == "FFFFC7CE"
    assert "看情况" in sheet["D2"].comment.text
    assert sheet["D3"].comment is None
    assert_listed(listed, "D2", "G2")
    assert listed["B2"].hyperlink.location == "'低保户'!D2"
    assert listed["B2"].hyperlink.target is None


def assert_listed(listed: Worksheet, *cells: str) -> None:
    rows = [[cell.value for cell in row[:3]] for row in listed.iter_rows()]
    assert rows == [["工作表", "单元格", "级别"], *(["低保户", cell, "错误"] for cell in cells)]


def test_annotations_keep_comments_and_reach_merged_cells(tmp_path: Path) -> None:
    path = write(tmp_path / "低保台账.xlsx", 低保户=HOMES.replace("| 城市", "| 看情况"))
    book = openpyxl.load_workbook(path)
    sheet = book["低保户"]
    sheet["D2"].comment = Comment("别删我", "王芳")
    sheet.merge_cells("D2:D3")
    book.save(path)
    run("check", path, "--annotate")
    text = openpyxl.load_workbook(tmp_path / "低保台账-校验.xlsx")["低保户"]["D2"].comment.text
    assert text.startswith("别删我\n")
    assert "看情况" in text


def test_an_annotated_copy_keeps_all_that_people_put_into_the_workbook(tmp_path: Path) -> None:
    path = write(tmp_path / "低保台账.xlsx", 低保户=HOMES.replace("| 城市", "| 看情况"))
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("customXml/item1.xml", "<what>people keep</what>")
    before = parts(path)
    run("check", path, "--annotate")
    after = parts(tmp_path / "低保台账-校验.xlsx")
    assert after["customXml/item1.xml"] == before["customXml/item1.xml"]
    changed = {name for name in before if after.get(name) != before[name]}
    assert changed <= {
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/_rels/sheet1.xml.rels",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "[Content_Types].xml",
    }


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_a_copy_annotated_again_gets_another_list(tmp_path: Path) -> None:
    path = write(tmp_path / "低保台账.xlsx", 低保户=HOMES.replace("| 城市", "| 看情况"))
    run("check", path, "--annotate")
    copy = tmp_path / "低保台账-校验.xlsx"
    assert [f["cell"] for f in findings("check", copy, "--annotate")] == ["D2"]
    book = openpyxl.load_workbook(tmp_path / "低保台账-校验-校验.xlsx")
    assert book.sheetnames == ["低保户", SHEET, f"{SHEET}2"]


@pytest.mark.parametrize("given", ["inbox/李强", "issued/李强", "primary"])
def test_copies_of_a_workspaces_files_go_into_its_reports(
    workspace: Path, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = HOMES.replace("| 城市", "| 看情况")
    path = write(workspace / given / "低保.xlsx", 低保户=wrong)
    beside = sorted(path.parent.iterdir())
    monkeypatch.chdir(workspace.parent)
    result = run("check", path, "--annotate", "--json")
    [copy] = json.loads(result.stdout)["annotated"]
    owner = "" if given == "primary" else "李强-"
    assert Path(copy) == workspace / "reports" / f"{owner}低保-校验.xlsx"
    assert Path(copy).exists()
    assert sorted(path.parent.iterdir()) == beside, "the next merge finds nothing new"


def test_two_files_of_one_name_keep_their_own_copies(workspace: Path) -> None:
    wrong = HOMES.replace("| 城市", "| 看情况")
    paths = [write(workspace / "inbox" / f / "a.xlsx", 低保户=wrong) for f in ("甲/一", "甲/二")]
    copies = json.loads(run("check", *paths, "--annotate", "--json").stdout)["annotated"]
    assert len(set(copies)) == 2
    assert all(Path(copy).exists() for copy in copies)


def test_a_copy_is_never_put_into_an_inbox(workspace: Path) -> None:
    from ledgersync.errors import UsageFault

    path = write(workspace.parent / "a.xlsx", 低保户=HOMES)
    result = run("check", path, "--annotate", workspace / "inbox" / "李强")
    assert isinstance(result.exception, UsageFault)


def test_a_copy_that_had_to_be_rewritten_says_what_it_lacks(tmp_path: Path) -> None:
    path = write(tmp_path / "低保台账.xlsx", 低保户=HOMES.replace("| 城市", "| 看情况"))
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("_xmlsignatures/origin.sigs", "")
    result = run("check", path, "--annotate")
    book = openpyxl.load_workbook(tmp_path / "低保台账-校验.xlsx")
    assert book.sheetnames == [SHEET, "低保户"]
    assert_listed(book[SHEET], "D2")
    assert "以原工作簿为准" in result.stdout.replace("\n", "")


def test_a_file_that_openpyxl_cannot_load_is_copied_by_its_contents(tmp_path: Path) -> None:
    import xlwt

    old = xlwt.Workbook(encoding="utf-8")
    sheet = old.add_sheet("低保户")
    for r, row in enumerate(cells_of(HOMES.replace("| 城市", "| 看情况"))):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    path = tmp_path / "旧台账.xls"
    old.save(str(path))
    assert [f["cell"] for f in findings("check", path, "--annotate")] == ["D2"]
    copy = openpyxl.load_workbook(tmp_path / "旧台账-校验.xlsx")
    assert copy["低保户"]["C2"].value == WANG
    assert copy["低保户"]["D2"].comment is not None


def test_a_copy_of_nothing_readable_is_the_list_alone(tmp_path: Path) -> None:
    path = tmp_path / "台账.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    annotate(path, [], tmp_path / "空-校验.xlsx")
    assert openpyxl.load_workbook(tmp_path / "空-校验.xlsx").sheetnames == [SHEET]
