"""The process dies at every point at which it touches the disk; done again, nothing is missing.

The everyday suite tries a few points of every scene; `make soak` tries all of them, and then a
thousand at random, some of them twice.
"""

import os
import random
from pathlib import Path

import pytest

from ledgersync.workbook.read.reading import read_here
from tests.community import TODAY
from tests.faults.scenes import SCENES, Stage, outcome
from tests.faults.shim import Shim, in_child, killed

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
RANDOM_KILLS = int(os.environ.get("LEDGERSYNC_KILLS", "1000"))


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fixed day; workbooks are read without the pool of children, which a fork must not share."""
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    monkeypatch.setattr("ledgersync.sync.readings.read_workbook", read_here)
    monkeypatch.setattr("ledgersync.sync.create.read_workbook", read_here)


def points(stage: Stage) -> int:
    """How often the scene touches the disk."""
    town = stage.fresh()
    status, count = in_child(lambda: stage.scene.operation(town), Shim(0, root=str(town.root)))
    assert status == 0
    stage.drop(town)
    return count


def survives(stage: Stage, *at: int) -> None:
    """Killed at these points, one run after the other, then finished."""
    town = stage.fresh()
    for point in at:
        in_child(lambda: stage.scene.operation(town), Shim(point, killed, root=str(town.root)))
    stage.finish(town)
    assert outcome(town) == stage.expected, f"{stage.scene.name} killed at {at}"
    stage.drop(town)


def spread(count: int, few: int) -> list[int]:
    """A few points over the whole of a scene, the first and the last among them."""
    return sorted({1 + round(i * (count - 1) / (few - 1)) for i in range(few)})


@pytest.mark.parametrize("name", SCENES)
def test_killed_at_a_few_points(name: str, tmp_path: Path) -> None:
    stage = Stage(SCENES[name], tmp_path)
    for point in spread(points(stage), 4 if name == "merge" else 2):
        survives(stage, point)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", SCENES)
def test_killed_at_every_point(name: str, tmp_path: Path) -> None:
    stage = Stage(SCENES[name], tmp_path)
    count = points(stage)
    for point in range(1, count + 1):
        survives(stage, point)
    print(f"{name}: {count} points")


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_killed_at_random(tmp_path: Path) -> None:
    pick = random.Random(20220630)
    stages = [Stage(scene, tmp_path / name) for name, scene in SCENES.items()]
    sizes = {stage.scene.name: points(stage) for stage in stages}
    for _ in range(RANDOM_KILLS):
        stage = pick.choice(stages)
        kills = pick.choice((1, 1, 2, 3))
        survives(stage, *(pick.randint(1, sizes[stage.scene.name]) for _ in range(kills)))
