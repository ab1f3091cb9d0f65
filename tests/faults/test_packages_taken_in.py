"""`receive` killed at every write, and with the disk full at every write: all or nothing."""

import shutil
from pathlib import Path

import pytest

from ledgersync.upward.content.figures import FORMAT
from ledgersync.upward.keys.own import OwnKeys
from ledgersync.upward.office import office_session
from ledgersync.upward.package.envelope import wrapped
from ledgersync.upward.reception import Received, Reception
from ledgersync.workspace import Workspace
from tests.district import EAST, A, run
from tests.faults.shim import Shim, Strike, disk_full, in_child, killed
from tests.unit.upward.parcels import archive, keys_of

FIGURES = (
    f'{{"format": "{FORMAT}", "period": "2022-06", "units": [["{A}", "幸福社区", "community",'
    ' null]], "windows": {"current": {"figures": []}, "year_to_date": {"figures": []},'
    ' "year_before": {"figures": []}, "previous": {"figures": []}}, "groups": [], "missing": []}'
).encode()


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")


def street(folder: Path) -> tuple[Path, Path]:
    """A street that believes a community, and a package of it."""
    root = folder / "street"
    run("init", root, "--name", "东门街道", "--code", EAST, "--level", "street")
    run("-C", root, "keys", "init")
    with office_session(Workspace.open(root), "test") as office:
        sender: OwnKeys = keys_of(A)
        office.trusted.trust(sender.public)
        assert office.keys is not None
        package = wrapped(archive({"figures.json": FIGURES}), sender, office.keys.public)
    path = folder / "p.lsp"
    path.write_bytes(package)
    return root, path


def take(root: Path, package: Path) -> list[Received]:
    with office_session(Workspace.open(root), "receive") as office:
        return Reception(office, office.session.today).take([package])


@pytest.mark.parametrize("strike", [killed, disk_full])
def test_all_or_nothing(tmp_path: Path, strike: Strike) -> None:
    root, package = street(tmp_path)
    fresh = tmp_path / "fresh"
    shutil.copytree(root, fresh)
    _, count = in_child(lambda: take(root, package), Shim(0, root=str(root)))
    assert count > 8
    for point in range(1, count + 1):
        shutil.rmtree(root)
        shutil.copytree(fresh, root)
        in_child(lambda: take(root, package), Shim(point, strike, root=str(root)))
        with office_session(Workspace.open(root), "test", write=False) as office:
            kept = office.journal.packages.all("in")
            assert all(office.archives.is_intact(p.sha256) for p in kept), point
            assert all((root / p.file).read_bytes() == package.read_bytes() for p in kept), point
        again = take(root, package)[0]
        assert again.status == ("duplicate" if kept else "accepted"), (point, again.refusal)
        with office_session(Workspace.open(root), "test", write=False) as office:
            assert len(office.journal.packages.all("in")) == 1
        assert run("-C", root, "verify") == 0, point
