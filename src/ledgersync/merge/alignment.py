"""Rows without ids and without keys: matched by content, then by what is alike, then by position.

A row is never given to the first record that fits: a match has to be the only one, or both sides
of a gap between matched rows have to be equally long.
"""

from bisect import bisect
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby

from ledgersync.merge.keys import KeyReader
from ledgersync.model import Row, Rows


class Alignment:
    """Open rows of a copy (by index) against the open records of what the copy said last."""

    def __init__(
        self, reader: KeyReader, records: Rows, taken: Mapping[str, int], present: Iterable[int]
    ) -> None:
        self._reader = reader
        self._records = records
        self._present = tuple(present)
        self._order = {record: i for i, record in enumerate(records)}
        self._taken = {record: row for record, row in taken.items() if record in records}

    def match(self, rows: Mapping[int, Row]) -> dict[int, str | None]:
        """A record for each open row, None for a new one; rows left out are uncertain."""
        found: dict[int, str | None] = {}
        self._by(self._content, rows, found)
        self._by(self._likeness, rows, found)
        self._by_position(rows, found)
        return found

    def _open(self) -> list[str]:
        return [record for record in self._records if record not in self._taken]

    def _give(self, row: int, record: str, found: dict[int, str | None]) -> None:
        found[row] = record
        self._taken[record] = row

    def _by(
        self, view: Callable[[Row], Row], rows: Mapping[int, Row], found: dict[int, str | None]
    ) -> None:
        """Gives out records whose view equals a row's, in order where several are equal.

        Equal content makes no difference; a likeness must name one row and one record only.
        """
        exact = view == self._content
        records: dict[Row, list[str]] = {}
        for record in self._open():
            records.setdefault(view(self._records[record]), []).append(record)
        waiting: dict[Row, list[int]] = {}
        for i, row in rows.items():
            if i not in found:
                waiting.setdefault(view(row), []).append(i)
        for seen, indexes in waiting.items():
            fits = records.get(seen, [])
            if exact or (len(fits) == len(indexes) == 1 and any(v is not None for v in seen)):
                for i, record in zip(indexes, fits, strict=False):
                    self._give(i, record, found)

    def _content(self, row: Row) -> Row:
        return self._reader.content(row, self._present)

    def _likeness(self, row: Row) -> Row:
        return tuple(row[i] for i in self._reader.required_at if i in self._present)

    def _by_position(self, rows: Mapping[int, Row], found: dict[int, str | None]) -> None:
        """Runs of open rows between matched ones, against the records between the same two."""
        at = {row: self._order[record] for record, row in self._taken.items()}
        anchors, names = sorted(at), list(self._records)
        waiting = [i for i in sorted(rows) if i not in found]
        for run in _runs(waiting, anchors):
            low, high = bisect(anchors, run[0]), bisect(anchors, run[-1])
            before = at[anchors[low - 1]] if low else -1
            after = at[anchors[high]] if high < len(anchors) else len(names)
            between = names[before + 1 : after] if before < after else None
            self._settle(run, between, found)

    def _settle(
        self, run: list[int], between: list[str] | None, found: dict[int, str | None]
    ) -> None:
        """As many rows as records: in order. No record left: new. Anything else is uncertain."""
        free = self._open()
        if free and between is not None:
            free = [record for record in between if record not in self._taken]
            if len(free) == len(run) == len(between):
                for i, record in zip(run, free, strict=True):
                    self._give(i, record, found)
                return
        if not free:
            found.update(dict.fromkeys(run))


def _runs(waiting: list[int], anchors: list[int]) -> list[list[int]]:
    """Open rows grouped by the matched rows between which they stand."""
    return [list(run) for _, run in groupby(waiting, key=lambda i: bisect(anchors, i))]
