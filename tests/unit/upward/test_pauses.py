"""Pauses between attempts to hand a file over: they grow, and never beyond the longest."""

from datetime import timedelta

import pytest

from ledgersync.journal.exchange.deliveries import LONGEST_PAUSE
from ledgersync.upward.delivery import pause_after


@pytest.mark.parametrize(
    ("tries", "pause"),
    [
        (0, timedelta(minutes=5)),
        (1, timedelta(minutes=15)),
        (4, timedelta(minutes=405)),
        *((tries, LONGEST_PAUSE) for tries in (5, 6, 25, 40, 100_000)),
    ],
)
def test_pauses_grow_to_the_longest(tries: int, pause: timedelta) -> None:
    assert pause_after(tries) == pause
