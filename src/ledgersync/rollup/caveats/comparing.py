"""Which figures cannot be compared with those of an earlier window, and why.

A change is only worth telling where both figures are of the same units, of whole windows, of
ledgers that had begun by then, and of enough cases.
"""

from collections.abc import Iterator
from dataclasses import field
from datetime import date, timedelta
from decimal import Decimal

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, message
from ledgersync.rollup.engine import Engine
from ledgersync.rollup.figures import Figure, Line, Number, Window
from ledgersync.schema import TableKey
from ledgersync.workspace.unitcodes import full_code

BASES: tuple[Window, ...] = ("year_before", "previous")
FEWEST = 20  # cases of the base: of fewer a change says nothing
_LATE = 0.1  # of a window may be over when a ledger begins
_AMOUNTS = ("元", "小时", "天")


@dataclass
class Comparing:
    """Looks at the figures of two windows of an engine."""

    engine: Engine
    begun: dict[tuple[str, frozenset[TableKey], Window], date] = field(default_factory=dict)

    def reason(self, line: Line, base: Window, now: Figure, then: Figure) -> Message | None:
        """Why the two cannot be compared; None where they can, or one is not known."""
        if not _are_told(line, now, then):
            return None
        return next(self._reasons(line, base, now, then), None)

    def reason_of_sent(self, line: Line, now: Figure, then: Figure) -> Message | None:
        """The same of figures that came in packages: what can be said without rows."""
        return next(self._plain(line, now, then), None) if _are_told(line, now, then) else None

    def _plain(self, line: Line, now: Figure, then: Figure) -> Iterator[Message]:
        yield from self._running(line)
        yield from _of_units(now, then)
        yield from _of_few(line, then)

    def _running(self, line: Line) -> Iterator[Message]:
        is_flow = not self.engine.definitions.is_stock(line.defined)
        if is_flow and self.engine.period.last > self.engine.today:
            yield message("本期尚未结束")

    def _reasons(self, line: Line, base: Window, now: Figure, then: Figure) -> Iterator[Message]:
        yield from self._running(line)
        if self._sources(now.unit, "current") != self._sources(now.unit, base):
            yield message("单位有调整")
        yield from _of_units(now, then)
        first = self._first(line, base, then)
        if first > self._in_time(base):
            yield message("台账从 {first} 起才有记录", first=first.isoformat())
        yield from _of_few(line, then)

    def _sources(self, unit: str, window: Window) -> frozenset[str]:
        """Whose rows count under a unit on the last day of a window."""
        last = self.engine.spans[self.engine.windows[window]]
        return frozenset(self.engine.coverage.sources(full_code(unit), last))

    def _first(self, line: Line, base: Window, then: Figure) -> date:
        """The day from which on all ledgers behind the base have rows."""
        needs = self.engine.definitions.needs(line.defined)
        place = then.unit, needs, base
        if place not in self.begun:
            self.begun[place] = self.engine.coverage.begun(then.counted.units, needs)
        return self.begun[place]

    def _in_time(self, base: Window) -> date:
        span = self.engine.spans[self.engine.windows[base]]
        return span.first + timedelta(int((span.last - span.first).days * _LATE))


def _are_told(line: Line, now: Figure, then: Figure) -> bool:
    """There are two figures of which a change could be told."""
    both = now.value is not None and then.value is not None
    return both and (then.value != 0 or line.is_ratio)


def _of_units(now: Figure, then: Figure) -> Iterator[Message]:
    if not _same_units(now, then):
        yield message(
            "报送的社区不同：本期 {now} 个，当时 {then} 个",
            now=len(now.counted.units),
            then=len(then.counted.units),
        )


def _of_few(line: Line, then: Figure) -> Iterator[Message]:
    if _cases(line, then) < FEWEST:
        yield message("基数不足 {fewest}", fewest=FEWEST)


def _same_units(now: Figure, then: Figure) -> bool:
    """The same communities, or all that there were in both."""
    if not (now.counted.lacks or then.counted.lacks):
        return True
    return set(now.counted.units) == set(then.counted.units)


def _cases(line: Line, then: Figure) -> Number:
    """How many cases the base is of; of amounts nobody asks."""
    if line.is_ratio:
        return then.denominator or 0
    if line.measure in _AMOUNTS or isinstance(then.value, Decimal):
        return FEWEST
    return then.value or 0
