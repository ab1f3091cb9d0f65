"""A finished package is read back: the values at their cells, and every other member."""

from contextlib import closing
from pathlib import Path

import pytest
from tests.patching import book, cell, part, row

from ledgersync.workbook.patch import PatchRefused
from ledgersync.workbook.patch.package.parts import Sheet
from ledgersync.workbook.patch.package.zipcopy import ZipSource
from ledgersync.workbook.patch.scan.cell_xml import KEPT, Content
from ledgersync.workbook.patch.sheet.plan import Write
from ledgersync.workbook.patch.whole.verify import verify_members, verify_parts, verify_sheet

SHEET = "xl/worksheets/sheet1.xml"
STYLES = "xl/styles.xml"


def refusal(reason: str, where: str, act: object) -> None:
    with pytest.raises(PatchRefused) as refused:
        act()  # type: ignore[operator]
    assert (refused.value.reason, where in refused.value.message.zh) == (reason, True)


def test_untouched_members_are_the_same_bytes(tmp_path: Path) -> None:
    one = book(tmp_path / "a.xlsx", row(1, "a"))
    two = book(tmp_path / "b.xlsx", row(1, "b"))
    with closing(ZipSource(one)) as source, closing(ZipSource(two)) as written:
        verify_members(source, source, source.by_name)
        verify_members(source, written, [STYLES])
        refusal("verify.members", SHEET, lambda: verify_members(source, written, [STYLES, SHEET]))
        del written.by_name[STYLES]
        refusal("verify.members", STYLES, lambda: verify_members(source, written, [STYLES]))


def test_small_parts_are_what_was_meant(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", row(1, "a"))
    with closing(ZipSource(path)) as written:
        verify_parts(written, {STYLES: part(path, STYLES).encode()})
        refusal("verify.members", STYLES, lambda: verify_parts(written, {STYLES: b"<a/>"}))


def text(value: str) -> Write:
    return Write(value, Content("text", value))


FIRST, SECOND = f'<row r="2">{cell("A2", "甲")}</row>', f'<row r="3">{cell("B3", "乙")}</row>'


@pytest.mark.parametrize(
    ("expected", "wrong"),
    [
        ({}, None),
        ({2: {1: text("甲")}, 3: {2: text("乙")}}, None),
        (
            {2: {1: text("甲")}, 3: {2: Write(None, KEPT), 1: Write(None, Content("blank", ""))}},
            None,
        ),
        ({2: {1: text("乙")}}, "台账!A2"),
        ({2: {1: text("甲")}, 3: {1: text("乙")}}, "台账!A3"),
        ({2: {1: text("甲"), 2: text("丙")}, 3: {2: text("乙")}}, "台账!B2"),
        ({9: {1: Write(None, Content("blank", ""))}}, None),
        ({9: {1: text("甲")}}, "台账!A9"),
    ],
)
def test_the_cells_of_a_sheet_hold_what_was_asked(
    tmp_path: Path, expected: dict[int, dict[int, Write]], wrong: str | None
) -> None:
    path = book(tmp_path / "a.xlsx", row(1, 1) + FIRST + SECOND)
    whole = part(path, SHEET).encode()
    places = {2: FIRST.encode(), 3: SECOND.encode(), 9: b""}
    spans = {n: (whole.index(raw), whole.index(raw) + len(raw)) for n, raw in places.items()}
    spans = {n: span for n, span in spans.items() if n in expected}
    sheet = Sheet("台账", "1", 0, "worksheet", SHEET)
    with closing(ZipSource(path)) as written:
        if wrong is None:
            verify_sheet(written, sheet, spans, expected)
        else:
            act = lambda: verify_sheet(written, sheet, spans, expected)  # noqa: E731
            refusal("verify.values", wrong, act)
