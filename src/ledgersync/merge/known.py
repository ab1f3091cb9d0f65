"""The records that a row of a copy may be, and the questions that identity asks about them."""

from collections import defaultdict
from functools import cached_property

from ledgersync.merge.keys import KeyReader
from ledgersync.merge.owners import Owners
from ledgersync.model import Row, Rows


class Known:
    """The records that a row may be, and the questions asked about them."""

    def __init__(
        self,
        reader: KeyReader,
        base: Rows,
        last: Rows,
        ours: Rows,
        at: tuple[int, ...],
        our_owners: Owners | None = None,
    ) -> None:
        self.reader, self.base, self.last, self.ours, self.at = reader, base, last, ours, at
        self.whole = len(at) == len(reader.table.fields)
        self.copy_owners, self.our_owners = Owners(reader, base), our_owners or Owners(reader, ours)

    def in_copy(self, record: str) -> bool:
        """The copy knew this record: it was taken in, not only said."""
        return record in self.base

    def in_ours(self, record: str) -> bool:
        return record in self.ours

    def anywhere(self, record: str) -> bool:
        return self.in_copy(record) or record in self.ours

    def view(self, row: Row) -> Row:
        """What was typed of a row: no generated number, no absent column."""
        return self.reader.content(row, self.at)

    def submitted_as(self, view: Row) -> list[str]:
        """The records of which the copy said exactly this."""
        return self._submitted_views.get(view, [])

    def ours_as(self, view: Row) -> list[str]:
        """The records of the primary with exactly this content, that the copy never knew."""
        return [r for r in self._our_views.get(view, []) if not self.in_copy(r)]

    @cached_property
    def _submitted_views(self) -> dict[Row, list[str]]:
        return self._views(self.last)

    @cached_property
    def _our_views(self) -> dict[Row, list[str]]:
        return self._views(self.ours)

    def _views(self, rows: Rows) -> dict[Row, list[str]]:
        views: dict[Row, list[str]] = defaultdict(list)
        for record, row in rows.items():
            views[self.view(row)].append(record)
        return views

    def unchanged(self, record: str, row: Row) -> bool:
        """The row is what the copy said last of this record, as far as it has columns."""
        before = self.last.get(record)
        return before is not None and self.same(before, row)

    def same(self, one: Row, other: Row) -> bool:
        if self.whole:
            return one == other
        return all(one[i] == other[i] for i in self.at)

    def agrees(self, record: str, row: Row) -> bool | None:
        """Whether the row's key is the record's; None when no key tells.

        A record that only ours knows is recognised by its required fields where keys fail.
        """
        if not self.in_copy(record):
            return self.reader.alike(self.ours[record], row)
        sides = [rows[record] for rows in (self.last, self.base, self.ours) if record in rows]
        told = {self.reader.agree(side, row) for side in sides}
        return True if True in told else None if None in told else False
