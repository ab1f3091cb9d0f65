"""Rows that close up or open, however they are spelled, against a plain list of rows."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.patching import MAIN, cell, emitted, row

from ledgersync.workbook.patch import SheetEdit

Place = tuple[int, int]


@pytest.fixture
def at(tmp_path: Path) -> Path:
    return tmp_path / "a.xlsx"


REMOVALS: list[tuple[str, list[int], str]] = [
    (row(1, 1) + row(2, 2) + row(3, 3), [2], row(1, 1) + row(2, 3)),
    (row(1, 1) + row(2, 2) + row(3, 3), [1], row(1, 2) + row(2, 3)),
    (row(1, 1) + row(2, 2) + row(3, 3), [3], row(1, 1) + row(2, 2)),
    (row(1, 1) + row(2, 2), [1, 2], ""),
    (row(1, 1) + row(5, 2), [2, 3], row(1, 1) + row(3, 2)),
    (row(1, 1) + row(5, 2), [9], row(1, 1) + row(5, 2)),
    (row(1, 1) + row(3, 3) + row(4, 4) + row(8, 8), [2, 4, 6],
     row(1, 1) + row(2, 3) + row(5, 8)),
    (row(1, 1) + "\n" + row(2, 2) + " " + row(3, 3) + "\n", [1],
     row(1, 2) + " " + row(2, 3) + "\n"),
    ("\n " + row(2, 2), [1], "\n " + row(1, 2)),
    (row(10, "第10行", 10) + row(12, "12", 12), [1, 11], row(9, "第10行", 10) + row(10, "12", 12)),
    ('<row r="2" spans="1:2"><c r="A2"/><c r="B2" s="2"><v>2</v></c></row>', [1],
     '<row r="1" spans="1:2"><c r="A1"/><c r="B1" s="2"><v>2</v></c></row>'),
    ("<row spans='1:2' r='3'><c s='1' r='A3'/><c r='B3'><f>\"A3\"</f></c></row>", [1],
     "<row spans='1:2' r='2'><c s='1' r='A2'/><c r='B2'><f>\"A3\"</f></c></row>"),
    ('<row r="3"><c s="1" r="A3"/><c r="B3"/></row>', [1, 2],
     '<row r="1"><c s="1" r="A1"/><c r="B1"/></row>'),
    ('<row r="3"><c r="A3"/><c s="1" r="B3"/></row>', [1, 2],
     '<row r="1"><c r="A1"/><c s="1" r="B1"/></row>'),
    ('<row r="3"><c s="1"/><c><v>3</v></c></row>', [1],
     '<row r="2"><c s="1"/><c><v>3</v></c></row>'),
    ("<row><c><v>1</v></c></row><row><c><v>2</v></c></row>", [1],
     '<row r="1"><c><v>2</v></c></row>'),
    ('<row/><row ht="9"/>', [1], '<row r="1" ht="9"/>'),
    ('<row r="3" ht="9"/>', [1], '<row r="2" ht="9"/>'),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "removed", "expected"), REMOVALS)
def test_rows_close_up(at: Path, rows: str, removed: list[int], expected: str) -> None:
    assert emitted(at, rows, SheetEdit(remove_rows=removed)) == expected


def test_many_rows_close_up(at: Path) -> None:
    rows = "".join(row(n, n) for n in range(1, 2303))
    found = emitted(at, rows, SheetEdit(remove_rows=[2, 2302]))
    assert found == row(1, 1) + "".join(row(n - 1, n) for n in range(3, 2302))


TEXTS = st.sampled_from(["", "甲", "12", "<&>"])
SHEETS = st.dictionaries(
    st.integers(1, 12), st.dictionaries(st.integers(1, 4), TEXTS, max_size=3), max_size=8
)


@given(
    SHEETS,
    st.dictionaries(st.tuples(st.integers(1, 14), st.integers(1, 5)), TEXTS, max_size=6),
    st.sets(st.integers(1, 14), max_size=5),
    st.lists(st.lists(TEXTS, max_size=3), max_size=3),
    st.none() | st.integers(1, 14),
    st.integers(0, 2),
)
def test_rows_read_as_a_list_of_rows_would(
    tmp_path_factory: pytest.TempPathFactory,
    sheet: dict[int, dict[int, str]],
    changes: dict[Place, str],
    removed: set[int],
    append: list[list[str]],
    before: int | None,
    spelling: int,
) -> None:
    """Against a plain list: cells set, rows taken out, rows put in."""
    changes = {place: text for place, text in changes.items() if place[0] not in removed}
    grid: list[dict[int, str]] = [{}, *(dict(sheet.get(n, {})) for n in range(1, 40))]
    for (number, column), text in changes.items():
        grid[number][column] = text
    if before is None:
        left = [n for n in range(1, 40) if n not in removed and any(grid[n].values())]
        before = max(left, default=0) + 1
    new = [dict(enumerate(values, 1)) for values in append]
    for offset, values in enumerate(new):
        grid.insert(before + offset, values)
    gone = {n + (len(new) if n >= before else 0) for n in removed}
    kept = [values for n, values in enumerate(grid) if n not in gone]
    expected = {(n, c): text for n, values in enumerate(kept) for c, text in values.items() if text}
    edit = SheetEdit(
        cells=changes, remove_rows=sorted(removed), append=append, append_before=before
    )
    at = tmp_path_factory.getbasetemp() / "emit.xlsx"
    assert texts(emitted(at, spelled(sheet, spelling), edit)) == expected


def spelled(sheet: dict[int, dict[int, str]], how: int) -> str:
    """Rows as programs write them: as usual, in another order of attributes, closed at once."""
    lines = []
    for n, values in sorted(sheet.items()):
        inner = "".join(
            cell(f"{'ABCD'[c - 1]}{n}", text.replace("&", "&amp;").replace("<", "&lt;"), 1)
            for c, text in sorted(values.items())
        )
        if how == 1:
            inner = re.sub(r'<c r="(\w+)" s="1"', r"<c s='1' r='\1'", inner)
        closed = f'<row spans="1:4" r="{n}"/>' if how == 2 and not inner else None
        lines.append(closed or f'<row r="{n}">{inner}</row>\n')
    return "".join(lines)


def texts(rows: str) -> dict[Place, str]:
    """The texts of all cells; every row and cell stands where its address says, in order."""
    found: dict[Place, str] = {}
    root = etree.fromstring(f'<x xmlns="{MAIN}">{rows}</x>')
    numbers = [int(item.get("r") or 0) for item in root]
    assert numbers == sorted(set(numbers))
    for number, item in zip(numbers, root, strict=True):
        columns = []
        for one in item:
            match = re.fullmatch(r"([A-Z])(\d+)", one.get("r") or "")
            assert match and int(match[2]) == number
            columns.append(ord(match[1]) - 64)
            if text := "".join(one.itertext()):
                found[number, columns[-1]] = text
        assert columns == sorted(set(columns))
    return found
