"""Tables in narrow terminals: no word, number, date or formula is broken inside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ledgersync.cli import main
from ledgersync.cli.common.output import show_table
from ledgersync.cli.common.wrapping import fitted, widest_word, widths_of, words_of, wrapped


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("走访记录", 8, ["走访记录"]),
        ("走访记录", 4, ["走访", "记录"]),
        ("正确时为空，否则", 10, ["正确时为", "空，否则"]),
        ("日期（2022.6.1、20220601）", 12, ["日期", "（2022.6.1、", "20220601）"]),
        ("到2022年6月1日止", 8, ["到", "2022年6月1日", "止"]),
        ('=LS_A(B2, "第1网格")', 12, ["=LS_A(B2,", '"第1网格")']),
        ("ledgersync issue --staff 王芳", 18, ["ledgersync issue", "--staff 王芳"]),
        ("inbox/王芳/走访台账.xlsx", 40, ["inbox/王芳/走访台账.xlsx"]),
        ("一行\n两行", 20, ["一行", "两行"]),
        ("", 5, [""]),
    ],
    ids=str,
)
def test_lines_break_between_words(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines


TEXTS = st.text('走访，。（）“” ab1.:-年月日"', max_size=40)


@given(TEXTS, st.integers(2, 30))
def test_nothing_is_lost_and_no_line_is_wider_than_its_words_need(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    room = max(width, widest_word(text))
    assert all(cell_len(line) <= room for line in lines)
    assert "".join(words_of(text)) == text


@given(
    st.lists(st.tuples(st.integers(1, 20), st.integers(0, 40)), min_size=1, max_size=6),
    st.integers(1, 120),
)
def test_columns_share_the_room(columns: list[tuple[int, int]], room: int) -> None:
    least, whole = [n for n, _ in columns], [n + more for n, more in columns]
    widths = fitted(least, whole, room)
    if widths is None:
        assert sum(least) > room
    else:
        assert sum(widths) <= max(room, sum(least))
        assert all(n <= w <= most for n, w, most in zip(least, widths, whole, strict=True))
        assert widths == whole or sum(widths) == room


@pytest.mark.parametrize("columns", [30, 46, 60, 80, 100])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_functions_stay_whole_in_any_terminal(
    columns: int, lang: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    with pytest.raises(SystemExit):
        main(["--lang", lang, "functions"])
    shown = capsys.readouterr().out
    for whole in ('11010519491231002X"', '"2022-06-30")', "LS_LASTVISIT(", "2022.6.1"):
        assert whole in shown
    assert (lang == "en") is not ("身份证号：位数" in "".join(shown.split()))


def test_rows_that_are_too_wide_are_told_one_below_the_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    show_table("表", ["编号", "file"], [["1", "/home/unit/a-long-name.xlsx"], ["2", None]])
    assert capsys.readouterr().out.splitlines() == [
        "表", "编号：1", "file:", "/home/unit/a-long-name.xlsx", "", "编号：2",
    ]  # fmt: skip


def test_short_texts_stay_on_one_line_while_there_is_room() -> None:
    columns = [["修订", "12"], ["项目", "归档年度"], ["来自", "很长的文字" * 20]]
    assert widths_of(columns, 60) == [4, 8, 48]
    assert widths_of(columns, 14) == [4, 4, 6], "the header's words stay whole longest"
    assert widths_of(columns, 3) is None
