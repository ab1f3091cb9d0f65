"""Large workbooks, which are read by columns, against the way that small ones are read."""

import zipfile
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from unittest.mock import patch
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgersync.errors import UnreadableFile
from ledgersync.workbook.read.formats import spreadsheets
from ledgersync.workbook.read.formats.inflate import DecompressionBomb, checked_pieces
from ledgersync.workbook.read.formats.large import columns as large_columns
from ledgersync.workbook.read.formats.large import sheets
from ledgersync.workbook.read.formats.large.book import read_large
from ledgersync.workbook.read.layout.grid import Grid

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FORMATS = ["0", "14", "22", "46", "4", "49", "164", "165", "166", "57"]
CODES = ["0000000", '"DB"@', "yyyy.mm"]
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def package(sheet: str, texts: str, date1904: bool = False, twin: str = "") -> bytes:
    """A workbook of one sheet, as its parts say, or with another one of the same name."""
    custom = "".join(
        f'<numFmt numFmtId="{n}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for n, code in enumerate(CODES, 164)
    )
    styles = "".join(f'<xf numFmtId="{n}" applyNumberFormat="1"/>' for n in FORMATS)
    links = f'<Relationships xmlns="{LINKS.replace("officeDocument", "package")}">'
    link = '<Relationship Id="{0}" Type="' + LINKS + '/{1}" Target="{2}"/>'
    entry = '<sheet name="甲" sheetId="{0}" r:id="r{0}"/>'
    entries = entry.format(1) + (entry.format(4) if twin else "")
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": links + link.format("r1", "officeDocument", "xl/workbook.xml")
        + "</Relationships>",
        "xl/workbook.xml": f'<workbook {NS} xmlns:r="{LINKS}"><workbookPr '
        f'date1904="{int(date1904)}"/><sheets>{entries}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": links
        + link.format("r1", "worksheet", "worksheets/sheet1.xml")
        + link.format("r2", "styles", "styles.xml")
        + link.format("r3", "sharedStrings", "sharedStrings.xml")
        + link.format("r4", "worksheet", "worksheets/sheet2.xml")
        + "</Relationships>",
        "xl/styles.xml": f"<styleSheet {NS}><numFmts>{custom}</numFmts>"
        f"<cellXfs>{styles}</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": texts,
        "xl/worksheets/sheet1.xml": sheet,
        "xl/worksheets/sheet2.xml": twin,
    }  # fmt: skip
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            archive.writestr(name, xml)
    return out.getvalue()


TEXT = st.one_of(
    st.text(alphabet="甲乙丙ab1 _x\n\u3000\x85&<>'\"", max_size=5).map(escape),
    st.sampled_from(
        ["&#22478;&#24066;1", "&#12288;&#22478;", "&#19968;&amp;", "&#x57ce;", "&#65;"]
    ),
)
ENTRIES = st.one_of(
    TEXT.map(lambda t: f"<t>{t}</t>"),
    TEXT.map(lambda t: f'<t xml:space="preserve">{t}</t>'),
    TEXT.map(lambda t: f'<t>{t}</t><phoneticPr fontId="1" type="noConversion"/>'),
    TEXT.map(lambda t: f"<r><t>{t}</t></r><r><rPr><b/></rPr><t>乙</t></r>"),
    TEXT.map(lambda t: f'<r><rPr><b/></rPr><t xml:space="preserve">{t}</t></r><r><t>乙</t></r>'),
    TEXT.map(lambda t: f'<r><rPr><b/><sz val="9"/></rPr><t xml:space="preserve">{t}</t></r>'),
    st.sampled_from(
        ["<t/>", "<t></t>", "<t>a_x000D_b</t>", "<t>&#10;甲&amp;</t>", "<t>]]&gt;</t>"]
    ),
)
ODD_STYLES = [
    "<rPr><b/></rPr >", "<rPr><t>甲</t></rPr>", "<rPr><b></b></rPr>", "<rPr/>", "<rPr></rPr><rPr/>",
    "<rPr><!--</rPr>--></rPr>", "<rPr><!-- </rPr><r><rPr> --></rPr>", "<!--<rPr>-->",
]  # fmt: skip
ODD_ENTRIES = st.one_of(
    st.sampled_from(["<t><![CDATA[甲]]></t>", "", "<!-- --><t>甲</t>", "<t>甲</t>\n"]),
    st.sampled_from(ODD_STYLES).map(
        lambda style: f'<r>{style}<t xml:space="preserve">甲</t></r><phoneticPr fontId="1"/>'
    ),
    st.sampled_from(ODD_STYLES).map(lambda s: f'<r>{s}<t xml:space="preserve">甲</t></r>'),
)
NUMBERS = st.one_of(
    st.integers(-(10**6), 10**8).map(str),
    st.integers(-(10**9), 10**9).map(lambda cents: repr(cents / 100)),
    st.floats(-1e8, 1e8).map(repr),  # a day far off makes calamine panic
    st.integers(0, 60000).map(str),
    st.sampled_from(["43946.5", "-0", "0", "007", "1E5", "693.50999999999999", "0.1", "1e-7"]),
)
ODD_NUMBERS = st.sampled_from(["+5", ".5", "5.", "-.5", "1_0", "inf", "nan", " 7", "甲", "1e", "."])
STYLES = st.one_of(
    st.just(""), st.integers(0, len(FORMATS)).map(' s="{}"'.format), st.just(' s="1"')
)
FORMULA = st.one_of(
    st.just(""),
    st.sampled_from(
        ["<f>A1</f>", '<f t="shared" si="0"/>', "<f/>", "<f>LS_a</f>", "<f>1&gt;2</f>"]
    ),
)


def usual_cells(texts: int) -> st.SearchStrategy[str]:
    """What stands behind a cell's place: its style, its type and what it holds."""
    ids = st.integers(0, texts - 1)
    return st.one_of(
        st.builds(' s="{}"/>'.format, st.integers(0, 9)),
        st.builds('{} t="s"><v>{}</v></c>'.format, STYLES, ids),
        st.builds("{}>{}<v>{}</v></c>".format, STYLES, FORMULA, NUMBERS),
        st.builds('{} t="n"><v>{}</v></c>'.format, STYLES, NUMBERS),
        st.builds('{} t="b"><v>{}</v></c>'.format, STYLES, st.integers(0, 1)),
        st.builds('{} t="str">{}<v>{}</v></c>'.format, STYLES, FORMULA, TEXT),
        st.builds('{} t="e">{}<v>#N/A</v></c>'.format, STYLES, FORMULA),
        st.builds(
            '{} t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>'.format, STYLES, TEXT
        ),
        st.builds('{} t="inlineStr"><is><t>{}</t></is></c>'.format, STYLES, TEXT),
        st.builds("{}>{}</c>".format, STYLES, FORMULA.filter(bool)),
        st.builds("{}>{}<v></v></c>".format, STYLES, FORMULA),
    )


ODD_CELLS = st.one_of(
    ODD_NUMBERS.map("><v>{}</v></c>".format),
    st.sampled_from(
        [
            ' t="s" s="1"><v>0</v></c>',
            ' s="1" cm="1"><v>1</v></c>',
            ' s="1234"><v>1</v></c>',
            ' s=""><v>1</v></c>',
            " s='1'><v>1</v></c>",
            ' t="s"><v>99999</v></c>',
            ' t="s"><v>1x</v></c>',
            ' t="s"><v>0123456789</v></c>',
            ' t="d"><v>2022-06-01</v></c>',
            ' t="e"><v>#NEW!</v></c>',
            ' t="e"/>',
            ' t="e"></c>',
            ' t="e"><v/></c>',
            ' t="e"><f>A1</f><v/></c>',
            ' t="e"><v></v></c>',
            ' t="str"><v/></c>',
            '><v xml:space="preserve">7</v></c>',
            "><v> </v></c>",
            "><!-- 甲 --><v>7</v></c>",
            '><f t="array" ref="A1:B2">A1</f><v>7</v></c>',
            "><f>1>2</f><v>7</v></c>",
            "> <v>7</v> </c>",
            "><v>7</v><f>A1</f></c>",
            ' t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c>',
            ' t="inlineStr"><is/></c>',
            ' t="inlineStr"><v>7</v></c>',
            "><v>1/</v></c>",
            "><v>&#49;</v></c>",
            "><extLst/></c>",
            "></c>",
        ]
    ),
)
HEADS = ["", '<?xml version="1.0" encoding="UTF-8"?>\n', '<?xml version="1.0"?>']
COLUMNS = ["A", "B", "C", "Z", "AA", "BC"]


@st.composite
def workbooks(draw: st.DrawFn, odd: bool) -> bytes:
    """Some rows with some cells each, written as programs do or a little otherwise."""
    random = draw(st.randoms(use_true_random=False))
    entries = draw(st.lists(ENTRIES, min_size=1, max_size=8))
    if odd and random.random() < 0.2:
        entries.insert(random.randrange(len(entries)), draw(ODD_ENTRIES))
    cells = usual_cells(len(entries))
    pool = draw(st.lists(cells, min_size=1, max_size=12))
    if odd:
        pool += draw(st.lists(ODD_CELLS, max_size=2))
    rows, row = [], 0
    for _ in range(random.randrange(8)):
        row += random.choice([1, 1, 1, 3])
        columns = [c for c in COLUMNS if random.random() < 0.7]
        filled = "".join(f'<c r="{c}{row}"{random.choice(pool)}' for c in columns)
        attributes = random.choice(["", ' spans="1:3" ht="20"'])
        rows.append(f'<row r="{row}"{attributes}>{filled}</row>')
        if not filled:
            rows[-1] = f'<row r="{row}"{attributes}/>'
    texts = "".join(f"<si>{entry}</si>" for entry in entries)
    sheet = (
        f'{draw(st.sampled_from(HEADS))}<worksheet {NS}><dimension ref="A1:B2"/><sheetData>'
        f'{"".join(rows)}</sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>'
    )
    for old, new in draw(st.lists(st.sampled_from(ODDITIES), max_size=1)) if odd else ():
        sheet = sheet.replace(old, new, random.choice([1, 99]))
    head = draw(st.sampled_from(HEADS))
    return package(sheet, f"{head}<sst {NS}>{texts}</sst>", draw(st.booleans()))


MERGES = '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
ODDITIES = [
    ("<c ", "<x:c "),
    ("</row>", "</row>\n"),
    ("<row ", "\n  <row "),
    ('<row r="2"', "<row"),
    ('<row r="2"', '<row r="1"'),
    ('<c r="B1"', '<c r="A1"'),
    ('<c r="B1"', '<c r="B01"'),
    ('<c r="B1"', '<c r="b1"'),
    ('<c r="B1"', '<c r="B9"'),
    ('<c r="B1"', "<c"),
    ('<c r="B1"', "<c r='B1'"),
    ("</c>", "</c><!-- -->"),
    ("</c>", "</c >"),
    ("<sheetData>", "<sheetData xml:space='preserve'>"),
    ('ref="A1:B2"/></mergeCells>', 'ref="A1:B2"></mergeCell></mergeCells>'),
    ("<mergeCell ", "<mergeCell\n"),
    ("<mergeCell ", "<mergeCell\t"),
    ('ref="A1:B2"/></mergeCells>', 'ref="A0:B2"/></mergeCells>'),
    ("<sheetData>", f"{MERGES}<sheetData>"),
    (MERGES, f"<extLst><ext>{MERGES}</ext></extLst>"),
    (MERGES, '<extLst><mergeCell ref="A1:B2"/></extLst>'),
    (MERGES, MERGES + MERGES.replace("B2", "C3")),
    (MERGES, "<mergeCells/>"),
    ("<dimension ", "<!-- --><dimension "),
    ('<dimension ref="A1:B2"', '<dimension ref="1:2"'),
    ("</sheetData>", ""),
    ("</worksheet>", ""),
    ('<row r="3"', '<row r="9999999"'),
]


def read(content: bytes, least: int) -> list[Grid] | str:
    """The grids, or why there are none."""
    with patch.object(spreadsheets, "LARGE_XML", least):
        try:
            return spreadsheets.read_book(content, "甲.xlsx").grids
        except UnreadableFile as refusal:
            return refusal.message.zh


def agree(fast: list[Grid] | str, plain: list[Grid] | str) -> None:
    if isinstance(fast, str) or isinstance(plain, str):
        assert fast == plain
        return
    for one, other in zip(fast, plain, strict=True):
        rows = [list(row) for row in one.rows]
        assert repr(rows) == repr(list(other.rows))
        assert repr([*map(list, one.columns)]) == repr([*map(list, other.columns)])
        assert (one.sheet, one.merges, one.visibility) == (
            other.sheet, other.merges, other.visibility,
        )  # fmt: skip
        assert (one.formulas, one.height, one.width) == (other.formulas, other.height, other.width)
        if rows:
            whole = (1, one.height, 1, one.width)
            assert one.blanks(*whole) == other.blanks(*whole)
        assert shown(one) == shown(other)


def shown(grid: Grid) -> list[object]:
    """What each cell shows."""
    display = grid.display
    assert display is not None
    cells = [(r, c, v) for r, row in enumerate(grid.rows, 1) for c, v in enumerate(row, 1) if v]
    texts = [display.text(row, column, cell) for row, column, cell in cells]
    numbers = [display.exactly(r, c, v) for r, c, v in cells if isinstance(v, float)]
    return [texts, numbers]


def cut(content: bytes, member: zipfile.ZipInfo, size: int) -> Iterator[bytes]:
    """A part in small pieces, the first one up to just behind the head of the sheet."""
    xml = b"".join(checked_pieces(content, member))
    start = xml.index(b"<sheetData>") + len(b"<sheetData>") if b"<sheetData>" in xml else len(xml)
    yield xml[:start]
    yield from (xml[at : at + size] for at in range(start, len(xml), size))


@settings(max_examples=40, deadline=None)
@given(workbooks(odd=False), st.sampled_from([1, 300, 1 << 20]), st.sampled_from([1, 7, 1 << 22]))
def test_usual_workbooks_are_read_by_columns(content: bytes, piece: int, inflated: int) -> None:
    with (
        patch.object(sheets, "checked_pieces", partial(cut, size=inflated)),
        patch.object(sheets, "_PIECE", piece),
        patch.object(spreadsheets, "_grids", side_effect=AssertionError("read as small ones")),
    ):
        fast = read(content, 0)
    agree(fast, read(content, 10**12))


@settings(max_examples=40, deadline=None)
@given(workbooks(odd=True))
def test_workbooks_that_are_written_otherwise(content: bytes) -> None:
    """They are read by columns or as small ones are: the cells are the same."""
    agree(read(content, 0), read(content, 10**12))


ROW = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'


@pytest.mark.parametrize("style", ODD_STYLES)
def test_styles_of_runs_that_are_written_otherwise(style: str) -> None:
    """No text is lost, and none takes the place of another."""
    runs = [f'<r>{s}<t xml:space="preserve">甲</t></r>' for s in (style, "<rPr><b/></rPr>")]
    texts = "".join(f"<si>{entry}</si>" for entry in (*runs, "<t>乙</t>", "<t>丙</t>"))
    sheet = f"<worksheet {NS}><sheetData>{ROW}</sheetData></worksheet>"
    content = package(sheet, f"<sst {NS}>{texts}</sst>")
    agree(read(content, 0), read(content, 10**12))


@pytest.mark.parametrize(("old", "new"), [pair for pair in ODDITIES if "mergeCell" in pair[1]])
def test_merged_ranges_that_are_written_otherwise(old: str, new: str) -> None:
    sheet = f"<worksheet {NS}><sheetData>{ROW}</sheetData>{MERGES}</worksheet>".replace(old, new)
    content = package(sheet, f"<sst {NS}><si><t>甲</t></si><si><t>乙</t></si></sst>")
    agree(read(content, 0), read(content, 10**12))


def test_as_many_days_as_calamine_reads_sooner_itself() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="2"><v>{n}.5</v></c></row>' for n in (1, 2, 3))
    content = package(f"<worksheet {NS}><sheetData>{rows}</sheetData></worksheet>", f"<sst {NS}/>")
    part = {"甲": "xl/worksheets/sheet1.xml"}
    limit = patch.object(large_columns, "_MOST_DAYS", 2)
    with zipfile.ZipFile(BytesIO(content)) as archive, limit:
        assert read_large(content, archive, part, lambda _: True) is None


def test_two_sheets_of_one_name() -> None:
    """calamine takes the first one for both."""
    sheet = f"<worksheet {NS}><sheetData>{{}}</sheetData></worksheet>"
    rows = [f'<row r="1"><c r="A1"><v>{n}</v></c></row>' for n in (1, 2)]
    content = package(sheet.format(rows[0]), f"<sst {NS}/>", twin=sheet.format(rows[1]))
    agree(read(content, 0), read(content, 10**12))


ROWS = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 2000))
SHEET = f"<worksheet {NS}><sheetData>{ROWS}</sheetData></worksheet>"


def falsified(
    content: bytes, field: int, number: int, part: bytes = b"xl/worksheets/sheet1.xml"
) -> bytes:
    """The entry of a part with another number in it (behind so many bytes)."""
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(part))
    old = content[at + field : at + field + 4]
    assert old != number.to_bytes(4, "little")
    return content[: at + field] + number.to_bytes(4, "little") + content[at + field + 4 :]


def test_a_sheet_that_is_longer_than_its_entry_says_is_a_bomb() -> None:
    content = falsified(package(SHEET, f"<sst {NS}/>"), 24, 70_000)
    part = {"甲": "xl/worksheets/sheet1.xml"}
    with zipfile.ZipFile(BytesIO(content)) as archive, pytest.raises(DecompressionBomb):
        read_large(content, archive, part, lambda _: True)


@pytest.mark.parametrize(
    "part", [b"xl/worksheets/sheet1.xml", b"xl/styles.xml", b"xl/sharedStrings.xml"]
)
def test_a_part_of_another_content_than_its_entry_says(part: bytes) -> None:
    """Whatever becomes of it, it is what becomes of a small one."""
    content = falsified(package(SHEET, f"<sst {NS}/>"), 16, 7, part)
    agree(read(content, 0), read(content, 10**12))
