"""From the text of a ledger file to one checked piece of SQL, or a fault that names it."""

import logging
from collections.abc import Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from ledgersync.messages import message
from ledgersync.rollup.faults import Place
from ledgersync.rollup.sql.allowed import (
    FRAGMENT,
    FUNCTIONS,
    MAX_NODES,
    MAX_TEXT,
    NAMED,
    RANKS,
    TYPES,
    UNITS,
    VIEW,
    Kinds,
    spoken,
)

logging.getLogger("sqlglot").setLevel(logging.ERROR)  # what it would only warn of is refused here
_JOINS = ("", "INNER", "CROSS", "SEMI", "ANTI", "OUTER")
_SIDES = ("", "LEFT", "RIGHT", "FULL")
_PLAIN_TABLE = {"this", "db", "alias"}


def parse_expression(text: str, place: Place) -> exp.Expr:
    """An expression over the columns of one relation; calls of macros are still in it."""
    return _parsed(text, place)


def parse_view(text: str, place: Place) -> exp.Query:
    """One SELECT (or a UNION of them)."""
    tree = _parsed(text, place)
    if not isinstance(tree, exp.Select | exp.Union):
        raise place.fault(message("这里只能写一条 SELECT"))
    return tree


def _parsed(text: str, place: Place) -> exp.Expr:
    if len(text) > MAX_TEXT:
        raise place.fault(message("太长"))
    try:
        found = sqlglot.parse(text, read="duckdb")
    except (SqlglotError, RecursionError, ValueError) as error:
        raise place.fault(message("SQL 写法不对")) from error
    if len(found) != 1 or found[0] is None:
        raise place.fault(message("只能写一条语句"))
    if not isinstance(found[0], exp.Expr):
        raise place.fault(message("SQL 写法不对"))
    return found[0]


def check_expression(tree: exp.Expr, place: Place) -> None:
    """Raises DefinitionFault for anything that is not on the list of what may be said."""
    _check(tree, FRAGMENT, place)


def check_columns(tree: exp.Expr, known: frozenset[str], place: Place) -> None:
    """Raises DefinitionFault for a column that the rows do not have."""
    for column in tree.find_all(exp.Column):
        if column.table or column.name.lower() not in known:
            raise place.fault(message("没有 {column} 这一列", column=column.sql()))


def check_view(tree: exp.Expr, place: Place) -> None:
    _check(tree, VIEW, place)
    for table in tree.find_all(exp.Table):
        options = {key for key, value in table.args.items() if value}
        if not isinstance(table.this, exp.Identifier) or not options <= _PLAIN_TABLE:
            raise _refused(table.this, place)
    for join in tree.find_all(exp.Join):
        if join.method or join.kind not in _JOINS or join.side not in _SIDES:
            raise _refused(join, place)
    for window in tree.find_all(exp.Window):
        if isinstance(window.this, RANKS) and not window.args.get("order"):
            name = spoken(window.this)
            raise place.fault(message("{name} OVER 要写 ORDER BY", name=name))
    for with_ in tree.find_all(exp.With):
        if with_.args.get("recursive"):
            raise place.fault(message("不允许用 {name}", name="RECURSIVE"))


def _check(tree: exp.Expr, kinds: Kinds, place: Place) -> None:
    refused: list[exp.Expr] = []
    for count, node in enumerate(tree.walk()):
        if count > MAX_NODES:
            raise place.fault(message("宏展开后太长"))
        if type(node) not in kinds or _is_unknown_call(node) or _is_odd(node):
            refused.append(node)
    if refused:  # a function tells more than the subquery around it
        calls = [n for n in refused if isinstance(n, exp.Dot | exp.Func)]
        raise _refused((calls or refused)[0], place)


def _is_unknown_call(node: exp.Expr) -> bool:
    if not isinstance(node, exp.Anonymous):
        return False
    if node.name.lower() == "datesub":
        return not node.expressions or node.expressions[0].name not in UNITS
    return node.name.lower() not in NAMED


def _is_odd(node: exp.Expr) -> bool:
    """Known words in a form that engines read differently, or that reaches further."""
    if isinstance(node, exp.DataType):
        return node.this not in TYPES
    if isinstance(node, exp.Like):
        return not node.expression.is_string or "\\" in node.expression.name
    if isinstance(node, exp.Star):
        return bool(node.args.get("except_") or node.args.get("replace") or node.args.get("rename"))
    if isinstance(node, exp.Column):
        return bool(node.args.get("db") or node.args.get("catalog"))
    return False


def _refused(node: exp.Expr, place: Place) -> Exception:
    name = spoken(node)
    return place.fault(message("不允许用 {name}", name=name))


def function_names() -> Iterator[str]:
    """What the documentation lists."""
    yield from sorted((*FUNCTIONS, *NAMED, "row_number", "rank", "dense_rank"))
