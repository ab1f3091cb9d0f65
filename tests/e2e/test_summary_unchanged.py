"""A summary workbook is drawn again only when it would say something else, or was touched."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.desk import Desk

VISITS = """走访日期 | 走访人 | 户址 | 受访人 | 走访方式 | 走访结果
2022-06-03 | 王芳 | 幸福路1号 | 赵甲 | 入户 | 见到本人"""
PERIOD = ("rollup", "--period", "2022-06")


@pytest.fixture
def unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")
    desk = Desk.new(tmp_path / "幸福社区", "幸福社区", "360702001001")
    desk.give("建账", "走访.xlsx", 走访记录=VISITS)
    desk.run("merge", accepted=(0, 1))
    desk.run(*PERIOD, accepted=(0, 1))
    return desk


def drawn(unit: Desk) -> tuple[int, bytes]:
    """When the workbook was written, and what it holds."""
    [path] = (unit.root / "reports").rglob("汇总表*.xlsx")
    return path.stat().st_ino, path.read_bytes()


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_same_figures_are_not_drawn_again(unit: Desk, seed: str) -> None:
    before = drawn(unit)
    command = [sys.executable, "-m", "ledgersync", "-C", str(unit.root), *PERIOD]
    done = subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True)
    assert done.returncode in (0, 1)
    assert "汇总表" in done.stdout.decode(), "it is named all the same"
    assert drawn(unit) == before


def test_another_figure_another_day_or_a_hand_draws_it_again(
    unit: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = drawn(unit)
    unit.give("建账", "走访2.xlsx", 走访记录=VISITS.replace("06-03", "06-04"))
    unit.run("merge", accepted=(0, 1))
    unit.run(*PERIOD, accepted=(0, 1))
    second, whole = drawn(unit)
    assert second != first

    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-06")
    unit.run(*PERIOD, accepted=(0, 1))
    third, whole = drawn(unit)
    assert third != second

    [path] = (unit.root / "reports").rglob("汇总表*.xlsx")
    path.write_bytes(whole[:-1])
    unit.run(*PERIOD, accepted=(0, 1))
    assert len(drawn(unit)[1]) >= len(whole) - 64, "whole again"


@pytest.mark.parametrize("spoilt", ["{", "[]", '{"x": 1}'])
def test_a_spoilt_record_costs_only_time(unit: Desk, spoilt: str) -> None:
    before, _ = drawn(unit)
    (unit.root / ".ledgersync" / "written-reports.json").write_text(spoilt)
    unit.run(*PERIOD, accepted=(0, 1))
    assert drawn(unit)[0] != before
