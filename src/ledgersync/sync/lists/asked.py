"""What conditions of a list are understood against, and what each of them is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message
from ledgersync.model import Row
from ledgersync.schema import TableSchema

Holds = Callable[[str, Row], bool | None]
"""Whether a record (its id and row) fits; None where its row does not tell."""


AGE, LAST_VISIT = "age", "last_visit"  # columns that no table has, worked out for a list


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: how it is said back, which columns it looks at, and its test."""

    words: Message
    fields: tuple[str, ...]
    holds: Holds


@dataclass(frozen=True, slots=True)
class Asked:
    """What conditions are understood against: a table, the day, last visits by record."""

    table: TableSchema
    today: date
    grids: Sequence[str] = ()
    last_visits: Mapping[str, date] | None = None


Taken = tuple[Condition, int]
"""A condition at the beginning of a text, and how much of it that takes."""
