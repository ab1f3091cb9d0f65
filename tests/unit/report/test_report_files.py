"""`report` as a superior uses it: which files, which numbers, where each of them stands."""

import json
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


@pytest.fixture
def made(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return report(root, capsys, "--format", "xlsx,docx", "-o", tmp_path)


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
        book = load_workbook(file["path"])
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
    for number in made["numbers"]:
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
