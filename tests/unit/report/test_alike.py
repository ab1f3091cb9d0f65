"""Figures beside each other in a table of the work summary have the same number of decimals."""

import pytest

from ledgersync.report.content import Shown
from ledgersync.report.letter.tables import alike


def shown(text: str) -> Shown:
    return Shown(text, "x", "2022H1", "360702", "value", 1)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("143265", "124220.50"), ["143265.00", "124220.50"]),
        (("10.2%", "10%"), ["10.2%", "10.0%"]),
        (("100%", "100%"), ["100%", "100%"]),
        (("7", "12"), ["7", "12"]),
        (("—", "1.5"), ["—", "1.5"]),
        (("不少于12", "1.5"), ["不少于12", "1.5"]),
        (("-3", "1.25"), ["-3.00", "1.25"]),
    ],
)
def test_decimals_of_a_row_are_alike(given: tuple[str, ...], told: list[str]) -> None:
    assert [str(piece) for piece in alike(*map(shown, given))] == told


def test_words_stay() -> None:
    assert alike("—", shown("1.5"))[0] == "—"
