"""The tables and views that SQL may name: their columns, and the views as checked syntax trees."""

from collections.abc import Iterator, Mapping
from dataclasses import field

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, message
from ledgersync.rollup.columns import declared_columns
from ledgersync.rollup.definitions import Definitions
from ledgersync.rollup.faults import Place, view_place
from ledgersync.rollup.sql.macros import Macros
from ledgersync.rollup.sql.parse import check_view, parse_view
from ledgersync.rollup.sql.portable import portable
from ledgersync.schema import TableKey

Columns = Mapping[str, str]  # name → DuckDB's type
OWN = "main"  # where the engine's own tables are
ENGINE_TABLES: Mapping[str, Columns] = {
    "windows": {
        "_window": "UTINYINT",
        **dict.fromkeys(("first", "last", "opening", "closing"), "DATE"),
    },
    "months": {"_window": "UTINYINT", "last": "DATE"},
}


@dataclass
class Relations:
    """Every table and view by ledger and name; views in an order in which they can be made."""

    columns: dict[str, dict[str, Columns]]
    views: dict[TableKey, exp.Query] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)  # columns that views need, whoever uses them

    def add_view(self, key: TableKey, tree: exp.Query, place: Place) -> None:
        """Raises DefinitionFault for a table or column that is not there."""
        self.named.update(_named_in(tree))
        schema = MappingSchema(dict(self.columns), dialect="duckdb")
        try:
            found = qualify(tree, schema=schema, dialect="duckdb", db=OWN, quote_identifiers=True)
            self._check_tables(found, place)
            _check_no_whole_rows(found, place)
            annotate_types(found, schema=schema, dialect="duckdb")
        except (SqlglotError, RecursionError) as error:
            raise place.fault(_told(error)) from error
        self.named.update(_needed_of_stars(found))
        columns: dict[str, str] = {}
        for column in found.selects:
            if column.alias_or_name in columns:
                name = column.alias_or_name
                raise place.fault(message("两列都叫 {name}", name=name))
            columns[column.alias_or_name] = column.type.sql("duckdb") if column.type else "UNKNOWN"
        self.columns[key[0]][key[1]] = columns
        self.views[key] = found

    def _check_tables(self, tree: exp.Query, place: Place) -> None:
        """A name without a ledger is a CTE's here: all others were given theirs."""
        for table in tree.find_all(exp.Table):
            if table.db and table.name not in self.columns.get(table.db, {}):
                owner = "" if table.db == OWN else f"{table.db}."
                name = f"{owner}{table.name}"
                raise place.fault(message("没有 {name} 这张表", name=name))


def _named_in(tree: exp.Query) -> Iterator[str]:
    """The columns that a tree names, also those that it joins by."""
    yield from (column.name.lower() for column in tree.find_all(exp.Column))
    for join in tree.find_all(exp.Join):
        yield from (column.name.lower() for column in join.args.get("using") or ())


def _needed_of_stars(tree: exp.Query) -> Iterator[str]:
    """Columns that only a star said, and that matter whoever asks.

    Rows are told apart by them, they come together with others by their place, or a list of names
    (`AS v(a, b)`) gives them another.
    """
    wanted: list[exp.Expr] = [
        alias
        for alias in tree.find_all(exp.Alias)
        if isinstance(alias.this, exp.Column) and alias.this.name != alias.alias
    ]
    for select in tree.find_all(exp.Select):
        group = select.args.get("group")
        if select.args.get("distinct") or (group and group.args.get("all")):
            wanted += select.selects
    for union in tree.find_all(exp.Union):
        left, right = union.left, union.right
        assert isinstance(left, exp.Query) and isinstance(right, exp.Query)
        if union.args.get("distinct") or left.named_selects != right.named_selects:
            wanted += [*left.selects, *right.selects]
    for node in wanted:
        yield from (column.name.lower() for column in node.find_all(exp.Column))


def _check_no_whole_rows(tree: exp.Query, place: Place) -> None:
    """A row as one value, and a table's columns by their order: engines differ."""
    for node in tree.find_all(exp.TableColumn, exp.Column, exp.Table):
        if isinstance(node, exp.TableColumn) or node.is_star or node.alias_column_names:
            raise place.fault(message("不允许用 {name}", name=node.sql("duckdb", identify=False)))


def relations_of(definitions: Definitions, macros: Macros) -> Relations:
    """The catalog's tables, then its views. Raises DefinitionFault."""
    found = Relations({OWN: dict(ENGINE_TABLES)})
    for ledger, table in definitions.catalog.tables():
        columns = {name: sql for name, sql, _ in declared_columns(table)}
        found.columns.setdefault(ledger.id, {})[table.id] = columns
    for key, (tree, place) in _in_order(_parsed(definitions, macros)):
        found.add_view(key, tree, place)
    return found


Parsed = dict[TableKey, tuple[exp.Query, Place]]


def _parsed(definitions: Definitions, macros: Macros) -> Parsed:
    found: Parsed = {}
    for schema in definitions.catalog:
        for view in schema.views:
            place = view_place(definitions.file(schema.id), view.id)
            tree = macros.expanded(parse_view(view.sql, place), place)
            check_view(tree, place)
            portable(tree)
            assert isinstance(tree, exp.Query)
            found[schema.id, view.id] = (tree, place)
    return found


def _in_order(parsed: Parsed) -> Iterator[tuple[TableKey, tuple[exp.Query, Place]]]:
    """Each view after those that it is made from; raises DefinitionFault for a circle."""
    done: set[TableKey] = set()

    def visit(key: TableKey, above: tuple[TableKey, ...]) -> Iterator[TableKey]:
        if key in above:
            raise parsed[key][1].fault(message("它由自己得出"))
        if key in done or key not in parsed:
            return
        for table in parsed[key][0].find_all(exp.Table):
            yield from visit((table.db, table.name), (*above, key))
        if key not in done:
            done.add(key)
            yield key

    for key in parsed:
        yield from ((found, parsed[found]) for found in visit(key, ()))


def _told(error: Exception) -> Message:
    """The first line of what the resolver says: which table or column is not known."""
    text = (str(error) or "too deep").strip().splitlines()[0]
    return message("没有这张表或这一列（{text}）", text=text)
