"""What was reported is kept: a number of a file is traced, a new version says what changed."""

import json
from pathlib import Path

import docx
import pytest
from tests.district import A, primaries, run
from tests.unit.report.small import report, sheets, small_district
from tests.unit.report.test_persons_text import edit, more_visits, paper, texts


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


def test_last_year_is_what_was_reported_then(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report(root, capsys, "--format", "docx", period="2021H1")
    record = next((root / ".ledgersync" / "reports").iterdir())
    assert record.stat().st_mode & 0o077 == 0
    report(root, capsys, "--format", "docx")
    assert not any("按当时报出的数" in t for t in texts(paper(root)))
    primaries(root / "units" / A, sheets("东街", 30, 27, ("2022-02-03", "电梯", "待处理", "")))
    report(root, capsys, "--format", "docx")
    assert any("走访户次的上年同期数按当时报出的数" in t for t in texts(paper(root)))


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
