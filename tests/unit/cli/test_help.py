"""Help and usage errors: Chinese is Chinese, English is English, click's own words included."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ledgersync.cli import LazyGroup, cli, main
from ledgersync.cli.common.language import asked_for, in_short, localised, speaking, spoken

CJK = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
_NO_WORDS = re.compile(
    r"(?<!\w)--?[a-zA-Z][\w-]*|\[[\w|]+\]|\{[\w|]+\}"
)  # options and fixed choices
# what is typed in Chinese whatever is spoken: a workbook's name, a kind of report, settings' names
TYPED = re.compile("冲突清单.xlsx|月报|周[一日]|审核通过|张主任|李科长")
# names of files, programs and formats, and what is typed as it stands
ALLOWED = {
    *("ledgersync", "ledgersync.toml", "LEDGERSYNC_PASSWORD", "JSON", "docs", "functions.md"),
    *("Excel", "LibreOffice", "Windows", "Python", "systemd", "cron", "watch", "Ctrl-C", "xlsx"),
    *("xlsm", "LS_", "_LS_ID", "issued", "ours", "theirs", "base", "exact", "public", "release"),
    *(
        "dismiss",
        "last-month",
        "last-quarter",
        "last-half",
        "last-year",
        "Parquet",
        "Spark",
        "local",
        "Q2",
        "H1",
        "archive",
    ),
    *(
        "A3",
        "A4",
        "PDF",
        "due_workdays",
        "extra_inbox",
        "kind",
        "md",
        "parent",
        "status",
        "text",
        "visit.issues",
    ),
    *("Word", "docx", "pdf", "html", "SMTP", "starttls", "tls"),
}


def commands(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """Every command that can be typed, groups included, with its path."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        own = click.Context(command, info_name=name, parent=context)
        yield own.command_path, command
        if isinstance(command, click.Group):
            yield from commands(command, own)


def paths() -> list[str]:
    context = click.Context(cli, info_name="ledgersync")
    assert isinstance(cli, LazyGroup)
    return ["ledgersync", *(path for path, _ in commands(cli, context))]


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Exit code and all that is printed."""
    with pytest.raises(SystemExit) as end:
        main(arguments)
    told = capsys.readouterr()
    assert isinstance(end.value.code, int)
    return end.value.code, told.out + told.err


@pytest.mark.parametrize("path", paths())
def test_help_is_chinese(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, *path.split()[1:], "--help")
    assert code == 0
    names = set(path.split()) | {p.split()[-1] for p in paths()}
    words = set(re.findall(r"[A-Za-z_][\w.-]+", _NO_WORDS.sub(" ", text)))
    assert {w.strip(".") for w in words} - names - ALLOWED == set()
    assert text.startswith("用法:")


@pytest.mark.parametrize("path", paths())
def test_english_help_holds_no_chinese(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A help text without its English: `make messages`, and write it there."""
    code, text = said(capsys, "--lang", "en", *path.split()[1:], "--help")
    assert code == 0
    lines = [line for line in text.splitlines() if CJK.search(TYPED.sub("", line))]
    assert not lines, "no English for these in ledgersync.po"
    assert text.startswith("Usage:")


@pytest.mark.parametrize("path", paths())
def test_every_option_says_what_it_does(path: str) -> None:
    context = click.Context(cli, info_name="ledgersync")
    assert isinstance(cli, LazyGroup)
    command = dict(commands(cli, context)).get(path, cli)
    assert command.help
    assert [p.name for p in command.params if isinstance(p, click.Option) and not p.help] == []


@pytest.mark.parametrize("path", paths())
def test_what_stands_for_a_value_says_what_value(path: str) -> None:
    """Not 文字 or 路径, which every value is; nor another command's 姓名."""
    context = click.Context(cli, info_name="ledgersync")
    with speaking("zh"):
        command = localised(dict(commands(cli, context)).get(path, cli), "zh")
        shown = {p.name: p.make_metavar(context) for p in command.params}
    vague = re.compile(r"\[?(文字|路径)\]?(\.\.\.)?")
    assert {name: text for name, text in shown.items() if vague.fullmatch(text)} == {}
    people = {"name", "staff", "people", "giver", "taker", "successor", "who"}
    assert {n for n, text in shown.items() if text.strip("[].") == "姓名"} <= people


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("先看各是谁的；再收。\n认不出的另说。", "先看各是谁的；再收"),
        ("列出 a.xlsx 里的表。", "列出 a.xlsx 里的表"),
        ("Take a.xlsx in. Then\nlook at it.\n\nMore.", "Take a.xlsx in"),
        ("没有句号\n\n下一段。", "没有句号"),
    ],
)
def test_a_list_of_commands_says_one_sentence_of_each(text: str, short: str) -> None:
    assert in_short(text) == short


WRONG = {
    "chek": "没有命令“chek”。是不是要写“check”？",
    "check --anotate": "没有选项“--anotate”。是不是要写“--annotate”？",
    "init": "缺少参数“文件夹”。",
    "init here --name 甲": "缺少选项“--code”。",
    "undo first": "“修订号”的值不对：“first”不是数字。",
    "held free 1": "没有“free”这一项，可选：“release”、“dismiss”。",
    "rollup --period": "选项“--period”后面还要写一个值。",
    "demo here there": "多写了参数：there。",
    "--lang fr status": "“--lang”的值不对：没有“fr”这一项，可选：“zh”、“en”。",
    "status --json=1": "选项“--json”后面不带值。",
}


@pytest.mark.parametrize("line", WRONG)
def test_wrong_usage_is_said_in_chinese(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, *line.split())
    assert code == 2
    assert WRONG[line] in text.splitlines()[0]
    assert text.splitlines()[-1].startswith("下一步：")


@pytest.mark.parametrize("line", [line for line in WRONG if "fr" not in line])
def test_wrong_usage_in_english(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, "--lang=en", *line.replace("甲", "a").replace("低保", "x").split())
    assert code == 2
    assert not CJK.search(text)
    assert text.splitlines()[-1].startswith("Next: ")


def test_a_command_alone_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys)[1] == said(capsys, "--help")[1]
    assert "hand-over" in said(capsys, "staff")[1]


def test_language_is_known_before_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEDGERSYNC_LANG", raising=False)
    assert asked_for(["status"]) == "zh"
    assert asked_for(["--lang", "en", "status"]) == asked_for(["--lang=en"]) == "en"
    assert asked_for(["--lang", "en", "--lang", "zh"]) == "zh"
    assert asked_for(["--lang"]) == "zh"
    monkeypatch.setenv("LEDGERSYNC_LANG", "en_GB.UTF-8")
    assert asked_for(["status"]) == "en"
    assert asked_for(["--lang", "zh", "status"]) == "zh"


def test_the_environment_chooses_the_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LEDGERSYNC_LANG", "en")
    assert "No workspace here" in said(capsys, "-C", str(tmp_path), "status")[1]


def test_click_speaks_the_language_inside_and_its_own_outside() -> None:
    usage = vars(click.formatting)["_"]
    before = os.environ.get("LANGUAGE"), usage("Usage:")
    with speaking("zh"):
        assert spoken() == "zh" and usage("Usage:") == "用法:"
        with speaking("en"):
            assert spoken() == "en" and usage("Usage:") == "Usage:"
        assert usage("Usage:") == "用法:"
    assert (os.environ.get("LANGUAGE"), usage("Usage:")) == before


def test_localising_leaves_the_command_alone() -> None:
    texts = [p.help for p in cli.params if isinstance(p, click.Option)]
    english = localised(cli, "en")
    assert [p.help for p in cli.params if isinstance(p, click.Option)] == texts
    assert english.params[0] is not cli.params[0]


def test_columns_of_options_are_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "map", "--help")[1]
    lines = text[text.index("选项:\n") :].splitlines()[1:]
    starts = set()
    for line in lines:
        if option := re.match(r"  \S.*?(?=  )\s+", line):
            starts.add(sum(2 if CJK.match(c) else 1 for c in option[0]))
        else:  # the rest of a longer text
            starts.add(len(line) - len(line.lstrip()))
    assert len(starts) == 1


def test_help_starts_without_the_heavy_parts() -> None:
    """openpyxl, duckdb and rich would cost more than all the rest."""
    code = "import sys; from ledgersync.cli import main\ntry: main(['--lang', 'en', '--help'])\n"
    code += "finally: print(*sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stderr.split())
    assert not loaded & {"openpyxl", "duckdb", "rich", "pandas", "lxml"}
