"""Business keys: what makes two rows the same record when nobody wrote its id."""

from collections.abc import Iterable, Iterator

from ledgersync.model import Invalid, Row, Value
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


def usable(value: Value) -> bool:
    """A value that can be part of a key."""
    return value is not None and type(value) is not Invalid and value != ""


def _complete(row: Row, at: tuple[int, ...]) -> Key | None:
    values = tuple([row[i] for i in at])
    for value in values:
        if value is None or type(value) is Invalid or value == "":
            return None
    return values
