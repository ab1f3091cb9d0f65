"""Any layout, any mess: what `read` returns is what was written, and reading twice is the same."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.layouts.compare import compare, over_flagged
from tests.layouts.plans import LAYOUTS
from tests.layouts.render import TODAY, random_case
from tests.reading import WANG, grid_of, read_grids

from ledgersync.model import WorkbookData
from ledgersync.schema import load_catalog
from ledgersync.values import CellParser, parse_column
from ledgersync.values.plain import plain_for
from ledgersync.workbook.read import as_json
from ledgersync.workbook.read.formats.inflate import Broken, pieces
from ledgersync.workbook.read.reading import read_here
from ledgersync.workbook.read.transport import packed, unpacked

CATALOG = load_catalog()
FIELDS = [f for _, table in CATALOG.tables() for f in table.fields]
_CHARS = "王芳丽0123456789Xx-/.。：·　 \u200b＝=+@无√年月日号元人ABab(（#'\n\0"
_TYPED = st.one_of(
    st.text(alphabet=_CHARS, max_size=20),
    st.sampled_from([str(c) for c in WANG]),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"36070219[0-9]{9}[0-9X]", fullmatch=True),
    st.floats(),
    st.integers(-(10**20), 10**20),
    st.booleans(),
    st.dates(),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(10_000, 10**9), layout=st.sampled_from(sorted(LAYOUTS)))
def test_every_layout_is_read_as_it_was_written(seed: int, layout: str) -> None:
    with TemporaryDirectory() as folder:
        path, expected = random_case(seed, Path(folder), layout)
        document = as_json(read_here(path, CATALOG, today=TODAY))
    assert [str(d) for d in compare(document, expected).differences] == []
    assert list(over_flagged(document, expected)) == []


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_the_way_between_processes_changes_nothing(seed: int) -> None:
    with TemporaryDirectory() as folder:
        path, _ = random_case(seed, Path(folder))
        first, second = (read_here(path, CATALOG, today=TODAY) for _ in range(2))
    moved: WorkbookData = unpacked(packed(second))
    assert moved == first
    assert _types(moved) == _types(first)


def _types(data: WorkbookData) -> list[list[type]]:
    return [[type(v) for v in column] for t in data.tables for column in t.values.values()]


@settings(max_examples=300, deadline=None)
@given(field=st.sampled_from(FIELDS), cells=st.lists(_TYPED, max_size=12))
def test_a_column_is_parsed_as_its_cells_are(field: object, cells: list[object]) -> None:
    parser = CellParser(field, date(2022, 6, 30))  # type: ignore[arg-type]
    values, notes = parse_column(parser, cells)
    if field.type == "bool":  # type: ignore[attr-defined]
        return
    assert [repr(v) for v in values] == [repr(parser(c).value) for c in cells]
    assert notes == {i: parser(c).notes for i, c in enumerate(cells) if parser(c).notes}


@settings(max_examples=400, deadline=None)
@given(field=st.sampled_from(FIELDS), typed=st.text(alphabet=_CHARS, max_size=24))
def test_a_plain_cell_is_its_own_value(field: object, typed: str) -> None:
    plain = plain_for(field, date(2022, 6, 30))  # type: ignore[arg-type]
    if plain is not None and plain(typed):
        parsed = CellParser(field, date(2022, 6, 30))(typed)  # type: ignore[arg-type]
        assert (parsed.value, parsed.notes) == (typed, ())


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    "",
                    "姓名",
                    "身份证号",
                    "人员类别",
                    "联系电话",
                    "序号",
                    "合计",
                    "备注：无",
                    "王芳",
                    "36070219351024220X",
                    "孤儿",
                    "12",
                    "【是/否】",
                    "填表人：",
                    "户主 姓名",
                    "2022-03-01",
                ]
            ),
            min_size=5,
            max_size=5,
        ),
        min_size=1,
        max_size=14,
    )
)
def test_any_grid_is_read_without_an_exception_and_no_row_is_both(rows: list[list[str]]) -> None:
    text = "\n".join(" | ".join(row) for row in rows)
    tables, _ = read_grids(grid_of(text))
    for table in tables:
        records, skipped = set(table.rows), {s.row for s in table.skipped}
        assert not records & (skipped | set(table.header_rows))
        assert all(len(column) == len(table.rows) for column in table.values.values())


@given(st.binary(max_size=200))
def test_inflating_noise_fails_properly(noise: bytes) -> None:
    import zipfile

    member = zipfile.ZipInfo("a.xml")
    member.compress_type, member.compress_size = zipfile.ZIP_DEFLATED, len(noise)
    header = b"PK\x03\x04" + b"\0" * 22 + b"\0\0\0\0"
    member.header_offset = 0
    try:
        assert isinstance(b"".join(pieces(header + noise, member)), bytes)
    except Broken:
        return
