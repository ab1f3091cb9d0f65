"""`report` as a superior uses it: which files, which numbers, where each of them stands."""

import io
import json
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.shared import Mm
from openpyxl import load_workbook
from tests.district import A, B, C, run
from tests.unit.report.small import report, small_district

from ledgersync.report.word.marks import FIGURE, marked_texts

OFFICE = "360702"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_district(tmp_path_factory.mktemp("district"))


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")


@pytest.fixture(scope="module")
def made(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One report that most of these tests look at."""
    asked = ("report", "--period", "2022H1", "--json", "--format", "xlsx,docx")
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as out:
        patch.setenv("LEDGERSYNC_TODAY", "2022-07-05")
        code = run("-C", root, *asked, "-o", tmp_path_factory.mktemp("reports"))
    return {**json.loads(out.getvalue()), "exit": code}


def letter(made: dict[str, Any]) -> Path:
    return Path(next(f["path"] for f in made["files"] if f["format"] == "docx"))


def text(path: Path) -> str:
    return "\n".join(p.text for p in docx.Document(str(path)).paragraphs)


def test_the_files_are_named_by_level_unit_and_period(made: dict[str, Any]) -> None:
    names = [Path(f["path"]).name for f in made["files"]]
    assert names == [
        "汇总表-区-2022H1.xlsx",
        "汇总表-街道-2022H1.xlsx",
        "汇总表-社区-2022H1.xlsx",
        "工作总结-章贡区-2022H1.docx",
    ]
    assert all(Path(f["path"]).stat().st_mode & 0o077 == 0 for f in made["files"])
    assert made["exit"] == 1, "a community is missing"
    assert {m["unit"] for m in made["missing"]} >= {C}


def test_every_number_stands_where_its_anchor_says(made: dict[str, Any]) -> None:
    shown: dict[str, dict[str, str]] = {}
    for file in made["files"]:
        path = Path(file["path"])
        if file["format"] == "docx":
            body = docx.Document(str(path)).element.body
            shown[str(path)] = dict(marked_texts(body, FIGURE))
    assert len({(n["file"], n["anchor"]) for n in made["numbers"]}) == len(made["numbers"])
    for number in made["numbers"]:
        if number["file"] in shown:
            assert shown[number["file"]][number["anchor"]] == number["text"]
    assert sum(map(len, shown.values())) == sum(n["file"] in shown for n in made["numbers"])


def test_every_number_of_a_workbook_is_a_figure_and_every_figure_is_in_its_cell(
    made: dict[str, Any],
) -> None:
    for file in made["files"]:
        if file["format"] != "xlsx":
            continue
        book = load_workbook(file["path"], data_only=True)
        numbers = {n["anchor"]: n for n in made["numbers"] if n["file"] == file["path"]}
        cells = {
            f"{sheet.title}!{cell.coordinate}": cell.value
            for sheet in book.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, int | float)
        }
        assert set(cells) == set(numbers)
        for place, value in cells.items():
            is_points = numbers[place]["role"] == "change"
            factor = 100 if is_points else 1
            assert float(value) == pytest.approx(float(numbers[place]["value"]) * factor)


def test_numbers_are_what_trace_counts_from_the_rows(
    made: dict[str, Any], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = {"visits_made", "issues_collected", "issues_resolved", "issues_open_end"}
    seen = set()
    for number in (n for n in made["numbers"] if not n["anchor"].startswith("走势!")):
        key = number["indicator"], number["period"], number["unit"]
        if (
            number["indicator"] not in wanted
            or key in seen
            or number["role"]
            not in (
                "value",
                "base",
                "extreme",
            )
        ):
            continue
        seen.add(key)
        run("-C", root, "trace", key[0], "--period", key[1], "--unit", key[2], "--json")
        rows = json.loads(capsys.readouterr().out)["rows"]
        assert len(rows) == number["value"], key
    assert {key[0] for key in seen} == wanted


def test_the_text_says_what_the_ledgers_say(made: dict[str, Any]) -> None:
    said = text(letter(made))
    assert said.startswith("章贡区2022年上半年工作总结")
    assert "开展入户走访42户次" in said
    assert "不含未报的和平社区" in said
    assert said.count("未报的和平社区") == 1, "named once"
    assert "共收集群众反映的问题6个" in said
    assert "其中，已解决3个，正在协调处置2个，尚待处理1个。" in said
    assert "超过办理时限仍未办结的有3个" in said
    assert "对超期的3个问题逐个明确责任人和办结日期，8月31日前办结" in said
    assert "没有在保的低保对象" not in said, "empty ledgers are no zero"
    assert "低保情况暂无数据" in said


def test_sections_stand_in_the_usual_order(made: dict[str, Any]) -> None:
    heads = [line for line in text(letter(made)).splitlines() if line[1:2] == "、"]
    assert heads == [
        "一、基本情况",
        "二、走访与诉求办理",
        "三、民生保障",
        "四、志愿服务",
        "五、存在的问题",
        "六、下一步",
    ]


def test_the_layout_is_the_official_one(made: dict[str, Any]) -> None:
    document = docx.Document(str(letter(made)))
    section = document.sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    sizes += (section.left_margin, section.right_margin)
    for size, millimetres in zip(sizes, (210, 297, 37, 35, 28, 26), strict=True):
        assert size is not None
        assert abs(size - Mm(millimetres)) < Mm(0.1)
    xml = document.element.xml
    assert 'w:type="linesAndChars"' in xml
    looks = {p.text: p.style for p in document.paragraphs if p.text}
    expected = {
        "章贡区2022年上半年工作总结": ("方正小标宋简体", 22),
        "一、基本情况": ("黑体", 16),
        "（一）入户走访": ("楷体_GB2312", 16),
    }
    body = next(t for t in looks if t.startswith("开展入户走访"))
    for line, (font, size) in (expected | {body: ("仿宋_GB2312", 16)}).items():
        style = looks[line]
        assert style is not None
        assert f'w:eastAsia="{font}"' in style.element.xml
        assert style.font.size is not None
        assert style.font.size.pt == size
    text_style = looks[body]
    assert text_style is not None
    spacing = text_style.paragraph_format.line_spacing
    room = (297 - 37 - 35) / 25.4 * 72
    assert int(room // spacing.pt) == 22
    assert section.footer.paragraphs[0].text.replace("1", "") == "—  —"
    assert "PAGE" in section.footer._element.xml
    assert document.settings.odd_and_even_pages_header_footer


def test_properties_name_the_office_and_no_user(made: dict[str, Any]) -> None:
    properties = docx.Document(str(letter(made))).core_properties
    assert (properties.author, properties.last_modified_by) == ("章贡区", "章贡区")
    assert properties.created is not None and properties.created.date() == date(2022, 7, 5)
    for level in ("区", "街道", "社区"):
        own = load_workbook(workbook(made, level)).properties
        assert (own.creator, own.lastModifiedBy) == ("章贡区", "章贡区")


@pytest.mark.parametrize(
    ("kind", "period", "name", "title"),
    [
        ("季报", "2022Q1", "季度简报-章贡区-2022Q1.docx", "章贡区2022年第一季度工作简报"),
        ("月报", "2022-03", "工作月报-章贡区-2022-03.docx", "章贡区2022年3月工作月报"),
        ("年", "2022", "工作总结-章贡区-2022.docx", "章贡区2022年度工作总结"),
    ],
)
def test_kinds_have_their_names_and_titles(
    kind: str,
    period: str,
    name: str,
    title: str,
    root: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    more = ("--kind", kind, "--format", "docx", "-o", tmp_path)
    made = report(root, capsys, *more, period=period)
    assert letter(made).name == name
    assert text(letter(made)).startswith(title)
    assert made["kind"] == kind


def test_a_brief_of_one_ledger_says_nothing_of_others(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = report(
        root, capsys, "--kind", "专题", "--ledger", "走访", "--format", "docx", "-o", tmp_path
    )
    assert letter(made).name == "专题简报-走访-章贡区-2022H1.docx"
    assert "低保" not in text(letter(made))
    assert "开展入户走访42户次" in text(letter(made))


def test_a_unit_below_has_a_report_of_its_own(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = report(root, capsys, "--unit", "光明社区", "--format", "docx", "-o", tmp_path)
    assert made["unit"] == B
    assert letter(made).name == "工作总结-光明社区-2022H1.docx"
    assert {n["unit"] for n in made["numbers"]} == {B}
    assert "开展入户走访12户次" in text(letter(made))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--period", "2022H1", "--format", "odt"), "没有格式 odt"),
        (("--period", "2022H1", "--kind", "季报"), "季报的统计期不是2022年上半年"),
        (("--period", "2022H1", "--unit", "不明社区"), "没有单位 不明社区"),
        (("--period", "2022H1", "--kind", "周报"), "没有报告种类 周报"),
        (("--kind", "专题"), "专题要写明统计期"),
        ((), "没有写统计期"),
        (("--period", "2022H1", "--kind", "专题", "--ledger", "巡查"), "没有名为“巡查”的台账"),
    ],
)
def test_what_does_not_fit_is_a_usage_error(
    arguments: tuple[str, ...], said: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("-C", root, "report", *arguments) == 2
    assert said in capsys.readouterr().err


def test_units(made: dict[str, Any]) -> None:
    assert {n["unit"] for n in made["numbers"]} <= {OFFICE, "360702001", "360702002", A, B, C}


def workbook(made: dict[str, Any], level: str) -> Path:
    name = f"汇总表-{level}-2022H1.xlsx"
    return next(Path(f["path"]) for f in made["files"] if Path(f["path"]).name == name)


def test_totals_that_add_up_are_formulas_over_the_units(made: dict[str, Any]) -> None:
    """What the formula comes to is what is stored beside it, and what the figure is."""
    path = workbook(made, "社区")
    drawn, stored = load_workbook(path), load_workbook(path, data_only=True)
    formulas = [
        (sheet.title, cell)
        for sheet in drawn.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=SUM(")
    ]
    assert formulas
    numbers = {n["anchor"]: n for n in made["numbers"] if n["file"] == str(path)}
    for title, cell in formulas:
        spans = cell.value.removeprefix("=SUM(").removesuffix(")").split(",")
        parts = [c.value for span in spans for (c,) in stored[title][span]]
        total = sum(part for part in parts if isinstance(part, int | float))
        assert total == stored[title][cell.coordinate].value, (title, cell.coordinate)
        number = numbers[f"{title}!{cell.coordinate}"]
        assert float(number["value"]) == total
        assert number["unit"] == OFFICE
        assert number["indicator"] not in ("visits_households", "issue_categories")


def test_every_number_links_to_its_meaning_and_that_to_its_rows(made: dict[str, Any]) -> None:
    path = workbook(made, "区")
    book = load_workbook(path)
    meanings, places = book["指标口径"], book["数据出处"]
    for number in (n for n in made["numbers"] if n["file"] == str(path)):
        title, _, place = number["anchor"].partition("!")
        link = book[title][place].hyperlink
        assert link is not None, number["anchor"]
        assert link.location.startswith("'指标口径'!A")
    row = next(r for r in meanings.iter_rows() if r[0].value == "走访户次")
    assert row[4].value
    assert "trace visits_made --period 2022H1" in row[5].value
    first = int(row[0].hyperlink.location.rpartition("!A")[2])
    assert [c.value for c in places[first]][:2] == ["走访户次", "幸福社区"]
    told = {r[1].value: r[4].value for r in places.iter_rows() if r[0].value == "走访户次"}
    assert told["光明社区"].startswith("2-13")
    said = "\n".join(str(c.value) for r in places.iter_rows() for c in r)
    assert "东街" not in said, "rows are numbers, nobody is located"


def test_the_sheets_behind_the_figures(made: dict[str, Any]) -> None:
    book = load_workbook(workbook(made, "区"))
    assert book.sheetnames[0] == "封面"
    assert book.sheetnames[-4:] == ["缺报与迟报", "数据质量", "指标口径", "数据出处"]
    contents = {c.value for row in book["封面"].iter_rows() for c in row if c.hyperlink}
    assert contents == set(book.sheetnames[1:])
    texts = {
        name: [str(c.value) for row in book[name].iter_rows() for c in row if c.value is not None]
        for name in ("封面", "缺报与迟报", "数据质量")
    }
    assert any("（2/3 个社区报送）" in t for t in texts["封面"])
    assert {"和平社区", "缺报", "没有收到该单位的台账"} <= set(texts["缺报与迟报"])
    assert "2020-12-01 起" in texts["缺报与迟报"], "since when a ledger has rows"
    assert {"有错误的记录", "全部记录", "差错率"} <= set(texts["数据质量"])


def test_the_workbook_says_in_which_months_a_community_has_figures(made: dict[str, Any]) -> None:
    rows = list(load_workbook(workbook(made, "社区"))["逐月台账"].iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if row[1] == "2021-07")
    said = {row[0]: set(row[1:13]) for row in rows[head + 1 : head + 4]}
    assert said["和平社区"] == {"缺报"}
    assert all(states & {"齐", "部分"} for name, states in said.items() if name != "和平社区")


def test_the_course_is_of_the_months_that_begun(made: dict[str, Any]) -> None:
    path = workbook(made, "区")
    sheet = load_workbook(path)["走势"]
    heads = next(r for r in sheet.iter_rows(values_only=True) if r[1] == "2021-07")
    assert heads[1:13] == (
        *(f"2021-{m:02d}" for m in range(7, 13)),
        *(f"2022-{m:02d}" for m in range(1, 7)),
    )
    assert sheet._charts
    monthly = {
        n["period"]: n["value"]
        for n in made["numbers"]
        if n["file"] == str(path)
        and n["anchor"].startswith("走势!")
        and n["indicator"] == "visits_made"
    }
    assert monthly["2022-03"] == 42
