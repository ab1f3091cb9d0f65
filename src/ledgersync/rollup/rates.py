"""Rates of two figures: both parts are of the same units, or neither says anything of the other.

A street whose one community sent no visits has 5 of 6 communities in its coverage, and the homes of
these five below the line.
"""

from collections.abc import Callable, Iterator
from dataclasses import field

from ledgersync.dataclass import dataclass
from ledgersync.rollup.definitions import Defined
from ledgersync.rollup.engine import Engine, Found
from ledgersync.rollup.figures import Counted

CountedOf = Callable[[str, Defined, int], Counted | None]
_NONE: Found = {}


@dataclass
class Rates:
    """Answers for the rates of an engine; `counted` says which communities a figure is of."""

    engine: Engine
    counted: CountedOf
    known: dict[str, tuple[Found, Found]] = field(default_factory=dict)

    def parts(self, defined: Defined, code: str, window: int) -> tuple[Found, Found] | None:
        """What the rows of the common units say; None where each part is of them anyway."""
        if not any(self._lacking(defined, code, window)):
            return None
        if defined.id not in self.known:
            self.known[defined.id] = self._asked(defined)
        return self.known[defined.id]

    def restrict(self, defined: Defined, code: str, window: int) -> bool:
        """Whether a rate of a node is not of all its units; what is asked in common then is."""
        if not any(self._lacking(defined, code, window)):
            return False
        self._restrict(defined)
        return True

    def _asked(self, defined: Defined) -> tuple[Found, Found]:
        self._restrict(defined)
        over, under = self._both(defined)
        return self._found(over), self._found(under)

    def _restrict(self, defined: Defined) -> None:
        self.engine.lacking(
            (code, window, unit)
            for code in self.engine.nodes
            for window in self.engine.spans
            for unit in self._lacking(defined, code, window)
        )

    def _found(self, part: Defined) -> Found:
        return self.engine.found(part, common=True) if part.relation else _NONE

    def _both(self, defined: Defined) -> tuple[Defined, Defined]:
        assert defined.parts is not None, "only a rate of other figures has parts"
        over, under = (self.engine.definitions.by_id[part] for part in defined.parts)
        return over, under

    def _lacking(self, defined: Defined, code: str, window: int) -> Iterator[str]:
        """The units of one part only: the communities, and what counts under them."""
        over, under = (self.counted(code, part, window) for part in self._both(defined))
        if over is None or under is None:
            return
        for community in dict.fromkeys((*over.units, *under.units)):
            if community not in over.units or community not in under.units:
                yield community
                span = self.engine.spans[window]
                for unit in self.engine.coverage.sources(community, span):
                    if unit != community:
                        yield unit
