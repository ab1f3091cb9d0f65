"""People by activities: each cell that says something is a record of service."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests import offices
from tests.lists.score import TODAY

from ledgersync.cli import cli
from ledgersync.errors import UnreadableFile
from ledgersync.schema import load_catalog
from ledgersync.sync.adopt.preview import preview
from ledgersync.sync.create import create_workspace
from ledgersync.workbook.foreign.plan import Decisions, Plan
from ledgersync.workspace.config import new_unit

PEOPLE = [("周一", "19800315"), ("吴二", "19900411"), ("郑三", "19850921")]
HEAD = ["序号", "姓名", "身份证号"]


def read(path: Path, ledger: str, *lines: offices.Line, decisions: Decisions | None = None) -> Plan:
    catalog = load_catalog()
    offices.save(path, {"Sheet1": list(lines)})
    return preview(catalog.ledger(ledger), catalog, [path], TODAY, decisions or Decisions())


def sheet(head: list[str], *cells: list[object]) -> list[offices.Line]:
    people = [[n, name, offices.id_number(born, n)] for n, (name, born) in enumerate(PEOPLE, 1)]
    return [[*HEAD, *head], *([*p, *c] for p, c in zip(people, cells, strict=True))]


def services(plan: Plan) -> list[tuple[object, object, str]]:
    rows = plan.rows("records")
    return [
        (
            r.values["name"],
            r.parent.values["title"] if r.parent else None,
            str(r.values.get("hours")),
        )
        for r in rows
    ]


def test_hours_in_the_columns_of_activities(tmp_path: Path) -> None:
    head = ["3月5日环境整治", "3.12义诊活动", "3月20日交通劝导(2小时)", "合计"]
    lines = sheet(head, [2, None, 2, 4], [1.5, 3, None, 4.5], [None, None, "√", 2])
    plan = read(tmp_path / "2022年志愿服务.xlsx", "volunteer", *lines)
    assert plan.questions == []
    activities = [(r.values["title"], str(r.values["date"])) for r in plan.rows("activities")]
    assert activities == [
        ("环境整治", "2022-03-05"), ("义诊活动", "2022-03-12"), ("交通劝导", "2022-03-20"),
    ]  # fmt: skip
    assert services(plan) == [
        ("周一", "环境整治", "2"), ("周一", "交通劝导", "2"), ("吴二", "环境整治", "1.5"),
        ("吴二", "义诊活动", "3"), ("郑三", "交通劝导", "2"),
    ]  # fmt: skip
    assert [r.row for r in plan.rows("records")] == [2, 2, 3, 3, 4]
    assert "交叉表" in " ".join(m.zh for m in plan.sheets[0].remarks)


def test_what_nobody_wrote_is_asked(tmp_path: Path) -> None:
    """A tick does not say how long, a name of an activity not when."""
    lines = sheet(["环境整治", "义诊活动"], ["√", "√"], ["√", "×"], [None, "√"])
    plan = read(tmp_path / "志愿服务.xlsx", "volunteer", *lines)
    assert {q.field for q in plan.questions} == {"date", "hours"}
    said = Decisions(values={("", "date"): "2022-03-05", ("", "hours"): "2"})
    plan = read(tmp_path / "志愿服务.xlsx", "volunteer", *lines, decisions=said)
    assert plan.questions == []
    assert [h for _, _, h in services(plan)] == ["2"] * 4
    assert {str(r.values["date"]) for r in plan.rows("activities")} == {"2022-03-05"}


@pytest.mark.parametrize("head", [["星级", "积分"], ["年龄", "工龄"], ["参加次数", "总时长"]])
def test_numbers_of_people_are_no_activities(tmp_path: Path, head: list[str]) -> None:
    lines = sheet(head, [2, 3], [1, 4], [3, 5])
    plan = read(tmp_path / "志愿者.xlsx", "volunteer", *lines)
    assert plan.rows("activities") == []


@pytest.mark.parametrize("ledger", ["dibao", "volunteer"])
def test_a_cross_that_is_not_understood_says_what_to_do(tmp_path: Path, ledger: str) -> None:
    lines: list[offices.Line] = [
        ["街巷", "东头", "西头", "南头", "北头"],
        ["阳光路", 3, 4, 5, 1],
        ["和平街", 2, None, 6, 7],
    ]
    with pytest.raises(
        UnreadableFile, match=r"像一张交叉表（列：东头、西头、南头、北头）.*一行一条"
    ):
        read(tmp_path / "统计.xlsx", ledger, *lines)


def test_taken_with_numbers_and_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    root = tmp_path / "幸福社区"
    create_workspace(root, new_unit("幸福社区", "360702001001", "community"))
    lines = sheet(["3月5日环境整治", "3月12日义诊活动"], [2, 1], [1, None], [None, 3])
    path = offices.save(tmp_path / "2022年志愿服务.xlsx", {"Sheet1": lines})

    def run(*command: str) -> str:
        result = CliRunner().invoke(cli, ["-C", str(root), *command])
        assert result.exit_code == 0, result.output
        return result.output

    taken = json.loads(run("adopt", "volunteer", str(path), "--json"))
    assert taken["records"] == {"activities": 2, "records": 4}
    found = json.loads(run("read", str(root / "primary" / "志愿活动台账.xlsx"), "--json"))
    tables = {t["table"]: [r["values"] for r in t["records"]] for t in found["tables"]}
    title = {a["activity_no"]: a["title"] for a in tables["activities"]}
    told = [(r["name"], title[r["activity_no"]], float(r["hours"])) for r in tables["records"]]
    assert sorted(told) == sorted([
        ("周一", "环境整治", 2), ("周一", "义诊活动", 1), ("吴二", "环境整治", 1),
        ("郑三", "义诊活动", 3),
    ])  # fmt: skip
    run("verify")
    run("undo", str(taken["revision"]))
