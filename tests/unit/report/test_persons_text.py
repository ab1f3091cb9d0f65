"""What a person wrote into a work summary survives the next run, and an office's own template."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from tests.district import A, primaries, run
from tests.unit.report.small import report, sheets, small_district

from ledgersync.report.word.template import own_template

NAME = "工作总结-章贡区-2022H1.docx"
Edit = Callable[[Document], None]


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_district(tmp_path / "district")


def made(root: Path, capsys: pytest.CaptureFixture[str], *more: object) -> dict[str, Any]:
    return report(root, capsys, "--format", "docx", *more)


def paper(root: Path) -> Path:
    return root / "reports" / "2022H1" / NAME


def texts(path: Path) -> list[str]:
    return [p.text for p in docx.Document(str(path)).paragraphs]


def edit(path: Path, how: Edit) -> None:
    document = docx.Document(str(path))
    how(document)
    document.save(str(path))


def paragraph(document: Document, begins: str) -> Any:
    return next(p for p in document.paragraphs if p.text.startswith(begins))


def more_visits(root: Path) -> None:
    """光明社区 stays, 幸福社区 has five visits more."""
    solved = [("2022-02-03", "电梯", "已解决", "2022-02-08")] * 3
    primaries(root / "units" / A, sheets("东街", 35, 25, *solved))


def test_what_nobody_touched_follows_the_ledgers(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(root, capsys)
    more_visits(root)
    made(root, capsys)
    said = "\n".join(texts(paper(root)))
    assert "开展入户走访47户次" in said
    assert "由人改写" not in said
    assert [p.name for p in (paper(root).parent / "旧版").iterdir()] == [
        NAME.replace(".docx", "-第1版.docx")
    ]


def test_the_same_run_twice_leaves_what_is_there(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(root, capsys)
    first = texts(paper(root))
    made(root, capsys)
    assert texts(paper(root)) == first


def test_a_filled_field_and_a_new_paragraph_survive(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(root, capsys)

    def write(document: Document) -> None:
        paragraph(document, "（指导思想").runs[0].text = "在区委领导下，获评先进。"
        paragraph(document, "共收集群众").insert_paragraph_before("东街议事会解决了停车难。")

    edit(paper(root), write)
    more_visits(root)
    made(root, capsys)
    found = texts(paper(root))
    assert found.count("在区委领导下，获评先进。") == 1
    assert not [t for t in found if t.startswith("（指导思想")]
    at = found.index("东街议事会解决了停车难。")
    assert found[at - 1] == "（二）诉求办理"
    assert found[at + 1].startswith("共收集群众")
    made(root, capsys)
    assert texts(paper(root)).count("东街议事会解决了停车难。") == 1, "once, after a third run too"


def test_a_reworded_sentence_stays_and_its_old_number_is_marked(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(root, capsys)

    def reword(document: Document) -> None:
        paragraph(document, "开展入户走访").runs[0].text = "我区网格员冒雨走访"

    edit(paper(root), reword)
    more_visits(root)
    told = made(root, capsys)
    found = texts(paper(root))
    own = next(t for t in found if t.startswith("我区网格员冒雨走访"))
    assert "42户次" in own
    assert any("由人改写" in t and "我区网格员" in t for t in found)
    assert any("42，现按台账为47" in t for t in found)
    assert "42，现按台账为47" in told["said"]
    letter = docx.Document(str(paper(root)))
    marked = [r.text for r in paragraph(letter, "我区").runs if r.font.highlight_color is not None]
    assert "42" in marked
    assert "47" not in [
        n["text"] for n in told["numbers"] if n["anchor"].startswith("_LS_visit_visits_1")
    ]


def test_a_number_that_a_person_changed_is_theirs(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(root, capsys)

    def change(document: Document) -> None:
        run_of = next(r for r in paragraph(document, "开展入户走访").runs if r.text == "42")
        run_of.text = "50"

    edit(paper(root), change)
    told = made(root, capsys)
    assert any(t.startswith("开展入户走访50户次") for t in texts(paper(root)))
    assert "50" not in [n["text"] for n in told["numbers"]]
    assert any("由人改写" in t for t in texts(paper(root)))


def test_while_it_is_open_elsewhere_the_new_one_stands_beside(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(root, capsys)
    before = paper(root).read_bytes()
    lock = paper(root).with_name(f".~lock.{NAME}#")
    lock.write_text(",王芳,pc,05.07.2022 09:00,file:///x;", encoding="utf-8")
    more_visits(root)
    told = made(root, capsys)
    assert paper(root).read_bytes() == before
    assert [Path(f["path"]).name for f in told["files"]] == ["工作总结-章贡区-2022H1-新.docx"]
    assert "正被打开" in told["said"]
    assert told["exit"] == 1


def template(path: Path, *lines: str) -> Path:
    document = own_template()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(path))
    return path


def test_an_offices_template_takes_sections_words_and_indicators(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = docx.Document()
    for line in ("关于{{统计期}}工作的报告", "走访{{走访户次}}户次、{{ visits_households }}户。"):
        document.add_paragraph(line)
    document.add_paragraph("{{ 走访与诉求办理 }}")
    document.add_paragraph("{{单位}} {{日期}}")
    document.save(str(tmp_path / "模板.docx"))
    told = made(root, capsys, "--template", tmp_path / "模板.docx")
    found = texts(paper(root))
    assert found[:2] == ["关于2022年上半年工作的报告", "走访42户次、42户。"]
    assert any(t.startswith("共收集群众反映的问题6个") for t in found)
    assert "章贡区 2022年7月5日" in found
    assert not any("{{" in t for t in found)
    anchors = {n["anchor"]: n["text"] for n in told["numbers"]}
    assert anchors["_LS_template_1_1"] == "42"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("共走访{{走访户数量}}户", "第 9 段“共走访{{走访户数量}}户”里的 {{走访户数量}}"),
        ("概况：{{基本情况}}", "{{基本情况}}"),
        ("共{{走访户次户", "{{ }}"),
    ],
)
def test_a_wrong_placeholder_is_named_with_its_paragraph(
    line: str, said: str, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = template(tmp_path / "模板.docx", line)
    code = run(
        *("-C", root, "report", "--period", "2022H1", "--format", "docx", "--template", path)
    )
    assert code == 2
    assert said in capsys.readouterr().err
    assert not paper(root).exists(), "nothing is written"


def test_a_template_that_is_no_document_is_said(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "模板.docx"
    path.write_text("不是文档", encoding="utf-8")
    code = run("-C", root, "report", "--period", "2022H1", "--template", path)
    assert code == 3
    assert "不是 Word 文档" in capsys.readouterr().err
