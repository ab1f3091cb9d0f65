"""Templates: fresh ids in each, the generated set up to date, the command."""

import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from ledgersync.cli import cli
from ledgersync.schema import load_catalog
from ledgersync.workbook.build import build_template, template_difference
from ledgersync.workbook.build.__main__ import main
from ledgersync.workbook.build.templates import build_all
from ledgersync.workbook.read import read_workbook

CATALOG = load_catalog()
TODAY = date(2024, 6, 1)
ROOT = Path(__file__).resolve().parents[4]


def _reserved(path: Path) -> list[str]:
    return [
        rid
        for table in read_workbook(path, CATALOG, today=TODAY).tables
        for _, rid in table.reserved
    ]


def test_every_template_has_its_own_ids_on_its_empty_rows(tmp_path: Path) -> None:
    one, two = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path in (one, two):
        build_template(path, CATALOG.ledger("visit"), CATALOG, today=TODAY)
    ids = _reserved(one) + _reserved(two)
    assert len(ids) == len(set(ids)) == 800


def test_the_generated_set_is_up_to_date(tmp_path: Path) -> None:
    for path in build_all(tmp_path, CATALOG):
        assert template_difference(ROOT / "workbooks" / path.name, path) is None


def test_a_stale_or_missing_template_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 0
    assert main([str(tmp_path), "--check"]) == 0
    with zipfile.ZipFile(tmp_path / "走访台账.xlsx", "a") as package:
        package.writestr("extra.xml", "<x/>")
    (tmp_path / "低保台账.xlsx").unlink()
    capsys.readouterr()
    assert main([str(tmp_path), "--check"]) == 1
    said = capsys.readouterr().err
    assert "走访台账.xlsx" in said
    assert "extra.xml" in said
    assert "低保台账.xlsx" in said
    assert main([]) == 2


@pytest.mark.parametrize("name", ["dibao", "低保", "低保台账"])
def test_the_command_takes_ids_and_chinese_names(tmp_path: Path, name: str) -> None:
    target = tmp_path / "sub" / "表.xlsx"
    result = CliRunner().invoke(cli, ["template", name, "-o", str(target), "--json"])
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert document["ledger"] == "dibao"
    assert [t["sheet"] for t in document["tables"]] == ["低保户", "家庭成员"]
    assert {t.table for t in read_workbook(target, CATALOG, today=TODAY).tables} == {
        "households",
        "members",
    }


def test_the_command_with_macros_writes_a_macro_workbook(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsm"
    result = CliRunner().invoke(cli, ["template", "care", "-o", str(target), "--macros"])
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(target) as package:
        assert "xl/vbaProject.bin" in package.namelist()
        assert b"macroEnabled" in package.read("[Content_Types].xml")


@pytest.mark.parametrize(
    "arguments",
    [
        ["template", "没有"],
        ["template", "care", "-o", "a.doc"],
        ["template", "care", "-o", "a.xlsm"],
    ],
)
def test_wrong_arguments_are_refused_in_words(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code != 0
    assert list(tmp_path.iterdir()) == []


def test_an_existing_template_is_not_overwritten_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(cli, ["template", "care"]).exit_code == 0
    before = (tmp_path / "重点人员台账.xlsx").read_bytes()
    assert CliRunner().invoke(cli, ["template", "care"]).exit_code != 0
    assert (tmp_path / "重点人员台账.xlsx").read_bytes() == before
