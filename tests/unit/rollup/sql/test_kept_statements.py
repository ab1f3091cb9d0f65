"""SQL that was checked is kept for the next process; nothing else is ever taken for it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ledgersync.rollup.sql import statements
from ledgersync.rollup.sql.compiled import compile_statements
from ledgersync.rollup.sql.kept import FILE
from ledgersync.rollup.sql.statements import Statements, checked_statements
from ledgersync.schema import Catalog, load_catalog

CATALOG = load_catalog()
ASKED = """
import sys
from pathlib import Path
from ledgersync.rollup.sql.statements import checked_statements
from ledgersync.schema import load_catalog
found = checked_statements(load_catalog(), Path(sys.argv[1]))
for defined in found.definitions:
    for sql in found.parts_of(defined):
        found.shape(sql)
assert found.views and found.named_columns
assert ("sqlglot" in sys.modules) is bool(int(sys.argv[2]))
"""


@pytest.fixture(autouse=True)
def _nothing_packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "PACKAGED", tmp_path / "packaged")


def checked(folder: Path, catalog: Catalog = CATALOG) -> Statements:
    """As another process does it."""
    statements._CHECKED.clear()
    return checked_statements(catalog, folder)


def said(found: Statements) -> object:
    return (
        [[found.part(d, "value")] for d in found.definitions if d.indicator.value],
        found.views,
        found.named_columns,
        [found.shape(sql) for d in found.definitions for sql in found.parts_of(d)],
        {key: found.view_columns(key) for key in found.views},
    )


def test_what_was_kept_says_the_same_without_a_parser(tmp_path: Path) -> None:
    first = said(checked(tmp_path))
    assert said(checked(tmp_path)) == first
    subprocess.run([sys.executable, "-c", ASKED, str(tmp_path), "0"], check=True)


@pytest.mark.parametrize("damage", ["cut", "changed", "format", "not json"])
def test_what_is_damaged_is_not_used(tmp_path: Path, damage: str) -> None:
    first, path = said(checked(tmp_path)), tmp_path / FILE
    text = path.read_text("utf-8")
    document = json.loads(text)
    if damage == "changed":
        document["kept"]["parts"][0][3] = "count(*)"
    if damage == "format":
        document["format"] = "ledgersync.statements/0"
    broken = {"cut": text[:-9], "not json": "[]"}.get(damage, json.dumps(document))
    path.write_text(broken, "utf-8")
    assert said(checked(tmp_path)) == first
    assert path.read_text("utf-8") == text


def test_other_definitions_are_checked_themselves(tmp_path: Path) -> None:
    checked(tmp_path)
    visit = CATALOG.ledger("visit")
    fewer = visit.changed(indicators=visit.indicators[:1])
    other = checked(tmp_path, Catalog({"visit": fewer}, {}))
    assert [d.ledger for d in other.definitions].count("visit") == 1


def test_what_the_package_brings_is_taken_for_its_own_ledgers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = said(checked(tmp_path / "nowhere"))
    statements.PACKAGED.mkdir()
    compile_statements(statements.PACKAGED)
    monkeypatch.setattr(Statements, "check", None)  # which fails who calls it
    assert said(checked(tmp_path)) == first
    assert not (tmp_path / FILE).exists()
    with pytest.raises(TypeError):
        checked(tmp_path, Catalog({"visit": CATALOG.ledger("visit")}, {}))


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    assert checked(tmp_path / "nowhere").views
    assert not (tmp_path / "nowhere").exists()
