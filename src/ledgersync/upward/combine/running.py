"""A roll-up of whatever there is: locked, approved, submitted, in a folder, or missing."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date
from functools import cached_property

from ledgersync.dataclass import dataclass
from ledgersync.rollup.assembly import Request
from ledgersync.rollup.caveats.comparing import Comparing
from ledgersync.rollup.course import Course, months_up_to
from ledgersync.rollup.dataset.pseudonyms import Pseudonyms
from ledgersync.rollup.definitions import Defined
from ledgersync.rollup.engine import Engine
from ledgersync.rollup.facts import Submissions
from ledgersync.rollup.figures import RollUp, Window, window_periods
from ledgersync.rollup.handins import HandIn
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.running import Run, run
from ledgersync.rollup.sources.closed import Closings
from ledgersync.rollup.sources.collect import Collected, collect
from ledgersync.rollup.trace import Tracer
from ledgersync.upward.combine.answers import with_answers
from ledgersync.upward.combine.combination import Combination
from ledgersync.upward.combine.differences import (
    Difference,
    difference_remarks,
    differences,
)
from ledgersync.upward.combine.inside import ClosedInside, changed_inside, remarks_inside
from ledgersync.upward.combine.own import ClosedFigures, own_run
from ledgersync.upward.combine.packed_parts import PackedParts
from ledgersync.upward.combine.places import (
    only_covered,
    with_believed_units,
    with_packed_units,
    without_covered,
)
from ledgersync.upward.combine.sources import Sources, sources_of
from ledgersync.upward.content.keyed import Hashes, KeySets, part_name
from ledgersync.upward.expected import Register
from ledgersync.upward.office import Office, office_session
from ledgersync.workspace import Workspace

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CombinedRun:
    """`folders` is the run over what no package speaks for; `compared` over what one does."""

    folders: Run
    compared: Run | None
    sources: Sources
    key: Pseudonyms | None
    hand_ins: tuple[HandIn, ...] = ()
    closed: ClosedFigures | None = None
    closings: Mapping[str, Closings] = field(default_factory=dict)
    final: frozenset[str] = frozenset()  # periods of which something is closed or locked

    @property
    def engine(self) -> Engine:
        return self.folders.engine

    @property
    def request(self) -> Request:
        return self.folders.request

    def exact(self) -> RollUp:
        """The figures as they are; for use inside the unit and by the competent authority."""
        return self._exact

    @cached_property
    def _exact(self) -> RollUp:
        return self._told(self.counted, {n: r.counted for n, r in self._before.items()}, NOTHING)

    @cached_property
    def counted(self) -> RollUp:
        """The figures, with earlier periods as today's rows and packages have them."""
        base = replace(self.folders.exact(), hand_ins=self.hand_ins)
        if self.closed:
            return self.closed.instead_of(base)
        if not self.sources.tops:
            return base
        return Combination(self.folders.engine, base, self.sources, self.key).result()

    @cached_property
    def _before(self) -> Mapping[Window, "CombinedRun"]:
        """The runs of earlier windows that are periods of which something is closed or locked."""
        if self.closed or not self.final:
            return {}
        workspace, asked, today = self.folders.workspace, self.request.period, self.request.today
        return {
            name: combined_run(workspace, period, today)
            for name, period in window_periods(asked).items()
            if period != asked and period.text in self.final
        }

    def _told(
        self, found: RollUp, earlier: Mapping[Window, RollUp], hide: frozenset[str]
    ) -> RollUp:
        """With what earlier periods answer, and with what does not agree; of lines to `hide`
        without numbers."""
        if self.closed:
            remarks = self.closed.remarks(found, hide)
        else:
            remarks = difference_remarks(found, self.differing, hide)
        answered = with_answers(found, earlier, Comparing(self.engine), hide)
        inside = remarks_inside(found, self.inside, hide)
        return replace(answered, remarks=(*answered.remarks, *remarks, *inside))

    @cached_property
    def inside(self) -> list[ClosedInside]:
        """Closed periods inside this one that the rows say otherwise."""
        if self.closed or not self.closings:
            return []
        return changed_inside(self.folders, self.counted.lines, self.closings)

    @cached_property
    def differing(self) -> list[Difference]:
        """Indicators about which a unit's package and its folder, or a closing and what the rows
        say since, do not agree."""
        if self.closed:
            return self.closed.changed(self.counted)
        if self.compared is None:
            return []
        return list(differences(self.compared.exact(), self.sources))

    @cached_property
    def tracer(self) -> Tracer:
        """Of the folders, for any number of figures."""
        return self.folders.tracer()

    def figures(self, profile: str | None = None) -> RollUp:
        """The figures under a privacy profile, `ledgersync.toml`'s unless one is given."""
        if self.is_exact(profile):
            return self._exact
        earlier = {name: run.shown(profile) for name, run in self._before.items()}
        return self._told(self.shown(profile), earlier, self.counted.private)

    def shown(self, profile: str | None = None) -> RollUp:
        """What a profile shows of what was counted."""
        sent = PackedParts(self.sources, self.key) if self.sources.tops else None
        return self.folders.shown(self.counted, profile, sent)

    def is_exact(self, profile: str | None = None) -> bool:
        return (profile or self.folders.workspace.config.privacy.profile) == "exact"

    def course(self, profile: str | None = None) -> Course:
        """The last twelve months; each on its own where packages or closings speak for some."""
        if not (self.sources or self.hand_ins or self._has_closed):
            return self.folders.course(profile)
        request = self.folders.request
        found = {
            month: combined_run(self.folders.workspace, month, request.today).shown(profile)
            for month in months_up_to(request)
        }
        return Course(
            tuple(found),
            {
                (f.unit, f.indicator, month.text): f
                for month, figures in found.items()
                for f in figures
            },
        )

    @property
    def _has_closed(self) -> bool:
        """The workspace has closed some period."""
        return self.folders.workspace.closed.is_dir()

    def key_sets(self, defined: Defined, key: Pseudonyms) -> KeySets | None:
        """The hashes of all that a figure counts; None where a package has none of that key."""
        root = self.engine.tree.root
        found = Hashes(self.engine, key).of(defined, root)
        for source in self.sources.tops.values():
            sets = source.keys(part_name(defined), key.key_id)
            if sets is None:
                return None
            for slot, hashes in sets.items():
                found.setdefault(slot, set()).update(hashes)
        return found


def combined_run(workspace: Workspace, period: Period, today: date) -> CombinedRun:
    """Collects folders and packages of a period; a community has nobody below it."""
    found = collect(workspace, period, today)
    if workspace.unit.level == "community" or not workspace.journal_file.exists():
        return alone(workspace, period, today, found)
    with office_session(workspace, "rollup", write=False) as office:
        return run_over(office, period, today, found)


def alone(workspace: Workspace, period: Period, today: date, found: Collected) -> CombinedRun:
    folders, closed = own_run(workspace, period, today, found)
    final = frozenset(c.period for known in found.closings.values() for c in known.steps)
    return CombinedRun(
        folders,
        None,
        Sources({}, {}, {}),
        None,
        closed=closed,
        closings=found.closings,
        final=final,
    )


def run_over(office: Office, period: Period, today: date, found: Collected) -> CombinedRun:
    """The same of what was collected already."""
    workspace = office.workspace
    if workspace.unit.level == "community":
        return alone(workspace, period, today, found)
    found = with_believed_units(found, office.tree, period)
    sources = sources_of(office, period.text, found.tree)
    owed = _hand_ins(office, period)
    closed = {c.period for known in found.closings.values() for c in known.steps}
    final = frozenset(closed | office.journal.reviews.locked())
    came = [Submissions(h.unit, 1, int(h.on_time)) for h in owed if h.on_time is not None]
    if not sources:
        plain = run(workspace, period, today, collected=found, submissions=came)
        return CombinedRun(plain, None, sources, None, owed, closings=found.closings, final=final)
    tree = with_packed_units(found.tree, sources)
    rest = without_covered(found, sources, tree, period)
    folders = run(
        workspace,
        period,
        today,
        collected=rest,
        submissions=came,
        reported=sources.reported,
    )
    both = only_covered(found, sources)
    compared = run(workspace, period, today, collected=both) if both.facts else None
    return CombinedRun(
        folders,
        compared,
        sources,
        office.matching,
        owed,
        closings=found.closings,
        final=final,
    )


def _hand_ins(office: Office, period: Period) -> tuple[HandIn, ...]:
    """What was due of each unit, where units submit packages at all."""
    if not office.journal.packages.all("in"):
        return ()
    return tuple(standing.hand_in for standing in Register(office, period))
