"""The small files of everyday trouble: nothing is silently wrong, nearly all of it right."""

from pathlib import Path

import pytest
from tests.right_or_told import scores, total

CASES = Path(__file__).parents[3] / "fixtures" / "field" / "cases"


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    return {s.file: s.wrong for s in scores(CASES)}


def test_nothing_is_read_wrongly_without_a_word(found: dict[str, list[str]]) -> None:
    silent = {file: [w for w in wrong if w.startswith("silent")] for file, wrong in found.items()}
    assert {file: wrong for file, wrong in silent.items() if wrong} == {}


def test_nearly_everything_is_right() -> None:
    counts = total(scores(CASES))
    assert counts["right"] >= 0.85 * counts.total()
