"""Who has to submit a period to this office, by when, and what came."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property

from ledgersync.checks.workdays import Deadline, WorkCalendar
from ledgersync.dataclass import dataclass
from ledgersync.journal import KeptPackage, ReviewStep
from ledgersync.rollup.handins import HandIn, State
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.units.tree import Node
from ledgersync.upward.office import Office
from ledgersync.upward.states import state_of
from ledgersync.workspace.unitcodes import full_code


@dataclass(frozen=True)
class Standing:
    """A unit's period: its packages, the steps of its review, whether it came in time."""

    node: Node
    versions: tuple[KeptPackage, ...]
    steps: tuple[ReviewStep, ...]
    due: Deadline
    today: date

    @property
    def state(self) -> State:
        return state_of(self.last, list(self.steps))

    @property
    def last(self) -> KeptPackage | None:
        return self.versions[-1] if self.versions else None

    @property
    def on_time(self) -> bool | None:
        """Whether the first version came in time; None while that is open."""
        if self.versions:
            return self.versions[0].at[:10] <= self.due.day.isoformat()
        return False if self.today > self.due.day else None

    @property
    def days_late(self) -> int:
        """Days since the due date for who has not submitted."""
        return 0 if self.versions else max(0, (self.today - self.due.day).days)

    @property
    def hand_in(self) -> HandIn:
        """The same as reports have it."""
        return HandIn(
            self.node.unit.code,
            self.state,
            self.due,
            date.fromisoformat(self.versions[0].at[:10]) if self.versions else None,
            self.last.version if self.last else None,
            self.on_time,
            self.days_late,
        )


@dataclass(frozen=True)
class Register:
    """All that is expected for a period."""

    office: Office
    period: Period

    def __iter__(self) -> Iterator[Standing]:
        tree = self.office.tree
        for node in tree:
            if node.code in self._expected or node.code in self._sent_this:
                yield self.of(node)

    def of(self, node: Node) -> Standing:
        packages, reviews = self.office.journal.packages, self.office.journal.reviews
        return Standing(
            node,
            tuple(packages.versions("in", node.code, self.period.text)),
            tuple(reviews.steps(self.period.text, node.code)),
            self.due,
            self.office.session.today,
        )

    @cached_property
    def due(self) -> Deadline:
        rules = self.office.workspace.config.rules
        calendar = WorkCalendar(date.fromisoformat(day) for day in rules.holidays)
        return calendar.after(self.period.last, rules.due_workdays.of(self.period.length))

    @cached_property
    def _sent_this(self) -> frozenset[str]:
        packages = self.office.journal.packages.of_period("in", self.period.text)
        return frozenset(p.unit for p in packages)

    @cached_property
    def _ever(self) -> frozenset[str]:
        return frozenset(p.unit for p in self.office.journal.packages.all("in"))

    @cached_property
    def _expected(self) -> frozenset[str]:
        """Those right below. A street that nobody listed, or whose communities have sent while it
        never did, sends through them."""
        tree = self.office.tree
        return frozenset(c for child in tree.children(tree.root) for c in self._of(child))

    def _of(self, node: Node) -> Iterator[str]:
        if not node.exists_within(self.period.first, self.period.last):
            return
        children = self.office.tree.children(node.code)
        through = node.code not in self._listed or any(c.code in self._ever for c in children)
        if node.code not in self._ever and children and through:
            for child in children:
                yield from self._of(child)
        else:
            yield node.code

    @cached_property
    def _listed(self) -> frozenset[str]:
        return frozenset(full_code(unit.code) for unit in self.office.workspace.config.units)
