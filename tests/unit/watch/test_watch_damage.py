"""Damaged packages never stop the service: a stamp is none, a conflict list is refused."""

import io
import random
import zipfile
from datetime import date
from pathlib import Path

import pytest

from ledgersync.errors import UnreadableFile
from ledgersync.files import atomic_write
from ledgersync.model import Stamp
from ledgersync.schema import load_catalog
from ledgersync.workbook.build import ledger_workbook
from ledgersync.workbook.lists.conflict_lines import ConflictLine
from ledgersync.workbook.lists.conflicts import read_decisions, write_conflict_workbook
from ledgersync.workbook.properties import last_modified_by
from ledgersync.workbook.stamp import read_stamp

STAMP = Stamp("0" * 32, "volunteer", 1, 7, "1" * 32, "王芳")


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Bytes changed anywhere, or inside one member whose package stays whole; or cut short."""
    if chance.random() < 0.5:
        return _scratched(content, chance)
    old, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    victim = chance.choice([n for n in old.namelist() if old.read(n)])
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, _scratched(data, chance) if name == victim else data)
    return target.getvalue()


def _scratched(content: bytes, chance: random.Random) -> bytes:
    found = bytearray(content)
    for _ in range(chance.choice([1, 3, 20])):
        found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found[: chance.randrange(len(found))] if chance.random() < 0.2 else found)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_damaged_conflict_list_is_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "冲突清单.xlsx"
    write_conflict_workbook(path, [ConflictLine(1, *["甲"] * 11)], "幸福社区")
    content, chance, refused = path.read_bytes(), random.Random(1), 0
    for _ in range(150):
        path.write_bytes(damaged(content, chance))
        try:
            read_decisions(path)
        except UnreadableFile:
            refused += 1
    assert 30 < refused < 150


def test_a_damaged_workbook_has_its_stamp_or_none(tmp_path: Path) -> None:
    catalog, path = load_catalog(), tmp_path / "志愿.xlsx"
    ledger = catalog.ledger("volunteer")
    atomic_write(
        path,
        ledger_workbook(
            ledger,
            catalog,
            kind="copy",
            unit="幸福社区",
            rows={},
            stamp=STAMP,
            today=date(2022, 6, 30),
        ),
    )
    assert read_stamp(path) == STAMP
    content, chance, found = path.read_bytes(), random.Random(2), 0
    for _ in range(150):
        path.write_bytes(damaged(content, chance))
        found += read_stamp(path) is not None
        last_modified_by(path)
    assert 0 < found < 150
