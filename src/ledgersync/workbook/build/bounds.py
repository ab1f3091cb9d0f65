"""How much a cell of a field takes: characters of a text, the least and most of a number."""

from ledgersync.schema import FieldSchema

MOST_CHARACTERS = {"name": 50, "code": 40, "text": 1000}
_LIMIT = 10**12


def least_and_most(f: FieldSchema) -> tuple[float, float]:
    """The bounds of a number field, far off where it has none."""
    low = -_LIMIT if f.min is None else f.min
    high = _LIMIT if f.max is None else f.max
    return _plain(low), _plain(high)


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) else number
