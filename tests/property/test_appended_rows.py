"""Appended rows, written by how their columns look, are what cells written one by one make."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.patching import STYLES, emitted, row

from ledgersync.workbook.patch import SheetEdit
from ledgersync.workbook.patch.package.styles import Styles
from ledgersync.workbook.patch.scan.edits import CellValue
from ledgersync.workbook.patch.sheet.emit import SheetWriter
from ledgersync.workbook.patch.sheet.plan import Write

WRAPPING = STYLES.replace(
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0"><alignment wrapText="1"/></xf>',
)
VALUES: st.SearchStrategy[CellValue] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-9, 10**17),
    st.decimals(-9, 9, places=2).map(Decimal),
    st.dates(date(1890, 1, 1), date(2030, 1, 1)),
    st.just(datetime(2024, 2, 29, 12)),
    st.sampled_from(["甲<&>\"'", "&quot;", "长" * 60, "110101199003070134", "_x0041_", "\x02\x01"]),
)
ROWS = st.lists(st.lists(VALUES, max_size=4), min_size=1, max_size=5)
DONORS = st.lists(st.sampled_from(["", ' s="1"', ' s="2"', ' s="3"', ' s="4"', None]), max_size=5)
LAST = st.sampled_from(["", ' s="4" customFormat="1"', ' ht="30"', ' ht="30" customHeight="1"'])
COLUMNS = st.sampled_from(["", '<cols><col min="2" max="3" style="4" width="9"/></cols>'])


def one_by_one(writer: SheetWriter, number: int, cells: dict[int, Write]) -> bytes:
    return b"".join(writer._cell(number, c, cells[c], None) for c in sorted(cells))


@settings(max_examples=100, deadline=None)
@given(ROWS, DONORS, LAST, COLUMNS, st.sampled_from([None, 2, 3]), st.integers(1, 3))
def test_rows_at_once_as_cells_one_by_one(
    rows: list[list[CellValue]],
    donor: list[str | None],
    last: str,
    head: str,
    before: int | None,
    column: int,
) -> None:
    looks = "".join(f'<c r="{"ABCDE"[n]}2"{s}/>' for n, s in enumerate(donor) if s is not None)
    sheet = row(1, "甲") + f'<row r="2"{last}>{looks}</row>' + row(3, 1)
    edit = SheetEdit(append=rows, append_before=before, append_column=column)
    styles, plain = Styles(WRAPPING.encode()), Styles(WRAPPING.encode())
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        at_once = emitted(Path(folder) / "a.xlsx", sheet, edit, head, styles)
        patch.setattr(SheetWriter, "_appended_cells", one_by_one)
        assert at_once == emitted(Path(folder) / "a.xlsx", sheet, edit, head, plain)
    assert styles.render() == plain.render()
