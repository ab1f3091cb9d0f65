"""People leave, grids move: open work passes on, copies follow, the past keeps its names."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.community import Sheet, write_book

from ledgersync.cli import main
from ledgersync.sync.create import create_workspace
from ledgersync.sync.opening import open_session
from ledgersync.sync.session import Session
from ledgersync.workspace import Workspace
from ledgersync.workspace.config import new_unit

CARE = """
姓名   | 人员类别 | 住址        | 所属网格 | 包联责任人 | 状态
赵甲   | 独居老人 | 幸福路1号   | 第1网格  | 王芳       | 在册
钱乙   | 空巢老人 | 幸福路2号   | 第1网格  | 王芳       | 去世
孙丙   | 独居老人 | 幸福路3号   | 第2网格  | 李强       | 在册
李丁   | 独居老人 | 幸福路4号   | 第3网格  | 王芳       | 在册
"""
VISITS = """
走访编号 | 走访日期   | 走访人 | 户址      | 所属网格
ZF-1     | 2022-06-01 | 王芳   | 幸福路1号 | 第1网格
ZF-2     | 2022-06-02 | 王芳   | 幸福路4号 | 第3网格
"""
ISSUES = """
问题编号 | 走访编号 | 登记日期   | 问题描述 | 责任人 | 处理状态
WT-1     | ZF-1     | 2022-06-01 | 路灯不亮 | 王芳   | 待处理
WT-2     | ZF-1     | 2022-06-01 | 下水堵塞 | 王芳   | 已解决
WT-3     | ZF-2     | 2022-06-02 | 楼道杂物 | 王芳   | 已转办
"""
STAFF = """
[[staff]]
name = "王芳"
scope = { grid = ["第1网格", "第3网格"] }

[[staff]]
name = "李强"
scope = { grid = ["第2网格"] }

[[staff]]
name = "统计员"
"""


class Office:
    """A workspace driven by its commands."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.capsys = root, capsys

    def run(self, *arguments: str) -> tuple[int, Any]:
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["-C", str(self.root), *arguments, "--json"])
        out = self.capsys.readouterr().out
        return int(ended.value.code or 0), json.loads(out) if out else None

    def refused(self, *arguments: str) -> str:
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["-C", str(self.root), *arguments])
        assert ended.value.code == 2
        return self.capsys.readouterr().err

    def told(self, *arguments: str) -> str:
        """What a command says on the terminal, as one line."""
        self.capsys.readouterr()
        with pytest.raises(SystemExit):
            main(["-C", str(self.root), *arguments])
        return self.capsys.readouterr().out.replace("\n", "")

    @contextmanager
    def session(self) -> Iterator[Session]:
        with open_session(Workspace.open(self.root), "test") as session:
            yield session

    def shown(self, path: str, sheet: str, *headers: str) -> list[list[str]]:
        book = load_workbook(self.root / path)
        return Sheet(book[sheet]).texts(headers)

    def care(self) -> dict[str, str]:
        return dict(self.shown("primary/重点人员台账.xlsx", "重点人员", "姓名", "包联责任人"))

    def issues(self) -> dict[str, str]:
        rows = self.shown("primary/走访台账.xlsx", "问题诉求", "问题描述", "责任人")
        return dict(rows)

    def scopes(self) -> dict[str, Sequence[str]]:
        staff = Workspace.open(self.root).config.staff
        return {s.name: s.scope.get("grid", ("全部",)) for s in staff}

    def copy(self, staff: str) -> list[str]:
        """Who stands in a person's copy of the care ledger."""
        rows = self.shown(f"issued/{staff}/重点人员台账.xlsx", "重点人员", "姓名")
        return [name for [name] in rows]

    def send(self, staff: str, name: str, note: str, source: str | None = None) -> Path:
        """A copy of the care ledger with a remark, saved into somebody's inbox."""
        book = load_workbook(self.root / "issued" / (source or staff) / "重点人员台账.xlsx")
        sheet = Sheet(book["重点人员"])
        sheet.set(name, "备注", note)
        for table in list(sheet.ws.tables):
            del sheet.ws.tables[table]
        path = self.root / "inbox" / staff / "重点人员台账.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)
        return path

    def assert_consistent(self) -> None:
        code, verdict = self.run("verify")
        assert (code, verdict["troubles"]) == (0, [])


@pytest.fixture
def office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Office:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    root = tmp_path / "幸福社区"
    create_workspace(root, new_unit("幸福社区", "360702001001", "community"))
    toml = root / "ledgersync.toml"
    toml.write_text(toml.read_text("utf-8") + "\n[rules]\nreserved_rows = 3\n" + STAFF, "utf-8")
    office = Office(root, capsys)
    write_book(root / "inbox" / "建账" / "旧台账.xlsx", {"重点人员": CARE})
    write_book(root / "inbox" / "建账" / "走访.xlsx", {"走访记录": VISITS, "问题诉求": ISSUES})
    assert office.run("merge")[0] == 0
    for name in ("王芳", "李强"):
        assert office.run("issue", "--staff", name)[0] == 0
    return office


def test_a_leavers_open_work_passes_on(office: Office) -> None:
    assert "王芳" in office.run("status")[1]["missing_staff"]
    code, document = office.run("staff", "leave", "王芳", "--to", "李强")
    assert (code, document["passed"]) == (0, 4)
    assert office.care() == {"赵甲": "李强", "钱乙": "王芳", "孙丙": "李强", "李丁": "李强"}
    assert office.issues() == {"路灯不亮": "李强", "下水堵塞": "王芳", "楼道杂物": "李强"}
    visitors = office.shown("primary/走访台账.xlsx", "走访记录", "走访人")
    assert visitors == [["王芳"], ["王芳"]], "past visits keep their name"
    assert office.scopes()["李强"] == ("第2网格", "第1网格", "第3网格")
    assert office.copy("李强") == ["赵甲", "钱乙", "孙丙", "李丁"], "what was passed on is seen"
    assert "王芳" not in office.run("status")[1]["missing_staff"]
    people = {p["name"]: p for p in office.run("staff", "list")[1]["staff"]}
    assert (people["王芳"]["left_to"], people["王芳"]["copies"]) == ("李强", 0)
    assert (people["王芳"]["duties"], people["李强"]["duties"]) == (0, 5)
    assert office.run("staff", "leave", "王芳", "--to", "李强")[1]["passed"] == 0, "twice is once"
    office.assert_consistent()


@pytest.mark.parametrize("stamped", [True, False])
def test_a_leavers_late_file_is_held_and_kept(office: Office, stamped: bool) -> None:
    path = office.send("王芳", "赵甲", "走前填的")
    if not stamped:
        path.unlink()
        late = CARE.splitlines()[1] + "\n周戊 | 孤儿 | x | 第1网格 | 王芳 | 在册\n"
        path = write_book(path.with_name("补登.xlsx"), {"重点人员": late})
    office.run("staff", "leave", "王芳", "--to", "李强")
    code, document = office.run("merge")
    [late] = [s for s in document["submissions"] if s["staff"] == "王芳"]
    assert (code, late["status"], sum(late["changes"].values())) == (1, "held", 0)
    with office.session() as session:
        assert session.originals.load(late["sha256"]) == path.read_bytes()
        remarks = {row[-1] for row in session.journal.state.rows("care", "people").values()}
    assert "走前填的" not in remarks and len(office.care()) == 4
    code, status = office.run("status")
    assert (code, [f["staff"] for f in status["late"]]) == (1, ["王芳"])
    path.unlink()
    assert office.run("status")[1]["late"] == []
    office.assert_consistent()


def test_a_colleague_may_still_send_their_own_copy(office: Office) -> None:
    office.run("staff", "leave", "王芳", "--to", "李强")
    office.send("李强", "孙丙", "李强填的")
    document = office.run("merge")[1]
    assert [s["status"] for s in document["submissions"] if s["staff"] == "李强"] == ["merged"]


def test_taking_back_a_handover(office: Office) -> None:
    document = office.run("staff", "leave", "王芳", "--to", "李强")[1]
    assert office.run("undo", str(document["revision"]))[0] == 0
    assert office.care()["赵甲"] == "王芳"


def test_who_cannot_leave_or_take_over(office: Office) -> None:
    said = office.refused("staff", "leave", "张三", "--to", "李强")
    assert "没有 张三 这个人" in said
    assert "是不是" not in said
    assert "现有人员：王芳、李强、统计员、建账" in said
    before = office.scopes(), office.care()
    said = office.refused("staff", "leave", "王芳", "--to", "李墙")
    assert "没有 李墙 这个人。是不是 李强？" in said
    assert "staff add 李墙" in said
    assert "是不是 王芳" in office.refused("staff", "leave", "王方", "--to", "李强")
    assert (office.scopes(), office.care()) == before, "nothing was changed"
    assert "不能是本人" in office.refused("staff", "leave", "王芳", "--to", "王芳")
    office.run("staff", "leave", "王芳", "--to", "李强")
    assert "由 李强 接手" in office.refused("staff", "leave", "王芳", "--to", "统计员")
    assert "已经离岗，不能接手" in office.refused("staff", "leave", "李强", "--to", "王芳")


def test_a_grid_moves_when_it_is_accepted(office: Office) -> None:
    code, move = office.run("staff", "hand-over", "第1网格", "--from", "王芳", "--to", "李强")
    assert (code, move["id"], move["state"]) == (0, "1", "pending")
    assert office.scopes()["王芳"] == ("第1网格", "第3网格"), "nothing changes until then"
    assert office.care()["赵甲"] == "王芳"
    code, status = office.run("status")
    assert (code, [m["grid"] for m in status["moves"]]) == (1, ["第1网格"])
    code, done = office.run("staff", "accept", "1")
    assert (code, done["state"], done["passed"]) == (0, "accepted", 2)
    assert office.scopes() == {
        "王芳": ("第3网格",),
        "李强": ("第2网格", "第1网格"),
        "统计员": ("全部",),
    }
    assert office.care() == {"赵甲": "李强", "钱乙": "王芳", "孙丙": "李强", "李丁": "王芳"}
    assert office.issues() == {"路灯不亮": "李强", "下水堵塞": "王芳", "楼道杂物": "王芳"}
    assert (office.copy("王芳"), office.copy("李强")) == (["李丁"], ["赵甲", "钱乙", "孙丙"])
    assert office.run("status")[1]["moves"] == []
    assert [m["state"] for m in office.run("staff", "list")[1]["moves"]] == ["accepted"]
    office.assert_consistent()


def test_a_copy_with_unsent_changes_is_not_overwritten_by_a_move(office: Office) -> None:
    book = load_workbook(office.root / "issued" / "王芳" / "重点人员台账.xlsx")
    Sheet(book["重点人员"]).set("赵甲", "备注", "还没交")
    book.save(office.root / "issued" / "王芳" / "重点人员台账.xlsx")
    office.run("staff", "hand-over", "第1网格", "--from", "王芳", "--to", "李强")
    office.run("staff", "accept", "1")
    assert "赵甲" in office.copy("王芳")
    office.send("王芳", "赵甲", "还没交")
    document = office.run("merge")[1]
    assert [s["status"] for s in document["submissions"] if s["staff"] == "王芳"] == ["merged"]
    assert len(office.care()) == 4, "leaving a scope removes nothing"


def test_a_successor_may_be_known_by_an_inbox_folder_a_copy_or_a_duty(office: Office) -> None:
    (office.root / "inbox" / "周明").mkdir()
    assert office.run("staff", "leave", "统计员", "--to", "周明")[0] == 0
    office.run("issue", "--staff", "吴丽")
    assert office.run("staff", "leave", "王芳", "--to", "吴丽")[1]["passed"] == 4
    assert office.run("staff", "leave", "吴丽", "--to", "李强")[1]["passed"] == 4


def test_a_leaver_is_not_proposed(office: Office) -> None:
    office.run("staff", "leave", "王芳", "--to", "李强")
    assert "是不是" not in office.refused("staff", "leave", "李强", "--to", "王方")


def test_the_last_grid_given_away_leaves_none_not_all(office: Office) -> None:
    office.run("staff", "hand-over", "第2网格", "--from", "李强", "--to", "统计员")
    office.run("staff", "accept", "1")
    assert office.scopes()["李强"] == ()
    assert office.copy("李强") == []
    assert office.scopes()["统计员"] == ("全部",)


def test_a_move_is_withdrawn(office: Office) -> None:
    office.run("staff", "hand-over", "第1网格", "--from", "王芳", "--to", "李强")
    assert "待接收（编号 1）" in office.refused(
        "staff", "hand-over", "第1网格", "--from", "王芳", "--to", "统计员"
    )
    assert office.run("staff", "withdraw", "1")[1]["state"] == "withdrawn"
    assert "没有编号为 1 的待接收交接" in office.refused("staff", "accept", "1")
    assert office.scopes()["王芳"] == ("第1网格", "第3网格")


def test_moves_that_make_no_sense(office: Office) -> None:
    give = ("staff", "hand-over", "第2网格", "--from")
    assert "王芳 的范围里没有" in office.refused(*give, "王芳", "--to", "李强")
    assert "没有 张三 这个人" in office.refused(*give, "李强", "--to", "张三")
    assert "人员名单里没有 建账" in office.refused(*give, "李强", "--to", "建账")
    assert "不能接收" in office.refused(*give, "李强", "--to", "李强")


def test_a_leavers_open_moves_are_withdrawn(office: Office) -> None:
    office.run("staff", "hand-over", "第1网格", "--from", "王芳", "--to", "李强")
    office.run("staff", "leave", "王芳", "--to", "统计员")
    assert office.run("status")[1]["moves"] == []


def test_somebody_is_added_with_a_grid(office: Office) -> None:
    office.run("staff", "list")
    main_arguments = ("staff", "add", "赵敏", "--grid", "第4网格")
    with pytest.raises(SystemExit) as ended:
        main(["-C", str(office.root), *main_arguments])
    assert not ended.value.code
    assert office.scopes()["赵敏"] == ("第4网格",)
    assert "已经在人员名单里" in office.refused(*main_arguments)


def test_a_mistyped_name_is_issued_to_and_said(office: Office) -> None:
    def told(*arguments: str) -> tuple[int, str, str]:
        office.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["-C", str(office.root), "issue", *arguments])
        said = office.capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    code, out, err = told("--staff", "王方", "重点人员")
    assert (code, "issued/王方/重点人员台账.xlsx" in out) == (0, True)
    assert "名单里没有王方（是不是 王芳？），已按不限范围发放" in err
    assert "请删除 issued/王方" in err
    assert len(office.copy("王方")) == 4
    code, out, err = told("--staff", "欧阳新", "重点人员", "--json")
    assert (code, json.loads(out)["staff"]) == (0, "欧阳新")
    assert "名单里没有欧阳新，已按" in err
    assert told("--staff", "王芳", "重点人员")[2] == ""
    (office.root / "inbox" / "周明").mkdir()
    assert told("--staff", "周明", "重点人员")[2] == "", "known by a folder of theirs"


def test_where_nobody_is_listed_any_name_is_as_good(office: Office) -> None:
    toml = office.root / "ledgersync.toml"
    toml.write_text(toml.read_text("utf-8").replace(STAFF, ""), "utf-8")
    with pytest.raises(SystemExit):
        main(["-C", str(office.root), "issue", "--staff", "王方", "重点人员"])
    assert office.capsys.readouterr().err == ""


def test_what_went_back_to_a_leaver_is_the_successors_to_mend(office: Office) -> None:
    path = office.send("王芳", "赵甲", "填了")
    book = load_workbook(path)
    Sheet(book["重点人员"]).set("赵甲", "人员类别", "外星人")
    book.save(path)
    assert office.run("merge")[0] == 1
    assert [c["staff"] for c in office.run("status")[1]["returned"]] == ["王芳"]
    assert office.run("staff", "leave", "王芳", "--to", "李强")[0] == 0
    [case] = office.run("status")[1]["returned"]
    assert (case["staff"], case["folder"]) == ("李强", "returned/王芳")
    assert (office.root / "returned" / "王芳" / path.name).is_file()
    said = office.told("status")
    assert "王芳 已离岗，请 李强 对照 returned/王芳/ 里的标注" in said
    assert "请本人" not in said
    assert office.run("staff", "leave", "李强", "--to", "统计员")[0] == 0
    assert [c["staff"] for c in office.run("status")[1]["returned"]] == ["统计员"], "and so on"


def test_a_successors_correction_settles_what_went_back_to_the_leaver(office: Office) -> None:
    path = office.send("王芳", "赵甲", "填了")
    book = load_workbook(path)
    Sheet(book["重点人员"]).set("赵甲", "人员类别", "外星人")
    book.save(path)
    office.run("merge")
    path.unlink()
    office.run("staff", "leave", "王芳", "--to", "李强")
    mended = office.send("李强", "赵甲", "核对过")
    book = load_workbook(mended)
    Sheet(book["重点人员"]).set("赵甲", "人员类别", "空巢老人")
    book.save(mended)
    office.run("merge")
    assert office.run("status")[1]["returned"] == []
    assert not (office.root / "returned" / "王芳" / path.name).exists()
    office.assert_consistent()


def test_a_leavers_late_file_is_said_not_to_be_taken_in(office: Office) -> None:
    office.send("王芳", "赵甲", "走前填的")
    office.run("staff", "leave", "王芳", "--to", "李强")
    said = office.told("merge")
    assert "没有收" in said and "已离岗" in said
    assert "成批删除" not in said


def test_copies_for_several_people_and_for_all(office: Office) -> None:
    code, made = office.run("issue", "--staff", "王芳", "--staff", "李强", "care")
    assert code == 0
    assert [person["staff"] for person in made["issued"]] == ["王芳", "李强"]
    assert made["issued"][0]["files"] == ["issued/王芳/重点人员台账.xlsx"]
    code, made = office.run("issue", "--staff", "王芳", "care")
    assert (made["staff"], made["files"]) == ("王芳", ["issued/王芳/重点人员台账.xlsx"])
    office.run("staff", "leave", "王芳", "--to", "李强")
    code, made = office.run("issue", "--all", "visit")
    assert code == 0
    assert [person["staff"] for person in made["issued"]] == ["李强", "统计员"]
    assert "--staff 姓名" in office.refused("issue", "care")
    assert "只能写一样" in office.refused("issue", "--all", "--staff", "李强")


def test_one_open_copy_stops_nobody_elses(office: Office) -> None:
    office.run("issue", "--all", "visit")
    (office.root / "issued/王芳/~$走访台账.xlsx").write_bytes(b"")
    code, made = office.run("issue", "--all", "visit")
    assert code == 1
    assert [person["staff"] for person in made["issued"]] == ["李强", "统计员"]
