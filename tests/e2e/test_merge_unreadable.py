"""A file that nobody can read is reported once; after that it is only counted until it changes."""

import json
from pathlib import Path

import pytest
from tests.community import TODAY, Community

from ledgersync.cli import main

HALF = b"PK\x03\x04 cut short"
NONSENSE = b"this is no workbook"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)


def merge(
    town: Community, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["-C", str(town.root), "merge", *arguments])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


def drop(town: Community, content: bytes, name: str) -> Path:
    path = town.root / "inbox" / "王芳" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(("content", "name"), [(HALF, "坏.xlsx"), (NONSENSE, "别的.xls")])
def test_an_unreadable_file_is_reported_once(
    town: Community, capsys: pytest.CaptureFixture[str], content: bytes, name: str
) -> None:
    path = drop(town, content, name)
    code, out, err = merge(town, capsys)
    assert code == 3
    assert f"… {name}" in err
    assert "仍有" not in out

    for _ in range(2):
        code, out, err = merge(town, capsys)
        assert code == 1, "a person is needed, and knows already"
        assert "仍有 1 个文件没有收进来，见 ledgersync -C" in out
        assert out.replace("\n", "").count(name) == 1  # by name, without the reason
        assert name not in err

    path.write_bytes(content + b" again")
    assert merge(town, capsys)[0] == 3, "another save is news"
    path.unlink()
    assert merge(town, capsys)[0] == 0


def test_a_file_that_is_named_is_always_reported(
    town: Community, capsys: pytest.CaptureFixture[str]
) -> None:
    path = drop(town, NONSENSE, "别的.xls")
    assert merge(town, capsys)[0] == 3
    for _ in range(2):
        assert merge(town, capsys, str(path))[0] == 3
    assert merge(town, capsys)[0] == 1


def test_a_dry_run_reports_nothing_away(
    town: Community, capsys: pytest.CaptureFixture[str]
) -> None:
    drop(town, HALF, "坏.xlsx")
    assert [merge(town, capsys, "--dry-run")[0] for _ in range(2)] == [3, 3]
    assert merge(town, capsys)[0] == 3


def test_json_goes_on_listing_it(town: Community, capsys: pytest.CaptureFixture[str]) -> None:
    drop(town, HALF, "坏.xlsx")
    for code in (3, 1):
        found, out, _ = merge(town, capsys, "--json")
        statuses = [s["status"] for s in json.loads(out)["submissions"] if "坏" in s["file"]]
        assert (found, statuses) == (code, ["unreadable"])


def test_files_of_earlier_runs_get_no_progress_line(
    town: Community, capsys: pytest.CaptureFixture[str]
) -> None:
    import os

    book = town.issue("王芳")
    book.people.set("A1", "备注", "新")
    path = book.send("回执.xlsx")
    old = path.stat().st_mtime_ns - 60_000_000_000
    os.utime(path, ns=(old, old))
    for name in ("名册.xlsx",):
        known = town.root / "inbox" / "建账" / name
        os.utime(known, ns=(old, old))
    merge(town, capsys)
    code, _, err = merge(town, capsys)
    assert (code, err) == (0, "")


@pytest.mark.parametrize(
    "command",
    ["read", "check", "merge", "map", "resolve"],
)
def test_a_missing_file_is_exit_code_3_everywhere(
    town: Community,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    monkeypatch.chdir(town.root)
    with pytest.raises(SystemExit) as ended:
        main([command, "没有.xlsx"])
    assert ended.value.code == 3
    assert "找不到文件 没有.xlsx。" in capsys.readouterr().err


def test_a_broken_file_is_told_in_the_same_words_everywhere(
    town: Community, capsys: pytest.CaptureFixture[str]
) -> None:
    path = drop(town, HALF, "坏.xlsx")
    words = "已损坏或没有传完整。"
    for command in ("read", "check", "merge"):
        with pytest.raises(SystemExit) as ended:
            main(["-C", str(town.root), command, str(path)])
        said = capsys.readouterr()
        assert ended.value.code == 3
        assert words in (said.out + said.err).replace("\n", "")
    with pytest.raises(SystemExit):
        main(["-C", str(town.root), "status"])
    assert words.rstrip("。") in capsys.readouterr().out.replace("\n", "")


def test_adopting_a_missing_file_is_exit_code_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (
        ["init", "w", "--name", "幸福社区", "--code", "360702001001", "--level", "community"],
        ["-C", "w", "adopt", "dibao", "没有.xlsx"],
    ):
        with pytest.raises(SystemExit) as ended, pytest.MonkeyPatch.context() as patch:
            patch.chdir(tmp_path)
            main(command)
    assert ended.value.code == 3
    assert "找不到文件 没有.xlsx。" in capsys.readouterr().err
