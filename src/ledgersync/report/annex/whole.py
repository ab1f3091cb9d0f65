"""All that stands behind the figures of a report, put together."""

from collections.abc import Collection, Sequence

from ledgersync.report.annex.completeness import by_month, completeness
from ledgersync.report.annex.meanings import meanings
from ledgersync.report.annex.places import Rows, places
from ledgersync.report.annex.quality import quality
from ledgersync.report.annex.trends import trends
from ledgersync.report.content import Annex
from ledgersync.report.reading import Reading
from ledgersync.rollup.definitions import load_definitions
from ledgersync.schema import Catalog


def annex_of(
    reading: Reading,
    catalog: Catalog,
    months: Sequence[Reading] = (),
    leads: Sequence[str] = (),
    rows: Rows | None = None,
    guarded: Collection[str] = (),
) -> Annex:
    """Without `months` no course is told, without `rows` no place."""
    return Annex(
        completeness(reading, catalog),
        quality(reading, list(reading.found.tree)),
        meanings(reading, catalog, load_definitions(catalog)),
        tuple(trends(reading, months, leads)),
        places(reading, rows, guarded) if rows is not None else None,
        by_month(reading, catalog, months) if months else None,
    )
