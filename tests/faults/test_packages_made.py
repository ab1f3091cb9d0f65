"""`submit` and `review --return` cut short at every write: what comes after is whole."""

import shutil
from pathlib import Path

import pytest

from ledgersync.rollup.running import period_of
from ledgersync.rollup.sources.collect import collect
from ledgersync.upward.combine.running import CombinedRun, run_over
from ledgersync.upward.office import Office, office_session
from ledgersync.upward.reception import Reception
from ledgersync.upward.review import Review
from ledgersync.upward.submission import Submission
from ledgersync.workspace import Workspace
from tests.district import EAST, A, community, configure, entry, primaries, run, visits
from tests.faults.shim import Shim, Strike, disk_full, in_child, killed

PERIOD = "2022-06"
STRIKES = [killed, disk_full]
steps = pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.slow)])


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")


def offices(folder: Path) -> tuple[Path, Path]:
    """A street and a community that believe each other; the street answers into a share."""
    street, below = folder / "street", folder / "community"
    run("init", street, "--name", "东门街道", "--code", EAST, "--level", "street")
    run("init", below, "--name", "幸福社区", "--code", A, "--level", "community")
    share = folder / "share"
    answers = f'[[delivery]]\nname = "幸福"\nkind = "folder"\nunit = "{A}"\npath = "{share}"\n'
    configure(street, entry(EAST), entry(A), answers)
    community(below, A)
    primaries(below, visits("2022-06-01"))
    for one, code in ((street, EAST), (below, A)):
        run("-C", one, "keys", "init")
        run("-C", one, "keys", "show", "-o", folder / f"{code}.lskey")
    run("-C", street, "keys", "trust", A, folder / f"{A}.lskey")
    run("-C", below, "keys", "trust", EAST, folder / f"{EAST}.lskey")
    return street, below


def counted(office: Office) -> tuple[CombinedRun, object]:
    """The figures, before anything is written."""
    today = office.session.today
    period = period_of(office.workspace, PERIOD, today)
    found = collect(office.workspace, period, today)
    rolled = run_over(office, period, today, found)
    rolled.exact()
    return rolled, found


def sent_up(root: Path, figures: tuple[CombinedRun, object]) -> Path:
    with office_session(Workspace.open(root), "submit") as office:
        rolled, found = figures
        return Submission(office, rolled, found, office.parent).make().path  # type: ignore[arg-type]


def taken(street: Path, package: Path) -> list[str]:
    with office_session(Workspace.open(street), "receive") as office:
        return [r.status for r in Reception(office, office.session.today).take([package])]


@steps
@pytest.mark.parametrize("strike", STRIKES)
def test_a_package_cut_short_is_followed_by_a_whole_one(
    tmp_path: Path, strike: Strike, step: int
) -> None:
    street, below = offices(tmp_path)
    with office_session(Workspace.open(below), "test") as office:
        figures = counted(office)
    fresh = tmp_path / "fresh"
    shutil.copytree(below, fresh)
    _, count = in_child(lambda: sent_up(below, figures), Shim(0, root=str(below)))
    assert count > 8
    seen = set()
    for point in range(count, 0, -step):
        shutil.rmtree(below)
        shutil.copytree(fresh, below)
        in_child(lambda: sent_up(below, figures), Shim(point, strike, root=str(below)))
        with office_session(Workspace.open(below), "test", write=False) as office:
            kept = office.journal.packages.all("out")
            assert all(office.archives.is_intact(p.sha256) for p in kept), point
        files = list((below / "reports").rglob("*.lsp"))
        assert len(files) <= len(kept), "a file that the journal does not know"
        package = sent_up(below, figures)
        with office_session(Workspace.open(below), "test", write=False) as office:
            versions = [p.version for p in office.journal.packages.all("out")]
            assert list(office.journal.audit.breaks()) == [], point
        assert versions == list(range(1, len(kept) + 2)), point
        seen.add(len(kept))
    assert seen == {0, 1} and taken(street, package) == ["accepted"]


@steps
@pytest.mark.parametrize("strike", STRIKES)
def test_a_return_is_taken_and_told_or_neither(tmp_path: Path, strike: Strike, step: int) -> None:
    street, below = offices(tmp_path)
    with office_session(Workspace.open(below), "test") as office:
        figures = counted(office)
    assert taken(street, sent_up(below, figures)) == ["accepted"]
    fresh = tmp_path / "fresh"
    shutil.copytree(street, fresh)

    def give_back() -> None:
        with office_session(Workspace.open(street), "review") as office:
            period = period_of(office.workspace, PERIOD, office.session.today)
            Review(office, period).take(A, "return", "王芳", "户次不对")

    _, count = in_child(give_back, Shim(0, root=str(street)))
    assert count > 4
    seen = set()
    for point in range(count, 0, -step):
        shutil.rmtree(street)
        shutil.copytree(fresh, street)
        in_child(give_back, Shim(point, strike, root=str(street)))
        with office_session(Workspace.open(street), "test", write=False) as office:
            steps = office.journal.reviews.steps(PERIOD)
            waiting = office.journal.deliveries.waiting()
            assert len(steps) == len(waiting), point
            assert all((street / e.file).is_file() for e in waiting), point
        if not steps:
            give_back()
        with office_session(Workspace.open(street), "test", write=False) as office:
            [errand] = office.journal.deliveries.waiting()
        assert taken(below, street / errand.file) in (["accepted"], ["duplicate"])
        assert run("-C", street, "verify") == 0, point
        seen.add(len(steps))
    assert seen == {0, 1}
