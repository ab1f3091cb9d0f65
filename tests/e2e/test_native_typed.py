"""One verdict, wherever a person types: the check column, LS_CHECK and `check` on typed cells."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from tests.e2e.native_typing import (
    LOCALES,
    Entry,
    Verdict,
    entries_of,
    speaking,
    typed_book,
)
from tests.e2e.office import needs_office
from tests.e2e.spellings import spellings

from ledgersync.schema import load_catalog

pytestmark = [pytest.mark.office, needs_office]
CATALOG = load_catalog()
# Yellow is for what decision 0004 lists, and for nothing else: numerals, and ditto marks.
_LEFT_TO_MERGE = re.compile(
    r"(?:第|￥|人民币)?[首零〇一二两三四五六七八九十百壹]|[同如]上|[\"“〃]|\d{4}年(?:\d+月)?[一二三四五六七八九十]"
)


def _typed(locale: str, share: float) -> list[Verdict]:
    """Every field × spelling, or a share of them, in one start of LibreOffice.

    Not below pytest's own folder: every other pytest of this user closes that one to others.
    """
    with TemporaryDirectory(prefix="ledgersync-typed-", ignore_cleanup_errors=True) as name:
        return _typed_in(Path(name), locale, share)


def _typed_in(folder: Path, locale: str, share: float) -> list[Verdict]:
    today, rng = date.today(), Random(locale)
    office = speaking(folder, locale)
    found: list[Verdict] = []
    try:
        office.start()
        for ledger in CATALOG:
            entries: dict[str, list[Entry]] = {}
            for table in ledger.tables:
                every = entries_of(table, spellings(), today)
                entries[table.id] = [e for e in every if rng.random() < share]
            found += typed_book(office, folder, ledger, CATALOG, entries, today)
    finally:
        office.stop()
    return found


def _shown_only(verdict: Verdict) -> bool:
    """A truth or a time of day in a number's cell: LibreOffice holds a number, shown otherwise.

    Formulas do not see formats; decision 0004 lists it.
    """
    kinds = ("integer", "decimal", "money")
    return verdict.entry.field.type in kinds and verdict.entry.typed in _FORMATS


_FORMATS = ("TRUE", "FALSE", "true", "12:00", "1:30", "2022-06-01", "6-1", "1-Jun-22", "=1=1")


def _disagreements(found: Sequence[Verdict]) -> list[str]:
    return [str(j) for j in found if not j.agree and not _shown_only(j)]


@pytest.mark.parametrize(
    "locale", [LOCALES[0], *(pytest.param(one, marks=pytest.mark.slow) for one in LOCALES[1:])]
)
def test_the_sheet_the_function_and_check_say_the_same(locale: str) -> None:
    found = _typed(locale, 0.02)
    assert len(found) > 150
    assert 0.2 < sum(bool(j.check) for j in found) / len(found) < 0.7
    assert [str(j) for j in found if j.is_yellow and not _LEFT_TO_MERGE.match(j.entry.typed)] == []
    assert _disagreements(found) == []


@pytest.mark.slow
@pytest.mark.parametrize("locale", LOCALES)
def test_the_three_places_agree_on_every_field_and_spelling(locale: str) -> None:
    found = _typed(locale, 1)
    assert len(found) > 9000
    assert _disagreements(found) == []
