"""Checks the SQL of all definitions and writes it anew: every part of an indicator, every view.

What comes out is written from the syntax tree, with the macros in place and every column named in
full; of the text of a ledger file nothing reaches an engine as it was typed.
"""

from functools import cached_property

import sqlglot
from sqlglot import exp

from ledgersync.dataclass import dataclass
from ledgersync.messages import message
from ledgersync.rollup.definitions import COMMON, Defined, Definitions
from ledgersync.rollup.faults import Place, indicator_place
from ledgersync.rollup.sql.allowed import AGGREGATES, PERIOD_DAYS
from ledgersync.rollup.sql.macros import Macros
from ledgersync.rollup.sql.parse import check_columns, check_expression, parse_expression
from ledgersync.rollup.sql.portable import portable
from ledgersync.rollup.sql.relations import Relations, relations_of

_COMMON_COLUMNS = {
    "units": frozenset(("_unit", "households", "residents", "reported")),
    "quality": frozenset(("_source", "_unit", "_record", "faulty")),
    "submissions": frozenset(("_unit", "_window", "due", "on_time")),
}
_AGGREGATED = ("value", "numerator", "denominator")


@dataclass(frozen=True)
class Compiler:
    """Writes the SQL of a definition's parts; whatever is wrong is a DefinitionFault by name."""

    definitions: Definitions

    @cached_property
    def macros(self) -> Macros:
        found = Macros()
        for macro in self.definitions.common_macros:
            found.declare("", macro, self.definitions.file(COMMON))
        for schema in self.definitions.catalog:
            for macro in schema.macros:
                found.declare(schema.id, macro, self.definitions.file(schema.id))
        return found

    @cached_property
    def relations(self) -> Relations:
        return relations_of(self.definitions, self.macros)

    def part(self, defined: Defined, key: str, declared: str) -> str:
        """What an indicator declares as `key`, over rows `f` and windows `w`."""
        place = indicator_place(self.definitions.file(defined.ledger), defined.id, key)
        tree = self.macros.expanded(parse_expression(declared, place), place)
        columns = list(tree.find_all(exp.Column))
        for node in list(tree.find_all(exp.Placeholder)):
            if node.name in PERIOD_DAYS:
                node.replace(exp.column(f"_{node.name}", table="w", quoted=True))
        check_expression(tree, place)
        known = self.columns(defined)
        for column in columns:
            check_columns(column, known, place)
        _check_aggregates(tree, place, wanted=key in _AGGREGATED)
        for column in columns:
            column.replace(exp.column(column.name.lower(), table="f", quoted=True))
        return portable(tree).sql("duckdb", comments=False)

    def columns(self, defined: Defined) -> frozenset[str]:
        """What the SQL of an indicator may name."""
        if defined.ledger == COMMON:
            return _COMMON_COLUMNS[defined.indicator.rows or ""]
        assert defined.relation is not None, "a ratio of other figures has no rows of its own"
        ledger, name = defined.relation.key
        columns = frozenset(self.relations.columns[ledger][name])
        then = defined.indicator.then
        return columns | {f"{name}_then" for name in then} | {"_then_known"} if then else columns


def _check_aggregates(tree: exp.Expr, place: Place, *, wanted: bool) -> None:
    """A figure is one aggregate over its rows; a filter, a date or a key is of each row."""
    found = list(tree.find_all(*AGGREGATES))
    if not wanted and found:
        raise place.fault(message("这里不能有合计"))
    if wanted and not (found and all(_is_within(c, tree) for c in tree.find_all(exp.Column))):
        raise place.fault(message("列要放在 count、sum 等合计里"))


def _is_within(column: exp.Expr, tree: exp.Expr) -> bool:
    return any(isinstance(p, (*AGGREGATES, exp.Filter)) for p in _above(column, tree))


def _above(node: exp.Expr, top: exp.Expr) -> list[exp.Expr]:
    found = []
    while node is not top and node.parent is not None:
        node = node.parent
        found.append(node)
    return found


def shape_of(sql: str) -> tuple[list[str], list[str], str]:
    """Of a part that was written: the columns it names, its aggregates, its outermost node."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    columns = sorted({column.name for column in tree.find_all(exp.Column)})
    aggregates = sorted({type(a).__name__.lower() for a in tree.find_all(exp.AggFunc)})
    top = _aggregate_of(tree)
    return columns, aggregates, type(top).__name__.lower()


def _aggregate_of(tree: exp.Expr) -> exp.Expr:
    """The outermost node without brackets, filter, and what a median is rounded to."""
    top = tree.unnest()
    if isinstance(top, exp.Round) and top.find(exp.Median):
        top = top.this.unnest()
    return top.this if isinstance(top, exp.Filter) else top


def columns_of(tree: exp.Expr) -> list[str]:
    """The columns that a tree names."""
    return sorted({column.name for column in tree.find_all(exp.Column)})
