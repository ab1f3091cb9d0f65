"""`staff set`: another scope, another name, two people of one name, a grid that moves."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.community import Sheet
from tests.desk import Desk, main_ended

CARE = """
姓名 | 人员类别 | 走访频次 | 住址      | 所属网格 | 包联责任人 | 纳入日期   | 在册状态
赵甲 | 独居老人 | 每月     | 幸福路1号 | 第1网格  | 王芳       | 2020-01-01 | 在册
孙丙 | 独居老人 | 每月     | 幸福路3号 | 第2网格  | 王芳       | 2020-01-01 | 在册
李丁 | 独居老人 | 每月     | 幸福路4号 | 第3网格  | 李强       | 2020-01-01 | 在册
"""
BOOK = "重点人员台账.xlsx"


@pytest.fixture
def unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    desk = Desk.new(tmp_path / "幸福社区", "幸福社区", "360702001001")
    desk.give("建账", "旧.xlsx", 重点人员=CARE)
    desk.run("merge", accepted=(0, 1))
    desk.told("staff", "add", "王芳", "--grid", "第1网格", "--grid", "第2网格")
    desk.told("staff", "add", "李强", "--grid", "第3网格")
    for name in ("王芳", "李强"):
        desk.run("issue", "--staff", name, "care")
    return desk


def seen(unit: Desk, staff: str) -> list[str]:
    return [name for [name] in unit.rows(f"issued/{staff}/{BOOK}", "重点人员", "姓名")]


def note(unit: Desk, staff: str, name: str, text: str) -> list[dict[str, Any]]:
    """Sends the person's copy with a remark; what became of it."""

    def edit(book: Any) -> None:
        Sheet(book["重点人员"]).set(name, "备注", text)

    unit.send(staff, BOOK, edit)
    found = unit.run("merge", accepted=(0, 1))["submissions"]
    return [s for s in found if s["staff"] == staff]


def test_another_scope_reaches_the_copies(unit: Desk) -> None:
    done = unit.run("staff", "set", "李强", "--scope", "2网格，第3网格")
    assert done["scope"] == {"grid": ["第2网格", "第3网格"]}
    assert seen(unit, "李强") == ["孙丙", "李丁"]
    said = unit.told("staff", "set", "王芳", "--scope", "第1网格")
    assert "没有人负责" not in said
    assert seen(unit, "王芳") == ["赵甲"]
    said = unit.told("staff", "set", "李强", "--scope", "第3网格")
    assert "现在没有人负责：第2网格" in said
    unit.run("staff", "set", "李强", "--scope", "全部")
    assert seen(unit, "李强") == ["赵甲", "孙丙", "李丁"]
    unit.assert_consistent()


def test_what_cannot_be_set(unit: Desk) -> None:
    assert "没有写要改什么" in unit.refused("staff", "set", "王芳")
    assert "是不是 王芳" in unit.refused("staff", "set", "王方", "--scope", "第1网格")
    assert "没有名为 gird 的字段" in unit.refused("staff", "set", "王芳", "--scope", "gird=1")
    assert "已经有人叫 李强" in unit.refused("staff", "set", "王芳", "--rename", "李强")
    assert "--scope 要写网格名" in unit.refused("staff", "set", "王芳", "--scope", "，")


def test_a_new_name_and_what_comes_under_the_old_one(unit: Desk) -> None:
    assert [s["status"] for s in note(unit, "王芳", "赵甲", "一")] == ["merged"]
    kept = (unit.root / f"issued/王芳/{BOOK}").read_bytes()
    done = unit.run("staff", "set", "王芳", "--rename", "王小芳")
    assert (done["formerly"], done["passed"]) == (["王芳"], 2)
    assert not (unit.root / "inbox/王芳").exists()
    care = dict(unit.rows(f"primary/{BOOK}", "重点人员", "姓名", "包联责任人"))
    assert care == {"赵甲": "王小芳", "孙丙": "王小芳", "李丁": "李强"}
    assert seen(unit, "王小芳") == ["赵甲", "孙丙"]
    merged = unit.run("merge", accepted=(0, 1))["submissions"]
    assert {s["status"] for s in merged} == {"unchanged"}, "what was sent before is no news"
    old = unit.root / "inbox/王芳" / BOOK
    old.parent.mkdir()
    old.write_bytes(kept)
    book = load_workbook(old)
    Sheet(book["重点人员"]).set("孙丙", "备注", "二")
    book.save(old)
    [taken] = [s for s in unit.run("merge", accepted=(0, 1))["submissions"] if "王芳/" in s["file"]]
    assert (taken["staff"], taken["changes"]["applied"]) == ("王小芳", 1)
    assert unit.run("status", accepted=(0, 1))["missing_staff"] == ["李强"]
    assert unit.run("issue", "--staff", "王芳")["staff"]
    assert (unit.root / "issued/王小芳" / BOOK).exists()
    assert not (unit.root / "issued/王芳").exists()
    unit.assert_consistent()


def test_who_took_over_from_a_leaver_is_known_by_the_new_name(unit: Desk) -> None:
    unit.run("staff", "leave", "李强", "--to", "王芳")
    unit.run("staff", "set", "王芳", "--rename", "王小芳")
    people = {p["name"]: p["left_to"] for p in unit.run("staff", "list")["staff"]}
    assert people == {"王小芳": None, "李强": "王小芳"}
    unit.run("staff", "set", "王小芳", "--rename", "王芳")
    assert "已离岗 → 王芳" in unit.told("staff", "list")
    unit.assert_consistent()


def test_a_file_that_nobody_issued_stays_known_under_the_new_name(unit: Desk) -> None:
    table = "走访日期 | 走访人 | 户址 | 走访方式\n2022-06-01 | 王芳 | 幸福路1号 | 入户"
    unit.give("王芳", "走访.xlsx", 走访记录=table)
    unit.run("merge", accepted=(0, 1))
    unit.run("staff", "set", "王芳", "--rename", "王小芳")
    unit.give("王小芳", "走访.xlsx", 走访记录=f"{table}\n2022-06-02 | 王小芳 | 幸福路2号 | 入户")
    unit.run("merge", accepted=(0, 1))
    homes = [h for [h] in unit.rows("primary/走访台账.xlsx", "走访记录", "户址")]
    assert homes == ["幸福路1号", "幸福路2号"]
    unit.assert_consistent()


def test_two_people_of_one_name(unit: Desk) -> None:
    said = unit.refused("staff", "add", "王芳", "--grid", "第2网格")
    assert "staff add 王芳2" in said
    unit.told("staff", "add", "王芳2", "--grid", "第2网格")
    unit.run("staff", "set", "王芳", "--scope", "第1网格")
    people = {p["name"]: p["duties"] for p in unit.run("staff", "list")["staff"]}
    assert (people["王芳"], people["王芳2"]) == (1, 1)
    due = unit.run("due", accepted=(0, 1))["due"]
    assert {d["staff"] for d in due} == {"王芳", "王芳2", "李强"}
    unit.run("staff", "leave", "王芳2", "--to", "李强")
    care = dict(unit.rows(f"primary/{BOOK}", "重点人员", "姓名", "包联责任人"))
    assert care == {"赵甲": "王芳", "孙丙": "李强", "李丁": "李强"}


def test_status_says_who_has_something_to_hand_in_and_since_when(unit: Desk) -> None:
    assert unit.run("status", accepted=(0, 1))["missing_staff"] == ["李强", "王芳"]
    note(unit, "李强", "李丁", "一")
    found = unit.run("status", accepted=(0, 1))
    assert (found["missing_staff"], found["idle"]) == (["王芳"], ["李强"])

    def edit(book: Any) -> None:
        Sheet(book["重点人员"]).set("李丁", "备注", "改在发的那份里")

    unit.send("李强", BOOK, edit).rename(unit.root / "issued/李强" / BOOK)
    found = unit.run("status", accepted=(0, 1))
    assert [(u["staff"], bool(u["since"])) for u in found["unsent"]] == [("李强", True)]
    assert found["idle"] == []
    assert "改了还没交（" in unit.told("status")


@pytest.mark.parametrize("name", ["赵敏", "欧阳 小明", "王芳(2)", "d'Or"])
def test_who_has_no_copy_is_not_late_and_the_next_step_runs_as_it_is_printed(
    unit: Desk, name: str
) -> None:
    said = unit.told("staff", "add", name, "--grid", "第5网格")
    waiting = unit.told("status")
    assert f"还没发副本：{name}；" in waiting and "还没交表：李强、王芳" in waiting
    assert unit.run("status", accepted=(0, 1))["without_copy"] == [name]
    for text in (said, waiting):
        found = re.search(r"ledgersync( .* issue --staff (?:'.*'|\S+?))(?=还没|没有|$)", text)
        assert found, text
        assert main_ended(shlex.split(found[1]))[0] == 0
        assert (unit.root / "issued" / name / BOOK).exists()
    assert unit.run("status", accepted=(0, 1))["without_copy"] == []
    assert name in unit.run("status", accepted=(0, 1))["missing_staff"]


def test_who_left_comes_back_by_a_command(unit: Desk) -> None:
    old = (unit.root / f"issued/王芳/{BOOK}").read_bytes()
    unit.told("staff", "leave", "王芳", "--to", "李强")
    told = unit.told("staff", "add", "王芳", "--grid", "第2网格")
    assert "王芳 离岗以后又回来了" in told and "issue --staff 王芳" in told
    people = {p["name"]: p for p in unit.run("staff", "list")["staff"]}
    assert people["王芳"]["left_to"] is None
    assert people["王芳"]["scope"] == {"grid": ["第2网格"]}
    unit.run("issue", "--staff", "王芳", "care")
    assert seen(unit, "王芳") == ["孙丙"]
    [taken] = note(unit, "王芳", "孙丙", "回来以后填的")
    assert taken["status"] == "merged"
    (unit.root / f"inbox/王芳/旧{BOOK}").write_bytes(old)
    assert "merged" not in str(unit.run("merge", accepted=(0, 1))["submissions"])
    unit.assert_consistent()
