"""By which texts a record is found: what a typed key and a stored one are compared by."""

from collections.abc import Iterator
from functools import lru_cache

from ledgersync.model import Row
from ledgersync.schema import TableSchema
from ledgersync.values import shown
from ledgersync.values.text import squeeze


@lru_cache(maxsize=1 << 16)
def lookup_key(text: str) -> str:
    """What a typed key and a stored one are compared by."""
    return squeeze(text).lstrip("'").upper()


class RecordKeys:
    """By which texts a record of this table is found, and how well each of them names it."""

    def __init__(self, table: TableSchema) -> None:
        at = table.position
        self._key = [at[name] for name in table.key]
        unique = [f.id for f in table.fields if f.unique and f.id not in table.key]
        self._second = [[at[name] for name in table.fallback_key]] if table.fallback_key else []
        self._second += [[at[name]] for name in unique]
        self._names = [i for i, f in enumerate(table.fields) if f.type == "name"][:1]

    def __call__(self, record: str, row: Row) -> Iterator[tuple[str, int]]:
        yield lookup_key(record), 0
        for rank, groups in enumerate(([self._key], self._second, [self._names])):
            for positions in groups:
                parts = [lookup_key(shown(row[i])) for i in positions]
                if parts and all(parts):
                    yield "|".join(parts), rank
