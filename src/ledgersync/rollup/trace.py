"""The rows behind a number: for every row that a figure counts, where it can be seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ledgersync.rollup.definitions import Defined
from ledgersync.rollup.engine import Engine
from ledgersync.rollup.engines import UnitKey, table_name
from ledgersync.rollup.queries import FigureQuery
from ledgersync.schema import TableKey

_FILTER = "count(*) FILTER ("


@dataclass(frozen=True, slots=True)
class TracedRow:
    """A row that was counted; `part` is numerator or denominator of a ratio, else `value`."""

    unit: str
    ledger: str
    table: str
    file: str
    sheet: str
    row: int
    record: str
    part: str = "value"


@dataclass(frozen=True)
class Tracer:
    """Finds the rows behind the figures of one engine."""

    engine: Engine

    def rows(self, asked: str, unit: str | None = None) -> list[TracedRow]:
        """The rows behind an indicator for a unit (code or name; the whole tree without).

        A ratio has the rows of its numerator and those of its denominator.
        Raises UsageFault when there is no such indicator or unit.
        """
        defined, member = self.engine.definitions.find(asked)
        tree = self.engine.tree
        code = tree.find(unit).code if unit else tree.root
        return list(self._rows(defined, member, code))

    def _rows(self, defined: Defined, member: str | None, code: str) -> Iterator[TracedRow]:
        if defined.parts:
            for name, part in zip(("numerator", "denominator"), defined.parts, strict=True):
                own = self.engine.definitions.by_id[part]
                yield from self._found(own, None, code, name)
        elif defined.indicator.is_ratio:
            over, under = defined.indicator.numerator, defined.indicator.denominator
            yield from self._found(defined, member, code, "numerator", _condition(over))
            yield from self._found(defined, member, code, "denominator", _condition(under))
        else:
            yield from self._found(defined, member, code, "value")

    def _found(
        self, defined: Defined, member: str | None, code: str, part: str, only: str | None = None
    ) -> Iterator[TracedRow]:
        if defined.relation is None or not defined.relation.traceable:
            return
        store = self.engine.store
        query = FigureQuery(store, self.engine.definitions, defined, self.engine.limited)
        behind = query.behind(
            self.engine.windows["current"], self.engine.nodes.index(code), member, only
        )
        for key in sorted(defined.relation.needs or store.sources):
            sql = (
                f"SELECT t._unit, t._record, t._sheet, t._row FROM ({behind}) b "
                f"JOIN {table_name(key)} t ON t._unit = b._unit AND t._record = b._record "
                f"WHERE b._source = {store.sources.index(key)} ORDER BY t._unit, t._sheet, t._row"
            )
            for unit, record, sheet, row in store.run(defined.ledger, defined.id, sql):
                yield self._traced(key, unit, record, sheet, row, part)

    def _traced(
        self, key: TableKey, unit: UnitKey, record: str, sheet: object, row: int, part: str
    ) -> TracedRow:
        code = self._codes[unit]
        file, name = self.engine.store.place(sheet)
        return TracedRow(code, *key, file, name, row, record, part)

    @cached_property
    def _codes(self) -> dict[UnitKey, str]:
        """Unit codes as they are configured."""
        nodes = self.engine.tree.nodes
        known = self.engine.store.units.items()
        return {n: nodes[code].unit.code for code, n in known if code in nodes}


def _condition(aggregate: str | None) -> str | None:
    """Which of the rows an aggregate of a ratio counts; None for all of them."""
    text = (aggregate or "").strip()
    if text.startswith(_FILTER) and text.endswith(")"):
        return text[len(_FILTER) : -1].removeprefix("WHERE ").strip()
    return None
