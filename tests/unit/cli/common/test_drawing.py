"""Tables as rich draws them, in any width and either alphabet."""

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.box import ASCII, HEAVY_HEAD
from rich.console import Console
from rich.table import Table

from ledgersync.cli.common.drawing import BETWEEN, drawn, terminal_width
from ledgersync.cli.common.wrapping import widths_of, wrapped

TEXTS = st.text('走访，。（）“” ab1.:-年月日"\n', max_size=30)
TABLES = st.integers(1, 4).flatmap(
    lambda n: st.tuples(
        st.lists(TEXTS, min_size=n, max_size=n),
        st.lists(st.lists(TEXTS, min_size=n, max_size=n), max_size=4),
    )
)


def by_rich(
    headers: list[str], rows: list[list[str]], widths: list[int], *, ruled: bool, plain: bool
) -> list[str]:
    table = Table(
        show_edge=False, pad_edge=False, show_lines=ruled, box=ASCII if plain else HEAVY_HEAD
    )
    for header, width in zip(headers, widths, strict=True):
        table.add_column("\n".join(wrapped(header, width)), width=width, no_wrap=True)
    for row in rows:
        cells = zip(row, widths, strict=True)
        table.add_row(*("\n".join(wrapped(text, width)) for text, width in cells))
    page = io.StringIO()
    Console(file=page, width=200, soft_wrap=True, highlight=False, markup=False).print(table)
    return page.getvalue().split("\n")[:-1]


@given(TABLES, st.integers(20, 120), st.booleans(), st.booleans())
def test_as_rich_draws_it(
    table: tuple[list[str], list[list[str]]], room: int, ruled: bool, plain: bool
) -> None:
    headers, rows = table
    columns = [[header, *cells] for header, *cells in zip(headers, *rows, strict=True)]
    widths = widths_of(columns, room - BETWEEN * (len(columns) - 1))
    if widths is None or not all(widths):
        return
    lines = [
        line.replace("\x1b[1m", "").replace("\x1b[0m", "")
        for line in drawn(headers, rows, widths, ruled=ruled, plain=plain)
    ]
    assert lines == by_rich(headers, rows, widths, ruled=ruled, plain=plain)


def test_what_moves_the_cursor_is_not_drawn() -> None:
    lines = list(drawn(["a"], [["1\r2\x07\x0b3\b4"]], [9], ruled=False))
    assert lines[-1] == "1234     "


@pytest.mark.parametrize(
    ("columns", "term", "width"), [("132", "xterm", 132), ("", "dumb", 80), ("x", "dumb", 80)]
)
def test_the_width_of_a_terminal(
    columns: str, term: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr("sys.platform", "linux")
    assert terminal_width() == width


def test_the_width_is_that_of_a_stream_that_is_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    def size(stream: int) -> os.terminal_size:
        if stream < 2:
            raise OSError
        return os.terminal_size((97, 30))

    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(os, "get_terminal_size", size)
    monkeypatch.setattr("sys.platform", "win32")
    assert terminal_width() == 96
