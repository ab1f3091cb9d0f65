"""`find`, `export` and `due`, as a coordinator types them."""

import json
import re
import shlex
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.community import TODAY
from tests.desk import main_ended

from ledgersync.cli import main
from ledgersync.journal import Journal
from ledgersync.workspace import Workspace

CARE = """姓名,身份证号,人员类别,走访频次,联系电话,住址,所属网格,包联责任人,纳入日期,在册状态
王建国,320106194001015610,独居老人,每月,13800000001,幸福路1号2栋301室,第1网格,李娜,2020-01-01,在册
赵秀兰,320106195501015611,独居老人,每季度,13800000002,幸福路2号,第1网格,李娜,2022-05-01,在册
孙 伟,320106198001015612,重度残疾人,每月,13800000003,和平街3号,第2网格,陈明,2022-06-20,在册
"""
VISITS = """走访日期,走访人,走访对象,身份证号,住址,走访方式,走访结果
2022-03-01,李娜,王建国,320106194001015610,幸福路1号2栋301室,入户,见面
2022-06-25,陈明,孙伟,320106198001015612,和平街3号,入户,见面
"""


def checked(number: str) -> str:
    """With its right check digit."""
    from stdnum.cn import ric

    return number[:17] + ric.calc_check_digit(number)


@pytest.fixture
def unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    root = tmp_path / "社区"
    run(["init", str(root), "--name", "幸福社区", "--code", "360702001001", "--level", "community"])
    for name, text in (("重点人员.csv", CARE), ("走访.csv", VISITS)):
        for number in {w for w in text.replace("\n", ",").split(",") if len(w) == 18}:
            text = text.replace(number, checked(number))
        folder = root / "inbox" / "李娜"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8-sig")
    run(["-C", str(root), "merge"], accepted=(0, 1))
    return root


def run(arguments: list[str], accepted: tuple[int, ...] = (0,)) -> str:
    """What a command prints, when it ends with one of the accepted exit codes."""
    printed = StringIO()
    with redirect_stdout(printed), pytest.raises(SystemExit) as ended:
        main(arguments)
    assert int(ended.value.code or 0) in accepted, printed.getvalue()
    return printed.getvalue()


def asked(unit: Path, *arguments: str, accepted: tuple[int, ...] = (0, 1)) -> Any:
    return json.loads(run(["-C", str(unit), *arguments, "--json"], accepted))


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("王建国", {"care.people", "visit.visits"}),
        ("王 建国", {"care.people", "visit.visits"}),
        ("1380000000", {"care.people"}),
        ("幸福路", {"care.people", "visit.visits"}),
        ("19400101", {"care.people", "visit.visits"}),
        ("没有这人", set()),
    ],
)
def test_find_looks_everywhere_and_shows_masked(unit: Path, text: str, tables: set[str]) -> None:
    found = asked(unit, "find", text)["matches"]
    assert {f"{m['ledger']}.{m['table']}" for m in found} == tables
    said = json.dumps(found, ensure_ascii=False)
    assert not any(secret in said for secret in ("王建国", "13800000001", "301室", "19400101"))
    assert all(m["row"] for m in found)


def test_unmasking_needs_a_reason_and_is_noted(unit: Path) -> None:
    found = asked(unit, "find", "王建国", "--unmask", "电话核实")["matches"]
    assert {m["title"] for m in found if m["ledger"] == "care"} == {"王建国"}
    assert ("unmask", "电话核实") in [(w, d.get("reason")) for w, d in events(unit)]


def test_export_is_a_list_to_print(unit: Path, tmp_path: Path) -> None:
    target = tmp_path / "名单.xlsx"
    made = asked(
        unit, "export", "重点人员", "--where", "60岁以上独居老人，90天未走访", "-o", str(target)
    )
    assert (made["rows"], made["ledger"], made["table"]) == (2, "care", "people")
    sheet = load_workbook(target).active
    assert sheet is not None
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=3)]
    head, lines = rows[0], [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert head[0] == "序号" and "身份证号" not in head
    assert [(r["姓名"], r["年龄"], r["最近走访"]) for r in lines] == [
        ("王建国", 82, "2022-03-01"),
        ("赵秀兰", 67, None),
    ]
    assert sheet.print_title_rows == "$3:$3" and sheet.page_setup.orientation == "landscape"
    assert ("export", "care.people") in [(w, d.get("table")) for w, d in events(unit)]


def test_a_saved_list_is_taken_by_its_name(unit: Path, tmp_path: Path) -> None:
    first, again = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    words = ["--where", "第1网格", "--columns", "姓名，住址，年龄", "--save", "一网格"]
    asked(unit, "export", "重点人员", *words, "-o", str(first))
    made = asked(unit, "export", "一网格", "-o", str(again))
    assert (made["rows"], made["columns"]) == (2, ["name", "address", "age"])
    assert [x["name"] for x in asked(unit, "export")["lists"]] == ["一网格"]
    assert Workspace.open(unit).config.staff == ()


@pytest.mark.parametrize(
    "arguments",
    [
        ["export", "没有的表"],
        ["export", "重点人员", "--where", "高个子"],
        ["export", "重点人员", "--columns", "身高"],
        ["export", "重点人员", "-o", "名单.txt"],
    ],
)
def test_what_is_not_there_is_said(unit: Path, arguments: list[str]) -> None:
    assert asked(unit, *arguments, accepted=(2,))["next_step"]


def test_due_by_person_within_the_week(unit: Path) -> None:
    found = asked(unit, "due")["due"]
    assert [(d["staff"], d["name"], d["due"], d["days_overdue"]) for d in found] == [
        ("李娜", "王*", "2022-04-01", 90)
    ]
    later = asked(unit, "due", "--days", "40")["due"]
    assert [(d["staff"], d["name"]) for d in later] == [
        ("李娜", "王*"),
        ("李娜", "赵*"),
        ("陈明", "孙*"),
    ]
    assert asked(unit, "due", "--staff", "陈明")["due"] == []


@pytest.mark.parametrize("text", ["80岁以上独居老人", "90天未走访", "低保户 或 别的"])
def test_a_condition_in_place_of_the_table_is_told_where_it_goes(unit: Path, text: str) -> None:
    code, out, err = main_ended(["-C", str(unit), "export", text])
    assert (code, out) == (2, "") and "可用的表：" in err
    found = re.search(r"ledgersync( .* --where (?:'[^']*'|[^；\s]*))", err)
    assert (found is None) == ("或" in text)
    if found:
        target = str(unit.parent / "名单.xlsx")
        assert main_ended([*shlex.split(found[1]), "-o", target])[0] == 0


def test_what_is_due_as_a_workbook_to_take_along(unit: Path, tmp_path: Path) -> None:
    """A sheet per person, with names, addresses and telephones; that it was taken out is noted."""
    target = tmp_path / "要 办.xlsx"
    run(["-C", str(unit), "due", "--days", "40", "-o", str(target)], accepted=(1,))
    book = load_workbook(target)
    assert book.sheetnames == ["李娜", "陈明"]
    shown = [[c.value for c in row][1:5] for row in book["李娜"].iter_rows(min_row=4)]
    assert shown == [
        ["应走访", "王建国", "幸福路1号2栋301室", "13800000001"],
        ["应走访", "赵秀兰", "幸福路2号", "13800000002"],
    ]
    assert any(what == "export" and detail["table"] == "due" for what, detail in events(unit))
    run(["-C", str(unit), "due", "-o", str(tmp_path / "a.doc")], accepted=(2,))
    assert not (tmp_path / "a.doc").exists()
    empty = tmp_path / "无.xlsx"
    run(["-C", str(unit), "due", "--staff", "陈明", "--days", "0", "-o", str(empty)])
    assert not empty.exists()


def events(unit: Path) -> list[tuple[str, dict[str, Any]]]:
    workspace = Workspace.open(unit)
    with Journal.open(workspace.journal_file, workspace.catalog) as journal:
        rows = journal.connection.execute("SELECT what, detail FROM event").fetchall()
    return [(str(what), json.loads(detail)) for what, detail in rows]


def test_a_list_by_grid_and_more_columns_on_a3(unit: Path, tmp_path: Path) -> None:
    target = tmp_path / "网格.xlsx"
    asked(unit, "export", "重点人员", "--by", "网格", "-o", str(target))
    book = load_workbook(target)
    assert book.sheetnames == ["第1网格", "第2网格"]
    for sheet, numbers in zip(book.worksheets, ([1, 2], [1]), strict=True):
        assert [row[0].value for row in sheet.iter_rows(min_row=4)] == numbers
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.print_title_rows, sheet.page_setup.paperSize) == ("$3:$3", 9)
    every = ("--columns", "姓名,住址,人员类别,走访频次,在册状态,所属网格,包联责任人,纳入日期")
    narrow = asked(unit, "export", "重点人员", "-o", str(target))["columns"]
    wide = asked(unit, "export", "重点人员", "--paper", "A3", *every, "-o", str(target))["columns"]
    assert "remark" not in narrow and "guardian_phone" not in narrow, "nothing stands there"
    assert len(wide) == 8
    assert load_workbook(target).worksheets[0].page_setup.paperSize == 8
    said = run(["-C", str(unit), "export", "重点人员", "--by", "年龄"], accepted=(2,))
    assert said == ""
