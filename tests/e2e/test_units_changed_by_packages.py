"""Units that merged or split, over packages: each period is told by the unit that then was."""

from pathlib import Path

import pytest
from tests.district import EAST, A, B, kinds, values, visits
from tests.upward import Unit, Units, introduce, make_unit, on_a_july_day

MAY, JUNE, JULY = (("--period", month) for month in ("2022-05", "2022-06", "2022-07"))
HOUSEHOLDS = (
    "户主姓名 | 户主身份证号 | 家庭人口数 | 保障人数 | 月保障金额(元) | 保障状态\n"
    "张三 | 110101194001010025 | 2 | 2 | 500 | 在保"
)


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    on_a_july_day(monkeypatch, tmp_path)


@pytest.fixture
def units(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Units:
    """Two communities of a street; the first has a household on benefits."""
    made = {EAST: make_unit(tmp_path, EAST, capsys, (A, B))}
    made |= {code: make_unit(tmp_path, code, capsys) for code in (A, B)}
    introduce(made)
    made[A].fill({**visits("2022-05-01", "2022-05-02", "2022-06-05"), "低保户": HOUSEHOLDS})
    made[B].fill(visits("2022-05-03", "2022-06-20", "2022-06-21", "2022-07-01"))
    return made


def lived(street: Unit, code: str, **more: str) -> None:
    """Days and heirs of a unit in the street's configuration."""
    toml = street.root / "ledgersync.toml"
    head = f'[[unit]]\ncode = "{code}"\n'
    text = toml.read_text("utf-8")
    assert head in text
    lines = "".join(f"{key} = {value}\n" for key, value in more.items())
    toml.write_text(text.replace(head, head + lines), "utf-8")


def accepted(street: Unit, *files: Path) -> bool:
    return {p["status"] for p in street.receive(*files)} == {"accepted"}


def counts(street: Unit, period: tuple[str, str], indicator: str = "visits_made") -> object:
    told = street.told("rollup", *period)
    return values(told, indicator), kinds(told, "missing") - {
        (m["unit"], m["kind"]) for m in told["missing"] if m["ledger"]
    }


def test_a_unit_that_merged_in_the_middle_of_june(
    units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    street, first, second = units[EAST], units[A], units[B]
    assert accepted(street, first.submit("2022-05"), second.submit("2022-05"))
    lived(street, A, valid_to='"2022-06-14"', succeeded_by=f'["{B}"]')
    assert counts(street, MAY) == ({EAST: 3, A: 2, B: 1}, set())

    assert accepted(street, second.submit())
    told = street.told("rollup", *JUNE)
    assert (A, "absent") in kinds(told, "missing"), "the heir's package speaks of the heir"
    assert "2022-06-14" in told["said"] and told["exit"] == 1
    review = street.told("review", *JUNE)["units"]
    assert {u["unit"]: u["state"] for u in review} == {A: "missing", B: "submitted"}
    assert accepted(street, first.submit())
    assert counts(street, JUNE) == ({EAST: 3, A: 1, B: 2}, set())
    traced = street.told("trace", "visits_made", *JUNE)
    assert {r["unit"]: r["contribution"] for r in traced["rows"]} == {A: 1, B: 2}

    second.fill({**visits("2022-06-20", "2022-06-21", "2022-07-01"), "低保户": HOUSEHOLDS})
    assert accepted(street, second.submit())
    households = street.told("rollup", *JUNE)
    assert values(households, "dibao_households") == {EAST: 1, B: 1}, "the heir's by the last day"
    traced = street.told("trace", "dibao_households", *JUNE)
    assert [r["unit"] for r in traced["rows"]] == [B]

    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-08-03")
    assert accepted(street, second.submit("2022-07"))
    [late] = street.receive(first.submit("2022-07"))
    assert (late["status"], late["reason"]) == ("refused", "wrong_period")
    assert "2022-06-14" in late["message"]
    assert counts(street, JULY) == ({EAST: 1, B: 1}, set())
    assert [u["unit"] for u in street.told("review", *JULY)["units"]] == [B]


@pytest.mark.parametrize(("length", "heirs"), [("2022Q2", 3), ("2022", 4)])
def test_a_longer_period_lacks_the_unit_that_ended_in_it_until_it_sends(
    units: Units, length: str, heirs: int
) -> None:
    """So the year is right where the unit that ended sends its part of it, too."""
    street, second = units[EAST], units[B]
    lived(street, A, valid_to='"2022-06-14"', succeeded_by=f'["{B}"]')
    assert accepted(street, second.submit(length))
    asked = ("--period", length)
    assert counts(street, asked) == ({EAST: heirs, B: heirs}, {(A, "absent")})
    assert accepted(street, units[A].submit(length))
    assert counts(street, asked) == ({EAST: heirs + 3, A: 3, B: heirs}, set())


def test_a_unit_that_split_off(
    units: Units,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """B was made of a part of A on the first of July: June is A's alone."""
    street, first, second = units[EAST], units[A], units[B]
    lived(street, B, valid_from='"2022-07-01"')
    [early] = street.receive(second.submit())
    assert (early["status"], early["reason"]) == ("refused", "wrong_period")
    assert "2022-07-01" in early["message"]
    assert accepted(street, first.submit())
    assert counts(street, JUNE) == ({EAST: 1, A: 1}, set())
    assert [u["unit"] for u in street.told("review", *JUNE)["units"]] == [A]
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-08-03")
    assert accepted(street, second.submit("2022-07"))
    assert counts(street, JULY) == ({EAST: 1, B: 1}, {(A, "absent")})
