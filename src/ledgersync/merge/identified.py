"""What identity is asked and what it answers: the rows of a copy, and whose records they are."""

from collections.abc import Iterable
from dataclasses import field
from functools import partial
from itertools import count
from typing import NamedTuple

from ledgersync.dataclass import dataclass
from ledgersync.merge.result import Unresolved
from ledgersync.model import Row, Rows


class Submitted(NamedTuple):
    """One record of a copy as read: its index in the copy's table, its `_LS_ID` if any."""

    position: int
    record_id: str | None
    row: Row


def submitted(
    records: Iterable[str | None], rows: Iterable[Row], first: int = 0
) -> list[Submitted]:
    """The rows of a copy in their order, counted from `first`, each with its id."""
    made = partial(tuple.__new__, Submitted)  # a large copy has no time for calls
    return list(map(made, zip(count(first), records, rows, strict=False)))


@dataclass(slots=True)
class Identified:
    """The copy's rows by record id, in submitted order, and what stayed doubtful.

    `rows` holds every row, those too that `unresolved` returns or sends to review; pass both on to
    `merge_table`.
    `aliases`: ids that stand in the copy for another record, and as `id#n` the records of rows
    that were copied with it (kept per copy, they make the next submission certain).
    """

    rows: Rows = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    unresolved: Unresolved = field(default_factory=Unresolved)
    aliases: dict[str, str] = field(default_factory=dict)
