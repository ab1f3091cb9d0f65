"""Figures as a workbook's cells: value, number format, and which figure it is."""

from decimal import Decimal
from typing import NamedTuple

from ledgersync.report.content import Role, Shown
from ledgersync.report.reading import bounded
from ledgersync.report.sheets import CellValue, change_cell, figure_cell
from ledgersync.report.wording import NOT_COMPARABLE, change, change_text, value_text
from ledgersync.rollup.figures import Line, RollUp, Window, window_periods
from ledgersync.rollup.units.tree import Node


class FigureCell(NamedTuple):
    """What `Page.line` writes; `shown` is None where no figure is known."""

    value: CellValue
    format: str
    shown: Shown | None = None


def figure_at(found: RollUp, node: Node, line: Line, window: Window = "current") -> FigureCell:
    figure = found.get(node.unit.code, line.id, window)
    value, form = figure_cell(figure, line)
    if figure is not None and figure.at_least and window == "current":
        return FigureCell(value, form, bounded(figure, line, found.period.text))
    if figure is None or figure.value is None:
        return FigureCell(value, form)
    role: Role = "base" if window in ("year_before", "previous") else "value"
    period = window_periods(found.period)[window].text
    text = value_text(figure, line)
    return FigureCell(value, form, Shown(text, line.id, period, node.unit.code, role, figure.value))


def change_at(found: RollUp, node: Node, line: Line, base: Window) -> FigureCell:
    """Of a rate the difference, of a count the part of its base."""
    code = node.unit.code
    if (code, line.id, base) in found.not_comparable:
        return FigureCell(NOT_COMPARABLE, "@")
    changed = change(found, code, line, base)
    value, form = change_cell(changed, line)
    if changed is None:
        return FigureCell(value, form)
    role: Role = "change" if line.is_ratio else "change_rate"
    against = window_periods(found.period)[base].text
    text = change_text(found, code, line, base)
    shown = Shown(text, line.id, found.period.text, code, role, changed, against)
    return FigureCell(value, form, shown)


def shown_cell(shown: Shown, line: Line) -> FigureCell:
    """A figure that a table shows, as a number."""
    value = shown.value
    if value is None:
        return FigureCell(shown.text, "@", shown)
    if shown.role in ("numerator", "denominator"):
        return FigureCell(value, "#,##0" if isinstance(value, int) else "#,##0.0", shown)
    if line.is_ratio:
        return FigureCell(float(value), "0.0%", shown)
    form = "#,##0.00" if isinstance(value, Decimal) else "#,##0"
    return FigureCell(value, form if not isinstance(value, float) else "#,##0.0", shown)
