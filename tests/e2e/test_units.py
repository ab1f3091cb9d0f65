"""A district from nothing: its list of units, what comes from below, who has not reported."""

import shlex
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.community import write_book
from tests.desk import Desk, main_ended

UNITS = """
单位代码     | 单位名称 | 级别 | 上级     | 常住户数 | 常住人口
360702001000 | 东门街道 | 街道 |          |          |
360702002000 | 西门街道 |      |          |          |
360702001001 | 幸福社区 | 社区 | 东门街道 | 2179     | 4350
360702001002 | 和平社区 | 社区 |          | 1000     | 2000
360702002001 | 新华社区 |      | 360702002000 | 800  |
合计         |          |      |          | 3979     | 6350
"""
VISITS = """
走访日期   | 走访人 | 户址     | 受访人 | 走访方式
2022-06-01 | 王芳   | {0}路1号 | 赵甲   | 入户
2022-06-02 | 王芳   | {0}路2号 | 钱乙   | 入户
"""
NAMES = ["东门街道", "西门街道", "幸福社区", "和平社区", "新华社区"]


def visits(place: str, office: str = "") -> str:
    """A sheet of visits, with the office above it where it names one."""
    caption = f"填报单位：{office}\n" if office else ""
    return caption + VISITS.format(place).strip()


@pytest.fixture
def district(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    return Desk.new(tmp_path / "东区", "东区", "360702", "district")


@pytest.fixture
def listed(district: Desk, tmp_path: Path) -> Desk:
    book = write_book(tmp_path / "名单.xlsx", {"单位": UNITS})
    district.run("units", "import", str(book))
    return district


def made(district: Desk, units: dict[str, int]) -> None:
    found = district.run("rollup", "--period", "2022-06", accepted=(0, 1))["figures"]
    got = {f["unit"]: f["value"] for f in found if f["indicator"] == "visits_made"}
    assert {u: got.get(u) for u in units} == units


def test_who_has_no_units_is_told_at_every_turn_and_each_step_leads_on(
    district: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    listing = "units template 生成名单"
    assert all(listing in district.told(*words) for words in (["status"], ["units", "list"]))
    assert listing in district.told("rollup", "--period", "2022-06")
    said = district.told("units", "template", "-o", "名单 一.xlsx")
    book = load_workbook("名单 一.xlsx")
    book.worksheets[0]["A4"], book.worksheets[0]["B4"] = "360702001", "东门街道"
    book.worksheets[0]["A5"], book.worksheets[0]["B5"] = "360702001001", "幸福社区"
    book.save("名单 一.xlsx")
    assert main_ended(shlex.split(said.rpartition("ledgersync ")[2]))[0] == 0
    waiting = district.told("status")
    assert "从没报过：幸福社区" in waiting and waiting.count("units inbox") == 1
    assert listing not in waiting


def test_a_list_is_taken_over_and_renewed(district: Desk, tmp_path: Path) -> None:
    said = district.told("rollup", "--period", "2022-06", accepted=(1,))
    assert "还没有下级单位" in said
    book = write_book(tmp_path / "名单.xlsx", {"单位": UNITS})
    dry = district.run("units", "import", str(book), "--dry-run")
    assert district.run("units", "list")["units"] == []
    done = district.run("units", "import", str(book))
    assert done["added"] == dry["added"] == NAMES
    units = {u["code"]: u for u in district.run("units", "list")["units"]}
    assert units["360702001002"]["parent"] == "360702001000", "known by its code"
    assert units["360702001001"]["households"] == 2179
    assert district.run("units", "check")["faults"] == []
    again = district.run("units", "import", str(book))
    assert (again["added"], again["changed"], again["unchanged"]) == ([], [], 5)
    write_book(book, {"单位": UNITS.replace("2179", "2200").replace("新华社区", "新中华社区")})
    assert district.run("units", "import", str(book))["changed"] == ["幸福社区", "新中华社区"]


FAULTS = [
    ("360702001002 |", "360702001001 |", "前面已经有了（幸福社区）", 5),
    ("| 社区 | 东门街道", "| 社区 | 南门街道", "没有“南门街道”这个单位", 4),
    ("| 社区 | 东门街道", "| 社区 | 和平社区", "和平社区是社区，不能做", 4),
    ("| 西门街道 |      |", "| 西门街道 | 社区 |", "是街道的", 3),
    ("360702001002 |", "36070200100 |", "应为 12 位数字", 5),
    ("| 2179 ", "| 很多 ", "常住户数", 4),
    ("| 幸福社区 |", "|          |", "单位名称", 4),
]


@pytest.mark.parametrize(("old", "new", "said", "row"), FAULTS)
def test_a_wrong_row_is_named_and_nothing_is_written(
    district: Desk, tmp_path: Path, old: str, new: str, said: str, row: int
) -> None:
    assert old in UNITS
    book = write_book(tmp_path / "名单.xlsx", {"单位": UNITS.replace(old, new)})
    before = (district.root / "ledgersync.toml").read_bytes()
    found = district.run("units", "import", str(book), accepted=(1,))["faults"]
    assert [f["row"] for f in found if said in f["message"]] == [row], found
    assert (district.root / "ledgersync.toml").read_bytes() == before


def test_a_code_that_is_none_was_never_there_before(district: Desk, tmp_path: Path) -> None:
    """Eleven figures are short of a zero, and no street's code of twelve."""
    book = write_book(
        tmp_path / "名单.xlsx", {"单位": UNITS.replace("360702001002 |", "36070200100 |")}
    )
    found = district.run("units", "import", str(book), accepted=(1,))["faults"]
    assert [f["message"] for f in found if "前面已经有了" in f["message"]] == []


def test_what_is_no_list(district: Desk, tmp_path: Path) -> None:
    book = write_book(tmp_path / "别的.xlsx", {"表": "甲 | 乙 | 丙\n1 | 2 | 3"})
    assert "没有认出单位名单" in district.told("units", "import", str(book), accepted=(3,))
    community = Desk.new(tmp_path / "社区", "幸福社区", "360702001001")
    book = write_book(tmp_path / "名单.xlsx", {"单位": UNITS})
    assert community.told("units", "import", str(book), accepted=(1, 4))


def test_files_from_below_are_recognised_confirmed_once_and_kept(
    listed: Desk, tmp_path: Path
) -> None:
    inbox = listed.root / "units" / "inbox"
    below = Desk.new(tmp_path / "和平", "和平社区", "360702001002")
    below.give("王芳", "走访.xlsx", 走访记录=visits("和平"))
    below.run("merge", accepted=(0, 1))
    shutil.copytree(below.root, inbox / "从和平拷来的")
    shutil.copy(below.root / "primary/低保台账.xlsx", inbox / "无名.xlsx")
    write_book(inbox / "走访表.xlsx", {"走访记录": visits("新华", "新华社区居委会")})
    write_book(inbox / "幸福社区" / "6月走访.xlsx", {"走访记录": visits("幸福")})
    write_book(inbox / "不知道.xlsx", {"走访记录": visits("某")})
    (inbox / "走访.txt").write_text("随便写写", "utf-8")

    seen = {f["file"]: f for f in listed.run("units", "inbox", accepted=(1,))["files"]}
    by = {name: (f["name"], f["by"], f["status"]) for name, f in seen.items()}
    assert by["无名.xlsx"] == ("和平社区", "stamp", "proposed")
    assert by["走访表.xlsx"] == ("新华社区", "office", "proposed")
    assert by["幸福社区/6月走访.xlsx"] == ("幸福社区", "name", "proposed")
    assert by["不知道.xlsx"] == (None, None, "unknown")
    assert by["从和平拷来的/primary/走访台账.xlsx"][1:] == ("workspace", "proposed")
    assert not (listed.root / "units/360702001001").exists(), "nothing is taken unasked"

    taken = listed.run("units", "inbox", "--yes", accepted=(1,))["files"]
    assert {f["status"] for f in taken if f["unit"]} <= {"taken", "unchanged"}
    made(listed, {"360702001001": 2, "360702001002": 2, "360702002001": 2})
    assert (inbox / "不知道.xlsx").exists()
    assert (inbox / "从和平拷来的/.ledgersync/journal.db").exists(), "a workspace is left alone"
    assert listed.run("status", accepted=(0, 1))["units"] == []

    (inbox / "不知道.xlsx").unlink()
    more = visits("新华", "新华社区居委会") + "\n2022-06-09 | 王芳 | 新华路9号 | 孙丙 | 入户"
    write_book(inbox / "走访表.xlsx", {"走访记录": more})
    found = listed.run("units", "inbox", "--sure", accepted=(0, 1))["files"]
    [again] = [f for f in found if f["file"] == "走访表.xlsx"]
    assert (again["by"], again["status"], len(again["replaced"])) == ("confirmed", "taken", 1)
    made(listed, {"360702002001": 3})
    with listed.session() as session:
        assert session.originals.has(again["replaced"][0])


def test_a_person_says_whose_a_file_is(listed: Desk) -> None:
    inbox = listed.root / "units" / "inbox"
    write_book(inbox / "走访表.xlsx", {"走访记录": visits("某")})
    assert "认不出" in listed.told("units", "inbox")
    listed.run("units", "inbox", "走访表.xlsx", "--unit", "幸福社区", "--yes")
    made(listed, {"360702001001": 2})
    write_book(inbox / "走访表.xlsx", {"走访记录": visits("别")})
    [found] = listed.run("units", "inbox", accepted=(1,))["files"]
    assert found["status"] == "unknown", "a name that everybody uses tells nothing"
    assert "没有单位" in listed.refused("units", "inbox", "走访表.xlsx", "--unit", "无此社区")


def test_contradicting_names_are_asked_about(listed: Desk) -> None:
    inbox = listed.root / "units" / "inbox"
    write_book(inbox / "幸福社区走访.xlsx", {"走访记录": visits("新华", "新华社区")})
    [found] = listed.run("units", "inbox", accepted=(1,))["files"]
    assert (found["status"], found["unit"]) == ("unknown", None)
    assert "指向几个单位" in found["reason"]


def test_status_says_who_has_not_reported_and_since_when(listed: Desk) -> None:
    status = listed.run("status", accepted=(1,))
    assert [u["name"] for u in status["units"]] == ["幸福社区", "和平社区", "新华社区"]
    assert "从没报过：幸福社区，2022-06-30 列入名单" in listed.told("status")
    write_book(listed.root / "units/inbox/幸福社区.xlsx", {"走访记录": visits("幸福")})
    listed.run("units", "inbox", "--yes")
    left = listed.run("status", accepted=(1,))["units"]
    assert [u["name"] for u in left] == ["和平社区", "新华社区"]


def test_the_template_goes_round(district: Desk, tmp_path: Path) -> None:
    target = tmp_path / "单位名单.xlsx"
    district.told("units", "template", "-o", str(target))
    book = load_workbook(target)
    sheet = book["单位"]
    heads = {c.value: c.column for c in sheet[3]}
    units = [("360702001000", "东门街道"), ("360702001001", "幸福社区")]
    for row, (code, name) in enumerate(units, 4):
        sheet.cell(row, heads["单位代码"]).value = code
        sheet.cell(row, heads["单位名称"]).value = name
    book.save(target)
    assert district.run("units", "import", str(target))["added"] == ["东门街道", "幸福社区"]
