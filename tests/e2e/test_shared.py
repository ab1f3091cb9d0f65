"""What stands in two units at once: found by hashes, told to both by a number, never by an id."""

import json
from pathlib import Path

import pytest
from tests.district import DISTRICT, EAST, WEST, A, B, C
from tests.upward import Unit, introduce, make_unit

from ledgersync.upward import paper

PERSON, OTHER = "110101199003071938", "11010119900307721X"
HOMES = "户主姓名 | 户主身份证号 | 家庭人口数 | 保障人数 | 月保障金额(元) | 保障状态"
CARE = "姓名 | 身份证号 | 人员类别"
HELD = "活动编号 | 活动名称 | 活动日期 | 活动地点"


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")
    monkeypatch.setattr(paper, "office_program", lambda: None)


def sheets(person: str, where: str = "东门广场") -> dict[str, str]:
    return {
        "低保户": f"{HOMES}\n张三 | {person} | 1 | 1 | 800 | 在保",
        "重点人员": f"{CARE}\n张三 | {person} | 高龄老人",
        "志愿活动": f"{HELD}\nHD1 | 清洁家园 | 2022-06-05 | {where}",
    }


def offices(
    folder: Path, capsys: pytest.CaptureFixture[str], below: dict[str, tuple[str, ...]]
) -> dict[str, Unit]:
    units = {code: make_unit(folder, code, capsys, more) for code, more in below.items()}
    introduce(units)
    return units


def test_both_units_are_told_by_a_number_and_nobody_by_an_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = offices(tmp_path, capsys, {EAST: (A, B), A: (), B: ()})
    street = units[EAST]
    for code, where in ((A, "东门广场"), (B, "东 门广场")):
        units[code].fill(sheets(PERSON, where))
        street.receive(units[code].submit())
    found = street.told("shared")
    assert [(c["kind"], c["units"]) for c in found["cases"]] == [
        (kind, [A, B]) for kind in ("activity", "benefit", "care")
    ]
    assert found["exit"] == 1 and found["letters"] == []
    letters = [Path(p) for p in street.told("shared", "--letters")["letters"]]
    assert len(letters) == 2 and street.told("shared", "--letters")["letters"] == []
    numbers = {c["kind"]: c["case"] for c in found["cases"]}
    for code, letter in zip((A, B), letters, strict=True):
        assert units[code].receive(letter)[0]["status"] == "accepted"
        assert units[code].receive(letter)[0]["status"] == "duplicate"
        units[code].run("receive", letter)
        assert "核对函" in units[code].capsys.readouterr().out
        told = units[code].told("shared")
        assert {(c["kind"], c["number"]) for c in told["own"]} == set(numbers.items())
        benefit = next(c for c in told["own"] if c["kind"] == "benefit")
        assert (benefit["file"], benefit["cell"]) == ("低保台账.xlsx", "B2")
        for said in (told, found, letter.read_bytes().hex()):
            assert PERSON not in json.dumps(said) and "张三" not in json.dumps(
                said, ensure_ascii=False
            )

    units[A].fill(sheets(OTHER))  # it was a typing error there
    assert {c["kind"] for c in units[A].told("shared")["own"]} == {"activity"}
    street.receive(units[A].submit())
    assert [c["kind"] for c in street.told("shared")["cases"]] == ["activity"]
    renewed = [Path(p) for p in street.told("shared", "--letters")["letters"]]
    for code, letter in zip((A, B), renewed, strict=True):
        units[code].receive(letter)
        assert {c["kind"] for c in units[code].told("shared")["own"]} == {"activity"}
    assert street.told("verify")["exit"] == 0


def test_a_street_hands_down_what_the_district_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two communities of two streets; the number is the district's all the way down."""
    below = {DISTRICT: (EAST, WEST, A, C), EAST: (A,), WEST: (C,), A: (), C: ()}
    units = offices(tmp_path, capsys, below)
    for street, code in ((EAST, A), (WEST, C)):
        units[code].fill(sheets(PERSON, code))
        units[street].receive(units[code].submit())
        units[DISTRICT].receive(units[street].submit())
        assert units[street].told("shared")["cases"] == []
    told = units[DISTRICT].told("shared", "--letters")
    assert [(c["kind"], c["units"]) for c in told["cases"]] == [
        ("benefit", [A, C]), ("care", [A, C]),
    ]  # fmt: skip
    for street, code, letter in zip((EAST, WEST), (A, C), told["letters"], strict=True):
        units[street].receive(Path(letter))
        [down] = units[street].told("shared", "--letters")["letters"]
        units[code].receive(Path(down))
        own = units[code].told("shared")["own"]
        assert {(c["kind"], c["number"]) for c in own} == {
            (c["kind"], c["case"]) for c in told["cases"]
        }


def test_without_the_key_nothing_is_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = {
        code: make_unit(tmp_path, code, capsys, m) for code, m in {EAST: (A, B), A: ()}.items()
    }
    for unit in units.values():
        assert unit.run("keys", "init") == 0
    assert units[EAST].run("keys", "trust", A, units[A].public()) == 0
    assert units[A].run("keys", "trust", EAST, units[EAST].public()) == 0
    units[A].fill(sheets(PERSON))
    assert units[EAST].receive(units[A].submit())[0]["status"] == "accepted"
    assert units[EAST].told("shared")["cases"] == []
    assert units[A].told("shared", "--letters")["exit"] == 2
