"""The checked SQL of all definitions, ready to run: compiled once, kept until a definition changes.

What is kept is what `compiler` wrote; sqlglot is imported where something has to be compiled.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ledgersync.dataclass import dataclass
from ledgersync.rollup.definitions import Defined, Definitions, load_definitions
from ledgersync.rollup.sql.kept import Kept, keep, kept_for, source_key
from ledgersync.schema import Catalog, TableKey

if TYPE_CHECKING:  # a tenth of a second
    from ledgersync.rollup.sql.compiler import Compiler
    from ledgersync.rollup.sql.relations import Relations

_PARTS = ("date", "where", "unknown", "doubt", "value", "numerator", "denominator", "distinct")
PACKAGED = Path(__file__).parent
Part = tuple[str, str, str]  # indicator, key, what it declares


@dataclass(frozen=True, slots=True)
class Shape:
    """What a part is made of: columns, aggregates and outermost node, by their lower-case names."""

    columns: tuple[str, ...]
    aggregates: tuple[str, ...]
    top: str


@dataclass(frozen=True)
class Statements:
    """Gives the SQL of a definition's parts; whatever is wrong is a DefinitionFault by name."""

    definitions: Definitions
    _parts: dict[Part, str] = field(default_factory=dict)
    _shapes: dict[str, Shape] = field(default_factory=dict)
    _views: dict[TableKey, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    _of_views: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, definitions: Definitions, kept: Kept) -> "Statements":
        """Those that were checked and kept earlier."""
        found = cls(definitions)
        found._parts.update(((i, key, declared), sql) for i, key, declared, sql in kept["parts"])
        found._shapes.update(
            (sql, Shape(tuple(columns), tuple(aggregates), top))
            for sql, columns, aggregates, top in kept["shapes"]
        )
        for ledger, view, sql, columns in kept["views"]:
            found._views[ledger, view] = (sql, tuple(columns))
        found._of_views.update(kept["of_views"])
        return found

    def check(self) -> None:
        """Every macro, view and indicator of every ledger, before anything runs."""
        from ledgersync.rollup.sql.compiler import columns_of

        self.compiler.macros.check()
        for key, tree in self.relations.views.items():
            self._views[key] = (tree.sql("duckdb", comments=False), tuple(columns_of(tree)))
        self._of_views.update(self.relations.named)
        for defined in self.definitions:
            for sql in self.parts_of(defined):
                self.shape(sql)

    def kept(self) -> Kept:
        """What `of` takes; call `check` first."""
        return {
            "parts": [[*part, sql] for part, sql in self._parts.items()],
            "shapes": [
                [sql, list(s.columns), list(s.aggregates), s.top] for sql, s in self._shapes.items()
            ],
            "views": [[*key, sql, list(names)] for key, (sql, names) in self._views.items()],
            "of_views": sorted(self._of_views),
        }

    @cached_property
    def compiler(self) -> "Compiler":
        from ledgersync.rollup.sql.compiler import Compiler

        return Compiler(self.definitions)

    @property
    def relations(self) -> "Relations":
        """Tables and views with their columns, the views as trees."""
        return self.compiler.relations

    def parts_of(self, defined: Defined) -> list[str]:
        """All SQL that an indicator declares."""
        keys = _PARTS if defined.relation is not None else ()
        return [self.part(defined, k) for k in keys if getattr(defined.indicator, k) is not None]

    @property
    def views(self) -> dict[TableKey, str]:
        """The SQL of every view, each after those it is made from."""
        return {key: sql for key, (sql, _) in self._views.items()}

    def part(self, defined: Defined, key: str, text: str | None = None) -> str:
        """What an indicator declares as `key` (or `text`), over rows `f` and windows `w`."""
        declared = text if text is not None else getattr(defined.indicator, key)
        found = self._parts.get((defined.id, key, declared))
        if found is None:
            found = self.compiler.part(defined, key, declared)
            self._parts[defined.id, key, declared] = found
        return found

    def shape(self, sql: str) -> Shape:
        """What a part is made of."""
        if sql not in self._shapes:
            from ledgersync.rollup.sql.compiler import shape_of

            columns, aggregates, top = shape_of(sql)
            self._shapes[sql] = Shape(tuple(columns), tuple(aggregates), top)
        return self._shapes[sql]

    def view_columns(self, key: TableKey) -> tuple[str, ...]:
        """The columns that a view names; none of what is no view."""
        return self._views[key][1] if key in self._views else ()

    def asked_by(self, sql: str) -> tuple[str, frozenset[str]]:
        """A statement with the views behind it, and the columns that running it needs.

        By name alone, with words that are no columns; of views what they say by name: what a star
        passes on, the statement names itself.
        """
        whole, words = sql, _words(sql)
        for (_, view), (text, _) in reversed(self._views.items()):
            if view in _words(whole):
                words = words | (_words(text) & self._of_views)
                whole += text
        return whole, words

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
                found.update(self.shape(sql).columns)
        return frozenset(found | self._of_views)

    @cached_property
    def then_fields(self) -> Mapping[TableKey, tuple[str, ...]]:
        """The fields of which earlier states are asked, by table."""
        return self.definitions.then_fields()


def checked_statements(catalog: Catalog, folder: Path | None = None) -> Statements:
    """The SQL of a catalog's definitions; raises DefinitionFault for the first that is wrong.

    A catalog is checked once, since a report asks for many periods; what was checked is kept in
    `folder` for the next process, unless the package brings it along (`compiled`).
    """
    for known in _CHECKED:
        if known.definitions.catalog == catalog:
            return known
    definitions = load_definitions(catalog)
    key = source_key(catalog) if folder else ""
    kept = kept_for(PACKAGED, key) or kept_for(folder, key) if folder else None
    if kept:
        statements = Statements.of(definitions, kept)
    else:
        statements = Statements(definitions)
        statements.check()
        if folder:
            keep(folder, key, statements.kept())
    _CHECKED[:] = [statements]
    return statements


@cache
def _words(sql: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", sql))


_CHECKED: list[Statements] = []  # the last one
