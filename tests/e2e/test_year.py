"""The year's turn: what ended rests in an archive, and nothing that counts it changes."""

from pathlib import Path
from typing import Any

import pytest
from tests.community import Sheet
from tests.desk import Desk

VISITS = """
走访日期   | 走访人 | 户址      | 受访人 | 走访方式 | 所属网格
2021-12-30 | 王芳   | 幸福路9号 | 赵乙   | 入户     | 第1网格
2022-03-01 | 王芳   | 幸福路1号 | 赵甲   | 入户     | 第1网格
2022-05-01 | 王芳   | 幸福路2号 | 钱乙   | 入户     | 第1网格
2022-11-02 | 李强   | 幸福路3号 | 孙丙   | 入户     | 第2网格
2022-12-20 | 李强   | 幸福路4号 | 李丁   | 入户     | 第2网格
2023-01-05 | 王芳   | 幸福路5号 | 周戊   | 入户     | 第1网格
"""
ISSUES = """
走访编号 | 登记日期   | 来源 | 问题类别 | 问题描述 | 责任人 | 处理状态 | 办结日期
{0}      | 2022-03-01 | 走访 | 设施维修 | 路灯不亮 | 王芳   | 已解决   | 2022-03-09
{1}      | 2022-05-01 | 走访 | 设施维修 | 楼道积水 | 王芳   | 待处理   |
{2}      | 2023-01-05 | 走访 | 设施维修 | 水管漏水 | 王芳   | 待处理   |
"""
ACTIVITIES = """
活动编号 | 活动名称 | 活动类别 | 活动日期   | 活动时长(小时) | 主办单位
HD-1     | 清扫     | 环境整治 | 2022-04-01 | 2              | 社区
HD-2     | 慰问     | 助老服务 | 2023-01-08 | 2              | 社区
"""
RECORDS = """
活动编号 | 志愿者姓名 | 服务时长(小时) | 记录日期   | 联系电话
HD-1     | 吴一       | 2              | 2022-04-01 | 13800000001
HD-1     | 郑二       | 2              | 2022-04-01 | 13800000002
HD-2     | 吴一       | 2              | 2023-01-08 | 13800000001
"""
BOOK = "走访台账.xlsx"
PERIODS = ("2022", "2022H1", "2022-12", "2023-01", "2021")


@pytest.fixture
def unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2023-01-15")
    desk = Desk.new(tmp_path / "幸福社区", "幸福社区", "360702001001")
    desk.give("建账", "走访.xlsx", 走访记录=VISITS)
    desk.give("建账", "志愿.xlsx", 志愿活动=ACTIVITIES, 服务记录=RECORDS)
    desk.run("merge", accepted=(0, 1))
    numbers = dict(desk.rows(f"primary/{BOOK}", "走访记录", "户址", "走访编号"))
    issues = ISSUES.format(*(numbers[f"幸福路{n}号"] for n in (1, 2, 5)))
    desk.give("建账", "问题.xlsx", 问题诉求=issues)
    desk.run("merge", accepted=(0, 1))
    desk.numbers = numbers  # type: ignore[attr-defined]
    return desk


def figures(desk: Desk) -> dict[str, Any]:
    return {p: desk.run("rollup", "--period", p, accepted=(0, 1))["figures"] for p in PERIODS}


def homes(desk: Desk, file: str) -> list[str]:
    return [home for [home] in desk.rows(file, "走访记录", "户址")]


def test_what_ended_goes_and_what_is_open_stays(unit: Desk) -> None:
    before = figures(unit)
    dry = unit.run("year", "close", "2022", "--dry-run")
    assert len(homes(unit, f"primary/{BOOK}")) == 6, "nothing is written"
    done = unit.run("year", "close", "2022")
    assert (done["moved"], done["stayed"]) == (dry["moved"], dry["stayed"])
    assert {(m["table"], m["year"]): m["records"] for m in done["moved"]} == {
        ("visits", 2021): 1,
        ("visits", 2022): 3,
        ("issues", 2022): 1,
        ("activities", 2022): 1,
        ("records", 2022): 2,
    }
    assert homes(unit, f"primary/{BOOK}") == ["幸福路2号", "幸福路5号"], "the open issue's stays"
    left = unit.rows(f"primary/{BOOK}", "问题诉求", "问题描述")
    assert left == [["楼道积水"], ["水管漏水"]]
    assert homes(unit, f"archive/2022/{BOOK}") == ["幸福路1号", "幸福路3号", "幸福路4号"]
    assert homes(unit, f"archive/2021/{BOOK}") == ["幸福路9号"]
    assert figures(unit) == before
    unit.assert_consistent()
    found = unit.run("check", accepted=(0, 1))["findings"]
    assert [f for f in found if f["rule"] == "ref.missing"] == []


def test_a_number_leads_to_the_archive_and_no_number_comes_twice(unit: Desk) -> None:
    unit.run("year", "close", "2022")
    traced = unit.run("trace", "visits_made", "--period", "2022", accepted=(0, 1))["rows"]
    files = {(r["file"], r["sheet"]) for r in traced}
    assert files == {(f"archive/2022/{BOOK}", "走访记录"), (BOOK, "走访记录")}
    archived = [r for r in traced if r["file"].startswith("archive")]
    there = unit.rows(f"archive/2022/{BOOK}", "走访记录", "户址")
    assert [r["row"] for r in archived] == [4 + n for n in range(len(there))]
    new = "2023-01-10 | 王芳 | 幸福路7号 | 郑己 | 入户 | 第1网格"
    unit.give("王芳", "新.xlsx", 走访记录=f"{VISITS.splitlines()[1]}\n{new}")
    unit.run("merge", accepted=(0, 1))
    known = set(unit.numbers.values())  # type: ignore[attr-defined]
    numbers = dict(unit.rows(f"primary/{BOOK}", "走访记录", "户址", "走访编号"))
    assert numbers["幸福路7号"] not in known
    assert unit.run("find", "幸福路1号", accepted=(0, 1))


def test_a_copy_of_last_year_is_still_taken_for_last_year(unit: Desk) -> None:
    unit.run("issue", "--staff", "王芳", "visit")
    old = f"issued/王芳/{BOOK}"
    kept = (unit.root / old).read_bytes()
    unit.run("year", "close", "2022")
    assert homes(unit, old) == ["幸福路2号", "幸福路5号"], "an untouched copy follows"
    (unit.root / "旧副本.xlsx").write_bytes(kept)

    def edit(book: Any) -> None:
        visits = Sheet(book["走访记录"])
        visits.set("幸福路1号", "备注", "补记")
        visits.add(走访日期="2022-12-28", 走访人="王芳", 户址="幸福路8号", 受访人="冯庚")

    unit.send("王芳", BOOK, edit, source="旧副本.xlsx")
    said = unit.told("merge")
    assert "补报的 走访记录 1 行归入 archive/2022/走访台账.xlsx" in said
    archived = dict(unit.rows(f"archive/2022/{BOOK}", "走访记录", "户址", "备注"))
    assert archived["幸福路1号"] == "补记"
    assert "幸福路8号" in archived
    assert homes(unit, f"primary/{BOOK}") == ["幸福路2号", "幸福路5号"]
    unit.assert_consistent()


def test_a_copy_without_last_years_rows_removes_nothing(unit: Desk) -> None:
    unit.run("issue", "--staff", "王芳", "visit")
    unit.run("issue", "--staff", "李强", "visit")
    kept = (unit.root / f"issued/王芳/{BOOK}").read_bytes()

    def clear(book: Any) -> None:
        Sheet(book["走访记录"]).remove("幸福路1号", "幸福路3号", "幸福路4号", "幸福路9号")

    unit.send("李强", BOOK, clear)
    unit.run("merge", accepted=(1,))
    [held] = unit.run("status", accepted=(1,))["held"]
    assert (held["records"], held["year"]) == (4, 2022)
    assert "year close 2022" in unit.told("status")
    unit.run("year", "close", "2022")
    assert unit.run("status", accepted=(0, 1))["held"] == []
    (unit.root / "旧副本.xlsx").write_bytes(kept)
    unit.send("王芳", BOOK, clear, source="旧副本.xlsx")
    [taken] = [s for s in unit.run("merge", accepted=(0, 1))["submissions"] if s["staff"] == "王芳"]
    assert sum(taken["changes"].values()) == 0
    assert len(homes(unit, f"archive/2022/{BOOK}")) == 3
    unit.assert_consistent()


def test_rows_cleared_by_hand_in_the_primary_are_what_closing_settles(unit: Desk) -> None:
    before = figures(unit)

    def clear(book: Any) -> None:
        Sheet(book["走访记录"]).remove("幸福路1号", "幸福路3号", "幸福路4号", "幸福路9号")

    path = unit.send("手工", BOOK, clear, source=f"primary/{BOOK}")
    path.rename(unit.root / "primary" / BOOK)
    unit.run("year", "close", "2022")
    assert unit.run("status", accepted=(0, 1))["held"] == []
    assert len(homes(unit, f"archive/2022/{BOOK}")) == 3
    assert figures(unit) == before
    unit.assert_consistent()


@pytest.mark.parametrize("way", [pytest.param("open", marks=pytest.mark.slow), "undo"])
def test_it_can_be_taken_back(unit: Desk, way: str) -> None:
    before, seen = figures(unit), sorted(homes(unit, f"primary/{BOOK}"))
    revision = unit.run("year", "close", "2022")["revision"]
    if way == "undo":
        unit.run("undo", str(revision))
    else:
        unit.run("year", "open", "2022")
        unit.run("year", "open", "2021")
    assert sorted(homes(unit, f"primary/{BOOK}")) == seen
    assert not (unit.root / "archive" / "2022").exists()
    assert figures(unit) == before
    unit.assert_consistent()
    assert unit.run("year", "list")["archives"] == []
    unit.run("year", "close", "2022")
    assert len(homes(unit, f"archive/2022/{BOOK}")) == 3
    unit.assert_consistent()


def test_what_is_typed_into_an_archive_comes_in(unit: Desk) -> None:
    unit.run("year", "close", "2022")
    archived = unit.root / f"archive/2022/{BOOK}"

    def edit(book: Any) -> None:
        Sheet(book["走访记录"]).set("幸福路3号", "备注", "更正")
        Sheet(book["走访记录"]).remove("幸福路4号")

    unit.send("x", BOOK, edit, source=f"archive/2022/{BOOK}").rename(archived)
    unit.run("merge", accepted=(0, 1))
    notes = dict(unit.rows(f"archive/2022/{BOOK}", "走访记录", "户址", "备注"))
    assert notes == {"幸福路1号": "", "幸福路3号": "更正", "幸福路4号": ""}
    archived.unlink()
    troubles = unit.run("verify", accepted=(1, 4))["troubles"]
    assert [t["kind"] for t in troubles] == ["archive.missing"]
    unit.run("merge", accepted=(0, 1))
    unit.assert_consistent()


def test_a_year_that_has_not_ended(unit: Desk) -> None:
    assert "2023 年还没有过完" in unit.refused("year", "close", "2023")
    assert "没有 2020 年的归档" in unit.refused("year", "open", "2020")


def test_history_says_where_a_record_went(unit: Desk) -> None:
    unit.run("year", "close", "2022")
    number = unit.numbers["幸福路1号"]  # type: ignore[attr-defined]
    said = unit.told("history", number)
    assert "归档年度" in said
    assert "2022" in said
    assert "年度归档" in unit.told("history")


def test_a_row_of_a_closed_year_that_an_old_copy_lacks_is_kept_and_told_once(unit: Desk) -> None:
    unit.run("issue", "--staff", "王芳", "visit")
    (unit.root / "旧副本.xlsx").write_bytes((unit.root / f"issued/王芳/{BOOK}").read_bytes())
    unit.run("year", "close", "2022")
    unit.send(
        "王芳", BOOK, lambda b: Sheet(b["走访记录"]).remove("幸福路3号"), source="旧副本.xlsx"
    )
    assert "“走访记录”有 1 行文件里删了，但已归入年度归档" in unit.told("merge")
    assert "幸福路3号" in homes(unit, f"archive/2022/{BOOK}")
    assert "文件里删了" not in unit.told("merge")
    unit.run("issue", "--staff", "李强", "visit")
    unit.send("李强", BOOK, lambda b: Sheet(b["走访记录"]).set("幸福路5号", "备注", "新"))
    assert "文件里删了" not in unit.told("merge"), "a copy of after the turn never had it"
    unit.assert_consistent()


def test_what_is_found_in_an_archive_is_said_to_be_there(unit: Desk) -> None:
    unit.run("year", "close", "2022")
    [old], [now] = (unit.run("find", f"幸福路{n}号")["matches"] for n in (3, 5))
    assert (old["file"], old["row"]) == (f"archive/2022/{BOOK}", None)
    assert now["file"] == f"primary/{BOOK}" and now["row"]
    assert "archive/2022/" in unit.told("find", "幸福路3号")
