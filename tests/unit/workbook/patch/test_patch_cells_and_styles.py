"""Values as cell XML, and the styles that values need."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.patching import STYLES

from ledgersync.workbook.patch import PatchRefused
from ledgersync.workbook.patch.package.styles import Styles, is_date_code, is_time_code
from ledgersync.workbook.patch.scan.cell_xml import address, content, serial
from ledgersync.workbook.patch.scan.read_back import agrees, read_rows


def written(value: object, date1904: bool = False) -> str:
    made = content(value, date1904, "here")  # type: ignore[arg-type]
    return made.xml(b"", address(2, 1), 0).decode()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, '<c r="A2"/>'),
        ("", '<c r="A2"/>'),
        (True, '<c r="A2" t="b"><v>1</v></c>'),
        (7, '<c r="A2"><v>7</v></c>'),
        (0.1, '<c r="A2"><v>0.1</v></c>'),
        (Decimal("12.50"), '<c r="A2"><v>12.5</v></c>'),
        (Decimal("-0"), '<c r="A2"><v>0</v></c>'),
        (date(2024, 2, 29), '<c r="A2"><v>45351</v></c>'),
        (datetime(2024, 2, 29, 12), '<c r="A2"><v>45351.5</v></c>'),
        (date(1900, 2, 28), '<c r="A2"><v>59</v></c>'),
        (date(1900, 3, 1), '<c r="A2"><v>61</v></c>'),
    ],
)
def test_values_as_cells(value: object, expected: str) -> None:
    assert written(value) == expected


def test_text_is_inline_and_guarded() -> None:
    assert written("=1+1") == (
        '<c r="A2" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>'
    )
    assert "a&lt;b&amp;c_x0007__x005F_x0041_" in written("a<b&c\x07_x0041_")


def test_numbers_beyond_fifteen_digits_stay_exact_as_text() -> None:
    assert "<t" in written(110101199003078515)
    assert "110101199003078515" in written(Decimal("110101199003078515"))
    assert written(123456789012345) == '<c r="A2"><v>123456789012345</v></c>'


def test_the_1904_system_counts_from_its_own_epoch() -> None:
    assert serial(datetime(1904, 1, 2), date1904=True) == 1
    assert written(date(2024, 2, 29), date1904=True) == '<c r="A2"><v>43889</v></c>'
    assert ">1903-05-01<" in written(date(1903, 5, 1), date1904=True)
    assert ">1899-05-01<" in written(date(1899, 5, 1))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (float("nan"), "value.not_finite"),
        (Decimal("Infinity"), "value.not_finite"),
        ("字" * 32_768, "value.too_long"),
        ("\ud800", "value.characters"),
        (datetime(2024, 1, 1, tzinfo=UTC), "value.unsupported"),
        (b"bytes", "value.unsupported"),
    ],
)
def test_what_a_cell_cannot_hold_is_refused(value: object, reason: str) -> None:
    with pytest.raises(PatchRefused) as refused:
        content(value, False, "here")  # type: ignore[arg-type]
    assert refused.value.reason == reason
    assert "here" in refused.value.message.zh


@given(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**17), 10**17),
        st.floats(allow_nan=False, allow_infinity=False),
        st.decimals(allow_nan=False, allow_infinity=False, places=3),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
        st.dates(),
        st.datetimes(),
    )
)
def test_every_value_reads_back_as_it_was_written(value: object) -> None:
    made = content(value, False, "here")  # type: ignore[arg-type]
    fragment = b'<row r="2">' + made.xml(b"", address(2, 1), 3) + b"</row>"
    got = read_rows({2: fragment}, {2: [1]})[2, 1]
    assert agrees(value, made, got)  # type: ignore[arg-type]


def test_a_wrong_value_does_not_agree() -> None:
    made = content("张伟", False, "here")
    got = read_rows({2: b'<row r="2"><c r="A2"><v>1</v></c></row>'}, {2: [1]})[2, 1]
    assert not agrees("张伟", made, got)


@pytest.mark.parametrize(
    ("code", "day", "time"),
    [
        ('yyyy"年"m"月"d"日"', True, True),
        ("[$-804]dddd, mmmm dd, yyyy", True, True),
        ("h:mm:ss", False, True),
        ("[h]:mm", False, True),
        ("General", False, False),
        ("0.00E+00", False, False),
        ('0.00"day"', False, False),
        ("[Red]#,##0;[Blue]-#,##0", False, False),
        ("@", False, False),
        ("yyyy\\-mm", True, True),
    ],
)
def test_number_formats(code: str, day: bool, time: bool) -> None:
    assert is_date_code(code) is day
    assert is_time_code(code) is time


def test_a_date_takes_a_date_style_and_a_number_never_does() -> None:
    styles = Styles(STYLES.encode())
    assert styles.fitting(2, "date") == 2
    assert styles.fitting(2, "text") == 2
    plain = styles.fitting(2, "number")
    assert styles.number_format(plain) == 0
    dated = styles.fitting(4, "date", column_date=3)
    assert styles.number_format(dated) == 164
    assert styles.fitting(4, "date", column_date=3) == dated
    assert styles.number_format(styles.fitting(0, "digits")) == 49


def test_added_styles_leave_the_others_alone() -> None:
    styles = Styles(STYLES.encode())
    number = styles.variant(4, None, styles.fill("FFFFC000"))
    text = styles.render().decode()
    assert number == 5
    assert '<cellXfs count="6">' in text
    assert '<fills count="3">' in text
    assert 'numFmtId="4" fontId="0" fillId="2"' in text
    start = STYLES.index("<xf numFmtId", STYLES.index("<cellXfs"))
    stop = STYLES.index("</cellXfs>")
    assert STYLES[start:stop] in text


def test_a_variant_of_a_variant_keeps_both_changes() -> None:
    styles = Styles(STYLES.encode())
    dated = styles.fitting(4, "date")
    marked = styles.variant(dated, None, styles.fill("FFFFC000"))
    assert styles.number_format(marked) == 14
    assert 'fillId="2"' in styles.render().decode()
