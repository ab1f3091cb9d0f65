"""Reports through a real LibreOffice: edited there and run again, and as PDF."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import docx
import pytest
from tests.e2e.office import Office, needs_office
from tests.unit.report.small import report, small_district
from tests.unit.report.test_persons_text import (
    edit,
    more_visits,
    paper,
    paragraph,
    texts,
)

from ledgersync.report.word.marks import FIGURE, marked_texts

pytestmark = [pytest.mark.office, needs_office]


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")


@pytest.fixture
def office() -> Iterator[Office]:
    with TemporaryDirectory(prefix="ledgersync-report-", ignore_cleanup_errors=True) as name:
        yield Office(Path(name))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_district(tmp_path / "district")


def saved_by_libreoffice(office: Office, path: Path) -> None:
    """The document as LibreOffice writes it, in the place of the other."""
    source = office.folder / "in" / path.name
    source.parent.mkdir(exist_ok=True)
    source.write_bytes(path.read_bytes())
    office.give(office.folder)
    how = ("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(office.folder / "out"))
    office.run("soffice", "--headless", *how, str(source))
    path.write_bytes((office.folder / "out" / path.name).read_bytes())


def test_what_a_person_wrote_in_libreoffice_survives_the_next_run(
    office: Office, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report(root, capsys, "--format", "docx")

    def write(document: docx.document.Document) -> None:
        paragraph(document, "（指导思想").runs[0].text = "在区委领导下，获评先进。"
        paragraph(document, "共收集群众").insert_paragraph_before("东街议事会解决了停车难。")

    edit(paper(root), write)
    saved_by_libreoffice(office, paper(root))
    more_visits(root)
    made = report(root, capsys, "--format", "docx")
    found = texts(paper(root))
    assert found.count("在区委领导下，获评先进。") == 1
    assert found[found.index("东街议事会解决了停车难。") + 1].startswith("共收集群众")
    assert sum("由人改写" in t for t in found) == 1, "LibreOffice itself changes no sentence"
    assert any("开展入户走访47户次" in t for t in found)
    shown = dict(marked_texts(docx.Document(str(paper(root))).element.body, FIGURE))
    assert shown == {n["anchor"]: n["text"] for n in made["numbers"]}


def test_a_pdf_of_each_and_its_places(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = report(root, capsys, "--format", "docx,pdf", "--level", "district")
    pdfs = [Path(f["path"]) for f in made["files"] if f["format"] == "pdf"]
    assert [p.name for p in pdfs] == ["汇总表-区-2022H1.pdf", "工作总结-章贡区-2022H1.pdf"]
    said = subprocess.run(
        ["pdftotext", "-layout", str(pdfs[1]), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "42" in said
    assert "—1—" in said.replace(" ", "")
    assert not re.search(r"\d *\n *[\d.%]", said.split("附：数据来源")[0]), "no number is broken"
    sheets = subprocess.run(
        ["pdftotext", str(pdfs[0]), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "单位×指标" in sheets or "走势" in sheets
    assert "分单位明细表" not in sheets and "本表供在屏幕上查找" not in sheets
    for pdf in pdfs:
        told = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True)
        assert re.search(r"^Author: +章贡区$", told.stdout, re.M)
    anchors = [n["anchor"] for n in made["numbers"] if n["file"] == str(pdfs[1])]
    places = subprocess.run(
        ["pdfinfo", "-dests", str(pdfs[1])], capture_output=True, text=True, check=True
    ).stdout
    assert anchors
    assert all(f'"{anchor}"' in places for anchor in anchors)


def test_without_libreoffice_one_sentence_says_so_and_the_rest_is_written(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledgersync.report.pdf.soffice", lambda: None)
    made = report(root, capsys, "--level", "district")
    assert {f["format"] for f in made["files"]} >= {"xlsx", "docx"}
    assert "pdf" not in {f["format"] for f in made["files"]}
    assert made["said"].count("LibreOffice") == 1
