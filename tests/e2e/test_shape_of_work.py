"""How much is done for how little: modules imported, files read and written. Never seconds."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.community import Community, begun

from ledgersync import files
from ledgersync.api.aftermath import write_snapshot_of
from ledgersync.sync import readings
from ledgersync.sync.copies import issue

STAFF = ("王芳", "李强", "赵敏")
CONFIG = "".join(f'[[staff]]\nname = "{name}"\n' for name in STAFF)
FRAMES = {"numpy", "pandas", "pyarrow", "polars", "duckdb", "sqlglot"}
WRITERS = {"openpyxl", "xlsxwriter", "docx", "jinja2"}
NETWORK = {"asyncio", "ssl", "http", "socketserver"}
IMPORTED = "import sys; print(*sorted(sys.modules), sep='\\n')"


def imported(code: str, *arguments: str) -> set[str]:
    """The modules of a process that has run this."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{IMPORTED}", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return set(done.stdout.split())


def of_command(root: Path, *words: str) -> set[str]:
    run = "import sys\nfrom ledgersync.cli import main\n"
    run += "try: main(sys.argv[1:])\nexcept SystemExit: pass"
    return imported(run, "-C", str(root), *words)


@pytest.fixture
def town(tmp_path: Path) -> Community:
    town = begun(tmp_path, CONFIG)
    for staff in STAFF:
        town.issue(staff)
    town.merge()
    return town


def test_what_a_look_imports(town: Community) -> None:
    """`status` needs no reader, no writer, no columns, no network."""
    found = of_command(town.root, "status", "--json")
    heavy = FRAMES | WRITERS | NETWORK | {"lxml", "stdnum", "tomlkit", "filelock", "subprocess"}
    assert not found & heavy
    assert not {m for m in found if m.startswith("ledgersync.workbook.patch")}
    assert len(found) < 520


def test_what_a_merge_of_nothing_imports(town: Community) -> None:
    found = of_command(town.root, "-q", "merge")
    assert not found & (FRAMES | WRITERS | {"stdnum", "tomlkit", "subprocess"})
    assert not {m for m in found if m.startswith("ledgersync.workbook.foreign")}
    assert len(found) < 700


def test_what_a_merge_of_one_cell_imports(town: Community) -> None:
    """What makes columns, builds workbooks or draws pages is left alone."""
    book = town.issue("李强")
    town.merge()
    book.people.set("A1", "备注", "改过")
    book.send()
    found = of_command(town.root, "-q", "merge")
    assert "ledgersync.workbook.patch.whole.patcher" in found
    assert not found & (FRAMES | WRITERS | {"rich.console", "ssl", "http", "stdnum", "tomlkit"})
    assert not {m for m in found if m.startswith("ledgersync.workbook.build.native")}
    assert len(found) < 800


def test_what_a_reader_imports() -> None:
    """Containers, pages and other formats are for the files that need them."""
    found = imported("import ledgersync.workbook.read.worker")
    heavy = FRAMES | WRITERS | NETWORK | {"msoffcrypto", "olefile", "lxml.html", "stdnum"}
    other = {f"ledgersync.workbook.read.formats.{m}" for m in ("ods", "xlsb", "biff", "text_files")}
    assert not found & (heavy | other | {"tomllib", "tempfile", "json", "html"})
    assert len(found) < 260


def test_one_changed_cell(town: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    """One file is read, one primary and each person's copy is replaced once, none is built."""
    book, other = town.issue("李强"), town.issue("王芳")
    town.merge()
    book.people.set("A1", "备注", "改过")
    sent = book.send()
    replaced: list[str] = []
    read: list[str] = []
    replace, reading = files.REPLACE, readings.read_workbook

    def counted_replace(source: Path, target: Path) -> None:
        replaced.append(target.name)
        replace(source, target)

    def counted_read(path: Path, *given: object, **named: object) -> object:
        read.append(path.name)
        return reading(path, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "REPLACE", counted_replace)
    monkeypatch.setattr(readings, "read_workbook", counted_read)
    monkeypatch.setattr(issue, "_built", None)  # which fails who calls it
    town.merge()
    assert read == [sent.name]
    assert [name for name in replaced if name.endswith(".xlsx")] == ["名册.xlsx"] * (1 + len(STAFF))
    other.send()
    town.merge()
    del replaced[:], read[:]
    with town.session() as session:
        write_snapshot_of(session)
    del replaced[:]
    town.merge()
    with town.session() as session:
        write_snapshot_of(session)
    assert (read, set(replaced)) == ([], {"owner.json"})
