"""Which figures a pseudonymous dataset cannot answer: those that look into what is hashed.

A hash can be compared with another, counted and strung together; a piece of it, or whether it is
`张三`, says nothing. Such an indicator is refused by name, never answered otherwise.
"""

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from ledgersync.rollup.dataset.layout import HASHED
from ledgersync.rollup.sql.statements import Statements

_BLIND = (
    *(exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is, exp.Not, exp.And, exp.Or),
    *(exp.Coalesce, exp.Concat, exp.Case, exp.If, exp.Paren, exp.Count, exp.Distinct, exp.Filter),
    *(exp.Where, exp.Alias, exp.Select, exp.Union, exp.CTE, exp.With, exp.Join, exp.Group),
    *(exp.Subquery, exp.From, exp.Exists, exp.Window, exp.Order, exp.Ordered, exp.Qualify),
    *(exp.GT, exp.GTE, exp.LT, exp.LTE, exp.RowNumber),
)
_COMPARED = (exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_TEXT = (exp.DataType.Type.TEXT, exp.DataType.Type.VARCHAR)


def unanswerable(statements: Statements) -> Iterator[str]:
    """The ids of indicators and views that need more than hashes."""
    hashed, gone = _personal(statements)
    for defined in statements.definitions:
        trees = [sqlglot.parse_one(sql, read="duckdb") for sql in statements.parts_of(defined)]
        columns = {c.name for tree in trees for c in tree.find_all(exp.Column)}
        if columns & gone or any(_looks_into(tree, hashed) for tree in trees):
            yield defined.id
    for (ledger, view), tree in statements.relations.views.items():
        if _looks_into(tree, hashed):
            yield f"{ledger}.{view}"


def _personal(statements: Statements) -> tuple[frozenset[str], frozenset[str]]:
    """Fields that are hashed, and those that are not there at all."""
    fields = [f for _, table in statements.definitions.catalog.tables() for f in table.fields]
    plain = {f.id for f in fields if f.privacy not in HASHED}
    hashed = {f.id for f in fields if f.privacy in HASHED}
    gone = {f.id for f in fields if f.privacy == "address"}
    return frozenset(hashed - plain) | frozenset(hashed & plain), frozenset(gone)


def _looks_into(tree: exp.Expr, hashed: frozenset[str]) -> bool:
    return any(c.name in hashed and _is_read(c, tree) for c in tree.find_all(exp.Column))


def _is_read(column: exp.Expr, tree: exp.Expr) -> bool:
    node: exp.Expr = column
    while node is not tree and node.parent is not None:
        above = node.parent
        is_text = isinstance(above, exp.Cast) and above.to.this in _TEXT
        if not (is_text or isinstance(above, _BLIND)):
            return True
        if isinstance(above, _COMPARED):
            other = above.right if node is above.left else above.left
            return isinstance(other.unnest(), exp.Literal)
        if isinstance(above, exp.If | exp.Case | exp.Is):
            return False
        node = above
    return False
