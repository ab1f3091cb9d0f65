"""What all tests share: property tests that are the same every time, and end in time."""

import gc
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from hypothesis import HealthCheck, Phase, settings

if TYPE_CHECKING:
    from tests.community import Community

# A seventh of the suite went into looking through ten thousand tests for circles.
gc.set_threshold(700, 10, 500)

_PROCESS, _MUCH = psutil.Process(), 300 << 20
_resident = 0

SHARED = Path(__file__).resolve().parents[2] / "shared"

_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile(
    "everyday",
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=_QUIET,
    phases=[Phase.explicit, Phase.generate],
)
settings.register_profile(
    "thorough", max_examples=1000, deadline=None, suppress_health_check=_QUIET
)
settings.load_profile(os.environ.get("LEDGERSYNC_TESTS", "everyday"))


@pytest.fixture
def town(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> "Community":
    """A community that has begun, on its day; `mark.town(config=…, matters=…)` says otherwise."""
    from tests.community import TODAY, begun

    marked = request.node.get_closest_marker("town")
    tables = dict(marked.kwargs) if marked else {}
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    return begun(tmp_path, tables.pop("config", ""), **tables)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Where a test puts the workbook that is patched."""
    return tmp_path / "source.xlsx"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the patched workbook is to stand."""
    return tmp_path / "target.xlsx"


def pytest_collection_finish() -> None:
    """What is there for all of the run is not looked through again and again."""
    gc.collect()
    gc.freeze()


def pytest_runtest_logfinish() -> None:
    """What roll-ups and examples leave in circles goes before there are gigabytes of it."""
    global _resident
    if _PROCESS.memory_info().rss > _resident + _MUCH:
        gc.collect()
        _resident = _PROCESS.memory_info().rss


def pytest_unconfigure() -> None:
    gc.unfreeze()  # DuckDB counts what it left at the end


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests whose programs or material are not here are shown as skipped, with the reason."""
    reasons = {
        "office": None if shutil.which("soffice") else "LibreOffice (soffice) is not installed",
        "browser": None if shutil.which("chromium") else "Chromium is not installed",
        "shared": None if SHARED.is_dir() else f"no shared field material at ../{SHARED.name}",
    }
    for item in items:
        for mark, reason in reasons.items():
            if reason and item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_configure() -> None:
    """The program's English is compiled from what is committed, as `make` does."""
    from ledgersync.messages.build import compile_catalogues, outdated

    if outdated():
        compile_catalogues()
