"""The checked SQL of all definitions: every part of an indicator and every view, ready to run.

What comes out is written anew from the syntax tree, with the macros in place and every column named
in full; of the text of a ledger file nothing reaches an engine as it was typed.
"""

from dataclasses import dataclass, field
from functools import cached_property

import sqlglot
from sqlglot import exp

from ledgersync.messages import message
from ledgersync.rollup.definitions import COMMON, Defined, Definitions, load_definitions
from ledgersync.rollup.sql.allowed import AGGREGATES, PERIOD_DAYS
from ledgersync.rollup.sql.faults import Place, indicator_place
from ledgersync.rollup.sql.macros import Macros
from ledgersync.rollup.sql.parse import check_columns, check_expression, parse_expression
from ledgersync.rollup.sql.portable import portable
from ledgersync.rollup.sql.relations import Relations, relations_of
from ledgersync.schema import Catalog, TableKey

_COMMON_COLUMNS = {
    "units": frozenset(("_unit", "households", "residents", "reported")),
    "quality": frozenset(("_source", "_unit", "_record", "faulty")),
    "submissions": frozenset(("_unit", "_window", "due", "on_time")),
}
_AGGREGATED = ("value", "numerator", "denominator")
_PARTS = ("date", "where", "unknown", "doubt", *_AGGREGATED, "distinct")


@dataclass(frozen=True)
class Statements:
    """Gives the SQL of a definition's parts; whatever is wrong is a DefinitionFault by name."""

    definitions: Definitions
    _parts: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def check(self) -> None:
        """Every macro, view and indicator of every ledger, before anything runs."""
        self.macros.check()
        _ = self.relations
        for defined in self.definitions:
            self.parts_of(defined)

    def parts_of(self, defined: Defined) -> list[str]:
        """All SQL that an indicator declares."""
        keys = _PARTS if defined.relation is not None else ()
        return [self.part(defined, k) for k in keys if getattr(defined.indicator, k) is not None]

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

    @cached_property
    def views(self) -> dict[TableKey, str]:
        """The SQL of every view, each after those it is made from."""
        found = self.relations.views.items()
        return {key: tree.sql("duckdb", comments=False) for key, tree in found}

    def part(self, defined: Defined, key: str, text: str | None = None) -> str:
        """What an indicator declares as `key` (or `text`), over rows `f` and windows `w`."""
        declared = text if text is not None else getattr(defined.indicator, key)
        found = self._parts.get((defined.id, key, declared))
        if found is None:
            found = self._parts[defined.id, key, declared] = self._rendered(defined, key, declared)
        return found

    def _rendered(self, defined: Defined, key: str, declared: str) -> str:
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

    @cached_property
    def named_columns(self) -> frozenset[str]:
        """Every column that some figure is counted from, by name alone."""
        found = {d.indicator.by for d in self.definitions if d.indicator.by}
        for schema in self.definitions.catalog:
            dates = (schema.dated_by(table.id) for table in schema.tables)
            found.update(f.id for f in dates if f)
        for defined in self.definitions:
            found.update(defined.indicator.then)
            for sql in self.parts_of(defined):
                tree = sqlglot.parse_one(sql, read="duckdb")
                found.update(column.name for column in tree.find_all(exp.Column))
        return frozenset(found | self.relations.named)

    @cached_property
    def then_fields(self) -> dict[TableKey, tuple[str, ...]]:
        """The fields of which earlier states are asked, by table."""
        return self.definitions.then_fields()

    def columns(self, defined: Defined) -> frozenset[str]:
        """What the SQL of an indicator may name."""
        if defined.ledger == COMMON:
            return _COMMON_COLUMNS[defined.indicator.rows or ""]
        assert defined.relation is not None, "a ratio of other figures has no rows of its own"
        ledger, name = defined.relation.key
        columns = frozenset(self.relations.columns[ledger][name])
        then = defined.indicator.then
        return columns | {f"{name}_then" for name in then} | {"_then_known"} if then else columns


def checked_statements(catalog: Catalog) -> Statements:
    """The SQL of a catalog's definitions; raises DefinitionFault for the first that is wrong.

    A catalog is checked once, since a report asks for many periods.
    """
    for known in _CHECKED:
        if known.definitions.catalog == catalog:
            return known
    statements = Statements(load_definitions(catalog))
    statements.check()
    _CHECKED[:] = [statements]
    return statements


_CHECKED: list[Statements] = []  # the last one


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
