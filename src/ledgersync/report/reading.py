"""Figures as a text or a page takes them from a roll-up: as `Shown`, with their comparison.

Changes are told where the base is known and may be compared with (`rollup/caveats/comparing.py`).
"""

from collections.abc import Container, Iterator
from decimal import Decimal

from ledgersync.dataclass import dataclass
from ledgersync.report.content import Role, Shown
from ledgersync.report.wording import hidden_text
from ledgersync.rollup.figures import Figure, Line, Number, RollUp, Window, window_periods
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.units.tree import Node


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure changed against a base that it may be compared with."""

    now: Number
    then: Number
    against: str

    @property
    def difference(self) -> Number:
        """Exact, whatever the two are."""
        found = Decimal(str(self.now)) - Decimal(str(self.then))
        if isinstance(self.now, Decimal):
            return found
        is_whole = isinstance(self.now, int) and isinstance(self.then, int)
        return int(found) if is_whole else float(found)

    @property
    def rate(self) -> float:
        return (float(self.now) - float(self.then)) / abs(float(self.then))


@dataclass(frozen=True)
class Reading:
    """One unit's figures of a roll-up."""

    found: RollUp

    @property
    def top(self) -> Node:
        return self.found.tree.nodes[self.found.tree.root]

    @property
    def _apart(self) -> Container[tuple[str, str, Window]]:
        return self.found.not_comparable

    @property
    def period(self) -> Period:
        return self.found.period

    def line(self, indicator: str) -> Line | None:
        return next((x for x in self.found.lines if x.id == indicator), None)

    def family(self, stem: str) -> list[Line]:
        """The members of a family, as the roll-up orders them."""
        return [x for x in self.found.lines if x.member is not None and x.id.startswith(f"{stem}.")]

    def value(self, indicator: str, unit: str | None = None) -> Number | None:
        return self.found.value(unit or self.top.unit.code, indicator)

    def figure(self, indicator: str, unit: str | None = None) -> Figure | None:
        return self.found.get(unit or self.top.unit.code, indicator)

    def shown(
        self, indicator: str, unit: str | None = None, window: Window = "current"
    ) -> Shown | None:
        """The figure as a sentence says it; None where it is not known or not shown."""
        code = unit or self.top.unit.code
        value, line = self.found.value(code, indicator, window), self.line(indicator)
        if value is None or line is None:
            return None
        role: Role = "base" if window in ("year_before", "previous") else "value"
        period = window_periods(self.period)[window].text
        return Shown(plain_text(value, line), indicator, period, code, role, value)

    def part(self, indicator: str, role: Role, unit: str | None = None) -> Shown | None:
        """The numerator or denominator of a rate, as a table shows it beside the rate."""
        code = unit or self.top.unit.code
        figure = self.figure(indicator, code)
        if figure is None or figure.suppressed:
            return None
        value = figure.numerator if role == "numerator" else figure.denominator
        if value is None:
            return None
        return Shown(f"{value}", indicator, self.period.text, code, role, value)

    def change(self, indicator: str, window: Window = "year_before") -> Change | None:
        """The change of the top unit's figure; None where nothing may be compared."""
        line, now = self.line(indicator), self.figure(indicator)
        then = self.found.get(self.top.unit.code, indicator, window)
        if line is None or now is None or now.value is None or then is None or then.value is None:
            return None
        if not then.value or (self.top.unit.code, indicator, window) in self._apart:
            return None
        return Change(now.value, then.value, window_periods(self.period)[window].text)

    def stated(self, indicator: str) -> Shown | None:
        """The figure, or `不少于n` where parts of it are not shown; None without either."""
        shown, line = self.shown(indicator), self.line(indicator)
        figure = self.figure(indicator)
        if shown is not None or line is None or figure is None or not figure.at_least:
            return shown
        return bounded(figure, line, self.period.text)

    def differing(self, window: Window = "year_before") -> Iterator[tuple[Line, Shown, Shown]]:
        """Earlier figures that were reported, or closed, as something else than the rows say."""
        code, period = self.top.unit.code, window_periods(self.period)[window].text
        for line in self.found.lines:
            figure = self.found.get(code, line.id, window)
            if figure is not None and figure.by_rows is not None and figure.value is not None:
                then, now = (
                    Shown(plain_text(value, line), line.id, period, code, "base", value)
                    for value in (figure.value, figure.by_rows)
                )
                yield line, then, now


def bounded(figure: Figure, line: Line, period: str) -> Shown:
    """`不少于12`."""
    text, bound = hidden_text(figure), figure.at_least
    return Shown(text, line.id, period, figure.unit, "value", None, at_least=bound)


def plain_text(value: Number, line: Line) -> str:
    """`1017`, `90.5%`, `12300.50`: as a sentence says it, without a blank or a comma."""
    if line.is_ratio:
        return percent(float(value))
    if isinstance(value, Decimal):
        return f"{value:.2f}".removesuffix(".00")
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def percent(value: float) -> str:
    """One decimal at most; never rounded up to a whole that it is not."""
    tenths = int(Decimal(str(value)) * 1000) if abs(value) < 1 < abs(value) + 0.0005 else None
    text = f"{tenths / 10:.1f}" if tenths is not None else f"{value * 100:.1f}"
    return f"{text.removesuffix('.0')}%"
