"""`rollup` over packages and folders, by the commands; `submit` of a street that has packages."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.district import (
    DISTRICT,
    EAST,
    NAMES,
    WEST,
    A,
    B,
    C,
    entry,
    kinds,
    primaries,
    values,
    visits,
)
from tests.upward import Unit, introduce, make_unit
from tests.written_rows import IDS

import ledgersync as ls
from ledgersync.upward import paper

SERVICE = {
    "志愿活动": "活动编号 | 活动名称 | 活动日期\nV1 | 清扫楼道 | 2022-06-05",
    "服务记录": "活动编号 | 志愿者姓名 | 身份证号 | 服务时长(小时)\n"
    "V1 | 王芳 | 110101198001010010 | 2\nV1 | {other} | {id} | 3",
}
OFFICES = {DISTRICT: (EAST, A, B), EAST: (A, B)}
ISSUES = "登记日期 | 问题描述 | 处理状态 | 办结日期\n"


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")
    monkeypatch.setattr(paper, "office_program", lambda: None)


def sheets(other: str, number: str, *days: str, solved: str) -> dict[str, str]:
    service = {k: v.format(other=other, id=number) for k, v in SERVICE.items()}
    issues = f"{ISSUES}2022-06-01 | 路灯坏了 | 已解决 | {solved}"
    return {**visits(*days), **service, "问题诉求": issues}


def test_three_levels_with_a_folder_and_packages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = {
        DISTRICT: make_unit(tmp_path, DISTRICT, capsys, (EAST, A, B)),
        EAST: make_unit(tmp_path, EAST, capsys, (A, B)),
        A: make_unit(tmp_path, A, capsys),
        B: make_unit(tmp_path, B, capsys),
    }
    introduce(units)
    street, district = units[EAST], units[DISTRICT]
    in_a = sheets("李强", "110101198001010029", "2022-06-01", "2022-06-02", solved="2022-06-03")
    in_b = sheets("赵六", "110101198001010037", "2022-06-03", solved="2022-06-11")
    units[A].fill(in_a)
    alone = street.told("rollup", "--period", "2022-06")
    assert {m["unit"] for m in alone["missing"]} == {A, B} and alone["packages"] == []

    street.receive(units[A].submit())
    one = street.told("rollup", "--period", "2022-06")
    assert [(p["unit"], p["version"], p["state"]) for p in one["packages"]] == [(A, 1, "submitted")]
    assert values(one, "visits_made") == {EAST: 2, A: 2}
    assert {m["unit"] for m in one["missing"] if m["ledger"] is None} == {B}

    primaries(street.root / "units" / B, in_b)
    both = street.told("rollup", "--period", "2022-06", "-o", street.root / "汇总")
    assert values(both, "visits_made") == {EAST: 3, A: 2, B: 1}
    assert values(both, "volunteers_active") == {EAST: 3, A: 2, B: 2}  # 王芳 is in both
    assert values(both, "volunteer_hours") == {EAST: 10, A: 5, B: 5}
    assert values(both, "issue_days_median") == {EAST: None, A: 2, B: 10}
    marks = {f["unit"]: f["mark"] for f in both["figures"] if f["indicator"] == "issue_days_median"}
    assert marks == {EAST: "不可合并", A: None, B: None}
    assert values(both, "visits_coverage")[EAST] == pytest.approx(3 / 700)
    assert not [m for m in both["missing"] if m["ledger"] is None]
    book = load_workbook(street.root / "汇总" / "汇总表-街道-2022-06.xlsx")
    cells = [c.value for sheet in book for row in sheet.iter_rows() for c in row]
    assert "不可合并" in cells
    quality = [" ".join(map(str, row)) for row in book["数据质量"].iter_rows(values_only=True)]
    assert any("不可合并" in line and "用时中位数" in line for line in quality)

    report = street.told("report", "--period", "2022-06", "--format", "xlsx")
    shown = {n["indicator"]: n["value"] for n in report["numbers"] if n["unit"] == EAST}
    assert shown["visits_made"] == 3

    traced = street.told("trace", "visits_made", "--period", "2022-06")
    assert traced["value"] == 3 == sum(r["contribution"] for r in traced["rows"])
    package = [r for r in traced["rows"] if r["file"].endswith(".lsp")]
    assert [(r["unit"], r["sheet"], r["contribution"]) for r in package] == [(A, "第1版", 2)]
    assert (street.root / package[0]["file"]).exists()
    behind = ls.open(street.root).rows_behind("visits_made", "2022-06")
    assert behind.contribution.sum() == 3 and set(behind.file) == {
        r["file"] for r in traced["rows"]
    }
    own = units[A].told("trace", "visits_made", "--period", "2022-06")
    assert len(own["rows"]) == 2 and own["rows"][0]["file"] == "走访台账.xlsx"
    rate = street.told("trace", "visits_coverage", "--period", "2022-06", "--unit", A)
    assert {(r["part"], r["contribution"]) for r in rate["rows"]} == {
        ("numerator", 2),
        ("denominator", 400),
    }
    only_b = street.told("trace", "visits_made", "--period", "2022-06", "--unit", B)
    assert [r["file"] for r in only_b["rows"]] == ["走访台账.xlsx"]

    assert district.receive(street.submit())[0]["status"] == "accepted"
    top = district.told("rollup", "--period", "2022-06")
    assert values(top, "visits_made") == {DISTRICT: 3, EAST: 3, A: 2, B: 1}
    assert values(top, "volunteers_active") == {DISTRICT: 3, EAST: 3, A: 2, B: 2}
    assert values(top, "issue_days_median") == {DISTRICT: None, EAST: None, A: 2, B: 10}


def test_a_package_outranks_its_folder_and_the_difference_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = {EAST: make_unit(tmp_path, EAST, capsys, (A,)), A: make_unit(tmp_path, A, capsys)}
    introduce(units)
    units[A].fill(visits("2022-06-01", "2022-06-02"))
    street = units[EAST]
    street.receive(units[A].submit())
    primaries(street.root / "units" / A, visits("2022-06-01", "2022-06-02"))
    same = street.told("rollup", "--period", "2022-06")
    assert same["differences"] == []
    primaries(street.root / "units" / A, visits("2022-06-01"))
    told = street.told("rollup", "--period", "2022-06")
    assert values(told, "visits_made") == {EAST: 2, A: 2}
    different = {d["indicator"]: (d["package"], d["folder"]) for d in told["differences"]}
    assert different["visits_made"] == (2, 1)
    assert told["exit"] == 1 and "按上报包计" in told["said"]
    assert {r["kind"] for r in told["remarks"]} == {"package_differs"}


def test_a_package_of_another_period_does_not_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = {EAST: make_unit(tmp_path, EAST, capsys, (A,)), A: make_unit(tmp_path, A, capsys)}
    introduce(units)
    units[A].fill(visits("2022-05-01", "2022-06-02"))
    units[EAST].receive(units[A].submit("2022-05"))
    assert units[EAST].told("rollup", "--period", "2022-06")["packages"] == []
    assert values(units[EAST].told("rollup", "--period", "2022-05"), "visits_made")[EAST] == 1


def test_figures_that_this_office_does_not_know_are_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    units = {EAST: make_unit(tmp_path, EAST, capsys, (A,)), A: make_unit(tmp_path, A, capsys)}
    introduce(units)
    units[A].fill(visits("2022-06-02"))
    from ledgersync.upward import submission
    from ledgersync.upward.content.figures import packed

    def renamed(found: object) -> bytes:
        return packed(found).replace(b'"visits_made"', b'"visits_of_tomorrow"')  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(submission, "packed", renamed)
        package = units[A].submit()
    assert units[EAST].receive(package)[0]["status"] == "accepted"
    told = units[EAST].told("rollup", "--period", "2022-06")
    assert values(told, "visits_households")[EAST] == 1
    assert Unit is not None and not values(told, "visits_of_tomorrow")


def test_small_counts_of_packages_are_hidden_in_public_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exact in the sealed package; what the office publishes hides them as it does of folders."""
    units = {EAST: make_unit(tmp_path, EAST, capsys, (A, B)), A: make_unit(tmp_path, A, capsys)}
    introduce(units)
    people = "姓名 | 身份证号 | 人员类别\n"
    two = f"{people}王芳 | 110101198001010010 | 独居老人\n李强 | 110101198001010029 | 独居老人"
    units[A].fill({**visits("2022-06-01"), "重点人员": two})
    units[EAST].receive(units[A].submit())
    primaries(
        units[EAST].root / "units" / B,
        {"重点人员": f"{people}赵六 | 110101198001010037 | 孤儿"},
    )
    exact = units[EAST].told("rollup", "--period", "2022-06", "--profile", "exact")
    assert values(exact, "care_people.独居老人") == {EAST: 2, A: 2, B: 0}
    public = units[EAST].told("rollup", "--period", "2022-06", "--profile", "public")
    assert values(public, "care_people.独居老人") == {EAST: None, A: None, B: 0}
    hidden = {
        (f["unit"], f["indicator"]): f["suppressed"] for f in public["figures"] if f["suppressed"]
    }
    assert {(EAST, "care_people.独居老人"), (A, "care_people.独居老人"), (A, "care_people")} <= set(
        hidden
    )


def test_what_hidden_sums_of_packages_come_to_at_least(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Five in one community and one, whom nobody may see, in the other; at the district the five
    are within the street's package."""
    units = {code: make_unit(tmp_path, code, capsys, below) for code, below in OFFICES.items()}
    units |= {code: make_unit(tmp_path, code, capsys) for code in (A, B)}
    introduce(units)
    for code, ids in ((A, IDS[:5]), (B, IDS[5:6])):
        rows = [f"老人{n} | {number} | 独居老人" for n, number in enumerate(ids)]
        units[code].fill({"重点人员": "\n".join(["姓名 | 身份证号 | 人员类别", *rows])})
        units[EAST].receive(units[code].submit())
    units[DISTRICT].receive(units[EAST].submit())
    for office in (EAST, DISTRICT):
        told = units[office].told("rollup", "--period", "2022-06", "--profile", "public")
        [figure] = [
            f
            for f in told["figures"]
            if (f["unit"], f["indicator"]) == (office, "care_people.独居老人")
        ]
        assert (figure["value"], figure["suppressed"], figure["at_least"]) == (None, True, 5)


def test_an_offices_own_few_are_hidden_beside_packages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The street's sum less what its community says would be the three of its own register."""
    units = {EAST: make_unit(tmp_path, EAST, capsys, (A,)), A: make_unit(tmp_path, A, capsys)}
    introduce(units)
    for code, ids in ((A, IDS[:6]), (EAST, IDS[6:9])):
        rows = [f"老人{n} | {number} | 独居老人" for n, number in enumerate(ids)]
        units[code].fill({"重点人员": "\n".join(["姓名 | 身份证号 | 人员类别", *rows])})
    units[EAST].receive(units[A].submit())
    told = units[EAST].told("rollup", "--period", "2022-06", "--profile", "exact")
    assert values(told, "care_people.独居老人") == {EAST: 9, A: 6}
    told = units[EAST].told("rollup", "--period", "2022-06", "--profile", "public")
    assert values(told, "care_people.独居老人") == {EAST: None, A: 6}
    least = {f["unit"]: f["at_least"] for f in told["figures"] if f["suppressed"]}
    assert least == {EAST: 6}


def test_a_unit_in_two_packages_or_in_anothers_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """幸福社区 goes from one street's list to the other's without a day; both count it."""
    units = {DISTRICT: make_unit(tmp_path, DISTRICT, capsys, (EAST, WEST, A, C))}
    units |= {EAST: make_unit(tmp_path, EAST, capsys, (A,)), A: make_unit(tmp_path, A, capsys)}
    units |= {WEST: make_unit(tmp_path, WEST, capsys, (C,)), C: make_unit(tmp_path, C, capsys)}
    introduce(units)
    for code, street in ((A, EAST), (C, WEST)):
        units[code].fill(visits("2022-06-01"))
        units[street].receive(units[code].submit())
    for street in (EAST, WEST):
        assert units[DISTRICT].receive(units[street].submit())[0]["status"] == "accepted"

    def told() -> tuple[object, list[str], set[str]]:
        found = units[DISTRICT].told("rollup", "--period", "2022-06")
        remarks = [r["text"] for r in found["remarks"]]
        missing = {m["unit"] for m in found["missing"] if m["ledger"] is None}
        return values(found, "visits_made")[DISTRICT], remarks, missing

    assert told() == (2, [], set())
    for office in (DISTRICT, WEST):
        toml = units[office].root / "ledgersync.toml"
        moved = entry(A, parent=WEST)
        text = toml.read_text("utf-8").replace(entry(A), moved)
        toml.write_text(text if moved in text else f"{text}\n{moved}", "utf-8")
    value, [remark], missing = told()
    assert (value, missing) == (2, set())
    assert "幸福社区的数在东门街道的上报包里" in remark and "不归东门街道" in remark
    grant = tmp_path / "grant.lskey"
    assert units[WEST].run("keys", "trust", A, units[A].public()) == 0
    assert units[WEST].run("keys", "grant", A, "-o", grant) == 0
    assert units[A].run("keys", "trust", WEST, grant) == 0
    assert units[WEST].receive(units[A].submit("2022-06", "--to", WEST))[0]["status"] == "accepted"
    assert units[DISTRICT].receive(units[WEST].submit())[0]["status"] == "accepted"
    value, [remark], missing = told()
    assert (value, missing) == (3, set())
    assert "东门街道、西门街道的上报包里都有幸福社区" in remark


def test_a_unit_that_merged_counts_in_the_days_that_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """幸福社区 merged into 光明社区 at the end of June; its June stays its own."""
    units = {EAST: make_unit(tmp_path, EAST, capsys, (A, B))}
    units |= {code: make_unit(tmp_path, code, capsys) for code in (A, B)}
    introduce(units)
    street = units[EAST]
    toml = street.root / "ledgersync.toml"
    ended = f'code = "{A}"\nvalid_to = 2022-06-30\nsucceeded_by = ["{B}"]'
    toml.write_text(toml.read_text("utf-8").replace(f'code = "{A}"', ended), "utf-8")
    units[A].fill(visits("2022-06-01", "2022-06-02"))
    units[B].fill(visits("2022-06-03", "2022-07-03"))
    for code in (A, B):
        assert street.receive(units[code].submit())[0]["status"] == "accepted"
    june = street.told("rollup", "--period", "2022-06")
    assert values(june, "visits_made") == {EAST: 3, A: 2, B: 1}
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-08-02")
    assert [u["unit"] for u in street.told("remind", "--period", "2022-07")["units"]] == [B]
    street.receive(units[B].submit("2022-07"))
    july = street.told("rollup", "--period", "2022-07")
    assert values(july, "visits_made")[EAST] == 1
    assert A not in {m["unit"] for m in july["missing"]}
    assert values(street.told("rollup", "--period", "2022-06"), "visits_made")[EAST] == 3


def test_units_that_are_believed_and_not_listed_owe_something(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A street that only exchanged keys: its roll-up names who has not sent, whoever has."""
    units = {EAST: make_unit(tmp_path, EAST, capsys)}
    units |= {code: make_unit(tmp_path, code, capsys) for code in (A, B)}
    introduce(units)
    street = units[EAST]
    assert street.run("status") in (0, 1)
    said = capsys.readouterr().out
    assert "还没有下级单位" not in said and NAMES[A] in said
    units[A].fill(visits("2022-06-01"))
    assert street.receive(units[A].submit())[0]["status"] == "accepted"
    june = street.told("rollup", "--period", "2022-06")
    assert values(june, "visits_made") == {EAST: 1, A: 1} and (B, "absent") in kinds(
        june, "missing"
    )
    quarter = street.told("rollup", "--period", "2022Q2")
    assert {(A, "absent"), (B, "absent")} <= kinds(quarter, "missing") and quarter["exit"] == 1
