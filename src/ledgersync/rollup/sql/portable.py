"""SQL in a form that every engine answers alike: divisions, means and medians spelled out."""

from sqlglot import exp


def portable(tree: exp.Expr) -> exp.Expr:
    """The same tree, changed in place where engines would differ.

    A quotient is of doubles, and nothing where it would be divided by zero; a mean is a sum over a
    count;
    a median is of doubles.
    """
    for mean in list(tree.find_all(exp.Avg)):
        _replace(mean, _mean(mean))
    for quotient in list(tree.find_all(exp.Div)):
        quotient.set("this", _double(quotient.left))
        quotient.set("expression", _unless_zero(quotient.right))
    for whole in list(tree.find_all(exp.IntDiv, exp.Mod)):
        whole.set("expression", _unless_zero(whole.expression))
    for median in list(tree.find_all(exp.Median)):
        median.set("this", _double(median.this))
    for text in list(tree.find_all(exp.Concat)):
        text.set("expressions", [_text(part) for part in text.expressions])
    return tree


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


def _replace(mean: exp.Expr, by: exp.Expr) -> None:
    whole = mean.parent if isinstance(mean.parent, exp.Filter) else mean
    whole.replace(by)


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
