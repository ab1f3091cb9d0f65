"""Rolling up a workspace: its period, its facts, what may be shown of them."""

from collections.abc import Iterable
from datetime import date

from ledgersync.dataclass import dataclass
from ledgersync.rollup.assembly import Assembly, Request, load_engine
from ledgersync.rollup.caveats.suppress import Sent, without_small_cells
from ledgersync.rollup.course import Course, course, months_up_to
from ledgersync.rollup.engine import Engine
from ledgersync.rollup.engines.duckdb import Limits
from ledgersync.rollup.facts import Submissions
from ledgersync.rollup.figures import Line, RollUp
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.period.words import parse_period
from ledgersync.rollup.sources.collect import Collected, collect
from ledgersync.rollup.sql.statements import checked_statements
from ledgersync.rollup.trace import Tracer
from ledgersync.workspace import Workspace


@dataclass(frozen=True)
class Run:
    """A workspace's facts for a period, loaded once for figures and for traces."""

    workspace: Workspace
    request: Request
    engine: Engine

    def exact(self) -> RollUp:
        """The figures as they are; for use inside the unit and by the competent authority."""
        return Assembly(self.engine, self.request).result()

    def figures(self, profile: str | None = None) -> RollUp:
        """The figures under a privacy profile, `ledgersync.toml`'s unless one is given."""
        return self.shown(self.exact(), profile)

    def shown(self, found: RollUp, profile: str | None = None, sent: Sent | None = None) -> RollUp:
        """Of exact figures what a profile shows; `sent` tells of those that came without rows."""
        privacy = self.workspace.config.privacy
        if (profile or privacy.profile) == "exact":
            return found
        return without_small_cells(found, self.engine, privacy.small_cell, sent)

    def course(self, profile: str | None = None) -> Course:
        """The last twelve months; what a profile may hide is left out of it altogether."""
        exact = (profile or self.workspace.config.privacy.profile) == "exact"
        months = months_up_to(self.request)
        return course(self.engine, self.request, months, lambda x: exact or not self._private(x))

    def _private(self, line: Line) -> bool:
        """A figure of a private family, its total, or a rate of one."""
        definitions = self.engine.definitions
        stems = {d.indicator.stem for d in definitions if d.indicator.private}
        parts = [definitions.by_id[part] for part in line.defined.parts or ()]
        return any(d.indicator.stem in stems for d in (line.defined, *parts))

    def tracer(self) -> Tracer:
        return Tracer(self.engine, self.request)


def period_of(workspace: Workspace, text: str, today: date) -> Period:
    """A period as this workspace closes its months."""
    return parse_period(text, today, workspace.config.rules.period_end_day)


def run(
    workspace: Workspace,
    period: Period,
    today: date,
    *,
    collected: Collected | None = None,
    submissions: Iterable[Submissions] = (),
    reported: frozenset[str] = frozenset(),
) -> Run:
    """Collects and loads the facts; `collected` replaces what lies in the folders, `reported` are
    units that sent figures without rows.

    What the ledger files say is checked first; at a DefinitionFault nothing is read.
    """
    statements = checked_statements(workspace.catalog, workspace.state)
    found = collected or collect(workspace, period, today)
    request = Request(
        workspace.catalog,
        found.tree,
        period,
        today,
        found.missing,
        found.remarks,
        tuple(submissions),
        Limits(scratch=workspace.state / "scratch"),
        reported,
    )
    return Run(workspace, request, load_engine(request, found.facts, statements))
