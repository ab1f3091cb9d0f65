"""Styles: what a style shows, which one a value needs, and copies with another format or fill."""

from pathlib import Path

import pytest
from tests.patching import MAIN, STYLES, opened, relations, row, save, simple, worksheet

from ledgersync.workbook.patch import PatchRefused
from ledgersync.workbook.patch.package.styles import Styles
from ledgersync.workbook.patch.package.stylesheet import open_styles, save_styles


def of(*xfs: str, codes: str = "", fills: str = '<fills count="1"><fill/></fills>') -> Styles:
    """A style part with these formats; the named styles have some, too, which do not count."""
    named = '<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>'
    cells = f'<cellXfs count="{len(xfs)}">{"".join(xfs)}</cellXfs>'
    return Styles(f'<styleSheet xmlns="{MAIN}">{codes}{fills}{named}{cells}</styleSheet>'.encode())


def formats(*numbers: int) -> Styles:
    return of(*(f'<xf numFmtId="{number}"/>' for number in numbers))


DAYS = [14, 15, 16, 17, 22, 27, 31, 36, 50, 58]
TIMES = [18, 19, 20, 21, 32, 35, 45, 46, 47]
NEITHER = [0, 1, 13, 23, 26, 37, 44, 48, 49, 59]


def test_the_built_in_formats_that_show_a_day_or_a_time() -> None:
    numbers = [*DAYS, *TIMES, *NEITHER]
    styles = formats(*numbers)
    assert [n for i, n in enumerate(numbers) if styles.is_date(i)] == DAYS
    assert [n for i, n in enumerate(numbers) if styles.is_time(i)] == DAYS + TIMES
    assert [styles.number_format(i) for i in range(len(numbers))] == numbers


def test_formats_of_the_workbook_go_before_the_built_in_ones() -> None:
    codes = (
        '<numFmts><numFmt numFmtId="14" formatCode="0.0"/><numFmt numFmtId="1" formatCode="h:mm"/>'
        '<numFmt numFmtId="200" formatCode="yyyy"/><numFmt numFmtId="201"/></numFmts>'
    )
    styles = of(*(f'<xf numFmtId="{n}"/>' for n in (14, 1, 200, 201)), codes=codes)
    assert [styles.is_date(n) for n in range(4)] == [False, False, True, False]
    assert [styles.is_time(n) for n in range(4)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("code", "day", "time"),
    [
        ("[hh]:mm:ss", False, True),
        ("[s]", False, True),
        ("[Red]0", False, False),
        ("0;yyyy", False, False),
        ("yyyy;0", True, True),
        ("m/d", True, True),
        ("mm:ss", False, True),
        ("Standard", False, False),
        ("0.0E+0", False, False),
        ("e/m/d", True, True),
        ("_d0*d", False, False),
    ],
)
def test_signs_of_a_format(code: str, day: bool, time: bool) -> None:
    styles = of('<xf numFmtId="9"/>', codes=f'<numFmt numFmtId="9" formatCode="{code}"/>')
    assert (styles.is_date(0), styles.is_time(0)) == (day, time)


@pytest.mark.parametrize(
    ("style", "kind", "number"),
    [
        (0, "text", 0), (0, "number", 0), (0, "date", 14), (0, "datetime", 22), (0, "digits", 49),
        (1, "number", 0), (1, "date", 14), (1, "datetime", 14), (1, "text", 14), (1, "digits", 49),
        (2, "number", 0), (2, "date", 14), (2, "bool", 20), (3, "digits", 49), (3, "number", 49),
        (3, "text", 49), (9, "date", 14), (9, "number", 0),
    ],
)  # fmt: skip
def test_the_style_that_a_value_needs(style: int, kind: str, number: int) -> None:
    styles = formats(0, 14, 20, 49)
    fitting = styles.fitting(style, kind)  # type: ignore[arg-type]
    assert styles.number_format(fitting) == number
    kept = styles.number_format(style) == number
    assert (fitting == style) is kept
    assert styles.grown is not kept


def test_a_date_takes_the_format_of_its_column() -> None:
    styles = formats(0, 31)
    assert styles.number_format(styles.fitting(0, "date", column_date=1)) == 31
    assert styles.number_format(styles.fitting(0, "datetime", column_date=0)) == 0


WRAP = '<alignment vertical="center" wrapText="1"/>'
WRAPPED = '<xf numFmtId="0"><alignment wrapText="{}"/></xf>'


def test_styles_that_show_long_texts_in_several_lines() -> None:
    styles = of('<xf numFmtId="0"/>', WRAPPED.format(1), WRAPPED.format("true"), WRAPPED.format(0))
    assert [styles.wraps(n) for n in (0, 1, 2, 3, 9)] == [False, True, True, False, False]
    assert styles.wraps(styles.variant(0, None, wrap=True))
    assert styles.wraps(styles.variant(1, 14)) and not styles.wraps(styles.variant(0, 14))
    assert not Styles(b"<styleSheet><x/></styleSheet>").wraps(0)


def test_a_variant_is_added_once_and_built_on_its_base() -> None:
    styles = formats(0, 14)
    fill = styles.fill("FF00FF00")
    dated = styles.variant(0, 14)
    marked = styles.variant(dated, None, fill)
    assert (dated, marked) == (2, 3)
    assert styles.variant(0, 14) == dated and styles.variant(0, 14, fill) == marked
    assert styles.variant(marked, None) == marked
    wrapped = styles.variant(marked, 49, wrap=True)
    assert styles.variant(wrapped, None) == wrapped and styles.wraps(wrapped)
    assert styles.variant(wrapped, None, styles.fill("FF0000FF")) == 5
    assert (styles.fill("FF00FF00"), styles.fill("FF0000FF")) == (fill, fill + 1) == (1, 2)
    assert [styles.number_format(n) for n in range(7)] == [0, 14, 14, 14, 49, 49, 0]


def added(styles: Styles) -> str:
    """The formats at the end of the rendered part that were not there before."""
    return styles.render().decode().partition("<cellXfs")[2].partition("</cellXfs>")[0]


@pytest.mark.parametrize(
    ("xf", "after"),
    [
        ('<xf numFmtId="0"/>', '<xf applyNumberFormat="1" numFmtId="14"/>'),
        (
            '<xf numFmtId="0" applyNumberFormat="0" s="1"/>',
            '<xf numFmtId="14" applyNumberFormat="1" s="1"/>',
        ),
        ("<xf/>", '<xf applyNumberFormat="1" numFmtId="14"/>'),
        (
            '<xf numFmtId="0"><alignment/></xf>',
            '<xf applyNumberFormat="1" numFmtId="14"><alignment/></xf>',
        ),
    ],
)
def test_a_copy_with_another_format(xf: str, after: str) -> None:
    styles = of(xf)
    styles.variant(0, 14)
    assert added(styles) == f' count="2">{xf}{after}'


@pytest.mark.parametrize(
    ("xf", "after"),
    [
        ("<xf/>", f'<xf applyAlignment="1">{WRAP}</xf>'),
        ('<xf a="1" />', f'<xf applyAlignment="1" a="1">{WRAP}</xf>'),
        ("<x:xf/>", f'<x:xf applyAlignment="1">{WRAP.replace("<", "<x:")}</x:xf>'),
        ("<xf><protection/></xf>", f'<xf applyAlignment="1">{WRAP}<protection/></xf>'),
        (
            '<xf><alignment indent="1"/></xf>',
            '<xf applyAlignment="1"><alignment wrapText="1" indent="1"/></xf>',
        ),
        (
            '<xf applyAlignment="0"><alignment wrapText="0"/></xf>',
            '<xf applyAlignment="1"><alignment wrapText="1"/></xf>',
        ),
    ],
)
def test_a_copy_that_wraps_its_text(xf: str, after: str) -> None:
    styles = of(xf)
    styles.variant(0, None, wrap=True)
    assert added(styles) == f' count="2">{xf}{after}'


FILL = (
    '<fill><patternFill patternType="solid"><fgColor rgb="{}"/><bgColor indexed="64"/>'
    "</patternFill></fill>"
)


def test_a_copy_with_another_fill() -> None:
    styles = of('<xf fillId="0"/>', fills='<fills count="2"><fill/><fill></fill></fills>')
    for colour in ("FFFFC000", "FFFF0000", "FFFFC000"):
        styles.variant(0, None, styles.fill(colour))
    text = styles.render().decode()
    new = FILL.format("FFFFC000") + FILL.format("FFFF0000")
    assert f'<fills count="4"><fill/><fill></fill>{new}</fills>' in text
    assert added(styles).count("<xf") == 3
    assert '<xf applyFill="1" fillId="2"/><xf applyFill="1" fillId="3"/>' in text


def test_lists_without_a_count_get_none() -> None:
    styles = Styles(b"<s><fills><fill/></fills><cellXfs><xf/></cellXfs></s>")
    styles.variant(0, 14, styles.fill("FF000000"))
    assert b"count" not in styles.render()


@pytest.mark.parametrize("data", [None, b"", b"<styleSheet/>", b"<styleSheet></styleSheet>"])
def test_where_there_are_no_styles_a_part_of_few_stands_in(data: bytes | None) -> None:
    styles = Styles(data)
    assert styles.variant(0, 14) == 1
    text = styles.render().decode()
    assert '<cellXfs count="2">' in text and 'numFmtId="14"' in text


@pytest.mark.parametrize(
    "data", ["<s><x/></s>", "<s><x/><cellXfs/></s>", "<s><x/><cellXfs></cellXfs></s>"]
)
def test_styles_that_list_none_are_refused_where_one_is_needed(data: str) -> None:
    styles = Styles(data.encode())
    assert (styles.number_format(3), styles.fitting(3, "text")) == (0, 3)
    with pytest.raises(PatchRefused) as refused:
        styles.variant(0, 14)
    assert refused.value.reason == "styles.missing"


@pytest.mark.parametrize("fills", ["", "<fills/>"])
def test_a_fill_needs_a_list_of_fills(fills: str) -> None:
    with pytest.raises(PatchRefused):
        of("<xf/>", fills=fills).fill("FF000000")


def test_the_style_part_is_written_only_when_it_grew(tmp_path: Path) -> None:
    path = save(simple(worksheet(row(1, 1))), tmp_path / "a.xlsx")
    with opened(path) as package:
        styles = open_styles(package)
        save_styles(package, styles)
        assert package.changed == {}
        styles.variant(0, 14)
        save_styles(package, styles)
        assert package.changed == {"xl/styles.xml": styles.render()}
        assert open_styles(package).data == styles.render()


@pytest.mark.parametrize("orphan", [False, True])
def test_a_style_part_is_added_where_there_is_none(tmp_path: Path, orphan: bool) -> None:
    parts = simple(worksheet(row(1, 1)))
    parts["xl/_rels/workbook.xml.rels"] = relations(("rId1", "worksheet", "worksheets/sheet1.xml"))
    if not orphan:
        del parts["xl/styles.xml"]
    name = "xl/styles1.xml" if orphan else "xl/styles.xml"
    with opened(save(parts, tmp_path / "a.xlsx")) as package:
        styles = open_styles(package)
        assert styles.data != STYLES.encode()
        styles.variant(0, 14)
        save_styles(package, styles)
        assert package.added == {name: styles.render()}
        assert f'PartName="/{name}"'.encode() in package.read("[Content_Types].xml")
        assert name.encode()[3:] in package.read("xl/_rels/workbook.xml.rels")
