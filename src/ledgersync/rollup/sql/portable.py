"""SQL in a form that every engine answers alike: divisions, means and medians spelled out."""

from sqlglot import exp

_MEDIAN_PLACES = 7  # a half of the last of six places


def portable(tree: exp.Expr) -> exp.Expr:
    """The same tree, changed in place where engines would differ.

    A quotient is of doubles, and nothing where it would be divided by zero; a mean is a sum over a
    count; a median is of doubles, without the last digits that engines interpolate in their ways.
    """
    root = exp.Paren(this=tree)  # the outermost node may be replaced, too
    for mean in list(root.find_all(exp.Avg)):
        _whole(mean).replace(_mean(mean))
    for quotient in list(root.find_all(exp.Div)):
        quotient.set("this", _double(quotient.left))
        quotient.set("expression", _unless_zero(quotient.right))
    for whole in list(root.find_all(exp.IntDiv, exp.Mod)):
        whole.set("expression", _unless_zero(whole.expression))
    for median in list(root.find_all(exp.Median)):
        median.set("this", _double(median.this))
        found = _whole(median)
        places = exp.Literal.number(_MEDIAN_PLACES)
        found.replace(exp.Round(this=found.copy(), decimals=places))
    for text in list(root.find_all(exp.Concat)):
        text.set("expressions", [_text(part) for part in text.expressions])
    kept: exp.Expr = root.this.pop()
    return kept


def _mean(mean: exp.Expr) -> exp.Expr:
    """`avg(x)`, or `avg(x) FILTER (…)`, which is the parent's to keep."""
    total, count = exp.Sum(this=mean.this.copy()), exp.Count(this=mean.this.copy())
    if isinstance(mean.parent, exp.Filter):
        where = mean.parent.expression
        sides: tuple[exp.Expr, exp.Expr] = (
            exp.Filter(this=total, expression=where.copy()),
            exp.Filter(this=count, expression=where.copy()),
        )
    else:
        sides = (total, count)
    return exp.Paren(this=exp.Div(this=sides[0], expression=sides[1]))


def _whole(aggregate: exp.Expr) -> exp.Expr:
    """An aggregate with its filter."""
    above = aggregate.parent
    return above if isinstance(above, exp.Filter) else aggregate


def _double(value: exp.Expr) -> exp.Expr:
    return exp.cast(in_brackets(value), "DOUBLE")


def _text(value: exp.Expr) -> exp.Expr:
    return value if value.is_string else exp.cast(in_brackets(value), "TEXT")


def _unless_zero(value: exp.Expr) -> exp.Expr:
    return exp.Nullif(this=in_brackets(value), expression=exp.Literal.number(0))


def in_brackets(value: exp.Expr) -> exp.Expr:
    """A copy of an expression that can stand anywhere in another."""
    plain = (exp.Paren, exp.Column, exp.Literal, exp.Placeholder, exp.Func)
    is_plain = isinstance(value, plain) and not isinstance(value, exp.And | exp.Or)
    return value.copy() if is_plain else exp.Paren(this=value.copy())
