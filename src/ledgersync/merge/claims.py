"""Which row of a copy claims which record, and which claims no key supports."""

from collections import defaultdict


class Claims:
    """Rows (by index) and the records they claim; the first to claim one holds it."""

    def __init__(self, rows: int) -> None:
        self.records: list[str | None] = [None] * rows
        self.holder: dict[str, int] = {}
        self.rivals: dict[str, list[int]] = defaultdict(list)
        self.contested: set[str] = set()  # records whose new key may be another record's
        self._weak: set[int] = set()  # rows whose claim no key supports

    def add(self, i: int, record: str) -> None:
        self.records[i] = record
        if record in self.holder:
            self.rivals[record].append(i)
        else:
            self.holder[record] = i

    def weaken(self, i: int, record: str, *, contested: bool) -> None:
        """No key tells that this row is the record's; its key may be another one's."""
        self._weak.add(i)
        if contested:
            self.contested.add(record)

    def displace(self, record: str) -> list[int]:
        """Takes a record from a holder without a key to tell; the rows that lost their claim."""
        holder = self.holder.get(record)
        if holder is None or holder not in self._weak:
            return []
        self._weak.discard(holder)
        self.contested.discard(record)
        del self.holder[record]
        self.records[holder] = None
        return [holder, *self.rivals.pop(record, [])]

    def record(self, i: int) -> str:
        """The record of a row that has claimed one."""
        record = self.records[i]
        assert record is not None
        return record
