"""A small district for reports: three communities, one of which sent nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.desk import main_ended
from tests.district import A, B, C, district, primaries, run

from ledgersync.report.annex import trends

ISSUES = """
登记日期 | 问题类别 | 问题描述 | 处理状态 | 办结日期 | 办理时限
"""


def issues(*rows: tuple[str, str, str, str]) -> str:
    """Date, kind, status, closed of each issue; all are due after ten days."""
    lines = [
        f"{day} | {kind} | 问题{n} | {status} | {closed} | {day[:8]}{int(day[8:]) + 10}"
        for n, (day, kind, status, closed) in enumerate(rows)
    ]
    return "\n".join([ISSUES.strip(), *lines])


def visits(street: str, count: int, year: int = 2022) -> list[str]:
    return [f"{year}-03-{1 + n % 28:02d} | {street}{n}号 | 见到本人" for n in range(count)]


def sheets(
    street: str, count: int, before: int, *rows: tuple[str, str, str, str]
) -> dict[str, str]:
    """Visits of this year and of the year before, from its first day on, and issues."""
    first = f"2020-12-01 | {street}1号 | 见到本人"
    lines = [*visits(street, count), *visits(street, before, 2021), first]
    return {
        "走访记录": "\n".join(["走访日期 | 户址 | 走访结果", *lines]),
        "问题诉求": issues(*rows),
    }


def small_district(root: Path) -> Path:
    """章贡区 with 幸福社区 and 光明社区; 和平社区 has sent nothing."""
    district(root)
    solved = [("2022-02-03", "电梯", "已解决", "2022-02-08")] * 3
    late = [("2022-01-05", "物业服务", "协调处置中", "")] * 2
    primaries(root / "units" / A, sheets("东街", 30, 25, *solved, *late))
    primaries(root / "units" / B, sheets("西街", 12, 20, ("2022-05-05", "噪声油烟", "待处理", "")))
    return root


def report(
    root: Path, capsys: pytest.CaptureFixture[str], *arguments: object, period: str = "2022H1"
) -> dict[str, Any]:
    """The document of a report, with its exit code and what it said to people.

    Its course has three months, since each is a roll-up of its own; that of `page_of` has twelve.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trends, "MONTHS", 3)
        code = run("-C", root, "report", "--period", period, "--json", *arguments)
    printed = capsys.readouterr()
    return {**json.loads(printed.out), "exit": code, "said": printed.err}


UNITS = (A, B, C)


def page_of(root: Path) -> dict[str, Any]:
    """What `report` says of the page of a district's half year."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEDGERSYNC_TODAY", "2022-07-05")
        asked = ("report", "--period", "2022H1", "--format", "html", "--json")
        _, out, _ = main_ended(["-C", str(root), *asked])
    found: dict[str, Any] = json.loads(out)
    return found
