"""上年同期 as it was reported then, where it was; what today's rows say is kept beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ledgersync.rollup.figures import Cell, Figure, Number, RollUp


def as_reported(found: RollUp, reported: Mapping[Cell, Number]) -> RollUp:
    """The roll-up with last year's figures as they were reported; hidden ones stay hidden."""
    if not reported:
        return found
    figures = dict(found.by_window["year_before"])
    figures.update(_other(figures, reported))
    return replace(found, by_window={**found.by_window, "year_before": figures})


def _other(
    figures: Mapping[Cell, Figure], reported: Mapping[Cell, Number]
) -> Iterator[tuple[Cell, Figure]]:
    for cell, then in reported.items():
        figure = figures.get(cell)
        if figure is None or figure.value is None or figure.by_rows is not None:
            continue  # unknown, or as it was closed
        if figure.value != then:
            yield cell, replace(figure, value=then, by_rows=figure.value)
