"""Business keys: what makes two rows the same record when nobody wrote its id."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from operator import itemgetter

from ledgersync.model import Invalid, Row, Rows, Value
from ledgersync.schema import TableSchema
from ledgersync.values.text import squeeze

Key = tuple[Value, ...]


class KeyReader:
    """Reads the keys of one table's rows; an empty or invalid part makes no key."""

    def __init__(self, table: TableSchema) -> None:
        at = table.position
        self.table = table
        self.key_at = tuple(at[name] for name in table.key)
        self.fallback_at = tuple(at[name] for name in table.fallback_key)
        self.free_text = tuple(table.fields[i].type == "text" for i in self.fallback_at)
        self.generated = tuple(at[name] for name in table.key if table.by_id[name].generated)
        self.required_at = tuple(at[f.id] for f in table.required)

    def key(self, row: Row) -> Key | None:
        """The normalised business key, None when it is incomplete."""
        return _complete(row, self.key_at)

    def fallback(self, row: Row) -> Key | None:
        """The fallback key, free text compared without blanks."""
        found = _complete(row, self.fallback_at) if self.fallback_at else None
        if found is None:
            return None
        pairs = zip(found, self.free_text, strict=True)
        return tuple([squeeze(v) if text and isinstance(v, str) else v for v, text in pairs])

    def agree(self, one: Row, other: Row) -> bool | None:
        """Whether two rows are about the same; None when their keys do not tell."""
        first, second = self.key(one), self.key(other)
        if first is not None and second is not None:
            return first == second
        first, second = self.fallback(one), self.fallback(other)
        return None if first is None or second is None else first == second

    def alike(self, one: Row, other: Row) -> bool:
        """Keys agree, or where they do not tell, the required fields do.

        A generated number does not tell: two rows begun under one reserved id propose the same.
        Nor does a required field that is empty or faulty in one of them: it is to be corrected.
        """
        told = self.agree(one, other)
        if told is False or (told and not self.generated):
            return told
        pairs = [(one[i], other[i]) for i in self.required_at]
        return all(a == b for a, b in pairs if usable(a) and usable(b))

    def marks(self, row: Row) -> Iterator[object]:
        """What a row may be recognised by, from the surest to the least sure.

        Where numbers are given by the program, what was typed tells too: somebody may clear them.
        """
        key, fallback = self.key(row), self.fallback(row)
        if key is not None:
            yield 0, key
        if fallback is not None:
            yield 1, fallback
        if self.generated or (key is None and fallback is None):
            yield 2, self.content(row, range(len(row)))

    def is_corrected(self, one: Row, other: Row) -> bool:
        """Whether two rows with different keys are one: the other key is, or all else is."""
        fallback = self.fallback(one)
        if fallback is not None:
            return fallback == self.fallback(other)
        rest = [i for i in range(len(one)) if i not in self.key_at]
        return any(usable(one[i]) for i in rest) and all(one[i] == other[i] for i in rest)

    def content(self, row: Row, at: Iterable[int]) -> Row:
        """The row without generated numbers, restricted to some fields: what was typed."""
        return tuple(row[i] for i in at if i not in self.generated)


class Owners:
    """Which record of some rows owns a key; indexes are made when they are first asked for."""

    def __init__(self, reader: KeyReader, rows: Rows) -> None:
        self._reader = reader
        self._rows = rows
        self._raw_key = itemgetter(*reader.key_at)

    def of(self, row: Row) -> list[str]:
        """The records that a row's key names; several where the key is not unique.

        An empty key: the fallback key tells. A key that nobody has: a record whose own key is
        empty may have the same fallback key.
        """
        keyed = self._reader.key(row) is not None
        if keyed and (found := self._with_key(self._raw_key(row))):
            return found
        fallback = self._reader.fallback(row)
        if fallback is None:
            return []
        index = self._keyless_fallbacks if keyed else self._fallbacks
        return index.get(fallback, [])

    def others(self, record: str) -> list[str]:
        """The other records that are about the same as this one, by key or fallback key."""
        row = self._rows[record]
        keyed = self._reader.key(row) is not None
        found = self._with_key(self._raw_key(row)) if keyed else []
        if (fallback := self._reader.fallback(row)) is not None:
            index = self._keyless_fallbacks if keyed else self._fallbacks
            found = [*found, *index.get(fallback, [])]
        return [other for other in dict.fromkeys(found) if other != record]

    def _with_key(self, raw: object) -> list[str]:
        record = self._last_with_key.get(raw)
        if record is None:
            return []
        return self._shared_keys.get(raw) or [record]

    @cached_property
    def _last_with_key(self) -> dict[object, str]:
        return dict(zip(map(self._raw_key, self._rows.values()), self._rows, strict=True))

    @cached_property
    def _shared_keys(self) -> dict[object, list[str]]:
        """Keys that several records have; empty for the usual ledger."""
        if len(self._last_with_key) == len(self._rows):
            return {}
        return {key: records for key, records in self._all_keys().items() if len(records) > 1}

    def _all_keys(self) -> dict[object, list[str]]:
        keys: dict[object, list[str]] = {}
        for record, row in self._rows.items():
            keys.setdefault(self._raw_key(row), []).append(record)
        return keys

    @cached_property
    def _fallbacks(self) -> dict[Key, list[str]]:
        return self._by_fallback(self._rows)

    @cached_property
    def _keyless_fallbacks(self) -> dict[Key, list[str]]:
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
        return self._by_fallback(found)

    def _by_fallback(self, records: Iterable[str]) -> dict[Key, list[str]]:
        index: dict[Key, list[str]] = {}
        for record in records:
            key = self._reader.fallback(self._rows[record])
            if key is not None:
                index.setdefault(key, []).append(record)
        return index


def usable(value: Value) -> bool:
    """A value that can be part of a key."""
    return value is not None and type(value) is not Invalid and value != ""


def _complete(row: Row, at: tuple[int, ...]) -> Key | None:
    values = tuple([row[i] for i in at])
    for value in values:
        if value is None or type(value) is Invalid or value == "":
            return None
    return values
