"""Sentences about units that are far apart, and about sums of which parts are not shown."""

import json
import re
from pathlib import Path
from typing import Any

import docx
import pytest
from lxml import html
from openpyxl import load_workbook
from tests.district import DISTRICT, EAST, WEST, A, B, C, configure, entry, primaries
from tests.unit.report.small import report, visits

WHO = "姓名 | 人员类别 | 现住址 | 包联人 | 走访频次 | 登记日期 | 状态"


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")


def cared_for(street: str, count: int) -> str:
    names = "赵钱孙李周吴郑王冯陈"
    rows = (
        f"{names[n]}{street[0]} | 独居老人 | {street}{n}号 | 王芳 | 每月 | 2021-03-01 | 在册"
        for n in range(count)
    )
    return "\n".join([WHO, *rows])


def sheets(street: str, made: int, cared: int) -> dict[str, str]:
    walked = "\n".join(["走访日期 | 户址 | 走访结果", *visits(street, made)])
    return {"走访记录": walked, "重点人员": cared_for(street, cared)}


def three(root: Path, made: tuple[int, int, int], cared: tuple[int, int, int]) -> Path:
    """Three communities of a hundred homes each."""
    offices = map(entry, (DISTRICT, EAST, WEST))
    configure(root, *offices, *(entry(code, households=100) for code in (A, B, C)))
    for code, street, visited, people in zip(
        (A, B, C), ("东街", "西街", "南街"), made, cared, strict=True
    ):
        primaries(root / "units" / code, sheets(street, visited, people))
    return root


def said(made: dict[str, Any]) -> list[str]:
    path = next(f["path"] for f in made["files"] if f["format"] == "docx")
    return [p.text for p in docx.Document(path).paragraphs]


@pytest.mark.parametrize(
    ("made", "is_uneven"),
    [((60, 50, 20), True), ((60, 50, 40), False), ((90, 30, 30), True), ((0, 0, 0), False)],
    ids=["one-low", "alike", "one-high", "none"],
)
def test_one_unit_far_from_the_others_is_a_problem_with_its_step(
    made: tuple[int, int, int], is_uneven: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = three(tmp_path, made, (5, 5, 5))
    told = report(root, capsys, "--format", "docx", "--level", "community")
    found = [t for t in said(told) if "走访不平衡" in t]
    assert bool(found) == is_uneven
    if not is_uneven:
        return
    high, low = max(made), min(made)
    assert f"（{high}%），最低的是" in found[0]
    assert any("走访覆盖率最低的单位重点督促" in t for t in said(told))
    extremes = [n for n in told["numbers"] if n["anchor"].startswith("_LS_problem_visit_uneven")]
    assert [(n["role"], n["value"]) for n in extremes] == [
        ("extreme", high / 100),
        ("extreme", low / 100),
    ]


def test_a_sum_with_a_part_that_is_not_shown_is_told_with_its_bound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = three(tmp_path, (20, 20, 20), (9, 7, 2))
    told = report(
        root, capsys, "--format", "xlsx,docx", "--profile", "public", "--level", "district"
    )
    assert any("在册关爱对象不少于16人" in t for t in said(told))
    bounds = [n for n in told["numbers"] if n["text"] == "不少于16"]
    assert {Path(n["file"]).suffix for n in bounds} == {".xlsx", ".docx"}
    assert {(n["value"], n["at_least"], n["indicator"]) for n in bounds} == {
        (None, 16, "care_people")
    } | {(None, 16, "care_people.独居老人")}


def test_a_small_count_is_not_called_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = three(tmp_path, (20, 20, 20), (9, 7, 2))
    told = report(root, capsys, "--format", "docx", "--profile", "public", "--unit", C)
    assert "在册人数较少，按规定不显示。" in "".join(said(told))
    assert "关爱对象情况暂无数据" not in "".join(said(told))


def test_public_workbooks_name_no_rows_of_people_in_care(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = three(tmp_path, (20, 20, 20), (9, 7, 2))
    more = ("--format", "xlsx", "--level", "district")
    books = {}
    for profile in ("exact", "public"):
        told = report(root, capsys, *more, "--profile", profile)
        sheet = load_workbook(told["files"][0]["path"])["数据出处"]
        books[profile] = {row[2] for row in sheet.iter_rows(min_row=5, values_only=True)}
    assert "重点人员台账.xlsx" in books["exact"]
    assert "重点人员台账.xlsx" not in books["public"]
    assert "走访台账.xlsx" in books["public"]


def test_a_public_page_holds_no_hidden_count_and_no_rows_of_people_in_care(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither on it nor in its data block: what is hidden is not there at all."""
    root = three(tmp_path, (20, 20, 20), (9, 7, 2))
    told = report(root, capsys, "--format", "html", "--profile", "public")
    text = Path(told["files"][0]["path"]).read_text(encoding="utf-8")
    page = html.fromstring(text.encode())
    data = json.loads(page.get_element_by_id("data").text)
    line = [each["id"] for each in data["lines"]].index("care_people")
    now = {u["code"]: rows[line][0] for u, rows in zip(data["units"], data["cells"], strict=True)}
    assert (now[A], now[B], now[C], now[WEST]) == ("9", "7", "*", "*")
    assert (now[DISTRICT], now[EAST]) == ("不少于16", "16")
    numbers = {n["anchor"]: n for n in told["numbers"] if n["indicator"].startswith("care_people")}
    told_of = {(n["unit"], n["value"]) for n in numbers.values()}
    assert {value for unit, value in told_of if unit in (C, WEST)} <= {0}
    assert {value for unit, value in told_of if unit == DISTRICT} <= {0, None}
    assert "重点人员台账.xlsx" not in text and "走访台账.xlsx" in text
    assert not re.search(r"[赵钱孙李周吴郑王冯陈][东西南]|[东西南]街|王芳", text)


@pytest.mark.parametrize(
    ("kinds", "end"),
    [
        (("城市", "农村", ""), "其中城市低保1户1人，农村低保1户1人，其余未填城乡类别。"),
        (("城市", "农村", "农村"), "其中城市低保1户1人，农村低保2户2人。"),
        (("", "", ""), "在保低保对象3户3人。"),
    ],
    ids=["some-unsaid", "all-said", "none-said"],
)
def test_parts_that_are_not_all_of_the_whole_are_said_to_be_so(
    kinds: tuple[str, ...], end: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "低保证号 | 户主姓名 | 城乡类别 | 家庭人口数 | 保障人数 | 月保障金额(元) | 保障状态"
    rows = [f"D{n} | 赵大{n} | {kind} | 1 | 1 | 500 | 在保" for n, kind in enumerate(kinds)]
    configure(tmp_path, *map(entry, (DISTRICT, EAST)), entry(A))
    primaries(tmp_path / "units" / A, {"低保户": "\n".join([head, *rows])})
    made = report(tmp_path, capsys, "--format", "docx")
    assert end in "".join(said(made))


def test_a_paragraphs_bookmark_ends_before_its_last_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Behind a mark that hangs over the edge it would cost LibreOffice an empty line."""
    made = report(three(tmp_path, (60, 50, 20), (1, 1, 1)), capsys, "--format", "docx")
    path = next(f["path"] for f in made["files"] if f["format"] == "docx")
    ends = [p._p[-1].tag.rpartition("}")[2] for p in docx.Document(path).paragraphs
            if p.text.endswith("。") and len(p.runs) > 1]  # fmt: skip
    assert len(ends) > 3
    assert set(ends) == {"r"}
