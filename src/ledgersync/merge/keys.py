"""Business keys: what makes two rows the same record when nobody wrote its id."""

from collections.abc import Iterable

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
        self.generated = tuple(at[name] for name in table.key if table.by_id[name].generated)
        self.required_at = tuple(at[f.id] for f in table.required)

    def key(self, row: Row) -> Key | None:
        """The normalised business key, None when it is incomplete."""
        return _complete(row, self.key_at)

    def fallback(self, row: Row) -> Key | None:
        """The fallback key, free text compared without blanks."""
        found = _complete(row, self.fallback_at) if self.fallback_at else None
        return found and tuple(squeeze(v) if isinstance(v, str) else v for v in found)

    def agree(self, one: Row, other: Row) -> bool | None:
        """Whether two rows are about the same; None when their keys do not tell."""
        first, second = self.key(one), self.key(other)
        if first is not None and second is not None:
            return first == second
        first, second = self.fallback(one), self.fallback(other)
        return None if first is None or second is None else first == second

    def alike(self, one: Row, other: Row) -> bool:
        """Keys agree, or where they do not tell, the required fields do."""
        told = self.agree(one, other)
        if told is not None:
            return told
        pairs = [(one[i], other[i]) for i in self.required_at]
        return all(a == b for a, b in pairs if a is not None and b is not None)

    def content(self, row: Row, at: Iterable[int]) -> Row:
        """The row without generated numbers, restricted to some fields: what was typed."""
        return tuple(row[i] for i in at if i not in self.generated)


class Owners:
    """Which record of some rows owns a key."""

    def __init__(self, reader: KeyReader, rows: Rows) -> None:
        self._reader = reader
        self._rows = rows
        self._by_key: dict[Key, list[str]] | None = None
        self._by_fallback: dict[Key, list[str]] | None = None

    def of(self, row: Row) -> list[str]:
        """The records that a row's key names; several where the key is not unique."""
        key = self._reader.key(row)
        if key is not None and (found := self._keys().get(key)):
            return found
        fallback = self._reader.fallback(row)
        if fallback is None:
            return []
        found = self._fallbacks().get(fallback, [])
        if key is None:
            return found
        return [r for r in found if self._reader.key(self._rows[r]) is None]

    def _keys(self) -> dict[Key, list[str]]:
        if self._by_key is None:
            self._by_key = _index((self._reader.key(row), r) for r, row in self._rows.items())
        return self._by_key

    def _fallbacks(self) -> dict[Key, list[str]]:
        if self._by_fallback is None:
            pairs = ((self._reader.fallback(row), r) for r, row in self._rows.items())
            self._by_fallback = _index(pairs)
        return self._by_fallback


def usable(value: Value) -> bool:
    """A value that can be part of a key."""
    return value is not None and type(value) is not Invalid and value != ""


def _complete(row: Row, at: tuple[int, ...]) -> Key | None:
    values = tuple([row[i] for i in at])
    for value in values:
        if value is None or type(value) is Invalid or value == "":
            return None
    return values


def _index(pairs: Iterable[tuple[Key | None, str]]) -> dict[Key, list[str]]:
    index: dict[Key, list[str]] = {}
    for key, record in pairs:
        if key is not None:
            index.setdefault(key, []).append(record)
    return index
