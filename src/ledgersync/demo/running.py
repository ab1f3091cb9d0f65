"""The demo: a sample district from the first old workbook to the district's figures."""

from collections.abc import Callable, Sequence
from dataclasses import field
from datetime import date
from pathlib import Path
from random import Random

from ledgersync.dataclass import dataclass
from ledgersync.demo.colleagues import Colleague, fortnight
from ledgersync.demo.oldbook import write_old_workbook
from ledgersync.demo.people import SampleCommunity, sample_community
from ledgersync.demo.places import COMMUNITIES, DISTRICT, LATE, STREETS
from ledgersync.demo.room import make_room
from ledgersync.messages import Message, message
from ledgersync.sync.create import adopt_workbook, create_workspace
from ledgersync.sync.opening import open_session
from ledgersync.sync.results import MergeReport
from ledgersync.sync.run import merge_files
from ledgersync.sync.session import Session
from ledgersync.workspace import Unit, Workspace
from ledgersync.workspace.config import CONFIG_NAME, toml_text
from ledgersync.workspace.place import write_config

Step = Callable[[Message], None]
ADOPTED = "volunteer"  # this ledger's old workbook becomes the primary as it is
CLERK = "统计员"


@dataclass(slots=True)
class DemoResult:
    """Where things are, and what came of the two merges of every community."""

    root: Path
    communities: list[Workspace] = field(default_factory=list)
    reports: list[MergeReport] = field(default_factory=list)

    def count(self, name: str) -> int:
        """A kind of change, over all submissions."""
        return sum(s.changes[name] for r in self.reports for s in r.submissions)

    @property
    def returned(self) -> int:
        """Cells and rows that went back to their senders."""
        return sum(len(s.returned) for r in self.reports for s in r.submissions)

    @property
    def files(self) -> int:
        return sum(len({s.file for s in r.submissions}) for r in self.reports)


def build_district(
    root: Path, today: date, step: Step, after: Callable[[Session], None]
) -> DemoResult:
    """The sample district in `root`, taken through check, merge and conflicts.

    `after` is called at the end of each merge. Raises UsageFault when `root` holds something else.
    """
    make_room(root, step)
    result = DemoResult(root.resolve())
    _offices(root)
    for number, unit in enumerate(communities(), 1):
        step(_told(f"[{number}/{len(COMMUNITIES) - 1}] {unit.name}"))
        workspace, reports = build_community(root, number, today, after)
        result.communities.append(workspace)
        result.reports += reports
    return result


def communities() -> list[Unit]:
    """The communities that hand in; one of the district is late."""
    return [c for c in COMMUNITIES if c.code != LATE]


def build_community(
    root: Path, number: int, today: date, after: Callable[[Session], None]
) -> tuple[Workspace, list[MergeReport]]:
    """One community of the district (they count from 1), and its two merges."""
    unit = communities()[number - 1]
    sample = sample_community(2000 + number, unit.households or 400, today, unit.name)
    people = _staff(sample)
    workspace = _community(root, unit, people)
    return workspace, _work(workspace, sample, people, Random(f"demo/{unit.code}"), after)


def _told(where: str) -> Message:
    return message("{where}：旧台账收表、发副本、多人填写、合并", where=where)


def _offices(root: Path) -> None:
    """The district's and the streets' workspaces, each listing the units below it."""
    district = create_workspace(root, DISTRICT)
    _list_units(district, [*STREETS, *COMMUNITIES])
    for street in STREETS:
        office = create_workspace(root / "units" / street.code, street)
        _list_units(office, [c for c in COMMUNITIES if c.parent == street.code])


def _list_units(workspace: Workspace, units: Sequence[Unit]) -> None:
    lines: list[str] = []
    for unit in units:
        lines += ["", "[[unit]]"]
        values = unit.as_data().items()
        lines += [f"{k} = {toml_text(v)}" for k, v in values if v not in (None, ())]
    _add_to_config(workspace.root, lines)


def _community(root: Path, unit: Unit, people: Sequence[Colleague]) -> Workspace:
    """Its people are listed before `init` goes on, so that its primaries are read once."""
    folder = root / "units" / (unit.parent or "") / "units" / unit.code
    folder.mkdir(parents=True)
    write_config(folder, unit)
    lines: list[str] = []
    for person in people:
        lines += ["", "[[staff]]", f"name = {toml_text(person.name)}"]
        if person.grids:
            lines.append(f"scope = {{ grid = {toml_text(person.grids)} }}")
    _add_to_config(folder, lines)
    return create_workspace(folder, unit)


def _add_to_config(folder: Path, lines: Sequence[str]) -> None:
    with (folder / CONFIG_NAME).open("a", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")


def _work(
    workspace: Workspace,
    sample: SampleCommunity,
    people: Sequence[Colleague],
    rng: Random,
    after: Callable[[Session], None],
) -> list[MergeReport]:
    """First the old workbooks, then a fortnight of several people's copies."""
    _old_workbooks(workspace, sample, rng)
    reports = []
    with open_session(workspace, "demo") as session:
        reports.append(merge_files(session))
        fortnight(session, people, rng)
        reports.append(merge_files(session))
        after(session)
    return reports


def _staff(sample: SampleCommunity) -> list[Colleague]:
    """Three grid workers with their grids, and a deputy who sees everything."""
    names = sample.staff
    people = [Colleague(name, (f"第{n}网格",)) for n, name in enumerate(names[:3], 1)]
    return [*people, Colleague(names[-1])]


def _old_workbooks(workspace: Workspace, sample: SampleCommunity, rng: Random) -> None:
    """The ledgers of the time before: one is adopted with its looks, the others are sent in."""
    for ledger in workspace.catalog:
        tables = {t.id: sample.tables.get((ledger.id, t.id), []) for t in ledger.tables}
        folder = workspace.root / "旧台账" if ledger.id == ADOPTED else workspace.inbox / CLERK
        path = folder / f"{sample.today.year}年{ledger.workbook}.xlsx"
        write_old_workbook(path, ledger, tables, sample.name, sample.today, rng)
        if ledger.id == ADOPTED:
            adopt_workbook(workspace, ledger, path)
