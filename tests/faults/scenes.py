"""Deeds that are cut short, and how to see afterwards that nothing was lost or done twice."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ledgersync.sync.cases.decisions import resolve
from ledgersync.sync.cases.held import release
from ledgersync.sync.copies.issue import issue_copies
from ledgersync.sync.create import adopt_workbook, create_workspace
from ledgersync.sync.history.undo import undo_revision
from ledgersync.sync.results import MergeReport
from ledgersync.sync.run import finish
from ledgersync.workbook.lists.conflict_lines import Decision
from ledgersync.workspace.config import new_unit
from tests.community import Community, write_csv

Lines = list[list[str]]
HEADERS = "编号 姓名 电话 状态 人口 享受人数 备注"


@dataclass
class Outcome:
    """What has to be the same however often an operation was cut short and done again."""

    people: Lines
    records: int
    operations: int
    counted: dict[str, dict[str, int]]
    conflicts: list[tuple[str, str | None, str, str | None]]
    returned: int
    held: int
    disputed: set[str]

    def in_any_order(self) -> tuple[object, ...]:
        """What does not depend on whose file came first, when one of them had to wait.

        Whose value of a disputed record stands is not compared; that both are there is.
        """
        return (
            [line for line in self.people if line[0] not in self.disputed],
            self.records,
            self.operations,
            {who: sum(kinds.values()) for who, kinds in self.counted.items()},
            sorted(
                (kind, field or "", {ours, theirs}) for kind, field, ours, theirs in self.conflicts
            ),
            self.returned,
            self.held,
            self.disputed,
        )


def left_over(root: Path) -> list[Path]:
    """Temporary files, of whatever program part, anywhere in a workspace."""
    return [p for p in root.rglob("*") if p.name.endswith((".tmp", ".new", ".part"))]


def outcome(town: Community) -> Outcome:
    """Read back with openpyxl and from the journal; everything agrees with everything."""
    town.assert_consistent()
    assert left_over(town.root) == []
    with town.session() as session:
        journal = session.journal
        counted: dict[str, dict[str, int]] = {}
        for s in journal.submissions.all():
            name = s.staff + ":" + Path(s.file).name
            sums = counted.setdefault(name, dict.fromkeys(s.changes, 0))
            for kind, n in s.changes.items():
                sums[kind] += n
        people = sorted(town.shown(HEADERS))
        rows = journal.state.rows("roster", "people")
        return Outcome(
            people,
            len(rows),
            len(journal.log.operations()),
            {k: v for k, v in counted.items() if any(v.values())},
            town.conflicts_of(session),
            len(journal.returned.open()),
            len(journal.held.open()),
            {str(rows[case.record][0]) for case in journal.conflicts.open() if case.record in rows},
        )


def busy(folder: Path) -> Community:
    """Four people's files in the inbox, a hand edit, copies to be refreshed."""
    town = Community(folder).begin()
    first, second, third = (town.issue(name) for name in ("王芳", "李强", "赵敏"))
    town.issue("钱进")
    first.people.set("A1", "备注", "甲").set("A2", "电话", "12345").remove("A6")
    first.people.add(编号="B1", 姓名="吴刚", 人口=2)
    first.send()
    second.people.set("A1", "备注", "乙").set("A3", "人口", 5)
    second.people.add(编号="B2", 姓名="郑爽", 人口=1)
    second.send()
    third.people.remove("A3", "A4", "A5").set("A2", "备注", "丙")
    third.send()
    lines = "编号 | 姓名 | 电话 | 人口\nC1 | 冯程 | 13800000021 | 2\nC2 | 陈晨 | 13800000022 | 3"
    write_csv(town.root / "inbox" / "孙丽" / "补报.csv", lines)
    primary = town.open_primary()
    primary.people.set("A5", "备注", "手改").set("A4", "状态", "注销")
    primary.save()
    return town


def decided(folder: Path) -> Community:
    """A workspace with an open conflict, a held removal and revisions to undo."""
    town = busy(folder)
    town.merge()
    return town


def merge(town: Community) -> None:
    town.merge()


def issue(town: Community) -> None:
    with town.session() as session:
        issue_copies(session, "王芳", [session.catalog.ledgers["roster"]])


def decide(town: Community) -> None:
    with town.session() as session:
        for case in session.journal.conflicts.open():
            resolve(session, Decision(case.id, "theirs", ""), "站长")
        finish(session, MergeReport(0))


def let_go(town: Community) -> None:
    with town.session() as session:
        for case in session.journal.held.open():
            release(session, case.id, "站长")
        finish(session, MergeReport(0))


def take_back(town: Community) -> None:
    """Undoes 王芳's submission, once."""
    with town.session() as session:
        revisions = session.journal.log.revisions()
        if not any(r.kind == "undo" for r in revisions):
            undo_revision(session, next(r.id for r in revisions if r.author == "王芳"), "站长")
        finish(session, MergeReport(0))


def empty(folder: Path) -> Community:
    """A workspace without records, and a workbook to adopt beside it."""
    source = Community(folder / "源").begin()
    shutil.copyfile(source.primary, folder / "老名册.xlsx")
    return Community(folder)


def adopt(town: Community) -> None:
    """Adopts the workbook unless that is done already."""
    with town.session() as session:
        if session.journal.state.rows("roster", "people"):
            return
    ledger = town.workspace.catalog.ledgers["roster"]
    adopt_workbook(town.workspace, ledger, town.root.parent / "老名册.xlsx")


def nothing(folder: Path) -> Community:
    """A folder with the ledger's definition only."""
    town = Community(folder)
    for path in town.root.iterdir():
        if path.name != "ledgers":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return town


def init(town: Community) -> None:
    if not (town.root / ".ledgersync" / "workspace").exists():
        create_workspace(town.root, new_unit("幸福社区", "360702001001", "community"))


@dataclass(frozen=True)
class Scene:
    """An operation, in a workspace made for it."""

    name: str
    build: Callable[[Path], Community]
    operation: Callable[[Community], None]


SCENES = {
    scene.name: scene
    for scene in (
        Scene("merge", busy, merge),
        Scene("issue", decided, issue),
        Scene("resolve", decided, decide),
        Scene("release", decided, let_go),
        Scene("undo", decided, take_back),
        Scene("adopt", empty, adopt),
        Scene("init", nothing, init),
    )
}


@dataclass
class Stage:
    """A scene built once; every try plays it in a fresh copy of the workspace."""

    scene: Scene
    folder: Path
    tries: int = 0

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.built = self.scene.build(self.folder / "stage")
        self.expected = outcome(self._whole())

    def _whole(self) -> Community:
        town = self.fresh()
        self.finish(town)
        return town

    def fresh(self) -> Community:
        self.tries += 1
        folder = self.folder / f"try{self.tries}"
        shutil.copytree(self.built.root.parent, folder)
        return self.built.at(folder)

    def finish(self, town: Community) -> None:
        """What a person does after a crash: the same command again, then a merge."""
        self.scene.operation(town)
        town.merge()

    def drop(self, town: Community) -> None:
        shutil.rmtree(town.root.parent)
