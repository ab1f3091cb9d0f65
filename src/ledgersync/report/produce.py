"""`report`: the figures of a period, composed and written in every format that is asked for."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.errors import LedgerSyncError
from ledgersync.messages import Message, message
from ledgersync.report.annex.places import Rows
from ledgersync.report.formats import WRITERS
from ledgersync.report.job import Files, Job
from ledgersync.report.kinds import kind_of
from ledgersync.report.letter.compose import Order, compose
from ledgersync.report.letter.rules import check_rules
from ledgersync.report.reading import Reading
from ledgersync.report.record import Moved, Records, moved, record_of
from ledgersync.report.reported import as_reported
from ledgersync.report.scope import scoped
from ledgersync.report.word.fonts import font_notes
from ledgersync.report.word.template import load_template
from ledgersync.report.word.writer import Letter
from ledgersync.rollup.definitions import load_definitions
from ledgersync.rollup.figures import Number, RollUp
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.running import run
from ledgersync.workspace import Workspace
from ledgersync.workspace.unitcodes import Level


@dataclass(frozen=True)
class Asked:
    """What somebody wants a report of."""

    period: Period
    formats: Sequence[str]
    kind: str | None = None
    level: Level | None = None
    unit: str | None = None
    ledger: str | None = None
    template: Path | None = None
    folder: Path | None = None
    profile: str | None = None


@dataclass(frozen=True)
class Report:
    """What became of it."""

    found: RollUp
    kind: str
    files: Files
    job: Job
    moved: Sequence[Moved] = ()
    notes: Sequence[Message] = ()

    @property
    def faults(self) -> list[Message]:
        return self.files.faults

    @property
    def needs_a_person(self) -> bool:
        return bool(self.faults) or self.found.needs_a_person


def produce(
    workspace: Workspace,
    asked: Asked,
    today: date,
    figures: Callable[[Period], RollUp] | None = None,
    rows: Rows | None = None,
) -> Report:
    """Writes the files; what cannot be written stands in the report's faults.

    `figures` gives those of the workspace for a period, of its folders alone where it is not said;
    `rows` are those behind a figure of the period, for the unit that is asked for.

    Raises UsageFault for a kind, unit, level, ledger or template that does not fit.
    """
    kind = kind_of(asked.period, asked.kind)
    check_rules(load_definitions(workspace.catalog))

    def of(period: Period) -> RollUp:
        rolled = (
            figures(period) if figures else run(workspace, period, today).figures(asked.profile)
        )
        return scoped(rolled, asked.unit)

    found = of(asked.period)
    if asked.level:
        found.tree.require_level(asked.level)
    records = Records.of(workspace)
    found = as_reported(found, _reported(records, found))
    before = records.last(_code(found), asked.period.text, kind)
    job = _job(workspace, asked, found, Order(kind, today, level=asked.level), of)
    job.rows, job.guarded = rows, _guarded(workspace, asked)
    job.remember(before)
    if asked.template:
        _check_template(job, asked.template)
    files = _written(job, asked.formats)
    data = record_of(found, kind, today.isoformat(), files.written, files.placed, job.names)
    with suppress(OSError):  # a workspace that cannot be written to keeps no record
        records.add(data)
    files.faults += _nothing(found, today)
    notes = tuple(font_notes()) if {"docx", "pdf"} & {name for name, _ in files.written} else ()
    return Report(found, kind, files, job, tuple(moved(found, before)), notes)


def _nothing(found: RollUp, today: date) -> Iterator[Message]:
    """That the ledgers say nothing of a period: nobody should send such a report unseen."""
    lines = [line for line in found.lines if not line.defined.is_common]
    if found.period.state(today) == "ahead":
        yield message("{period}还没有开始，报表里没有发生数。", period=found.period.name)
    elif all(found.value(_code(found), line.id) is None for line in lines):
        yield message(
            "{period}没有一个台账数字；请核对统计期，各台账从哪天起有数据见“缺报与迟报”。",
            period=found.period.name,
        )


def _written(job: Job, formats: Sequence[str]) -> Files:
    """The files of each format; what one cannot write keeps no other from being written."""
    files = Files(job.folder)
    job.folder.mkdir(parents=True, exist_ok=True)
    for name in formats:
        try:
            for drawn in WRITERS[name](job):
                files.put(drawn)
        except LedgerSyncError as error:
            files.faults.append(error.message)
    return files


def _guarded(workspace: Workspace, asked: Asked) -> frozenset[str]:
    """The ledgers of small cells, where those are hidden."""
    if (asked.profile or workspace.config.privacy.profile) == "exact":
        return frozenset()
    return frozenset(x.id for x in workspace.catalog if any(i.private for i in x.indicators))


def _code(found: RollUp) -> str:
    return found.tree.nodes[found.tree.root].unit.code


def _reported(records: Records, found: RollUp) -> dict[tuple[str, str], Number]:
    """What was reported for the same period of the year before, where its figures are numbers."""
    last = records.last(_code(found), found.period.year_before().text)
    if last is None:
        return {}
    known = {line.id: line for line in found.lines}
    return {
        key: Decimal(value) if isinstance(value, str) else value
        for key, value in last.figures.items()
        if value is not None and key[1] in known
    }


def _job(
    workspace: Workspace,
    asked: Asked,
    found: RollUp,
    order: Order,
    past: Callable[[Period], RollUp],
) -> Job:
    ledgers: tuple[str, ...] = ()
    if order.kind == "专题":
        every = [ledger.id for ledger in workspace.catalog if ledger.sentences]
        ledgers = (workspace.catalog.ledger(asked.ledger).id,) if asked.ledger else tuple(every)
    whose = f"-{found.tree.nodes[found.tree.root].unit.name}" if asked.unit else ""
    folder = asked.folder or workspace.reports(asked.period.text)
    return Job(found, workspace.catalog, order, folder, asked.template, ledgers, whose, past=past)


def _check_template(job: Job, template: Path) -> None:
    """Before anything is written."""
    reading = Reading(job.found)
    content = compose(reading, job.catalog, job.order)
    load_template(template, Letter(content, reading).known())
