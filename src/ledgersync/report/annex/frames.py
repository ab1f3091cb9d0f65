"""Tables of pieces from rows, for all writers alike."""

from collections.abc import Iterable, Sequence

import pandas as pd

from ledgersync.report.content import Piece, Table
from ledgersync.rollup.period.months import Period


def table(
    name: str,
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Piece]],
    *,
    wide: int = 0,
) -> Table:
    """The first column is the index; names may stand in it several times."""
    found = list(rows)
    frame = pd.DataFrame(
        [row[1:] for row in found],
        index=[row[0] for row in found],
        columns=list(columns[1:]),
        dtype=object,
    )
    return Table(name, title, frame, columns[0], wide)


def month_label(month: Period) -> str:
    """`2026-03`."""
    return f"{month.year}-{month.stop % 12 + 1:02d}"
