"""From a community to its province: five offices, each with keys, that share no folder."""

from pathlib import Path

import pytest
from tests.community import write_book
from tests.desk import Desk
from tests.district import CITY, DISTRICT, EAST, PROVINCE, A, B, values, visits
from tests.upward import Unit, introduce, make_unit

from ledgersync.upward import paper
from ledgersync.workspace.unitcodes import full_code

CHAIN = (A, EAST, DISTRICT, CITY, PROVINCE)
SERVICE = {
    "志愿活动": "活动编号 | 活动名称 | 活动日期\nV1 | 清扫楼道 | 2022-06-05",
    "服务记录": "活动编号 | 志愿者姓名 | 身份证号 | 服务时长(小时)\n"
    "V1 | 王芳 | 110101198001010010 | 2",
}


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")
    monkeypatch.setattr(paper, "office_program", lambda: None)


@pytest.fixture
def units(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Unit]:
    """Only the street lists its communities; every office above lists what is right below it."""
    below = {EAST: (A, B), DISTRICT: (EAST,), CITY: (DISTRICT,), PROVINCE: (CITY,), A: (), B: ()}
    made = {code: make_unit(tmp_path, code, capsys, more) for code, more in below.items()}
    introduce(made)
    return made


def test_a_figure_goes_up_five_levels_and_leads_back(units: dict[str, Unit]) -> None:
    units[A].fill({**visits("2022-06-01", "2022-06-02"), **SERVICE})
    units[B].fill({**visits("2022-06-03"), **SERVICE})
    for code in (B, *CHAIN[:-1]):
        above = units[EAST if code == B else CHAIN[CHAIN.index(code) + 1]]
        assert [p["status"] for p in above.receive(units[code].submit())] == ["accepted"]
    summaries = units[PROVINCE].root / "汇总"
    top = units[PROVINCE].told("rollup", "--period", "2022-06", "-o", summaries)
    made = {full_code(unit): value for unit, value in values(top, "visits_made").items()}
    assert made == {**dict.fromkeys(map(full_code, CHAIN), 3), A: 2, B: 1}
    assert values(top, "volunteers_active")[PROVINCE] == 1  # 王芳 is in both communities
    levels = [f["level"] for f in top["figures"] if f["indicator"] == "visits_made"]
    assert levels == ["province", "city", "district", "street", "community", "community"]
    cities = units[PROVINCE].told("rollup", "--period", "2022-06", "--level", "city")
    assert values(cities, "visits_made") == {CITY: 3}
    names = {p.name for p in summaries.glob("汇总表*")}
    assert names == {f"汇总表-{n}-2022-06.xlsx" for n in ("省", "市", "区", "街道", "社区")}

    asked = ("report", "--period", "2022-06", "--level", "city", "--format", "xlsx,docx")
    told = units[PROVINCE].told(*asked)
    shown = {(n["unit"], n["value"]) for n in told["numbers"] if n["indicator"] == "visits_made"}
    assert (PROVINCE, 3) in shown and (CITY, 3) in shown
    for code in CHAIN[:0:-1]:  # from the province down, to the package of the next below
        rows = units[code].told("trace", "visits_made", "--period", "2022-06")["rows"]
        below = {A, B} if code == EAST else {CHAIN[CHAIN.index(code) - 1]}
        assert sum(r["contribution"] for r in rows) == 3
        assert {r["unit"] for r in rows} == below, code


LIST = """
单位代码     | 单位名称   | 级别   | 上级
3607         | 赣州市     | 市     |
360781       | 瑞金市     | 市     | 赣州市
360702       | 章贡区     |        |
360702001    | 东门街道   |        |
360702001001 | 幸福社区   |        |
360781001001 | 象湖社区   |        |
360429001001 | 别市社区   | 社区   |
"""


def test_a_province_lists_all_its_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    province = Desk.new(tmp_path / "省", "江西省", "36", "province")
    book = write_book(tmp_path / "名单.xlsx", {"单位": LIST})
    done = province.run("units", "import", str(book))
    assert done["faults"] == [] and len(done["added"]) == 7
    listed = {u["code"]: u for u in province.run("units", "list")["units"]}
    assert listed["360781"]["level"] == "district"  # 县级市
    assert listed["360702001001"]["parent"] == "360702001"
    assert listed["360781001001"]["parent"] == "360781"
    found = province.run("rollup", "--period", "2022-06", accepted=(1,))
    assert {m["unit"] for m in found["missing"]} == {"360702001001", "360781001001", "360429001001"}
    assert {f["unit"] for f in found["figures"] if f["level"] == "city"} == {"3607"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("360781       | 瑞金市     | 市     | 赣州市", "360781 | 瑞金市 | 省 |", "同级或更高"),
        ("| 市     |\n", "| 街道 |\n", "是 4 位"),
        ("3607         |", "360000       |", "是省的"),
        ("| 市     | 赣州市", "| 市     | 东门街道", "不能做"),
    ],
)
def test_a_level_that_a_code_denies(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in LIST
    province = Desk.new(tmp_path / "省", "江西省", "36", "province")
    book = write_book(tmp_path / "名单.xlsx", {"单位": LIST.replace(old, new)})
    faults = province.run("units", "import", str(book), accepted=(1,))["faults"]
    assert any(said in f["message"] for f in faults), faults
