"""The rows behind a number: where each can be seen, and what it brings to the number."""

from collections.abc import Iterator
from dataclasses import field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.messages import message
from ledgersync.rollup.assembly import Assembly, Request
from ledgersync.rollup.definitions import Defined
from ledgersync.rollup.engine import Engine, plain_number
from ledgersync.rollup.engines import UnitKey, table_name
from ledgersync.rollup.facts import MissingUnit
from ledgersync.rollup.figures import Figure, Line, Number
from ledgersync.rollup.queries import FigureQuery
from ledgersync.rollup.traced import TracedRow
from ledgersync.rollup.units.tree import Node
from ledgersync.schema import TableKey

How = Literal["sum", "distinct", "median", "ratio", "extreme", "other"]
_SETTINGS = ("common", "units", "ledgersync.toml")


@dataclass(frozen=True)
class Trace:
    """A number, how it comes about, and the rows that it comes from."""

    line: Line
    node: Node
    how: How
    figure: Figure | None  # None where no unit has what it needs
    rows: list[TracedRow]
    missing: list[MissingUnit] = field(default_factory=list)

    @property
    def value(self) -> Number | None:
        return self.figure.value if self.figure else None


@dataclass(frozen=True)
class Tracer:
    """Finds the rows behind the figures of one engine; `request` says who is missing."""

    engine: Engine
    request: Request | None = None

    @cached_property
    def assembly(self) -> Assembly:
        engine = self.engine
        given = self.request or Request(
            engine.definitions.catalog, engine.tree, engine.period, engine.today
        )
        return Assembly(engine, given)

    def trace(self, asked: str, unit: str | None = None) -> Trace:
        """The number of a unit (code or name; of the whole tree without) and the rows behind it.

        A ratio has the rows of its numerator and those of its denominator.
        Raises UsageFault when there is no such indicator or unit.
        """
        line = self._line(asked)
        tree = self.engine.tree
        node = tree.find(unit) if unit else tree.nodes[tree.root]
        figure = self.assembly.figure(node, line)
        rows = list(self._rows(line, node.code)) if figure else []
        return Trace(
            line, node, how(self.engine, line.defined), figure, rows, self._lacks(line, node)
        )

    def _line(self, asked: str) -> Line:
        """The line of an indicator, or of the member of a family that is meant."""
        named = (line for line in self.assembly.lines if asked in (line.id, line.name))
        if found := next(named, None):
            return found
        defined, member = self.engine.definitions.find(asked)
        name = defined.indicator.name
        if defined.indicator.by and member is None:
            lines = [x.name for x in self.assembly.lines if x.defined is defined]
            raise UsageFault(
                message("“{name}”是一类一个数，请写出是哪一类。", name=name.replace("{}", "…")),
                message("这一期有：{names}。", names=lines or [message("（空）")]),
            )
        return Line(asked, name.format(member) if member else name, defined, member)

    def _lacks(self, line: Line, node: Node) -> list[MissingUnit]:
        """What is missing of the units below that this figure would need."""
        ledgers = {ledger for ledger, _ in self.engine.definitions.needs(line.defined)}
        below = {n.unit.code for n in self.engine.tree.under(node.code)}
        return [
            m
            for m in self.assembly.missing
            if m.unit in below and (m.ledger in ledgers or (m.ledger is None and ledgers))
        ]

    def _rows(self, line: Line, code: str) -> Iterator[TracedRow]:
        defined = line.defined
        if defined.parts:
            common = self.assembly.rates.restrict(defined, code, self._window)
            for name, part in zip(("numerator", "denominator"), defined.parts, strict=True):
                own = self.engine.definitions.by_id[part]
                behind = RowsBehind(self.engine, own, None, code, common=common)
                yield from behind.all("value", name)
        else:
            behind = RowsBehind(self.engine, defined, line.member, code)
            parts = ("numerator", "denominator") if defined.indicator.is_ratio else ("value",)
            for part in parts:
                yield from behind.all(part, part)

    @property
    def _window(self) -> int:
        return self.engine.windows["current"]


@dataclass(frozen=True)
class RowsBehind:
    """The rows of one indicator with rows of its own, for one unit of the tree."""

    engine: Engine
    defined: Defined
    member: str | None
    code: str
    common: bool = False

    def all(self, key: str, part: str) -> Iterator[TracedRow]:
        """The rows that an aggregate counts, named as a part of the figure."""
        relation = self.defined.relation
        if relation is None:
            return
        found = self._found(key)
        if not relation.traceable:
            yield from (replace(r, part=part) for r in self._of_settings(found))
            return
        for row in self._placed(found):
            yield replace(row, part=part)

    def _found(self, key: str) -> str:
        engine = self.engine
        query = FigureQuery(
            engine.store, engine.definitions, self.defined, engine.limited, self.common
        )
        window, node = engine.windows["current"], engine.nodes.index(self.code)
        return query.contributions(window, node, self.member, key)

    def _placed(self, found: str) -> Iterator[TracedRow]:
        """Each with its place, in the order of the places; groups are numbered in that order."""
        groups: dict[Any, int] = {}
        for key, (unit, record, sheet, row, brings) in self._in_order(found):
            file, name = self.engine.store.place(sheet)
            traced = TracedRow(self._codes[unit], *key, file, name, row, record)
            if self.defined.indicator.distinct is None:
                number = plain_number(brings, money=self.defined.indicator.measure == "元")
                if number:
                    yield replace(traced, contribution=number)
                elif self._is_every_row:
                    yield replace(traced, contribution=number or 0)
            else:
                is_new = brings not in groups
                group = groups.setdefault(brings, len(groups) + 1)
                yield replace(traced, contribution=int(is_new), group=group)

    @property
    def _is_every_row(self) -> bool:
        """Of a sum the rows that bring nothing are shown, of a condition only those that fit."""
        return not self.defined.indicator.is_ratio

    def _in_order(self, found: str) -> Iterator[tuple[TableKey, tuple[Any, ...]]]:
        store = self.engine.store
        relation = self.defined.relation
        for key in sorted((relation.needs if relation else ()) or store.sources):
            sql = (
                f"SELECT t._unit, t._record, t._sheet, t._row, b._brings FROM ({found}) b "
                f"JOIN {table_name(key)} t ON t._unit = b._unit AND t._record = b._record "
                f"WHERE b._source = {store.sources.index(key)} ORDER BY t._unit, t._sheet, t._row"
            )
            for row in store.run(self.defined.ledger, self.defined.id, sql):
                yield key, row

    def _of_settings(self, found: str) -> Iterator[TracedRow]:
        """What `ledgersync.toml` says of units; of submissions there are no rows."""
        if self.defined.relation is None or self.defined.relation.sql != "_units":
            return
        for unit, brings in self.engine.store.run(self.defined.ledger, self.defined.id, found):
            ledger, table, file = _SETTINGS
            code = self._codes[unit]
            yield TracedRow(code, ledger, table, file, "", 0, code, contribution=brings or 0)

    @cached_property
    def _codes(self) -> dict[UnitKey, str]:
        """Unit codes as they are configured."""
        nodes = self.engine.tree.nodes
        known = self.engine.store.units.items()
        return {n: nodes[code].unit.code for code, n in known if code in nodes}


def how(engine: Engine, defined: Defined) -> How:
    """How a figure comes from what its rows bring."""
    indicator = defined.indicator
    if indicator.is_ratio:
        return "ratio"
    if indicator.distinct is not None:
        return "distinct"
    statements = engine.store.statements
    top = statements.shape(statements.part(defined, "value")).top
    if top == "median":
        return "median"
    if top in ("max", "min"):
        return "extreme"
    is_set = defined.relation is not None and not defined.relation.traceable
    return "sum" if is_set or top in ("count", "sum") else "other"


def total(rows: list[TracedRow], part: str = "value") -> Number:
    """What the rows of a part come to together."""
    brought = [r.contribution for r in rows if r.part == part and r.contribution is not None]
    amounts = [b for b in brought if isinstance(b, Decimal)]
    return sum(amounts, Decimal(0)) if len(amounts) == len(brought) and amounts else sum(brought)
