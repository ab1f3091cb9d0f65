"""A district's folders in a test: configurations, plain primary workbooks, and the commands.

A workbook is written from text tables, one per sheet, the header first:

    走访日期   | 户址   | 走访结果
    2022-03-01 | 1-101  | 见到本人
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from ledgersync.cli import main
from ledgersync.workspace.unitcodes import level_of

PROVINCE, CITY = "36", "3607"
DISTRICT, EAST, WEST = "360702", "360702001", "360702002"
A, B, C = "360702001001", "360702001002", "360702002001"
NAMES = {DISTRICT: "章贡区", EAST: "东门街道", WEST: "西门街道"}
NAMES |= {PROVINCE: "江西省", CITY: "赣州市"}
NAMES |= {A: "幸福社区", B: "光明社区", C: "和平社区"}
PARENTS = {
    CITY: PROVINCE,
    DISTRICT: CITY,
    EAST: DISTRICT,
    WEST: DISTRICT,
    A: EAST,
    B: EAST,
    C: WEST,
}
HOUSEHOLDS = {A: 400, B: 300, C: 200}
SHEETS = {
    "低保台账": {
        "低保户": "户主姓名 | 户主身份证号 | 家庭人口数 | 保障人数 | 月保障金额(元) | 保障状态",
        "家庭成员": "姓名 | 身份证号 | 与户主关系",
    },
    "重点人员台账": {"重点人员": "姓名 | 身份证号 | 人员类别"},
    "志愿活动台账": {
        "志愿活动": "活动编号 | 活动名称 | 活动日期",
        "服务记录": "活动编号 | 志愿者姓名 | 服务时长(小时)",
    },
    "走访台账": {
        "走访记录": "走访日期 | 户址 | 走访结果",
        "问题诉求": "登记日期 | 问题描述 | 处理状态 | 办结日期",
    },
}
Sheets = Mapping[str, str]  # text tables by sheet name


def entry(code: str, **more: object) -> str:
    """One `[[unit]]`; a value None leaves a key out."""
    known: dict[str, object] = {"code": code, "name": NAMES.get(code, code)}
    known |= {"level": level_of(code)}
    known |= {"parent": PARENTS.get(code), "households": HOUSEHOLDS.get(code)} | more
    lines = [
        f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in known.items() if v is not None
    ]
    return "\n".join(["[[unit]]", *lines, ""])


def configure(folder: Path, *entries: str) -> Path:
    """A configuration of these units, the office itself first."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ledgersync.toml").write_text("\n".join(entries), encoding="utf-8")
    return folder


def district(folder: Path, *units: str) -> Path:
    """A district's workspace that lists its two streets and these communities."""
    return configure(folder, *map(entry, (DISTRICT, EAST, WEST, *(units or (A, B, C)))))


def community(folder: Path, code: str) -> Path:
    """A community's own configuration."""
    text = entry(code).replace("[[unit]]", "[unit]")
    return configure(folder, text)


def primaries(folder: Path, sheets: Sheets, without: Sequence[str] = (), office: str = "") -> None:
    """All four ledgers; sheets that are not given have a header and no row."""
    (folder / "primary").mkdir(parents=True, exist_ok=True)
    for workbook, headers in SHEETS.items():
        if workbook not in without:
            texts = {name: sheets.get(name, header) for name, header in headers.items()}
            write(folder / "primary" / f"{workbook}.xlsx", texts, office)


def write(path: Path, sheets: Sheets, office: str = "") -> None:
    """One workbook; with `office`, under a caption that says whose it is."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, text in sheets.items():
        sheet = book.create_sheet(name)
        if office:
            sheet.append([f"填报单位：{office}　　填报人：＿＿＿＿"])
        for line in text.strip().splitlines():
            sheet.append([cell.strip() or None for cell in line.split("|")])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def visits(*days: str, street: str = "解放路") -> dict[str, str]:
    """A visit to a home of its own on each day."""
    rows = [f"{day} | {street}{n}号 | 见到本人" for n, day in enumerate(days, 1)]
    return {"走访记录": "\n".join(["走访日期 | 户址 | 走访结果", *rows])}


def run(*arguments: object) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as done:
        main([str(a) for a in arguments])
    return int(done.value.code or 0)


def on_one_page(*command: object) -> tuple[object, ...]:
    """A roll-up of which nobody wants the workbooks, which take as long as the figures."""
    is_plain = command[0] == "rollup" and not {"-o", "--format"} & set(command)
    return (*command, "--format", "text") if is_plain else command


def rolled(
    folder: Path, capsys: pytest.CaptureFixture[str], period: str = "2022H1", *more: object
) -> dict[str, Any]:
    """The document of a roll-up, with its `exit` code and what it `said` to people."""
    code = run("-C", folder, *on_one_page("rollup", "--period", period, *more), "--json")
    printed = capsys.readouterr()
    return {**json.loads(printed.out), "exit": code, "said": printed.err}


def values(found: Mapping[str, Any], indicator: str) -> dict[str, Any]:
    """An indicator's values by unit."""
    return {f["unit"]: f["value"] for f in found["figures"] if f["indicator"] == indicator}


def kinds(found: Mapping[str, Any], of: str = "remarks") -> set[tuple[str | None, str]]:
    """Which units were missing, or remarked on, and how."""
    return {(m["unit"], m["kind"]) for m in found[of]}
