"""Help pages in Chinese: how lines break, where the second column starts."""

import pytest

from ledgersync.cli.common.help_format import HelpFormatter, columns, wrapped

WRAPPED = [
    ("工作区文件夹", 12, ["工作区文件夹"]),
    ("工作区文件夹", 6, ["工作区", "文件夹"]),
    ("默认：台账名", 4, ["默", "认：", "台账", "名"]),
    ("写（默认：甲）", 8, ["写（默", "认：甲）"]),
    ("默认按 ledgersync.toml 的", 10, ["默认按", "ledgersync.toml", "的"]),
    ("two words here", 9, ["two words", "here"]),
    ("  first \n second", 20, ["first second"]),
    ("", 10, []),
]


@pytest.mark.parametrize(("text", "width", "lines"), WRAPPED)
def test_lines_break_between_words_and_never_before_a_mark(
    text: str, width: int, lines: list[str]
) -> None:
    assert list(wrapped(text, width)) == lines


def test_a_list_has_one_second_column() -> None:
    formatter = HelpFormatter(width=40)
    formatter.write_dl([("-C 文件夹", "工作区"), ("-q", "只说要紧的")], col_max=12)
    formatter.write_dl([("--much-longer-than-that", "另起一行")], col_max=12)
    first, second, alone, below = formatter.getvalue().splitlines()
    assert columns(first.partition("工")[0]) == columns(second.partition("只")[0]) == 11
    assert alone == "--much-longer-than-that" and below == " " * 14 + "另起一行"
