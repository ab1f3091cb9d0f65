"""What was reported is kept: a number of a file is traced, a new version says what changed."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook
from tests.district import A, primaries, run
from tests.unit.report.small import report, sheets, small_district
from tests.unit.report.test_persons_text import edit, more_visits, paper, texts

from ledgersync.report.job import alike


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_district(tmp_path / "district")


def test_a_number_that_a_reader_points_at_leads_to_its_rows(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = report(root, capsys, "--format", "xlsx,docx", "--level", "district")
    seen = set()
    for number in made["numbers"]:
        if number["indicator"] == "visits_made" and number["role"] == "value":
            where = f"{number['file']}#{number['anchor']}"
            run("-C", root, "trace", "--number", where, "--json")
            found = json.loads(capsys.readouterr().out)
            assert found["value"] == number["value"] == len(found["rows"])
            assert (found["period"], found["unit"]) == (number["period"], number["unit"])
            seen.add(Path(number["file"]).suffix)
            if len(seen) == 2:
                break
    assert seen == {".xlsx", ".docx"}


def test_an_edited_and_an_older_file_are_known_by_their_names(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report(root, capsys, "--format", "docx")
    edit(paper(root), lambda d: d.add_paragraph("另附一句。"))
    more_visits(root)
    report(root, capsys, "--format", "docx")
    old = paper(root).parent / "旧版" / paper(root).name.replace(".docx", "-第1版.docx")
    for path in (paper(root), old):
        run("-C", root, "trace", "--number", f"{path}#_LS_visit_visits_1", "--json")
        assert json.loads(capsys.readouterr().out)["indicator"] == "visits_made"


@pytest.mark.parametrize("asked", ["没有.docx#n1", "没有井号.docx"])
def test_a_number_that_nobody_reported_is_said(
    asked: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("-C", root, "trace", "--number", asked) == 2
    assert "没有报出过这个数字" in capsys.readouterr().err


def test_neither_indicator_nor_number_is_a_usage_error(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("-C", root, "trace", "--period", "2022H1") == 2
    assert "没有写要追哪个数字" in capsys.readouterr().err


def test_a_new_version_says_what_changed_since(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = report(root, capsys, "--format", "docx")
    assert first["changed"] == []
    more_visits(root)
    second = report(root, capsys, "--format", "docx")
    moved = {m["indicator"]: (m["was"], m["now"]) for m in second["changed"]}
    assert moved["visits_made"] == (42, 47)
    assert {m["unit"] for m in second["changed"]} == {"360702"}
    assert any("与2022-07-05的上一版相比" in t and "走访户次" in t for t in texts(paper(root)))


def test_the_same_figures_make_no_new_version(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("--format", "xlsx,html", "--level", "district", "-o", tmp_path / "out")
    first = report(root, capsys, *asked)
    before = {f["path"]: Path(f["path"]).read_bytes() for f in first["files"]}
    again = report(root, capsys, *asked)
    assert before == {f["path"]: Path(f["path"]).read_bytes() for f in again["files"]}
    assert not (tmp_path / "out" / "旧版").exists()


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (b"%PDF-1 /CreationDate(1) stream\n1\nendstream", b"%PDF-1 stream\n1\nendstream", True),
        (b"%PDF-1 stream\n1\nendstream", b"%PDF-1 stream\n2\nendstream", False),
        (b"<html>1", b"<html>2", False),
        (b"<html>1", b"<html>1", True),
    ],
)
def test_files_that_say_the_same(before: bytes, after: bytes, same: bool) -> None:
    assert alike(before, after) is same


def test_last_year_is_what_was_reported_then(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report(root, capsys, "--format", "docx", period="2021H1")
    record = next((root / ".ledgersync" / "reports").iterdir())
    assert record.stat().st_mode & 0o077 == 0
    report(root, capsys, "--format", "docx")
    assert not any("当时报出的是" in t for t in texts(paper(root)))
    primaries(root / "units" / A, sheets("东街", 30, 27, ("2022-02-03", "电梯", "待处理", "")))
    report(root, capsys, "--format", "docx")
    assert any("走访户次的上年同期数，当时报出的是" in t for t in texts(paper(root)))


def test_a_paragraph_that_a_person_deleted_stays_away(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report(root, capsys, "--format", "docx")

    def delete(document: docx.document.Document) -> None:
        for paragraph in document.paragraphs:
            if paragraph.text.startswith("（指导思想"):
                paragraph._p.getparent().remove(paragraph._p)

    edit(paper(root), delete)
    report(root, capsys, "--format", "docx")
    assert not any(t.startswith("（指导思想") for t in texts(paper(root)))


def test_last_years_number_is_the_reported_one_in_every_file_and_both_are_said(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report(root, capsys, "--format", "docx", period="2021H1")
    primaries(root / "units" / A, sheets("东街", 30, 27, ("2022-02-03", "电梯", "待处理", "")))
    made = report(root, capsys, "--format", "xlsx,docx", "--level", "district")
    said = next(t for t in texts(paper(root)) if "走访户次的上年同期数" in t)
    assert "当时报出的是45户次，按现在的台账是47户次" in said
    bases = [
        n["value"]
        for n in made["numbers"]
        if n["indicator"] == "visits_made" and n["role"] == "base" and n["period"] == "2021H1"
    ]
    assert bases.count(47) == 1, "only where both are said"
    assert bases.count(45) >= 2
    path = next(f["path"] for f in made["files"] if f["format"] == "xlsx")
    rows = list(load_workbook(path)["走访"].iter_rows(values_only=True))
    row = next(r for r in rows if r[0] == "走访户次")
    assert row[4] == 45
    note = next(str(r[0]) for r in rows if str(r[0]).endswith("现在的台账为 47"))
    assert note[0] in row[7], "its sign stands beside the figure"


def spoil(path: Path) -> None:
    data = json.loads(gzip.decompress(path.read_bytes()))
    data["figures"][0][2] = 999
    path.write_bytes(gzip.compress(json.dumps(data).encode()))


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        (spoil, "report.changed"),
        (lambda path: path.unlink(), "report.missing"),
        (lambda path: path.write_bytes(b"\x00" * 40), "report.unreadable"),
    ],
    ids=["changed", "missing", "unreadable"],
)
def test_verify_finds_a_record_that_is_not_as_it_was_written(
    how: Callable[[Path], object], kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "幸福社区"
    run("init", root, "--name", "幸福社区", "--code", A, "--level", "community")
    capsys.readouterr()
    for _ in range(3):
        report(root, capsys, "--format", "docx")
    assert run("-C", root, "verify", "--json") == 0
    capsys.readouterr()
    how(sorted((root / ".ledgersync" / "reports").iterdir())[1])
    assert run("-C", root, "verify", "--json") == 4
    assert kind in {t["kind"] for t in json.loads(capsys.readouterr().out)["troubles"]}
