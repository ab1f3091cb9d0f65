"""A street with a community; one LibreOffice with the extension for all tests of a worker."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import xlwings
from tests.e2e.office import Office, running
from tests.upward import Units, on_a_july_day, street_and_community

from ledgersync.plugin import uno_engine
from ledgersync.plugin.calc.oxt import build_oxt


@pytest.fixture
def july_day(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Early in July, with an empty state of this machine."""
    on_a_july_day(monkeypatch, tmp_path)


@pytest.fixture
def units(tmp_path: Path, july_day: None, capsys: pytest.CaptureFixture[str]) -> Units:
    """A street and a community that trust each other."""
    return street_and_community(tmp_path, capsys)


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """LibreOffice with the extension installed, its day fixed at 2022-06-30.

    Not below pytest's own folder: every other pytest of this user closes that one to others.
    """
    with TemporaryDirectory(prefix="ledgersync-office-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        extension = build_oxt(folder / "LedgerSync.oxt")
        with running(folder / "run", extension, LEDGERSYNC_TODAY="2022-06-30") as office:
            yield office


@pytest.fixture
def app(office: Office) -> Iterator[xlwings.App]:
    """The office as xlwings sees it; what a test leaves open is closed."""
    app = uno_engine.activate(office.context)
    app.impl.visible = False
    yield app
    for book in list(app.books):
        book.close()


@pytest.fixture
def open_folder(office: Office) -> Path:
    """A new folder that the office may read and write."""
    folder = office.folder / "work" / uuid.uuid4().hex[:8]
    folder.mkdir(parents=True)
    office.give(folder.parent)
    return folder
