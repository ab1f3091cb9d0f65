"""Real and generated messes are read as expected: values, rows, headers and rule ids."""

import json
from pathlib import Path

import pytest
from tests.layouts.plans import LAYOUTS
from tests.layouts.render import random_case
from tests.layouts.score import field_cases, main, scored_case, total

FIELD = Path(__file__).parents[3] / "fixtures" / "field"
SHARED = Path(__file__).parents[5] / "shared" / "field" / "workbooks"


def test_the_field_workbooks_kept_here_are_read_without_a_difference() -> None:
    results = [scored_case(path, expected) for path, expected in field_cases(FIELD)]
    assert [str(d) for r in results for d in r.differences] == []
    assert total(results)["values"] == 5861


@pytest.mark.parametrize("layout", LAYOUTS)
def test_generated_workbooks_of_every_layout_are_read_without_a_difference(
    layout: str, tmp_path: Path
) -> None:
    for seed in range(500, 503):
        result = scored_case(*random_case(seed, tmp_path, layout))
        assert [str(d) for d in result.differences] == []
        assert result.right == result.values > 0


@pytest.mark.slow
def test_hundreds_of_random_workbooks_are_read_without_a_difference(tmp_path: Path) -> None:
    for seed in range(7000, 7400):
        result = scored_case(*random_case(seed, tmp_path))
        assert (seed, [str(d) for d in result.differences]) == (seed, [])


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the shared field material is not here")
def test_all_field_workbooks_are_read_without_a_difference() -> None:
    results = [scored_case(path, expected) for path, expected in field_cases(SHARED)]
    assert [str(d) for r in results for d in r.differences] == []
    assert total(results)["values"] == 17282


def test_the_score_prints_its_totals_and_fails_on_a_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--random", "2", "--layout", "g"]) == 0
    assert '"share": 1.0' in capsys.readouterr().out
    path, expected = random_case(1, tmp_path, "g")
    expected["tables"][0]["records"].pop()
    (tmp_path / "expected.json").write_text(json.dumps([expected]), encoding="utf-8")
    assert path.exists()
    assert main([str(tmp_path)]) == 1
    assert "row.extra" in capsys.readouterr().out
