"""Kind: a code is what its cell shows: number formats × such fields × file formats."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
import xlwt
from openpyxl import Workbook
from tests.entries import (
    ACTIVITIES,
    CATALOG,
    HOUSEHOLDS,
    ISSUES,
    PEOPLE,
    VALID,
    VISITS,
    Read,
    header,
    read_cell,
    read_cells,
    table_of,
    told_at,
)
from tests.reading import TODAY

from ledgersync.model import Invalid
from ledgersync.schema import TableKey
from ledgersync.values import to_json
from ledgersync.workbook.read.formats.number_formats import as_shown, exactly_shown
from ledgersync.workbook.read.reading import read_here

SHOWN = [
    ("0000000", 18, "0000018"),
    ('"XF"000', 44, "XF044"),
    ('"DB-"00000', 7, "DB-00007"),
    ("\\D\\B000", 3, "DB003"),
    ("000-000", 123456, "123-456"),
    ('0000"号"', 12, "0012号"),
    ('"第"0"网格"', 1, "第1网格"),
    ("第0网格", 12, "第12网格"),
    ("[$-804]0000", 7, "0007"),
    ("[Red]0000", 12, "0012"),
    ("0000_ ", 3, "0003"),
    ("0000;-0000;0000;@", 5, "0005"),
    ('[>=100]"A"000;"B"000', 5, "B005"),
    ('General"室"', 302, "302室"),
    ("0!栋", 3, "3栋"),
    ("000#", 5, "0005"),
    # what only separates or rounds is the number
    ("General", 1001, "1001"),
    ("0", 1001, "1001"),
    ("0.0", 1001, "1001"),
    ("0.00", 1001, "1001"),
    ("#,##0", 1001, "1001"),
    ("0.00E+00", 1001, "1001"),
    ("¥#,##0.00", 1001, "1001"),
]
CODES: list[tuple[TableKey, str]] = [
    (HOUSEHOLDS, "cert_no"),
    (HOUSEHOLDS, "address"),
    (HOUSEHOLDS, "remark"),
    (VISITS, "visit_no"),
    (VISITS, "household"),
    (VISITS, "grid"),
    (ACTIVITIES, "activity_no"),
    (ACTIVITIES, "place"),
    (ISSUES, "issue_no"),
    (ISSUES, "place"),
    (PEOPLE, "preferred_time"),
]
Cell = tuple[str, object]  # number format and value


def xlsx(path: Path, sheet: str, heads: Sequence[object], rows: Sequence[Sequence[object]]) -> None:
    book = Workbook()
    target = book.active
    assert target is not None
    target.title = sheet
    target.append(list(heads))
    for n, row in enumerate(rows, 2):
        for column, cell in enumerate(row, 1):
            code, value = cell if isinstance(cell, tuple) else ("General", cell)
            target.cell(n, column, value).number_format = code
    book.save(path)


def xls(path: Path, sheet: str, heads: Sequence[object], rows: Sequence[Sequence[object]]) -> None:
    book = xlwt.Workbook()
    target = book.add_sheet(sheet)
    styles: dict[str, xlwt.XFStyle] = {}
    for column, head in enumerate(heads):
        target.write(0, column, head)
    for n, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            code, value = cell if isinstance(cell, tuple) else ("General", cell)
            target.write(
                n, column, value, styles.setdefault(code, xlwt.easyxf(num_format_str=code))
            )
    book.save(str(path))


def read_formatted(
    path: Path, key: TableKey, field: str, cells: Sequence[Cell], write: Callable[..., None] = xlsx
) -> list[Read]:
    """What is read of formatted cells in an otherwise right sheet."""
    fields = list(dict.fromkeys([*VALID[key], field]))
    rows = [[c if f == field else VALID[key].get(f) for f in fields] for c in cells]
    write(path, CATALOG.table(*key).sheet, header(key, fields), rows)
    data = read_here(path, CATALOG, today=TODAY)
    found = []
    for value, row in zip(table_of(data, key).values[field], table_of(data, key).rows, strict=True):
        shown = None if isinstance(value, Invalid) else to_json(value)
        found.append(Read(shown, told_at(data, key, row, field)))
    return found


@pytest.mark.parametrize("write", [xlsx, xls], ids=["xlsx", "xls"])
@pytest.mark.parametrize(("key", "field"), CODES, ids=str)
def test_every_format_in_every_field(
    tmp_path: Path, key: TableKey, field: str, write: Callable[..., None]
) -> None:
    cells: list[Cell] = [(code, value) for code, value, _ in SHOWN]
    found = read_formatted(tmp_path / f"a.{write.__name__}", key, field, cells, write)
    wrong = [
        (code, read.value)
        for (code, _, shown), read in zip(SHOWN, found, strict=True)
        if read.value != shown and not (field == "grid" and code.startswith(("第", '"第')))
    ]
    assert wrong == []


@pytest.mark.parametrize("write", [xlsx, xls], ids=["xlsx", "xls"])
def test_other_fields_with_formats(tmp_path: Path, write: Callable[..., None]) -> None:
    path = tmp_path / f"a.{write.__name__}"

    def read(key: TableKey, field: str, code: str, value: object) -> object:
        return read_formatted(path, key, field, [(code, value)], write)[0].value

    assert read(HOUSEHOLDS, "phone", "000-0000-0000", 13800001234) == "13800001234"
    assert read(HOUSEHOLDS, "status", '[=1]"在保";[=2]"停发";General', 2) == "停发"
    assert read(HOUSEHOLDS, "start_date", "0.00", 2021.1) == "2021-10-01"
    assert read(HOUSEHOLDS, "monthly_amount", '0.0,"千元"', 1500) == "1500.00"
    assert read(HOUSEHOLDS, "monthly_amount", '0"元"', 1500) == "1500.00"
    assert read(HOUSEHOLDS, "family_size", '0"人"', 3) == 3
    assert read(HOUSEHOLDS, "address", "0;-0;;@", 0) is None
    assert read(HOUSEHOLDS, "remark", "0%", 0.5) == "50%"


def test_a_text_behind_letters_of_its_format(tmp_path: Path) -> None:
    cells: list[Cell] = [('"DB"@', "70009"), ('"DB"@', "DB70008"), ("@", "70007")]
    found = read_formatted(tmp_path / "a.xlsx", HOUSEHOLDS, "cert_no", cells)
    assert [r.value for r in found] == ["DB70009", "DB70008", "70007"]


def test_a_door_that_became_a_day_is_told(tmp_path: Path) -> None:
    """3-2 typed into a cell: the spreadsheet stores 2 March."""
    cells: list[Cell] = [('m"月"d"日"', datetime(2022, 3, 2)), ("d-mmm", datetime(2022, 3, 2))]
    for field in ("address", "remark"):
        found = read_formatted(tmp_path / "a.xlsx", HOUSEHOLDS, field, cells)
        assert [r.value for r in found] == ["3月2日", "2-Mar"]
        assert all(r.told == ("w:type.text",) for r in found)
    code = read_formatted(tmp_path / "a.xlsx", HOUSEHOLDS, "cert_no", cells[:1])
    assert code[0].told


def test_a_number_that_lost_its_digits_stays_lost_whatever_it_shows(tmp_path: Path) -> None:
    lost: list[Cell] = [("0" * 18, 360702193510242200)]
    for field, key in (("head_id", HOUSEHOLDS), ("cert_no", HOUSEHOLDS)):
        found = read_formatted(tmp_path / "a.xlsx", key, field, lost)
        assert found[0] == Read(None, ("e:id.precision_lost",))


@pytest.mark.parametrize(
    ("code", "raw"),
    [
        ("[DBNum1]General", 3),  # shows 三
        ("# ?/?", 0.5),
        ("h:mm", 0.5),
        ("000000", 12.5),
        ("yyyy-mm-dd", date(2022, 3, 2)),
        ("0.0,", 5000),
        ('[=1]"男";[=2]"女"', 3),
        ('"unfinished', 3),
    ],
)
def test_what_is_not_understood_is_left_as_it_is(code: str, raw: object) -> None:
    assert as_shown(code, raw) is None


def test_places_are_shown_where_they_are_asked_for() -> None:
    assert exactly_shown("0.00", 2021.1) == "2021.10"
    assert exactly_shown("General", 2021.1) == "2021.1"
    assert exactly_shown("yyyy", 2021.1) is None


DRESSED = [
    "'DB001", '`DB001', '\u2018DB001\u2019', '"DB001"', '＇DB001', '\xb4DB001', 'ＤＢ００１',
    'DB 001', ' DB001\xa0', '\u202aDB001\u202c', '\u2066DB001\u2069', 'DB001\u3164',
    'DB\xad001', 'DB\u200b001', '\ufeffDB001', 'DB001\u200e', '\u061cDB001',
    'DB\u2060001', 'DB001\u180e', 'DB001\uffa0', 'DB001\u115f', 'DB\u034f001',
    'DB001\ufe0f', 'DB001\u2063', 'DB001\xa0\u3000', 'DB001\r\n', 'DB001\u2028',
    'DB001\x07', 'DB001\u2800',
]  # fmt: skip


@pytest.mark.parametrize("dressed", DRESSED, ids=ascii)
@pytest.mark.parametrize("is_text", [False, True], ids=["sheet", "csv"])
def test_a_known_code_in_another_dress(dressed: str, is_text: bool) -> None:
    for key, field in CODES:
        if CATALOG.table(*key).by_id[field].type == "code":
            assert read_cell(key, field, dressed, is_text=is_text).value == "DB001"


INVISIBLE = [*"\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u202e\u2060\u2066\u2069\ufeff\u00ad"]
INVISIBLE += [*"\u3164\u115f\u1160\uffa0\u034f\u180e\u061c\ufe0f\ufffc\u2800\x07\x7f"]


@pytest.mark.parametrize(("key", "field"), [
    (key, f.id) for key, row in VALID.items() for f in CATALOG.table(*key).fields
    if f.id in row and f.type in ("text", "name", "code", "phone", "id_number", "choice", "choices")
], ids=str)  # fmt: skip
def test_marks_that_nobody_sees_are_no_part_of_a_value(key: TableKey, field: str) -> None:
    typed = str(VALID[key][field])
    right = read_cell(key, field, VALID[key][field])
    dressed = [
        text
        for mark in INVISIBLE
        for text in (mark + typed, typed + mark, typed[:1] + mark + typed[1:])
    ]
    for text, found in zip(dressed, read_cells(key, field, dressed), strict=True):
        told = tuple(note for note in found.told if note != "w:duplicate.row")
        assert (found.value, told) == (right.value, right.told), ascii(text)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1001.0", "1001"), ("1001.00", "1001"), (1001.0, "1001"), ("0018", "0018"),
        ("DB‑001", "DB-001"), ("DB—001", "DB-001"), ("DB－001", "DB-001"), ("DB_001", "DB_001"),
        ("1E5", "1E5"), ("2021/0012", "2021/0012"), ("DB001.1", "DB001.1"),
    ],
)  # fmt: skip
def test_codes_of_other_programs(raw: object, value: str) -> None:
    for key, field in CODES:
        if CATALOG.table(*key).by_id[field].type == "code":
            assert read_cell(key, field, raw, is_text=isinstance(raw, str)).value == value


@pytest.mark.parametrize(
    "raw", ["1.001E+03", 0, "0", "0.0", True, date(2021, 3, 1), "DB001、DB002", "DB001\nDB002",
            "DB001 DB002", "70001;70002", "700001 700002", "\ufffd001", "同上"],
    ids=repr,
)  # fmt: skip
def test_what_is_no_code_is_told(raw: object) -> None:
    for key, field in CODES:
        if CATALOG.table(*key).by_id[field].type == "code":
            found = read_cell(key, field, raw)
            assert found.value is None and found.told, (key, field, found)
