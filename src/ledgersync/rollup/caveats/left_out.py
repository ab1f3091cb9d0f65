"""Rows that a figure lacks though they are there: they cannot be read, or contradict themselves.

Such a row cannot be counted on any day, so it stands beside the figure of every period that it may
belong to, until somebody puts it right.
"""

from collections.abc import Iterator
from dataclasses import field
from functools import cached_property

from ledgersync.dataclass import dataclass
from ledgersync.rollup.definitions import Defined
from ledgersync.rollup.engine import Engine
from ledgersync.rollup.engines import table_name
from ledgersync.schema import FieldSchema, TableKey

RowCounts = dict[tuple[str, int], int]  # node (padded code) and window → rows
_COUNTED = frozenset(("date", "money", "integer", "decimal", "bool", "choice", "choices"))
_PARTS = ("date", "where", "value", "numerator", "denominator", "doubt")


@dataclass(frozen=True)
class LeftOutRows:
    """Counts them for the indicators of an engine."""

    engine: Engine
    known: dict[str, RowCounts] = field(default_factory=dict)

    def of(self, defined: Defined) -> RowCounts:
        """By node and window; of a rate the larger number of its two parts."""
        if defined.id not in self.known:
            self.known[defined.id] = self._both(defined) if defined.parts else self._own(defined)
        return self.known[defined.id]

    def _both(self, defined: Defined) -> RowCounts:
        over, under = (self.of(self.engine.definitions.by_id[p]) for p in defined.parts or ())
        return {key: max(over.get(key, 0), under.get(key, 0)) for key in over | under}

    def _own(self, defined: Defined) -> RowCounts:
        found: RowCounts = {}
        if defined.relation is None or not defined.relation.traceable or defined.is_common:
            return found
        for key in sorted(defined.relation.needs):
            wrong = list(self._wrong(defined, key))
            if wrong:
                sql = self._counted(defined, key, " OR ".join(wrong))
                for node, window, rows in self.engine.store.run(defined.ledger, defined.id, sql):
                    place = self.engine.nodes[node], window
                    found[place] = found.get(place, 0) + rows
        return found

    def _wrong(self, defined: Defined, key: TableKey) -> Iterator[str]:
        """What is wrong with a row of a table that this figure looks at."""
        if key in self._unread:
            for f in self._fields(defined, key):
                yield f"list_contains(f._unread, '{f.id}')"
        dated = self._dated(key)
        if dated and dated.required and key in self._undated and not self._by_another(defined):
            yield f'f."{dated.id}" IS NULL'
        if defined.indicator.doubt and defined.relation and defined.relation.table == key:
            yield f"({self.engine.store.statements.part(defined, 'doubt')})"

    def _by_another(self, defined: Defined) -> bool:
        """Whether it looks at no date at all."""
        return defined.indicator.date is None and defined.indicator.kind == "flow"

    def _fields(self, defined: Defined, key: TableKey) -> list[FieldSchema]:
        """The fields of a table that a figure is counted by."""
        names = self._names(defined)
        table = self.engine.definitions.catalog.table(*key)
        return [f for f in table.fields if f.type in _COUNTED and f.id in names]

    def _names(self, defined: Defined) -> set[str]:
        """All columns that the SQL of a figure and of its view names."""
        statements, relation = self.engine.store.statements, defined.relation
        columns = set(statements.view_columns(relation.key)) if relation else set[str]()
        for key in _PARTS:
            if getattr(defined.indicator, key) is not None:
                columns.update(statements.shape(statements.part(defined, key)).columns)
        return columns | {name.removesuffix("_then") for name in columns}

    def _counted(self, defined: Defined, key: TableKey, wrong: str) -> str:
        """Rows of every node that are wrong and of the window, or of no day that is known."""
        dated = self._dated(key)
        day = f'f."{dated.id}"' if dated else "CAST(NULL AS DATE)"
        at = f"w._{defined.indicator.at}"
        within = f"coalesce({day} <= {at}, true)"
        own = self._own_day(defined, key, day)
        if own:
            within += f" AND coalesce({own} BETWEEN w._first AND w._last, true)"
        place = "p._under = f._unit"
        if self.engine.limited:
            place += f" AND coalesce({day}, {at}) BETWEEN p._since AND p._until"
        return (
            f"SELECT p._node, w._window, count(*) FROM {table_name(key)} f "
            f"CROSS JOIN _windows w JOIN _places p ON {place} "
            f"WHERE ({wrong}) AND {within} GROUP BY ALL"
        )

    def _own_day(self, defined: Defined, key: TableKey, day: str) -> str | None:
        """The day by which a row would come into a window, where it comes by one."""
        if defined.indicator.date is None or defined.relation is None:
            return None
        if defined.relation.table == key:
            return self.engine.store.statements.part(defined, "date")
        return day

    def _dated(self, key: TableKey) -> FieldSchema | None:
        return self.engine.definitions.catalog.ledgers[key[0]].dated_by(key[1])

    @cached_property
    def _unread(self) -> set[TableKey]:
        """The tables that have such rows at all."""
        return {key for key in self.engine.store.sources if self._has(key, "_unread IS NOT NULL")}

    @cached_property
    def _undated(self) -> set[TableKey]:
        days = ((key, self._dated(key)) for key in self.engine.store.sources)
        return {key for key, f in days if f and self._has(key, f'"{f.id}" IS NULL')}

    def _has(self, key: TableKey, condition: str) -> bool:
        sql = f"SELECT count(*) FROM {table_name(key)} WHERE {condition}"
        return bool(self.engine.store.run(key[0], key[1], sql)[0][0])
