"""`doctor`: what on this machine works and what does not, and what to do about it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from ledgersync.plugin.doctor import excel, office, place, python
from ledgersync.plugin.doctor.check import Check

__all__ = ["Check", "examine"]


def examine(workspace: Path | None) -> Iterator[Check]:
    """All checks in the order a person would ask; each program that is not here is one line."""
    parts: tuple[Callable[[], Iterator[Check]], ...] = (
        python.checks,
        excel.checks,
        office.checks,
        lambda: place.checks(workspace),
    )
    for part in parts:
        yield from part()
