"""Jumps of a figure against its own history."""

import pytest

from ledgersync.checks.cross import outlier, outlier_finding


@pytest.mark.parametrize(
    ("history", "value", "jumps"),
    [
        ([40, 42, 41, 43, 39, 41], 41, False),
        ([40, 42, 41, 43, 39, 41], 46, False),  # twelve per cent, z = 3.4
        ([40, 42, 41, 43, 39, 41], 60, True),
        ([40, 42, 41, 43, 39, 41], 0, True),
        ([40, None, 42, 41, None, 43], 400, True),
        ([40, 42, 41], 400, False),  # too short a history
        ([100, 100, 100, 100], 101, False),  # a small step, however steady the history
        ([100, 100, 100, 100], 120, True),
        ([100, 100, 100, 100, 140], 145, True),
        ([0, 0, 0, 0], 1, False),
        ([0, 0, 0, 0], 5, True),
        ([10, 400, 90, 250], 500, False),  # a history that jumps by itself
        ([40, 42, 41, 43], None, False),
    ],
)
def test_what_counts_as_a_jump(
    history: list[float | None], value: float | None, jumps: bool
) -> None:
    assert (outlier(history, value) is not None) is jumps


def test_the_finding_names_the_figure_and_its_direction() -> None:
    finding = outlier_finding("dibao_persons", "低保人数", [40, 42, 41, 43], 400)
    assert finding is not None
    assert (finding.indicator, finding.rule, finding.severity) == (
        "dibao_persons",
        "cross.outlier",
        "warning",
    )
    assert "低保人数" in finding.message.zh
    assert "突增" in finding.message.zh
    down = outlier_finding("dibao_persons", "低保人数", [40, 42, 41, 43], 2)
    assert down is not None and "比历史中位数41.5突降" in down.message.zh
    assert outlier_finding("dibao_persons", "低保人数", [40, 42, 41, 43], 41) is None
