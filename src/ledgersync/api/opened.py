"""`open`: a workspace, its records, and the use cases on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ledgersync.api import figures as fig
from ledgersync.api.changes import Moment, changes_of, day_of
from ledgersync.api.found import (
    Changes,
    Conflict,
    Conflicts,
    Findings,
    FoundFinding,
    MergedFile,
    MergeResult,
    Status,
    Task,
    named,
    side,
)
from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.messages import message
from ledgersync.model import Rows
from ledgersync.sync.opening import open_session
from ledgersync.sync.session import Session
from ledgersync.sync.unmasking import journal_unmasking
from ledgersync.workspace import Workspace, clock

if TYPE_CHECKING:
    import pandas as pd

    from ledgersync.sync.results import MergeReport, SubmissionResult
    from ledgersync.sync.status import Status as Standing
    from ledgersync.upward.combine.running import CombinedRun
    from ledgersync.workspace.unitcodes import Level


@dataclass(frozen=True)
class OpenWorkspace:
    """One unit's workspace. Nothing stays open between two calls, and no lock is held."""

    workspace: Workspace

    @property
    def folder(self) -> Path:
        """The workspace's folder."""
        return self.workspace.root

    @property
    def unit(self) -> str:
        """The unit's name."""
        return self.workspace.unit.name

    @property
    def tables(self) -> list[str]:
        """The tables of all ledgers here, as `ledger.table`."""
        return [f"{ledger.id}.{t.id}" for ledger, t in self.workspace.catalog.tables()]

    def table(
        self, name: str, *, as_of: str | date | None = None, unmask: str | None = None
    ) -> pd.DataFrame:
        """The merged state of a table, one row a record, index the record's id.

        `as_of` is a day: the state at its end, from the journal. Personal fields are masked
        unless `unmask` says why they are needed; the reason is journalled.
        Raises UsageFault for a table that is none, or a day before the journal.

        >>> visits = ws.table("visit.visits")
        >>> visits.index.name, str(visits.dtypes["date"]), visits.attrs["masked"]
        ('record', 'datetime64[s]', True)
        >>> visits.visitor.iloc[0]
        '韦*'
        >>> ws.table("低保户").monthly_amount.dtype
        decimal128(18, 2)[pyarrow]
        """
        import pandas as pd

        from ledgersync.api.frames import records_frame
        from ledgersync.sync.lists.choose import table_named

        with open_session(self.workspace, "table", write=unmask is not None) as session:
            ledger, table = table_named(session.catalog, name)
            if unmask is not None:
                journal_unmasking(session, unmask, command="table", table=name)
            rows = _rows(session, (ledger.id, table.id), as_of)
            source = f"journal {session.journal.log.last}"
        columns = (
            dict(zip(table.field_ids, zip(*rows.values(), strict=True), strict=True))
            if rows
            else {}
        )
        index = pd.Index(list(rows), name="record", dtype="string")
        frame = records_frame(table, columns, index, source=source, masked=unmask is None)
        return frame if as_of is None else _noted(frame, as_of=str(as_of))

    def changes(
        self, since: Moment = 0, until: Moment | None = None, *, unmask: str | None = None
    ) -> pd.DataFrame:
        """Every change since a day (or after a revision): record, field, old, new, by, at, …

        Values are texts as people read them, personal ones masked unless `unmask` says why.

        >>> changes = ws.changes(since="2022-06-01")
        >>> changes.query("kind == 'edit' and field == 'status'").new.unique().tolist()
        ['已解决']
        """
        with open_session(self.workspace, "changes", write=unmask is not None) as session:
            if unmask is not None:
                journal_unmasking(session, unmask, command="changes", since=str(since))
            found: Changes = changes_of(session, since, until, unmask=unmask is not None)
        return found.to_frame()

    def merge(
        self,
        files: Iterable[str | Path] = (),
        *,
        staff: str | None = None,
        password: str | None = None,
        dry_run: bool = False,
    ) -> MergeResult:
        """Takes in what lies in the inbox (or these files of one person), as `ledgersync merge`.

        With `dry_run` it says what would happen and writes nothing.

        >>> result = ws.merge()
        >>> {file.status for file in result}, result.pending
        ({'unchanged'}, {})
        >>> result.to_frame().columns[:4].tolist()
        ['file', 'staff', 'ledger', 'status']
        """
        from ledgersync.api.aftermath import write_snapshot_of
        from ledgersync.sync.run import merge_files, preview

        paths = [Path(file) for file in files]
        with open_session(self.workspace, "merge", write=not dry_run) as session:
            if dry_run:
                return merged(preview(session, paths, staff))
            report = merge_files(session, paths, staff, password=password)
            write_snapshot_of(session)
        return merged(report)

    def status(self) -> Status:
        """Where everything stands; its rows are what waits for somebody.

        >>> status = ws.status()
        >>> status.unit, status.records["care.people"] > 0
        ('清河桥社区', True)
        >>> sorted(status.to_frame().kind.unique())
        ['conflicts', 'held', 'returned']
        """
        from ledgersync.sync.status import status_of

        with open_session(self.workspace, "status", write=False) as session:
            found = status_of(session)
        return Status(
            tuple(_tasks(found)),
            found.unit,
            found.revision,
            found.records,
            found.conflicts,
            tuple(found.missing_staff),
        )

    def conflicts(self) -> Conflicts:
        """The open conflicts, both sides masked as `ledgersync conflicts` shows them.

        >>> ws.conflicts().to_frame()[["ledger", "field", "kind"]].iloc[0].tolist()
        ['dibao', 'monthly_amount', 'edit/edit']
        """
        from ledgersync.sync.cases.conflicts import conflict_json

        with open_session(self.workspace, "conflicts", write=False) as session:
            found = [conflict_json(session, case) for case in session.journal.conflicts.open()]
        sides = ("base", "ours", "theirs")
        rows = [{**c, "id": int(c["id"]), **{name: side(c[name]) for name in sides}} for c in found]
        return Conflicts(tuple(Conflict(**row) for row in rows))

    def check(self) -> Findings:
        """The findings of all primaries, with the rules across ledgers and units.

        Raises UnreadableFile for the first primary that cannot be read.
        """
        from ledgersync.rollup.across import check_office

        report = check_office(self.workspace, clock.today())
        if report.unreadable:
            raise report.unreadable[0][1]
        return Findings(tuple(map(FoundFinding.of, report.findings)))

    def rollup(
        self, period: str, *, level: Level | None = None, profile: str | None = None
    ) -> fig.Figures:
        """The figures of this unit and all below it, with who is missing.

        A period is what `rollup --period` takes: `2022H1`, `2022-03`, `last-month`.

        >>> figures = ws.rollup("2022H1")
        >>> figures.period, figures.missing, figures[0].name
        ('2022H1', (), '低保户数')
        """
        computed = self._computed(period)
        return fig.figures_of(computed.figures(profile), level, computed.engine.store.engine)

    def figures(
        self, period: str, *, level: Level | None = None, profile: str | None = None
    ) -> pd.DataFrame:
        """The figures as a frame, a row per unit and indicator; `attrs["missing"]` says who lacks.

        `.pivot_table(index="unit", columns="indicator", values="value")` is the usual table.

        >>> figures = ws.figures("2022H1", level="community")
        >>> table = figures.pivot_table(index="unit", columns="indicator", values="value")
        >>> table.index.tolist(), "visits_made" in table
        (['360797001001'], True)
        """
        return self.rollup(period, level=level, profile=profile).to_frame()

    def rows_behind(self, indicator: str, period: str, *, unit: str | None = None) -> pd.DataFrame:
        """The rows that a figure counts: unit, ledger, table, file, sheet, row, record, part.

        >>> rows = ws.rows_behind("visits_made", "2022H1", unit="360797001001")
        >>> set(rows.file), set(rows.part)
        ({'走访台账.xlsx'}, {'value'})
        """
        from ledgersync.upward.combine.tracing import traced

        found = traced(self._computed(period), indicator, unit)
        return fig.RowsBehind(tuple(found.rows), indicator, period).to_frame()

    def _computed(self, period: str) -> CombinedRun:
        from ledgersync.rollup.running import period_of
        from ledgersync.upward.combine.running import combined_run

        today = clock.today()
        return combined_run(self.workspace, period_of(self.workspace, period, today), today)


def open_workspace(folder: str | Path = ".") -> OpenWorkspace:
    """The workspace in `folder`, or the next above it; raises WorkspaceFault where none is.

    >>> ws = ls.open("示例区/units/360797001/units/360797001001")
    >>> ws.unit
    '清河桥社区'
    """
    from ledgersync.workspace.config import CONFIG_NAME

    start = Path(folder).absolute()
    places = (start, *start.parents)
    home = next((place for place in places if (place / CONFIG_NAME).is_file()), start)
    return OpenWorkspace(Workspace.open(home))


def _rows(session: Session, key: tuple[str, str], as_of: str | date | None) -> Rows:
    if as_of is None:
        return session.journal.state.rows(*key)
    day = day_of(as_of)
    rows = session.journal.state.rows_on(*key, date.fromisoformat(day))
    if rows is None:
        raise UsageFault(
            message("日志里没有 {day} 那天的状态：那时还没有建账。", day=day),
            message("请给一个建账以后的日子。"),
        )
    return rows


def _noted(frame: pd.DataFrame, **attrs: object) -> pd.DataFrame:
    frame.attrs.update(attrs)
    return frame


def merged(report: MergeReport) -> MergeResult:
    """What a run did, as typed rows."""
    rows = tuple(map(_merged_file, report.submissions))
    waiting = (
        (w.ledger, w.message.zh) for w in report.writes if w.message and w.status == "pending"
    )
    pending = named(waiting)
    asked = any(s.status in ("unreadable", "held") or s.returned for s in report.submissions)
    asked = asked or any(s.changes["conflicts"] for s in report.submissions)
    asked = asked or bool(pending or report.notices() or report.refused)
    return MergeResult(rows, report.revision, pending, asked)


def _merged_file(s: SubmissionResult) -> MergedFile:
    c, told = s.changes, s.message.zh if s.message else None
    return MergedFile(
        *(s.file, s.staff, s.ledger, s.status),
        *(c["applied"], c["added"], c["removed"], c["converged"]),
        *(c["conflicts"], c["returned"], c["held"], told),
    )


def _tasks(found: Standing) -> Iterator[Task]:
    if found.conflicts:
        yield Task("conflicts", None, None, None, None, None, None, found.conflicts)
    for c in found.returned:
        who = found.successors.get(c.staff, c.staff)
        yield Task("returned", who, c.ledger, c.table, c.sheet_row, c.rule, c.zh)
    for h in found.held:
        yield Task("held", h.staff, h.ledger, h.table, None, None, None, h.records)
    for n in found.notices:
        yield Task("notice", n.staff, n.ledger, n.table, n.row, n.rule, n.message.zh)
    for p in found.pending:
        yield Task("pending", None, p.ledger, None, None, None, p.reason)
    for u in found.unsent:
        yield Task("unsent", u.staff, None, None, None, None, u.message.zh)
    for staff in found.missing_staff:
        yield Task("missing", staff, None, None, None, None, None)
