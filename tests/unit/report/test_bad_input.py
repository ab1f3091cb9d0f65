"""What is not as it should be: each is said, and all that can be written is."""

from pathlib import Path

import docx
import pytest
from tests.district import C, run
from tests.e2e.test_fifth_ledger import LEDGER
from tests.unit.report.small import report, small_district

from ledgersync.report.word.fonts import missing_fonts


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_district(tmp_path_factory.mktemp("district"))


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")


@pytest.fixture(autouse=True)
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2019H1", "2019年上半年没有一个台账数字；请核对统计期"),
        ("2030H1", "2030年上半年还没有开始"),
    ],
)
def test_a_period_without_figures_is_said_and_the_files_are_written(
    period: str, said: str, root: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = report(root, capsys, "--format", "docx,html", "-o", out, period=period)
    assert said in made["said"] and any(said in fault for fault in made["faults"])
    assert made["exit"] == 1
    assert {f["format"] for f in made["files"]} == {"docx", "html"}
    assert all(Path(f["path"]).stat().st_size for f in made["files"])


def test_a_missing_unit_is_named_in_every_file(
    root: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = report(root, capsys, "--format", "docx,html", "-o", out)
    assert "缺报：和平社区：没有收到该单位的台账" in made["said"]
    assert made["exit"] == 1
    page, letter = (
        next(Path(f["path"]) for f in made["files"] if f["format"] == name)
        for name in ("html", "docx")
    )
    assert "和平社区" in page.read_text(encoding="utf-8")
    text = "\n".join(p.text for p in docx.Document(str(letter)).paragraphs)
    assert "不含未报的和平社区" in text and "和平社区（全部台账）：没有收到" in text
    known = {n["indicator"] for n in made["numbers"] if n["unit"] == C}
    assert known <= {"unit_households", "unit_residents", "units_expected", "units_missing"}


def test_a_file_that_is_open_is_written_beside_and_the_others_in_place(
    root: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out.mkdir()
    opened = out / "汇总表-区-2022H1.xlsx"
    opened.write_bytes(b"as it is on somebody's screen")
    (out / f"~${opened.name}").write_bytes(b"")
    made = report(root, capsys, "--format", "xlsx,docx", "--level", "district", "-o", out)
    names = [Path(f["path"]).name for f in made["files"]]
    assert names == ["汇总表-区-2022H1-新.xlsx", "工作总结-章贡区-2022H1.docx"]
    assert f"{opened.name} 正被打开" in made["said"] and made["exit"] == 1
    assert opened.read_bytes() == b"as it is on somebody's screen"


def test_what_cannot_be_written_is_said_and_the_others_are(
    root: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (out / "看板-章贡区-2022H1.html").mkdir(parents=True)
    made = report(root, capsys, "--format", "docx,html", "-o", out)
    assert [f["format"] for f in made["files"]] == ["docx"]
    assert "看板-章贡区-2022H1.html 没有写出" in made["said"] and made["exit"] == 1
    assert {Path(n["file"]).suffix for n in made["numbers"]} == {".docx"}


def test_a_wrong_template_stops_all_files_before_anything_is_written(
    root: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = tmp_path / "模板.docx"
    document = docx.Document()
    document.add_paragraph("全区{{走访人次数}}人次")
    document.save(str(template))
    asked = ("report", "--period", "2022H1", "--template", template, "-o", out)
    assert run("-C", root, *asked) == 2
    assert "{{走访人次数}}" in capsys.readouterr().err
    assert not out.exists() or not list(out.iterdir())


def test_a_ledger_without_sentences_has_tables_and_no_paragraph(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small_district(tmp_path / "district")
    (root / "ledgers").mkdir(exist_ok=True)
    (root / "ledgers" / "patrol.toml").write_text(
        LEDGER.partition("[[sentences]]")[0], encoding="utf-8"
    )
    made = report(root, capsys, "--format", "docx,html", "-o", out)
    assert made["faults"] == []
    page, letter = (
        next(Path(f["path"]) for f in made["files"] if f["format"] == name)
        for name in ("html", "docx")
    )
    assert "巡查次数" in page.read_text(encoding="utf-8")
    body = "\n".join(p.text for p in docx.Document(str(letter)).paragraphs)
    assert "巡查" not in body.partition("附：数据来源")[0]


def test_a_font_that_is_not_here_is_said_and_still_asked_for(
    root: Path, out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine's own list, with one font taken away."""
    fonts = "FangSong\nSimHei\nKaiTi"
    monkeypatch.setattr("ledgersync.report.word.fonts.installed_fonts", lambda: fonts)
    assert missing_fonts(fonts) == ["小标宋"]
    made = report(root, capsys, "--format", "docx", "-o", out)
    assert "本机没有公文字体小标宋" in made["said"]
    assert made["notes"] and made["faults"] == []
    styles = docx.Document(made["files"][0]["path"]).styles.element.xml
    assert "方正小标宋简体" in styles and "仿宋_GB2312" in styles
