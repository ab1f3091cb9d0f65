"""The disk is full, a right is missing, the share is gone: once, or from some point on.

The program lives on and must neither lose nor double anything; when the disk is well again, the
same command brings everything to where it would have been.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ledgersync.workbook.read.reading import read_here
from tests.community import TODAY
from tests.faults.scenes import SCENES, Stage, outcome
from tests.faults.shim import Shim, Strike, denied, disk_full, gone, in_child

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
FAULTS: dict[str, Strike] = {"full": disk_full, "denied": denied, "gone": gone}


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    for module in ("readings", "create"):
        monkeypatch.setattr(f"ledgersync.sync.{module}.read_workbook", read_here)


def try_again(stage: Stage, shim: Callable[[str], Shim]) -> int:
    """The operation under a fault, then once more without; the points that there were."""
    town = stage.fresh()
    _, count = in_child(lambda: stage.scene.operation(town), shim(str(town.root)))
    stage.finish(town)
    assert outcome(town).in_any_order() == stage.expected.in_any_order()
    stage.drop(town)
    return count


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_a_few_points_of_a_merge(fault: str, tmp_path: Path) -> None:
    stage = Stage(SCENES["merge"], tmp_path)
    count = try_again(stage, lambda root: Shim(0, root=root))
    for lasting, fifth in ((False, 2), (True, 4)):
        at, again = max(1, count * fifth // 5), lasting
        try_again(stage, lambda root, at=at, again=again: Shim(at, FAULTS[fault], again, root))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", SCENES)
def test_a_fault_at_every_point(name: str, fault: str, lasting: bool, tmp_path: Path) -> None:
    stage = Stage(SCENES[name], tmp_path)
    count = try_again(stage, lambda root: Shim(0, root=root))
    for at in range(1, count + 1):
        try_again(stage, lambda root, at=at: Shim(at, FAULTS[fault], lasting, root))
