"""DuckDB's SQL in Spark's words, translated on the syntax tree. Pure.

Types are known from the tables' columns, because a date minus a date is days in one engine and an
interval in the other.
"""

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

OWN = "main"


def spark_name(schema: str, table: str) -> str:
    """The temporary view that stands for a table."""
    return f"{schema}__{table}".replace(".", "__")


def spark_sql(sql: str, schema: MappingSchema) -> str:
    """One statement, its tables named as Spark's temporary views."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    tree = qualify(tree, schema=schema, dialect="duckdb", db=OWN, quote_identifiers=True)
    tree = annotate_types(tree, schema=schema, dialect="duckdb")
    for node in list(tree.find_all(exp.Add, exp.Sub)):
        _date_arithmetic(node)
    for call in list(tree.find_all(exp.Anonymous)):
        if call.name.lower() == "datesub":
            call.replace(_elapsed(call))
    for table in tree.find_all(exp.Table):
        if table.db:
            alias = exp.to_identifier(table.alias_or_name, quoted=True)
            name = exp.to_identifier(spark_name(table.db, table.name), quoted=True)
            table.replace(exp.Table(this=name, alias=exp.TableAlias(this=alias)))
    for cte in tree.find_all(exp.CTE):
        cte.set("materialized", None)
    for join in tree.find_all(exp.Join):
        if join.kind in ("SEMI", "ANTI"):
            join.set("side", "LEFT")
    return tree.sql(dialect="spark", comments=False)


def _date_arithmetic(node: exp.Binary) -> None:
    left, right = node.left, node.right
    if isinstance(right, exp.Anonymous) and right.name.lower() == "to_months":
        node.replace(_call("add_months", left, right.expressions[0]))
    elif isinstance(right, exp.ToDays):
        node.replace(_call("date_add", left, exp.cast(right.this.copy(), "INT")))
    elif _is_date(left) and _is_date(right) and isinstance(node, exp.Sub):
        node.replace(_call("datediff", left, right))
    elif _is_date(left) and not _is_date(right):
        node.replace(_call("date_add" if isinstance(node, exp.Add) else "date_sub", left, right))


def _is_date(node: exp.Expr) -> bool:
    return bool(node.type and node.type.this == exp.DataType.Type.DATE)


def _elapsed(call: exp.Expr) -> exp.Expr:
    """Whole days or months from one date to another, a part of a month not counted.

    As DuckDB counts: the last day of a month ends a month begun on any later day of one.
    """
    unit, first, last = call.expressions
    if unit.name == "day":
        return _call("datediff", last, first)
    ahead, back = _months(first, last), _months(last, first)
    turned = exp.LT(this=last.copy(), expression=first.copy())
    return exp.Paren(this=exp.Case().when(turned, exp.Neg(this=exp.Paren(this=back))).else_(ahead))


def _months(first: exp.Expr, last: exp.Expr) -> exp.Expr:
    years = exp.Sub(this=_call("year", last), expression=_call("year", first))
    months = exp.Sub(this=_call("month", last), expression=_call("month", first))
    is_short = exp.and_(
        exp.LT(this=_call("day", last), expression=_call("day", first)),
        exp.LT(this=last.copy(), expression=_call("last_day", last)),
    )
    begun = exp.Case().when(is_short, exp.Literal.number(1)).else_(exp.Literal.number(0))
    twelve = exp.Mul(this=exp.Paren(this=years), expression=exp.Literal.number(12))
    whole = exp.Add(this=twelve, expression=exp.Paren(this=months))
    return exp.Sub(this=whole, expression=exp.Paren(this=begun))


def _call(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[a.copy() for a in arguments])
