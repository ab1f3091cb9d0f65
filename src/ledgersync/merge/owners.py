"""Which record of some rows owns a key; indexes over all rows are made when first asked for.

Where little changed since, the indexes of before are asked, and the records that changed looked at
besides (`Owners.after`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cached_property
from operator import itemgetter

from ledgersync.merge.keys import Key, KeyReader
from ledgersync.model import Invalid, Row, Rows

_Index = dict[object, list[str]]
_FEW = 8  # an eighth of the rows changed: a new index costs less than to look beside the old one


class Owners:
    """Which records of some rows own a key."""

    def __init__(self, reader: KeyReader, rows: Rows) -> None:
        self._reader = reader
        self._rows = rows
        self._raw_key = itemgetter(*reader.key_at)

    def after(self, rows: Rows, touched: Collection[str]) -> "Owners":
        """The owners in `rows`, which differ from these rows in the records `touched` at most."""
        if len(touched) * _FEW > len(self._rows):
            return Owners(self._reader, rows)
        return _OwnersAfter(self, rows, touched)

    def of(self, row: Row) -> list[str]:
        """The records that a row's key names; several where the key is not unique.

        An empty key: the fallback key tells. A key that nobody has: a record whose own key is
        empty may have the same fallback key.
        """
        keyed = self._reader.key(row) is not None
        if keyed and (found := self.with_key(self._raw_key(row))):
            return found
        fallback = self._reader.fallback(row)
        return [] if fallback is None else self.with_fallback(fallback, keyless=keyed)

    def others(self, record: str) -> list[str]:
        """The other records that are about the same as this one, by key or fallback key."""
        row = self._rows[record]
        keyed = self._reader.key(row) is not None
        found = self.with_key(self._raw_key(row)) if keyed else []
        if (fallback := self._reader.fallback(row)) is not None:
            found = [*found, *self.with_fallback(fallback, keyless=keyed)]
        return [other for other in dict.fromkeys(found) if other != record]

    def with_key(self, raw: object) -> list[str]:
        """The records with this business key, as their rows have it, in the order of the rows."""
        record = self._last_with_key.get(raw)
        if record is None:
            return []
        return self._shared_keys.get(raw) or [record]

    def with_fallback(self, fallback: Key, *, keyless: bool) -> list[str]:
        """Those with this fallback key; `keyless`: whose business key is incomplete."""
        return (self._keyless_fallbacks if keyless else self._fallbacks).get(fallback, [])

    @cached_property
    def _last_with_key(self) -> dict[object, str]:
        return dict(zip(map(self._raw_key, self._rows.values()), self._rows, strict=True))

    @cached_property
    def _shared_keys(self) -> _Index:
        """Keys that several records have; empty for the usual ledger."""
        if len(self._last_with_key) == len(self._rows):
            return {}
        return {key: records for key, records in self._all_keys().items() if len(records) > 1}

    def _all_keys(self) -> _Index:
        keys: _Index = defaultdict(list)
        for record, row in self._rows.items():
            keys[self._raw_key(row)].append(record)
        return keys

    @cached_property
    def _fallbacks(self) -> _Index:
        return _by_fallback(self._reader, self._rows, self._rows)

    @cached_property
    def _keyless_fallbacks(self) -> _Index:
        """The fallback keys of records whose own key is incomplete."""
        if not self._reader.fallback_at:
            return {}
        parts = [map(itemgetter(i), self._rows.values()) for i in self._reader.key_at]
        found = dict.fromkeys(
            record
            for part in parts
            for record, value in zip(self._rows, part, strict=True)
            if value is None or value == "" or type(value) is Invalid
        )
        return _by_fallback(self._reader, self._rows, found)


class _OwnersAfter(Owners):
    """The owners of rows that differ little from others, whose indexes are kept."""

    def __init__(self, before: Owners, rows: Rows, touched: Collection[str]) -> None:
        super().__init__(before._reader, rows)
        self._before, self._touched = before, frozenset(touched)
        changed = {record: rows[record] for record in touched if record in rows}
        self._changed = Owners(before._reader, changed)

    def after(self, rows: Rows, touched: Collection[str]) -> Owners:
        return self._before.after(rows, self._touched.union(touched))

    def with_key(self, raw: object) -> list[str]:
        return self._together(self._before.with_key(raw), self._changed.with_key(raw))

    def with_fallback(self, fallback: Key, *, keyless: bool) -> list[str]:
        sides = (o.with_fallback(fallback, keyless=keyless) for o in (self._before, self._changed))
        return self._together(*sides)

    def _together(self, before: Iterable[str], changed: list[str]) -> list[str]:
        """In the order of the rows, which matters where a key is not unique."""
        found = [record for record in before if record not in self._touched] + changed
        return sorted(found, key=self._place.__getitem__) if len(found) > 1 else found

    @cached_property
    def _place(self) -> dict[str, int]:
        return {record: n for n, record in enumerate(self._rows)}


def _by_fallback(reader: KeyReader, rows: Rows, records: Iterable[str]) -> _Index:
    index: _Index = {}
    for record in records:
        key = reader.fallback(rows[record])
        if key is not None:
            index.setdefault(key, []).append(record)
    return index
