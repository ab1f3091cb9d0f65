"""`check` in an office above, and figures that jump, through the commands."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.district import A, B, C, community, district, primaries, rolled, run, visits

import ledgersync as ls

PERSON = "110101199003071938"
HOMES = "户主姓名 | 户主身份证号 | 家庭人口数 | 保障人数 | 月保障金额(元) | 保障状态"
HELD = "活动编号 | 活动名称 | 活动日期 | 活动地点"


def checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    code = run("-C", folder, "check", "--json")
    return {**json.loads(capsys.readouterr().out), "exit": code}


def place(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(f["rule"], f["file"], f["cell"]) for f in found["findings"]]


def test_one_person_in_two_communities_is_told_at_both_cells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = district(tmp_path)
    for code, person in ((A, PERSON), (B, f" {PERSON[:6]} {PERSON[6:]}"), (C, "")):
        community(root / "units" / code, code)
        rows = f"{HOMES}\n张三 | {person or '11010119900307721X'} | 1 | 1 | 800 | 在保"
        primaries(root / "units" / code, {"低保户": rows})
    found = checked(root, capsys)
    assert place(found) == [
        ("cross.duplicate_benefit", f"units/{code}/primary/低保台账.xlsx", "B2") for code in (A, B)
    ]
    assert found["exit"] == 1
    assert ["光明社区" in found["findings"][0]["message"], found["findings"][0]["severity"]] == [
        True,
        "warning",
    ]
    assert PERSON not in json.dumps(found)
    same = ls.open(root).check()
    assert [(f.rule, f.file, f.cell) for f in same] == place(found)


def test_one_activity_told_by_two_streets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = district(tmp_path)
    for code, where in ((A, "东门广场"), (B, "东 门广场"), (C, "西门广场")):
        text = f"{HELD}\nHD1 | 清洁家园 | 2022-03-05 | {where}"
        primaries(root / "units" / code, {"志愿活动": text})
    found = checked(root, capsys)
    assert place(found) == [
        ("cross.duplicate_activity", f"units/{code}/primary/志愿活动台账.xlsx", "B2")
        for code in (A, B)
    ]


def test_a_community_alone_is_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = district(tmp_path, A)
    primaries(root / "units" / A, {"低保户": f"{HOMES}\n张三 | {PERSON} | 1 | 1 | 800 | 在保"})
    assert (checked(root, capsys)["findings"], checked(root, capsys)["exit"]) == ([], 0)


def test_a_figure_that_jumps_against_earlier_roll_ups(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    root = tmp_path / "幸福社区"
    init = ("init", root, "--name", "幸福社区", "--code", A, "--level", "community")
    assert run(*init) == 0
    counts = {"2022-01": 9, "2022-02": 10, "2022-03": 11, "2022-04": 10, "2022-05": 60}
    days = [f"{month}-{1 + n % 27:02d}" for month, count in counts.items() for n in range(count)]
    primaries(root, visits(*days))
    capsys.readouterr()
    said = {month: rolled(root, capsys, month) for month in counts}
    jumping = {f["indicator"] for f in said["2022-05"]["findings"]}
    assert "visits_made" in jumping
    assert {f["rule"] for f in said["2022-05"]["findings"]} == {"cross.outlier"}
    assert "请核实" in said["2022-05"]["said"]
    assert all(said[month]["findings"] == [] for month in list(counts)[:4])
