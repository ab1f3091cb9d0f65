"""From what a person asked to a package: period, recipient, rows, the roll-up behind it."""

from collections.abc import Sequence

from ledgersync.rollup.running import period_of
from ledgersync.rollup.sources.collect import collect
from ledgersync.upward.combine.running import run_over
from ledgersync.upward.content.rows import rows_asked
from ledgersync.upward.delivery import deliver, queue
from ledgersync.upward.office import Office
from ledgersync.upward.submission import Submission, Submitted, recipient_of


def submitted(
    office: Office,
    period: str,
    recipient: str | None = None,
    rows: Sequence[str] = (),
    unmask: str | None = None,
) -> Submitted:
    """Rolls the period up and makes its next version; raises UsageFault."""
    workspace, today = office.workspace, office.session.today
    asked = period_of(workspace, period, today)
    to = recipient_of(office, recipient)
    wanted = [rows_asked(workspace.catalog, t, unmasked=unmask is not None) for t in rows]
    collected = collect(workspace, asked, today)
    computed = run_over(office, asked, today, collected)
    made = Submission(office, computed, collected, to, wanted, unmask).make()
    if queue(office, to, made.path):
        deliver(office)
    return made
