"""A district's folders rolled up by the commands: who counts, who is missing, what is written."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from tests.district import SHEETS

from ledgersync.cli import main
from ledgersync.journal import Journal
from ledgersync.model import Value
from ledgersync.workspace import Workspace, clock

CONFIG = """
[[unit]]
code = "360702"
name = "章贡区"
level = "district"

[[unit]]
code = "360702001"
name = "东门街道"
level = "street"
parent = "360702"

[[unit]]
code = "360702001001"
name = "幸福社区"
level = "community"
parent = "360702001"
households = 4

[[unit]]
code = "360702001002"
name = "光明社区"
level = "community"
parent = "360702001"
"""


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")


def primaries(folder: Path, rows: dict[str, list[str]], without: tuple[str, ...] = ()) -> None:
    """Plain workbooks with one header row; `rows` by sheet."""
    (folder / "primary").mkdir(parents=True)
    for workbook, sheets in SHEETS.items():
        if workbook in without:
            continue
        book = Workbook()
        book.remove(book.worksheets[0])
        for name, header in sheets.items():
            sheet = book.create_sheet(name)
            for line in (header, *rows.get(name, [])):
                sheet.append([cell.strip() or None for cell in line.split("|")])
        book.save(folder / "primary" / f"{workbook}.xlsx")


def district(folder: Path) -> Path:
    folder.mkdir()
    (folder / "ledgersync.toml").write_text(CONFIG, encoding="utf-8")
    primaries(
        folder / "units" / "360702001001",
        {"走访记录": ["2022-03-01 | 解放路1号 | 见到本人", "2022-04-01 | 解放路1号 | 无人在家"]},
    )
    return folder


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(arguments)
    return int(done.value.code or 0)


def document(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out)


def values(found: dict, indicator: str) -> dict[str, object]:
    return {f["unit"]: f["value"] for f in found["figures"] if f["indicator"] == indicator}


def test_a_unit_that_did_not_report_is_missing_and_not_zero(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = district(tmp_path / "区")
    assert run("-C", str(folder), "rollup", "--period", "2022H1", "--json") == 1
    found = document(capsys)
    assert found["format"] == "ledgersync.rollup/v1"
    assert values(found, "visits_made") == {
        "360702": 2, "360702001": 2, "360702001001": 2,
    }  # fmt: skip
    silent = [m["unit"] for m in found["missing"] if m["ledger"] is None]
    assert silent == ["360702001002"]


def test_a_ledger_that_is_absent_or_damaged_is_missing_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = district(tmp_path / "区")
    other = folder / "units" / "360702001002"
    primaries(other, {"走访记录": ["2022-05-01 | 解放路2号 | 见到本人"]}, without=("低保台账",))
    (other / "primary" / "志愿活动台账.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    assert run("-C", str(folder), "rollup", "--period", "2022H1", "--json") == 1
    found = document(capsys)
    missing = {(m["ledger"], m["kind"]) for m in found["missing"] if m["unit"] == "360702001002"}
    assert missing == {("dibao", "absent"), ("volunteer", "unreadable"), ("care", "empty")}
    assert values(found, "visits_made")["360702"] == 3
    assert values(found, "dibao_households") == {}, "an empty ledger is not 0"
    # 光明社区 says nothing of its households, so the street's coverage cannot be said
    coverage = values(found, "visits_coverage")
    assert coverage["360702001001"] == 0.25
    assert coverage["360702001"] is None


def test_a_street_workspace_brings_its_own_communities(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = district(tmp_path / "区")
    street = folder / "units" / "360702002"
    street.mkdir()
    (street / "ledgersync.toml").write_text(
        '[[unit]]\ncode = "360702002"\nname = "西门街道"\nlevel = "street"\n\n'
        '[[unit]]\ncode = "360702002001"\nname = "和平社区"\nlevel = "community"\n'
        'parent = "360702002"\n',
        encoding="utf-8",
    )
    primaries(street / "units" / "360702002001", {"走访记录": ["2022-05-01 | 西路2号 | 见到本人"]})
    run("-C", str(folder), "rollup", "--period", "2022H1", "--json", "--level", "street")
    assert values(document(capsys), "visits_made") == {"360702001": 2, "360702002": 1}


def test_the_summary_workbooks_name_the_missing_and_begin_with_the_total(tmp_path: Path) -> None:
    folder = district(tmp_path / "区")
    run("-C", str(folder), "rollup", "--period", "2022H1")
    reports = folder / "reports" / "2022H1"
    assert sorted(p.name for p in reports.iterdir()) == [
        "汇总表-区-2022H1.xlsx", "汇总表-社区-2022H1.xlsx", "汇总表-街道-2022H1.xlsx",
    ]  # fmt: skip
    book = load_workbook(reports / "汇总表-社区-2022H1.xlsx")
    sheets = (book["封面"], book["缺报与迟报"])
    cover = {str(c.value) for sheet in sheets for row in sheet.iter_rows() for c in row if c.value}
    assert {"光明社区", "没有收到该单位的台账", "缺报"} <= cover
    beside = book["走访·分单位"]
    named = [beside.cell(r, 1).value for r in range(1, beside.max_row + 1)]
    first = named.index("合计")
    assert named[first : first + 3] == ["合计", "幸福社区", "光明社区"]
    assert beside.cell(first + 1, 3).value == 2
    assert beside.cell(first + 3, 3).value == "缺报"
    compared = [[c.value for c in row] for row in book["走访"].iter_rows(max_col=7)]
    header = next(row for row in compared if row[0] == "指标（合计）")
    assert header[2:] == ["本期", "本年累计", "上年同期", "同比", "环比"]
    assert next(row for row in compared if row[0] == "走访户次")[2:] == [2, 2, "—", "—", "—"]


def test_trace_leads_to_the_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = district(tmp_path / "区")
    assert run("-C", str(folder), "trace", "visits_made", "--period", "2022Q1", "--json") == 1
    found = document(capsys)
    assert (found["value"], found["how"]) == (1, "sum")
    assert [m["unit"] for m in found["missing"]] == ["360702001002"]
    [row] = found["rows"]
    assert (row["part"], row["contribution"], row["group"]) == ("value", 1, None)
    assert (row["unit"], row["ledger"], row["table"]) == ("360702001001", "visit", "visits")
    assert (row["file"], row["sheet"], row["row"]) == ("走访台账.xlsx", "走访记录", 2)
    arguments = ("trace", "入户见面率", "--period", "2022H1", "--unit", "幸福社区", "--json")
    run("-C", str(folder), *arguments)
    parts = [(row["part"], row["row"]) for row in document(capsys)["rows"]]
    assert parts == [("numerator", 2), ("denominator", 2), ("denominator", 3)]


TOLD = [
    # what is asked, exit code, what is said
    (
        ("走访户次", "--period", "2022H1", "--unit", "光明社区"),
        1,
        ("数值 —", "没有收到该单位的台账"),
    ),
    (("走访户次", "--period", "2023", "--unit", "幸福社区"), 0, ("没有行", "尚未开始")),
    (("走访户次", "--period", "2022H1", "--unit", "幸福社区"), 0, ("数值 2", "各行合计 2")),
    (("走访户数", "--period", "2022H1", "--unit", "幸福社区"), 0, ("数值 1", "共 1 个不同的")),
    (("走访覆盖率", "--period", "2022H1"), 1, ("数值 25.0%", "分子各行合计 1，分母各行合计 4")),
    (("unit_households", "--period", "2022H1", "--unit", "幸福社区"), 0, ("ledgersync.toml",)),
    (("走访户数·第{}轮", "--period", "2022H1"), 2, ("请写出是哪一类",)),
]


@pytest.mark.parametrize(("arguments", "code", "said"), TOLD)
def test_trace_says_what_the_rows_come_to_and_what_is_missing(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
    said: tuple[str, ...],
) -> None:
    folder = district(tmp_path / "区")
    assert run("-C", str(folder), "trace", *arguments) == code
    told = "".join(capsys.readouterr())
    assert "{}" not in told
    for words in said:
        assert words in told


@pytest.mark.parametrize("arguments", [("rollup", "--period", "2022Q9"), ("trace", "nothing")])
def test_what_does_not_exist_is_a_usage_fault(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    folder = district(tmp_path / "区")
    more = () if "--period" in arguments else ("--period", "2022H1")
    assert run("-C", str(folder), *arguments, *more) == 2


FIFTH = """
format = "ledgersync.ledger/1"
id = "patrol"
name = "巡查"
workbook = "巡查台账"
[[tables]]
id = "patrols"
sheet = "巡查"
key = ["no"]
[[tables.fields]]
id = "no"
header = "巡查编号"
type = "code"
[[tables.fields]]
id = "date"
header = "巡查日期"
type = "date"
required = true
[[tables.fields]]
id = "hazards"
header = "隐患数"
type = "integer"
[[indicators]]
id = "patrols_made"
name = "巡查次数"
measure = "次"
kind = "flow"
rows = "patrols"
date = "date"
value = "count(*)"
[[indicators]]
id = "patrol_hazards"
name = "发现隐患"
measure = "处"
kind = "flow"
rows = "patrols"
date = "date"
where = "hazards > 0"
value = "sum(hazards)"
"""


def with_fifth_ledger(folder: Path, text: str) -> None:
    (folder / "ledgers").mkdir()
    (folder / "ledgers" / "patrol.toml").write_text(text, encoding="utf-8")
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "巡查"
    for line in (
        ["巡查编号", "巡查日期", "隐患数"],
        ["X1", "2022-02-01", 3],
        ["X2", "2022-05-01", 0],
    ):
        sheet.append(line)
    book.save(folder / "units" / "360702001001" / "primary" / "巡查台账.xlsx")


def test_a_fifth_ledger_is_rolled_up_from_its_file_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = district(tmp_path / "区")
    with_fifth_ledger(folder, FIFTH)
    run("-C", str(folder), "rollup", "--period", "2022H1", "--json")
    found = document(capsys)
    assert values(found, "patrols_made")["360702"] == 2
    assert values(found, "patrol_hazards")["360702001001"] == 3


@pytest.mark.parametrize(
    "wrong", ["summ(hazards)", "(SELECT count(*) FROM read_csv('/etc/passwd'))"]
)
def test_wrong_or_prying_sql_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    folder = district(tmp_path / "区")
    with_fifth_ledger(folder, FIFTH.replace("sum(hazards)", wrong))
    assert run("-C", str(folder), "rollup", "--period", "2022H1") == 2
    said = capsys.readouterr().err
    assert "patrol.toml" in said
    assert "patrol_hazards" in said


def test_a_status_without_a_date_is_taken_from_the_journal_of_that_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "社区"
    primaries(folder, {})
    config = '[unit]\ncode = "360702001001"\nname = "幸福社区"\nlevel = "community"\n'
    (folder / "ledgersync.toml").write_text(config, encoding="utf-8")
    book = load_workbook(folder / "primary" / "走访台账.xlsx")
    book["问题诉求"].cell(1, 5, "_LS_ID")
    book["问题诉求"].append(["2022-06-01", "路灯不亮", "协调处置中", None, "rec1"])
    book.save(folder / "primary" / "走访台账.xlsx")
    workspace = Workspace.open(folder)
    journal_said(workspace, "待处理", datetime(2022, 6, 20, 9, tzinfo=clock.SHANGHAI))
    run("-C", str(folder), "rollup", "--period", "2022-06", "--json")
    then = document(capsys)
    assert values(then, "issues_pending")["360702001001"] == 1
    assert values(then, "issues_in_progress")["360702001001"] == 0
    run("-C", str(folder), "rollup", "--period", "2022-05..2022-07", "--json")
    now = document(capsys)
    assert values(now, "issues_in_progress")["360702001001"] == 1


def community(folder: Path) -> Path:
    primaries(folder, {"走访记录": ["2022-07-03 | 解放路1号 | 见到本人"]})
    config = '[unit]\ncode = "360702001001"\nname = "幸福社区"\nlevel = "community"\n'
    (folder / "ledgersync.toml").write_text(config, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("period", "state", "said"),
    [
        ("2022-08", "ahead", "本期尚未开始（今天是 2022-07-05）"),
        ("2022-07", "running", "本期尚未结束，数字截至今天（2022-07-05）"),
        ("2022H1", "over", ""),
    ],
)
def test_a_period_that_is_not_over_is_said_to_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], period: str, state: str, said: str
) -> None:
    folder = community(tmp_path / "社区")
    for more in ((), ("--json",)):
        assert run("-C", str(folder), "rollup", "--period", period, *more) == 0
        printed = capsys.readouterr()
        assert said in printed.err
        assert bool(said) == ("本期尚未" in printed.err)
    assert json.loads(printed.out)["state"] == state
    [path] = (folder / "reports" / period).iterdir()
    cover = [str(c.value) for row in load_workbook(path)["封面"].iter_rows() for c in row]
    assert bool(said) == any("本期尚未" in text for text in cover)


def test_a_level_that_is_not_here_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = community(tmp_path / "社区")
    assert run("-C", str(folder), "rollup", "--period", "2022H1", "--level", "street") == 2
    printed = capsys.readouterr()
    assert "这个工作区是社区“幸福社区”，里面没有街道一级的单位。" in printed.err
    assert "正在读取" not in printed.err
    assert printed.out == ""
    assert not (folder / "reports").exists()


def test_the_units_of_a_level_are_shown_side_by_side(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    folder = district(tmp_path / "区")
    run("-C", str(folder), "rollup", "--period", "2022H1", "--level", "community")
    shown = capsys.readouterr().out
    assert "幸福社区" in shown
    assert "光明社区" in shown
    assert "章贡区" not in shown


def journal_said(workspace: Workspace, status: str, at: datetime) -> None:
    """A journal in which the problem `rec1` had a status, in a revision of that moment."""
    table = workspace.catalog.table("visit", "issues")
    known: dict[str, Value] = {"date": date(2022, 6, 1), "status": status}
    row = tuple(known.get(name) for name in table.field_ids)
    with (
        Journal.create(workspace.journal_file, workspace.catalog) as journal,
        journal.transaction(),
    ):
        journal.log.begin("submission", "王芳", at)
        journal.state.write("visit", "issues", {"rec1": row}, [])
