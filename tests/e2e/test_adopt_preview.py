"""`adopt` shows what it would do, asks what is not certain, and takes nothing before that."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests import offices
from tests.commands import run

from ledgersync.errors import ExitCode, UnreadableFile, UsageFault
from ledgersync.schema.mappings import MAPPINGS_NAME, load_mappings, save_mappings
from ledgersync.sync.create import create_workspace
from ledgersync.workspace.config import new_unit


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    monkeypatch.setenv("COLUMNS", "160")
    create_workspace(tmp_path / "幸福社区", new_unit("幸福社区", "360702001001", "community"))
    return tmp_path / "幸福社区"


def document(root: Path, *command: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(root, *command, "--json")[1])
    return found


def records(root: Path, ledger: str, table: str) -> list[dict[str, Any]]:
    book = next(p for p in (root / "primary").iterdir() if ledger in p.name)
    found = json.loads(run(root, "read", str(book), "--json")[1])
    tables = [t for t in found["tables"] if t["table"] == table]
    return [r["values"] for t in tables for r in t["records"]]


def test_what_is_uncertain_is_asked_and_nothing_is_taken(root: Path, tmp_path: Path) -> None:
    lines = [["姓名", "身份证", "家庭住址"], ["周大爷", offices.id_number("19400305"), "阳光路1号"]]
    path = offices.save(tmp_path / "老人.xlsx", {"Sheet1": lines})
    found = document(root, "adopt", "care", str(path))
    assert found["taken"] is False
    assert [q["field"] for q in found["questions"]] == ["category"]
    assert "独居老人" in found["questions"][0]["proposals"]
    assert run(root, "adopt", "care", str(path), "--yes")[0] == 1
    assert records(root, "重点人员", "people") == []
    assert run(root, "adopt", "care", str(path), "--set", "人员类别=独居老人")[0] == 0
    assert records(root, "重点人员", "people")[0]["category"] == ["独居老人"]


def test_the_preview_changes_nothing(root: Path, tmp_path: Path) -> None:
    path = offices.categories(tmp_path / "重点人员.xlsx")
    found = document(root, "adopt", "care", str(path), "--preview")
    assert (found["taken"], found["questions"]) == (False, [])
    table = found["tables"][0]
    assert (table["sheet"], table["header_rows"], table["records"]) == ("独居老人", [2], 3)
    assert table["left_out"] == [{"row": 1, "reason": "title"}]
    by_header = {c["header"]: c for c in table["columns"]}
    assert by_header["身份证"]["field"] == "id_number" and by_header["身份证"]["confidence"] == 1
    assert by_header["出生年月"]["field"] is None
    assert "19400305" not in json.dumps(found)
    assert records(root, "重点人员", "people") == []


def test_a_preview_that_was_corrected_is_taken(root: Path, tmp_path: Path) -> None:
    path = offices.categories(tmp_path / "重点人员.xlsx")
    assert run(root, "adopt", "care", str(path), "--preview")[0] == 1
    book = load_workbook(root / "接收预览.xlsx")
    for row in book["各列"].iter_rows(min_row=4):
        if row[3].value == "性别":
            row[8].value = "重点人员·备注"
    for row in book["各行"].iter_rows(min_row=4):
        if row[1].value == "残疾人" and row[3].value == "收":
            row[3].value = "不收"
    book.save(root / "接收预览.xlsx")
    assert run(root, "adopt", "--with", str(root / "接收预览.xlsx"))[0] == 0
    people = records(root, "重点人员", "people")
    assert [p["remark"] for p in people] == ["男"] * 3
    assert {tuple(p["category"]) for p in people} == {("独居老人",)}


def test_a_wrong_item_takes_nothing(root: Path, tmp_path: Path) -> None:
    path = offices.categories(tmp_path / "重点人员.xlsx")
    with pytest.raises(UsageFault, match="没有的列=姓名"):
        run(root, "adopt", "care", str(path), "--set", "没有的列=姓名", "--set", "性别=备注")
    assert records(root, "重点人员", "people") == []


@pytest.mark.parametrize("merged", [True, False], ids=["merged", "blank_below"])
def test_a_roster_is_households_and_members(root: Path, tmp_path: Path, merged: bool) -> None:
    path = offices.roster(tmp_path / "低保花名册.xlsx", merged=merged)
    assert run(root, "adopt", "dibao", str(path))[0] == 0
    households = records(root, "低保", "households")
    assert [h["monthly_amount"] for h in households] == ["1260.00", "620.00", "980.00"]
    assert households[0]["head_id"] == offices.id_number("19560301", 1)
    assert {h["status"] for h in households} == {"在保"}
    assert len(records(root, "低保", "members")) == 6
    assert run(root, "verify")[0] == 0


def test_taken_back_and_taken_again(root: Path, tmp_path: Path) -> None:
    path = offices.roster(tmp_path / "低保花名册.xlsx")
    before = (root / "primary" / "低保台账.xlsx").exists()
    revision = document(root, "adopt", "dibao", str(path))["revision"]
    assert run(root, "undo", str(revision))[0] == 0
    assert before and records(root, "低保", "households") == []
    assert run(root, "adopt", "dibao", str(path))[0] == 0
    assert run(root, "adopt", "dibao", str(path), "--replace")[0] == 0
    assert len(records(root, "低保", "households")) == 3
    with pytest.raises(UsageFault, match="已有记录"):
        run(root, "adopt", "dibao", str(path))
    assert run(root, "verify")[0] == 0


def plain_list(path: Path) -> Path:
    """One workbook that becomes the primary itself, with a header that has to be learned."""
    head = ["姓名", "身份证", "人员类别", "现在住哪", "纳入日期"]
    lines = [
        [f"周大{'甲乙丙'[n]}", offices.id_number(f"194{n}0305", n), "独居老人", f"阳光路{n}号", day]
        for n, day in enumerate(["2022-03-01", "2022-03-02", "2022-03-03"])
    ]
    return offices.save(path, {"Sheet1": [head, *lines]})


def learned(root: Path) -> dict[str, str]:
    return load_mappings(root / MAPPINGS_NAME)


def test_undo_forgets_the_headers_that_were_learned(root: Path, tmp_path: Path) -> None:
    path = plain_list(tmp_path / "老人.xlsx")
    save_mappings(root / MAPPINGS_NAME, {"care.people/别的": "remark"})
    said = ("--set", "现在住哪=住址")
    taken = document(root, "adopt", "care", str(path), *said)
    name = "care.people/现在住哪"
    assert learned(root) == {"care.people/别的": "remark", name: "address"}
    assert run(root, "adopt", "care", str(path), "--replace")[0] == 0
    assert learned(root)[name] == "address"
    assert [p["address"] for p in records(root, "重点人员", "people")] == [
        f"阳光路{n}号" for n in range(3)
    ]
    last = json.loads(run(root, "history", "--json")[1])["revisions"]
    made = next(r["revision"] for r in last if r["kind"] == "adopt")
    assert made > taken["revision"]
    assert run(root, "undo", str(made))[0] == 0
    assert learned(root) == {"care.people/别的": "remark"}
    assert run(root, "verify")[0] == 0


def test_a_header_that_somebody_changed_since_stays(root: Path, tmp_path: Path) -> None:
    path = plain_list(tmp_path / "老人.xlsx")
    taken = document(root, "adopt", "care", str(path), "--set", "现在住哪=住址")
    save_mappings(root / MAPPINGS_NAME, {"care.people/现在住哪": "remark"})
    assert run(root, "undo", str(taken["revision"]))[0] == 0
    assert learned(root) == {"care.people/现在住哪": "remark"}


def test_a_refused_adoption_learns_nothing(root: Path, tmp_path: Path) -> None:
    path = plain_list(tmp_path / "老人.xlsx")
    assert run(root, "adopt", "care", str(offices.categories(tmp_path / "重点人员.xlsx")))[0] == 0
    before = learned(root)
    with pytest.raises(UsageFault, match="已有记录"):
        run(root, "adopt", "care", str(path), "--set", "现在住哪=住址")
    assert learned(root) == before


def test_a_list_of_another_ledger_is_named(root: Path, tmp_path: Path) -> None:
    path = offices.visits(tmp_path / "走访登记.xlsx")
    with pytest.raises(UnreadableFile, match="走访台账"):
        run(root, "adopt", "dibao", str(path))


def test_a_roster_by_its_content(root: Path, tmp_path: Path) -> None:
    """Births with a month are no amount, a unit at the end of a header is one in front, and the
    days of a roster make it no list of a year that is over."""
    head = [
        "户主姓名",
        "身份证号",
        "家庭人口",
        "保障人口",
        "出生年月",
        "保障金额（月）",
        "享受时间",
    ]
    born = ["19400305", "19620411", "19750921"]
    lines: list[list[object]] = [
        [
            f"户主{'甲乙丙'[i]}",
            offices.id_number(day),
            1,
            1,
            f"{day[:4]}.{day[4:6]}",
            860 + i,
            "2019.3",
        ]
        for i, day in enumerate(born)
    ]
    path = offices.save(tmp_path / "低保.xlsx", {"在保": [head, *lines]})
    found = document(root, "adopt", "dibao", str(path), "--preview")
    by_header = {c["header"]: c["field"] for c in found["tables"][0]["columns"]}
    assert by_header["保障金额（月）"] == "monthly_amount"
    assert by_header["出生年月"] is None
    asked = [p for q in found["questions"] for p in q["proposals"]]
    assert "monthly_amount" not in asked
    assert "往年" not in json.dumps(found, ensure_ascii=False)


def test_what_is_certain_is_shown_before_it_is_taken(root: Path, tmp_path: Path) -> None:
    path = offices.categories(tmp_path / "重点人员.xlsx")
    code, text = run(root, "adopt", "care", str(path))
    assert code == 0
    assert text.index("样例") < text.index("已收为主台账")


@pytest.mark.parametrize("merged", [True, False], ids=["merged", "blank_below"])
def test_read_shows_both_tables_of_a_roster(root: Path, tmp_path: Path, merged: bool) -> None:
    path = offices.roster(tmp_path / "低保花名册.xlsx", merged=merged)
    found = {t["table"]: t for t in json.loads(run(root, "read", str(path), "--json")[1])["tables"]}
    households, members = found["households"]["records"], found["members"]["records"]
    assert [(r["row"], r["values"]["monthly_amount"]) for r in households] == [
        (3, "1260.00"),
        (6, "620.00"),
        (7, "980.00"),
    ]
    assert [(r["row"], r["values"]["name"]) for r in members][:2] == [(3, "王建国"), (4, "李桂英")]
    assert {"row": 9, "reason": "total"} in found["households"]["skipped"]


def test_read_shows_visits_and_the_problems_of_a_cell(root: Path, tmp_path: Path) -> None:
    path = offices.visits(tmp_path / "走访登记.xlsx")
    found = {t["table"]: t for t in json.loads(run(root, "read", str(path), "--json")[1])["tables"]}
    assert [r["row"] for r in found["visits"]["records"]] == [4, 5, 6, 7]
    issues = [(r["row"], r["values"]["description"]) for r in found["issues"]["records"]]
    assert issues == [(4, "楼道灯不亮"), (6, "下水道堵塞"), (6, "楼道堆物")]
    assert [r["values"]["status"] for r in found["issues"]["records"]][1:] == [
        "已解决",
        "协调处置中",
    ]


@pytest.mark.parametrize("merged", [True, False], ids=["merged", "blank_below"])
def test_a_roster_in_the_inbox_says_which_command_takes_it(root: Path, merged: bool) -> None:
    """Merged row by row, each member would be a household."""
    offices.roster(root / "inbox" / "李红" / "低保花名册.xlsx", merged=merged)
    code, text = run(root, "merge")
    said = "".join(text.split())
    assert code == ExitCode.UNREADABLE
    assert f"adopt低保{root}/inbox/李红/低保花名册.xlsx" in said.partition("下一步：")[2]
    assert "第4、5、8行只有家庭成员" in said
    assert records(root, "低保", "households") == []
    file = str(root / "inbox" / "李红" / "低保花名册.xlsx")
    assert run(root, "adopt", "低保", file)[0] == 0
    assert len(records(root, "低保", "households")) == 3
    other = root / "inbox" / "王强" / "低保.xlsx"
    offices.roster(other, merged=not merged)
    assert "低保台账已有记录" in "".join(run(root, "merge")[1].split())
    assert len(records(root, "低保", "households")) == 3


def test_visits_in_the_inbox_merge_as_ever(root: Path) -> None:
    """A column with problems is one of the office's own there; no visit is lost or doubled."""
    offices.visits(root / "inbox" / "李红" / "走访登记.xlsx")
    run(root, "merge")
    assert len(records(root, "走访", "visits")) == 4


def twice(path: Path) -> Path:
    head = ["姓名", "身份证", "人员类别", "住址", "纳入日期", "情况", "情况"]
    lines = [
        [f"周大{'甲乙丙'[n]}", offices.id_number(f"194{n}0305", n), "独居老人", f"阳光路{n}号",
         "2022-03-01", f"前{n}", f"后{n}"]
        for n in range(3)
    ]  # fmt: skip
    return offices.save(path, {"Sheet1": [head, *lines]})


def test_two_columns_of_one_header_are_answered_apart(root: Path, tmp_path: Path) -> None:
    path = twice(tmp_path / "老人.xlsx")
    said = ("--set", "情况@F=-", "--set", "情况@g=备注")
    assert run(root, "adopt", "care", str(path), *said)[0] == 0
    assert [p["remark"] for p in records(root, "重点人员", "people")] == ["后0", "后1", "后2"]


def test_a_preview_answers_them_apart(root: Path, tmp_path: Path) -> None:
    path = twice(tmp_path / "老人.xlsx")
    run(root, "adopt", "care", str(path), "--preview")
    book = load_workbook(root / "接收预览.xlsx")
    for row in book["各列"].iter_rows(min_row=4):
        if row[3].value == "情况":
            row[8].value = "重点人员·备注" if row[2].value == "F" else "这一列不收"
    book.save(root / "接收预览.xlsx")
    assert run(root, "adopt", "--with", str(root / "接收预览.xlsx"))[0] == 0
    assert [p["remark"] for p in records(root, "重点人员", "people")] == ["前0", "前1", "前2"]


def test_two_own_columns_of_one_name_are_both_kept(root: Path, tmp_path: Path) -> None:
    """Rewritten lists, too: here the category is the sheet's name."""
    head = ["姓名", "身份证", "家庭住址", "情况", "情况"]
    lines = [["周大爷", offices.id_number("19400305"), "阳光路1号", "腿脚不便", "爱下棋"]]
    path = offices.save(tmp_path / "老人.xlsx", {"独居老人": [head, *lines]})
    assert run(root, "adopt", "care", str(path))[0] == 0
    book = next(p for p in (root / "primary").iterdir() if "重点人员" in p.name)
    cells = [str(c) for row in load_workbook(book).worksheets[0].values for c in row if c]
    assert "腿脚不便" in cells
    assert "爱下棋" in cells


def own_columns(folder: Path, columns: list[list[str]]) -> list[str]:
    """Lists of carers, whose category is the sheet's name, with columns of their own."""
    made = []
    for n, names in enumerate(columns):
        head = ["姓名", "身份证", "家庭住址", *names]
        row = [f"周大{n}", offices.id_number(f"194{n % 10}0305", n), f"阳光路{n}号", *names]
        made.append(str(offices.save(folder / f"老人{n}.xlsx", {"独居老人": [head, row]})))
    return made


def test_more_own_columns_than_a_table_carries_are_refused_whole(
    root: Path, tmp_path: Path
) -> None:
    [few] = own_columns(tmp_path, [["近况"]])
    assert run(root, "adopt", "care", few)[0] == 0
    before = records(root, "重点人员", "people")
    many = own_columns(tmp_path, [[f"列{n}之{i}" for i in range(8)] for n in range(5)])
    with pytest.raises(UsageFault, match=r"自己的列太多.*列4之7"):
        run(root, "adopt", "care", *many, "--replace")
    assert records(root, "重点人员", "people") == before


def test_headers_that_differ_in_blanks_are_one_column_with_both_texts(
    root: Path, tmp_path: Path
) -> None:
    path = offices.save(
        tmp_path / "老人.xlsx",
        {
            "独居老人": [
                ["姓名", "身份证", "家庭住址", "近况", "近  况"],
                ["周大爷", offices.id_number("19400305"), "阳光路1号", "腿脚不便", "爱下棋"],
            ]
        },
    )
    assert run(root, "adopt", "care", str(path))[0] == 0
    book = next(p for p in (root / "primary").iterdir() if "重点人员" in p.name)
    cells = [str(c) for row in load_workbook(book).worksheets[0].values for c in row if c]
    assert "腿脚不便；爱下棋" in cells
