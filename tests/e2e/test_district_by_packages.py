"""A district that shares no folder, with every fault on the way, against pandas over all rows."""

from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
from tests.district import DISTRICT, EAST, PARENTS, WEST, A, B, C, values
from tests.upward import Unit, introduce, make_unit

from ledgersync.upward import paper

MONTHS = ("2022-05", "2022-06")
IDS = ("110101198001010010", "110101198001010029", "110101198001010037")
NAMES = dict(zip(IDS, ("王芳", "李强", "赵六"), strict=True))
BELOW = {DISTRICT: (EAST, WEST, A, B, C), EAST: (A, B), WEST: (C,), A: (), B: (), C: ()}


def rows_of(random: Random, code: str) -> dict[str, pd.DataFrame]:
    """A community's year so far."""
    days = [f"2022-{m:02d}-{d:02d}" for m in (4, 5, 6) for d in range(1, 28)]
    homes = [f"解放路{n}号" for n in range(1, 9)]
    visits = [(random.choice(days), random.choice(homes)) for _ in range(40)]
    issues = [
        (day, "已解决" if random.random() < 0.6 else "待处理") for day in random.choices(days, k=20)
    ]
    acts = [(f"V{code[-3:]}{n}", random.choice(days)) for n in range(6)]
    service = [
        (no, day, who, random.randint(1, 6))
        for no, day in acts
        for who in random.sample(IDS, random.randint(1, 2))
    ]
    return {
        "visits": pd.DataFrame(visits, columns=["date", "home"]).assign(unit=code),
        "issues": pd.DataFrame(issues, columns=["date", "status"]).assign(unit=code),
        "service": pd.DataFrame(service, columns=["no", "date", "who", "hours"]).assign(unit=code),
    }


def sheets(rows: dict[str, pd.DataFrame]) -> dict[str, str]:
    visits = [f"{r.date} | {r.home} | 见到本人" for r in rows["visits"].itertuples()]
    issues = [
        f"{r.date} | 路灯坏了{r.Index} | {r.status} | {r.date if r.status == '已解决' else ''}"
        for r in rows["issues"].itertuples()
    ]
    acts = rows["service"][["no", "date"]].drop_duplicates()
    held = [f"{r.no} | 清扫楼道{r.no} | {r.date}" for r in acts.itertuples()]
    served = [
        f"{r.no} | {NAMES[r.who]} | {r.who} | {r.hours}" for r in rows["service"].itertuples()
    ]
    return {
        "走访记录": "\n".join(["走访日期 | 户址 | 走访结果", *visits]),
        "问题诉求": "\n".join(["登记日期 | 问题描述 | 处理状态 | 办结日期", *issues]),
        "志愿活动": "\n".join(["活动编号 | 活动名称 | 活动日期", *held]),
        "服务记录": "\n".join(["活动编号 | 志愿者姓名 | 身份证号 | 服务时长(小时)", *served]),
    }


def expected(rows: dict[str, pd.DataFrame], units: list[str], month: str) -> dict[str, Any]:
    """The figures of some communities together, from their rows alone."""
    visits, issues, service = (
        f[f.unit.isin(units) & f.date.str.startswith(month)] for f in rows.values()
    )
    solved = (issues.status == "已解决").sum()
    return {
        "visits_made": len(visits),
        "visits_households": len(visits[["unit", "home"]].drop_duplicates()),
        "issues_collected": len(issues),
        "issues_resolved": solved,
        "issue_resolution_rate": solved / len(issues),
        "volunteer_hours": service.hours.sum(),
        "volunteers_active": service.who.nunique(),
        "volunteer_activities": len(service[["unit", "no"]].drop_duplicates()),
    }


def test_every_figure_is_pandas(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")
    monkeypatch.setattr(paper, "office_program", lambda: None)
    random = Random(20220705)
    units = {code: make_unit(tmp_path, code, capsys, more) for code, more in BELOW.items()}
    introduce(units)
    own = {code: rows_of(random, code) for code in (A, B, C)}
    own[A]["visits"] = own[A]["visits"].iloc[:-9]  # a first, incomplete version
    for month in MONTHS:
        for code in (A, B, C):
            units[code].fill(sheets(own[code]))
            _send(units[code], units[PARENTS[code]], month, tmp_path)
    own[A] = {**own[A], "visits": pd.concat([own[A]["visits"], _nine(random)])}
    units[A].fill(sheets(own[A]))
    for month in MONTHS:
        _return(units[EAST], A, month)
        _send(units[A], units[EAST], month, tmp_path)
        for street, below in ((EAST, (A, B)), (WEST, (C,))):
            for code in below:
                for step in ("--approve", "--lock"):
                    assert units[street].run("review", code, "--period", month, step) == 0
            _send(units[street], units[DISTRICT], month, tmp_path)
    rows = {name: pd.concat([own[code][name] for code in own]) for name in own[A]}
    for month in MONTHS:
        told = units[DISTRICT].told("rollup", "--period", month)
        groups = {DISTRICT: [A, B, C], EAST: [A, B], WEST: [C], A: [A], B: [B], C: [C]}
        for unit, members in groups.items():
            for indicator, value in expected(rows, members, month).items():
                found = values(told, indicator)[unit]
                assert float(found) == pytest.approx(float(value)), (month, unit, indicator)
        assert not [m for m in told["missing"] if m["ledger"] is None]


def _nine(random: Random) -> pd.DataFrame:
    days = [f"2022-0{random.choice((5, 6))}-{random.randint(1, 27):02d}" for _ in range(9)]
    return pd.DataFrame({"date": days, "home": ["建设路1号"] * 9, "unit": A})


def _send(sender: Unit, above: Unit, month: str, folder: Path) -> None:
    """On a stick that spoils the first copy, twice over."""
    package = sender.submit(month)
    spoilt = folder / "spoilt.lsp"
    content = bytearray(package.read_bytes())
    content[len(content) // 2] ^= 1
    spoilt.write_bytes(content)
    assert above.receive(spoilt)[0]["reason"] == "tampered"
    assert [p["status"] for p in above.receive(package, package)] == ["accepted", "duplicate"]


def _return(street: Unit, code: str, month: str) -> None:
    assert street.run("review", code, "--period", month, "--return", "户次偏少") == 0
