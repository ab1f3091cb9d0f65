"""`ledgersync read` and `map` as people call them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from msoffcrypto.format.ooxml import OOXMLFile
from tests.reading import LI, PEOPLE, WANG, save

from ledgersync.cli import cli

FIELD = Path(__file__).parents[1] / "fixtures" / "field"


def run(*arguments: str, code: int = 0, **environment: str) -> str:
    """Standard output of a command; its messages, too, when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "ledgersync", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        env={**os.environ, "LEDGERSYNC_TODAY": "2022-06-30", "COLUMNS": "160", **environment},
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout if code == 0 else done.stdout + done.stderr


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "社区"
    folder.mkdir()
    (folder / "ledgersync.toml").write_text(
        '[unit]\ncode = "360702001001"\nname = "幸福社区"\nlevel = "community"\n', "utf-8"
    )
    return folder


def test_the_json_document_is_the_contract() -> None:
    expected = json.loads((FIELD / "expected.json").read_text("utf-8"))[0]
    document: dict[str, Any] = json.loads(run("read", str(FIELD / expected["file"]), "--json"))
    assert document["format"] == "ledgersync.read/v1"
    assert len(document["sha256"]) == 64
    table, wanted = document["tables"][0], expected["tables"][0]
    assert table["header_rows"] == wanted["header_rows"]
    assert table["skipped"] == wanted["skipped"]
    assert [r["values"] for r in table["records"]] == [r["values"] for r in wanted["records"]]
    assert set(table["columns"][0]) == {"field", "header", "column"}
    assert set(table["records"][0]) == {"row", "values", "invalid"}


def test_for_people_there_is_a_table(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", 东风村=[["重点人员台账"], PEOPLE, WANG, ["合计"]])
    shown = run("read", str(path))
    assert "东风村" in shown
    assert "1标题 4合计" in shown


def test_several_files_in_one_document(tmp_path: Path) -> None:
    paths = [save(tmp_path / f"{n}.xlsx", 重点人员=[PEOPLE, WANG]) for n in "ab"]
    document = json.loads(run("read", *map(str, paths), "--json"))
    assert [t["file"] for t in document["tables"]] == ["a.xlsx", "b.xlsx"]


def test_an_unreadable_file_is_exit_code_3_with_the_next_step(tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 no zip")
    said = run("read", str(tmp_path / "坏.xlsx"), code=3)
    assert "坏.xlsx" in said
    assert "下一步" in said


def test_a_password_comes_from_the_environment(tmp_path: Path) -> None:
    plain, locked = save(tmp_path / "a.xlsx", 重点人员=[PEOPLE, WANG]), tmp_path / "b.xlsx"
    with plain.open("rb") as source, locked.open("wb") as target:
        OOXMLFile(source).encrypt("secret-2022", target)
    said = run("read", str(locked), "--json", code=3)
    assert "LEDGERSYNC_PASSWORD" in said
    found = json.loads(run("read", str(locked), "--json", LEDGERSYNC_PASSWORD="secret-2022"))
    assert found["tables"][0]["records"][0]["values"]["name"] == "王芳"


def test_a_header_is_confirmed_once_and_known_from_then_on(workspace: Path, tmp_path: Path) -> None:
    rows = [["救助对象名字", "身份号", *PEOPLE[2:]], WANG, LI]
    path = str(save(tmp_path / "外来.xlsx", 名单=rows))
    here = ("-C", str(workspace))
    document = json.loads(run(*here, "map", path, "--json", code=1).split("\n提示")[0])
    fields = {p["header"]: p["field"] for p in document["proposals"]}
    assert fields["身份号"] == "id_number"
    run(*here, "map", path, "--yes")
    table = json.loads(run(*here, "read", path, "--json"))["tables"][0]
    assert table["records"][0]["values"]["id_number"] == WANG[1]
    assert "身份号" in (workspace / "mappings.toml").read_text("utf-8")


def test_a_header_can_be_named_or_set_aside(workspace: Path, tmp_path: Path) -> None:
    rows = [["人家", *PEOPLE[1:], "照片编号"], [*WANG, "P1"], [*LI, "P2"]]
    path = str(save(tmp_path / "外来.xlsx", 重点人员=rows))
    here = ("-C", str(workspace))
    said = run(*here, "map", path, "--set", "人家=姓名", "--set", "照片编号=-").replace("\n", "")
    assert "“重点人员”的列“照片编号”不属于台账，以后不再并入这一列" in said
    assert "没有待确认的表头" not in said
    again = run(*here, "map", path, "--set", "人家=姓名")
    assert "“重点人员”的列“人家”以后读作〔姓名〕" in again
    assert "没有待确认的表头" in run(*here, "map", path)
    document = json.loads(run(*here, "read", path, "--json"))
    assert document["tables"][0]["records"][1]["values"]["name"] == "李娜"
    assert document["findings"] == []


def test_an_unknown_field_is_a_usage_fault(workspace: Path, tmp_path: Path) -> None:
    rows = [["人家", *PEOPLE[1:]], WANG, LI]
    path = str(save(tmp_path / "外来.xlsx", 重点人员=rows))
    said = run("-C", str(workspace), "map", path, "--set", "人家=没有这项", code=2)
    assert "里没有“没有这项”这一项" in said


def outsiders(tmp_path: Path) -> str:
    """A column of birth dates, which no ledger asks for, and one that is only likely."""
    births = ["1945.03", "1960-02-03"]
    rows = [[*PEOPLE, "出生年月", "帮扶责任"], [*WANG, births[0], "赵敏"], [*LI, births[1], "钱进"]]
    return str(save(tmp_path / "外来.xlsx", 重点人员=rows))


def test_births_are_never_a_day_of_leaving(workspace: Path, tmp_path: Path) -> None:
    said = run("-C", str(workspace), "map", outsiders(tmp_path), "--json", code=1)
    document = json.loads(said.split("\n提示")[0])
    assert [p["header"] for p in document["proposals"]] == ["帮扶责任"]


def test_enter_is_no_yes_where_nothing_is_sure(workspace: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(
        cli, ["-C", str(workspace), "map", outsiders(tmp_path)], input="\n" * 9
    )
    assert result.exit_code == 1 and "没有把握" in result.output
    assert not (workspace / "mappings.toml").exists()


def test_a_wrong_item_drops_no_right_one(workspace: Path, tmp_path: Path) -> None:
    rows = [["人家", *PEOPLE[1:], "照片编号"], WANG, LI]
    path = str(save(tmp_path / "外来.xlsx", 重点人员=rows))
    given = ("--set", "人家=姓名", "--set", "没有=姓名", "--set", "照片编号=错项")
    said = run("-C", str(workspace), "map", path, *given, code=2)
    assert "没有表头“没有”" in said and "没有“错项”这一项" in said and "其余 1 项已记住" in said
    assert "人家" in (workspace / "mappings.toml").read_text("utf-8")
