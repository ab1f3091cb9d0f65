"""What an engine is: it holds the facts of all units as tables and answers SQL over them.

The SQL is written once, in DuckDB's dialect, by `queries.py`; an engine of another dialect
translates it on the syntax tree. An engine may refuse an indicator by name, never answer
differently.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from ledgersync.dataclass import dataclass
from ledgersync.rollup.definitions import Definitions
from ledgersync.rollup.sql.statements import Statements
from ledgersync.schema import TableKey

UnitKey = int | str  # what `_unit` holds


@dataclass(frozen=True, slots=True)
class EngineName:
    """Which engine computed a figure, as reports say it."""

    name: str
    version: str


class FactStore(Protocol):
    """The facts of the units that were loaded, in an engine that can be asked."""

    @property
    def engine(self) -> EngineName: ...

    @property
    def definitions(self) -> Definitions: ...

    @property
    def statements(self) -> Statements: ...

    @property
    def sources(self) -> tuple[TableKey, ...]:
        """The tables in the order of their `_source` numbers."""

    @property
    def units(self) -> Mapping[str, UnitKey]:
        """What `_unit` is for a padded code."""

    def unit_key(self, code: str) -> UnitKey:
        """What `_unit` is for a unit, be its rows here or not."""

    @property
    def present(self) -> set[tuple[str, TableKey]]:
        """The tables that a unit (padded code) has, be they empty."""

    @property
    def past(self) -> set[TableKey]:
        """The tables of which earlier states are known."""

    def run(self, ledger: str, what: str, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a statement; raises DefinitionFault naming `what` when it does not run."""

    def fill(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """Fills one of the engine's own tables anew."""

    def place(self, sheet: Any) -> tuple[str, str]:
        """File and sheet of a `_sheet`."""

    def close(self) -> None:
        """Gives back memory and temporary files; nothing can be asked afterwards."""


def table_name(key: TableKey) -> str:
    return f'"{key[0]}"."{key[1]}"'


def past_name(key: TableKey) -> str:
    """The table that holds a table's rows as they were at the end of past days."""
    return f'"_past"."{key[0]}.{key[1]}"'


def quality_sql(sources: Sequence[TableKey]) -> str:
    """All rows of all tables, each with whether it has an error."""

    def parts() -> Iterator[str]:
        for key in sources:
            yield f"SELECT _source, _unit, _record, _faulty AS faulty FROM {table_name(key)}"

    return " UNION ALL ".join(parts())
