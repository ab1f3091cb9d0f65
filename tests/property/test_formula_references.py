"""Formulas that are passed over when rows move hold no reference that would have to follow."""

from html import escape

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledgersync.workbook.patch.follow.formulas import _TOKEN
from ledgersync.workbook.patch.whole.other_parts import _ANY_REFERENCE


@settings(max_examples=1000, deadline=None)
@given(st.text("Aa$1:bZ9!'._ (),+\"表[]&xR", min_size=1, max_size=12))
@example("表!A1")
@example("3:5")
@example("LS_rk1+$B$2")
def test_every_reference_is_looked_at(formula: str) -> None:
    refers = any(found["cells"] or found["rows"] for found in _TOKEN.finditer(formula))
    assert not refers or _ANY_REFERENCE.search(escape(formula, quote=True).encode())


def test_names_alone_are_passed_over() -> None:
    names = (b"LS_households_rk1", b"LS_no_2022", "LS_低保户_check".encode())
    assert not any(map(_ANY_REFERENCE.search, names))
