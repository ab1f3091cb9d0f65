"""A workspace with a small snapshot, and nothing of the machine's own settings."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.plugin_samples import publish

from ledgersync.plugin import settings
from ledgersync.plugin.reader import forget
from ledgersync.schema import Catalog, load_catalog


@pytest.fixture
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalog: Catalog) -> Iterator[Path]:
    """A folder that the plugin takes for its workspace, with a snapshot of `sample_tables`."""
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    monkeypatch.setattr(settings, "settings_file", lambda: tmp_path / "config" / "plugin.json")
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "ledgersync.toml").write_text("", encoding="utf-8")
    monkeypatch.setenv("LEDGERSYNC_WORKSPACE", str(folder))
    publish(folder, catalog)
    forget()
    yield folder
    forget()
