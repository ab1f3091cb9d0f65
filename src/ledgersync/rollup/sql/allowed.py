"""What the SQL of a ledger file may say.

Everything that is not listed is refused: whatever reads a file, a network, another database, the
environment or the engine's own settings, and whatever two engines would answer differently.
"""

from sqlglot import exp

Kinds = frozenset[type[exp.Expr]]

_VALUES: Kinds = frozenset(
    (
        *(exp.Column, exp.Identifier, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Star),
        *(exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between, exp.Like),
        *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ),
        *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.DPipe),
        *(exp.Case, exp.If, exp.Cast, exp.TryCast, exp.DataType, exp.DataTypeParam),
        *(exp.Filter, exp.Where, exp.Distinct),
    )
)
FUNCTIONS: dict[str, type[exp.Expr]] = {
    "count": exp.Count,
    "sum": exp.Sum,
    "min": exp.Min,
    "max": exp.Max,
    "avg": exp.Avg,
    "median": exp.Median,
    "coalesce": exp.Coalesce,
    "nullif": exp.Nullif,
    "greatest": exp.Greatest,
    "least": exp.Least,
    "abs": exp.Abs,
    "concat": exp.Concat,
    "lower": exp.Lower,
    "upper": exp.Upper,
    "length": exp.Length,
    "trim": exp.Trim,
    "substring": exp.Substring,
    "replace": exp.Replace,
    "contains": exp.Contains,
    "starts_with": exp.StartsWith,
    "ends_with": exp.EndsWith,
    "list_contains": exp.ArrayContains,
    "year": exp.Year,
    "month": exp.Month,
    "day": exp.Day,
    "to_days": exp.ToDays,
}
# Not functions of sqlglot's own; each engine has its words for them (`engines/`).
NAMED = frozenset(("datesub", "to_months"))
UNITS = ("day", "month")  # what `datesub` may count
FRAGMENT: Kinds = _VALUES | frozenset(FUNCTIONS.values()) | {exp.Anonymous}

_WINDOWED = {"row_number": exp.RowNumber, "rank": exp.Rank, "dense_rank": exp.DenseRank}
RANKS = tuple(_WINDOWED.values())  # without an order they say something else each time
VIEW: Kinds = FRAGMENT | frozenset(
    (
        *(exp.Select, exp.From, exp.Join, exp.Table, exp.TableAlias, exp.Alias, exp.Subquery),
        *(exp.CTE, exp.With, exp.Group, exp.Having, exp.Qualify, exp.Order, exp.Ordered),
        *(exp.Window, exp.Union, exp.Exists, exp.Var),
        *_WINDOWED.values(),
    )
)
# To whole numbers one engine rounds and the other cuts off: no such type.
TYPES = frozenset(
    (
        *(exp.DataType.Type.DATE, exp.DataType.Type.BOOLEAN, exp.DataType.Type.VARCHAR),
        *(exp.DataType.Type.TEXT, exp.DataType.Type.DOUBLE, exp.DataType.Type.DECIMAL),
    )
)
PERIOD_DAYS = frozenset(("first", "last", "opening", "closing"))
AGGREGATES = (exp.Count, exp.Sum, exp.Min, exp.Max, exp.Avg, exp.Median)
MAX_TEXT = 20_000
MAX_NODES = 20_000


def spoken(node: exp.Expr) -> str:
    """What a refused piece of SQL is called in a message."""
    if isinstance(node, exp.Dot | exp.Anonymous):
        owner = f"{node.this.name}." if isinstance(node, exp.Dot) else ""
        return f"{owner}{node.name}()"
    if isinstance(node, exp.Placeholder):
        return f":{node.name}"
    if isinstance(node, exp.Command):
        return str(node.this).upper()
    if isinstance(node, exp.Func):
        return f"{type(node).sql_name().lower()}()"
    return type(node).key.upper()
