"""Kind: CSV and other delimited text: stray quotes, odd delimiters, rows of another width."""

from pathlib import Path

import pytest
from tests.entries import CATALOG, HOUSEHOLDS, IDS, VALID, header, table_of
from tests.reading import TODAY

from ledgersync.checks import check_workbook
from ledgersync.model import WorkbookData
from ledgersync.workbook.read.reading import read_here

FIELDS = list(VALID[HOUSEHOLDS])
HEAD = ",".join(map(str, header(HOUSEHOLDS, FIELDS)))


def line(n: int, **cells: str) -> str:
    """A right row as it stands in a CSV file; `cells` as typed, quotes and all."""
    row = {**VALID[HOUSEHOLDS], "cert_no": f"DB7000{n}", "head_id": IDS[n % 3]}
    return ",".join(
        cells.get(f, f"{v:g}" if isinstance(v, float) else str(v)) for f, v in row.items()
    )


def read(tmp_path: Path, text: str, encoding: str = "utf-8") -> WorkbookData:
    path = tmp_path / "低保户.csv"
    path.write_bytes(text.encode(encoding))
    return read_here(path, CATALOG, today=TODAY)


def told(data: WorkbookData) -> list[tuple[int | None, str]]:
    found = check_workbook(data, CATALOG, TODAY)
    return [(f.row, f.rule) for f in found if f.severity != "info" and f.rule.startswith("csv.")]


CLEAN = {
    "quotes around": ('"解放路1号"', "解放路1号"),
    "comma inside": ('"解放路1号,2单元"', "解放路1号,2单元"),
    "doubled quotes": ('"解放路""东风""1号"', '解放路"东风"1号'),
    "two lines": ('"解放路1号\n2单元"', "解放路1号\n2单元"),
    "two lines, commas in both": (
        '"解放路1号,北\n2单元,东"',
        "解放路1号,北\n2单元,东",
    ),
    "backslashes": ('"解放路\\"东风\\"1号"', '解放路"东风"1号'),
    "quotes inside": ('"解放路"东风"1号"', '解放路"东风"1号'),
    "begins with quotes": ('"东风"小区3号', '"东风"小区3号'),
    "quotes in the middle": ('解放"东风"路3号', '解放"东风"路3号'),
    "one quote in the middle": ('解放路"2号', '解放路"2号'),
    "blank before the quote": (' "解放路1号,2单元"', "解放路1号,2单元"),
    "blank behind the quote": ('"解放路1号" ', "解放路1号"),
    "ends in a backslash": ('"C:\\"', "C:\\"),
}


@pytest.mark.parametrize("kind", CLEAN)
def test_what_quotes_say(tmp_path: Path, kind: str) -> None:
    cell, address = CLEAN[kind]
    data = read(tmp_path, "\n".join([HEAD, line(1), line(2, address=cell), line(3), line(4)]))
    table = table_of(data, HOUSEHOLDS)
    assert table.values["cert_no"] == ["DB70001", "DB70002", "DB70003", "DB70004"]
    assert table.values["address"][1] == address
    assert table.values["remark"] == ["已核实"] * 4
    assert told(data) == []


STRAY = ['"解放路1号', '"解放路,1号"北', '""解放路1号', '"解放路1号"2', '"', '解放路1号"']


@pytest.mark.parametrize("stray", STRAY)
@pytest.mark.parametrize("field", ["address", "head_name", "remark", "cert_no"])
@pytest.mark.parametrize("later", [None, '"东风路2号"', '东风路"2号', '东风路2号"'])
def test_a_stray_quote_swallows_no_row(
    tmp_path: Path, stray: str, field: str, later: str | None
) -> None:
    last = line(5, address=later) if later else line(5)
    rows = [HEAD, line(1), line(2, **{field: stray}), line(3), line(4), last, line(6)]
    data = read(tmp_path, "\n".join(rows))
    table = table_of(data, HOUSEHOLDS)
    assert [r for r in (2, 4, 5, 6, 7) if r not in table.rows] == []
    others = [n for n, row in enumerate(table.rows) if row != 3]
    assert [table.values["head_id"][n] for n in others] == [IDS[n % 3] for n in (1, 3, 4, 5, 6)]
    assert [table.values["remark"][n] for n in others] == ["已核实"] * 5


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "；", "，"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_delimiters_and_encodings(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = "\n".join([HEAD, line(1), line(2), line(3)]).replace(",", delimiter)
    data = read(tmp_path, text, encoding)
    assert table_of(data, HOUSEHOLDS).values["cert_no"] == ["DB70001", "DB70002", "DB70003"]
    assert told(data) == []


def test_the_first_line_says_the_separator(tmp_path: Path) -> None:
    text = "sep=;\n" + "\n".join([HEAD, line(1), line(2)]).replace(",", ";")
    table = table_of(read(tmp_path, text), HOUSEHOLDS)
    assert table.rows == [3, 4]


def test_full_width_commas_in_one_row_are_told(tmp_path: Path) -> None:
    wide = line(2).replace(",", "，", 4)
    data = read(tmp_path, "\n".join([HEAD, line(1), wide, line(3)]))
    assert table_of(data, HOUSEHOLDS).values["cert_no"] == ["DB70001", "DB70002", "DB70003"]
    assert told(data) == [(3, "csv.fields")]


@pytest.mark.parametrize("address", ["解放路1号,2单元", "解放路,1号,2单元"])
def test_a_comma_in_an_address_is_mended_and_told(tmp_path: Path, address: str) -> None:
    data = read(tmp_path, "\n".join([HEAD, line(1), line(2, address=address), line(3)]))
    table = table_of(data, HOUSEHOLDS)
    assert table.values["address"][1] == address
    assert table.values["grid"] == ["第1网格"] * 3
    assert told(data) == [(3, "csv.fields")]


@pytest.mark.parametrize("count", [1, 3, 5])
def test_rows_that_are_too_short_are_told(tmp_path: Path, count: int) -> None:
    short = ",".join(line(2).split(",")[:-count])
    data = read(tmp_path, "\n".join([HEAD, line(1), short, line(3), line(4, remark="")]))
    assert (3, "csv.fields") in told(data)


def test_a_program_that_leaves_out_blanks_at_the_end_is_not_told(tmp_path: Path) -> None:
    bare = ",".join(line(2).split(",")[:-1])
    assert told(read(tmp_path, "\n".join([HEAD, bare, line(1), bare, bare]))) == []
    padded = "\n".join(f"{row},,," for row in (HEAD, line(1), line(2)))
    assert told(read(tmp_path, padded)) == []


def test_titles_and_totals_of_a_csv_file_are_not_told(tmp_path: Path) -> None:
    text = "\n".join(
        ["低保台账", "填报单位：幸福社区,,", HEAD, line(1), line(2), "合计,,,,6,4,1800"]
    )
    assert told(read(tmp_path, text)) == []


@pytest.mark.parametrize("month", ["2020.1", " 2021.1 ", "1998.1"])
def test_a_month_that_was_a_number_is_unclear(tmp_path: Path, month: str) -> None:
    data = read(tmp_path, "\n".join([HEAD, line(1, start_date=month), line(2)]))
    assert table_of(data, HOUSEHOLDS).notes[0, "start_date"][0].rule == "date.ambiguous"


def test_a_column_that_keeps_its_zeros_has_januaries(tmp_path: Path) -> None:
    rows = [line(1, start_date="2020.1"), line(2, start_date="2020.10")]
    dates = table_of(read(tmp_path, "\n".join([HEAD, *rows])), HOUSEHOLDS).values["start_date"]
    assert [d and d.isoformat() for d in dates] == ["2020-01-01", "2020-10-01"]  # type: ignore[union-attr]


def test_characters_that_were_lost_are_told(tmp_path: Path) -> None:
    data = read(tmp_path, "\n".join([HEAD, line(1, head_name="王\ufffd"), line(2)]))
    assert table_of(data, HOUSEHOLDS).notes[0, "head_name"][0].rule == "cell.error"
