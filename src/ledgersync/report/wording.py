"""Figures as people read them: thousands, percent, `—` for nothing, changes with their sign."""

from decimal import Decimal

from ledgersync.messages import message
from ledgersync.rollup.figures import Figure, Line, Number, RollUp, Window

NOTHING = "—"
NOT_COMPARABLE = "不可比"
HIDDEN = "*"
AT_LEAST = message("不少于{n:,}")
HINT_TEXT = message(
    "同比为较上年同期、环比为较上一个同样长的时期；率的变动为个百分点；基数为零或没有时为“—”，"
    "两期的单位不同、台账当时才开始、基数不足20或本期未完时为“不可比”；"
    "“*”为按规定不显示的小数，其中有这样的数的合计写“不少于…”。户数、人数在各级分别去重，上级数不一定等于下级之和。"
)
HINT = HINT_TEXT.zh


def value_text(figure: Figure | None, line: Line, lang: str = "zh") -> str:
    """`1,017`, `90.5%`, `12,300.00`, `—` for what is not known, `*` for what is not shown."""
    if figure is None or figure.value is None:
        return hidden_text(figure, lang)
    if line.is_ratio:
        return f"{float(figure.value) * 100:.1f}%"
    return f"{figure.value:,.2f}" if isinstance(figure.value, Decimal) else f"{figure.value:,}"


def hidden_text(figure: Figure | None, lang: str = "zh") -> str:
    """`不少于12` for a sum of which parts are not shown."""
    if figure is None or not figure.suppressed:
        return NOTHING
    return AT_LEAST.filled(n=figure.at_least).text(lang) if figure.at_least else HIDDEN


def change(found: RollUp, unit: str, line: Line, base: Window) -> float | None:
    """How much a figure changed: of ratios the difference, of counts the part of the base.

    None where either is not known or hidden, where the base of a count is zero, or where the two
    cannot be compared.
    """
    if (unit, line.id, base) in found.not_comparable:
        return None
    now, then = found.value(unit, line.id), found.value(unit, line.id, base)
    if now is None or then is None:
        return None
    if line.is_ratio:
        return float(now) - float(then)
    return None if then == 0 else _part(now, then)


def _part(now: Number, then: Number) -> float:
    return (float(now) - float(then)) / abs(float(then))


def change_text(found: RollUp, unit: str, line: Line, base: Window) -> str:
    """`+5.2%` of counts, `+2.1个百分点` of ratios, `—` where it cannot be said."""
    value = change(found, unit, line, base)
    if value is None:
        return NOT_COMPARABLE if (unit, line.id, base) in found.not_comparable else NOTHING
    return f"{value * 100:+.1f}{'个百分点' if line.is_ratio else '%'}"
