"""`facts export` and what is rolled up from it, through the commands."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.district import (
    EAST,
    A,
    B,
    C,
    community,
    district,
    primaries,
    rolled,
    run,
    values,
    visits,
)

from ledgersync.files import file_hash


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A district whose communities' folders lie in those of their streets."""
    root = district(tmp_path / "区")
    for n, code in enumerate((A, B), 1):
        folder = community(root / "units" / EAST, EAST) / "units" / code
        community(folder, code)
        primaries(folder, visits(*["2022-03-01"] * n, street=f"{n}路"))
    return root


def exported(office: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, dict[str, Any]]:
    assert run("-C", office, "facts", "export", "-o", office.parent / "数据集", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    manifest = Path(told["manifest"])
    return manifest.parent, json.loads(manifest.read_text("utf-8"))


def test_every_part_says_which_bytes_it_was_read_from(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, manifest = exported(office, capsys)
    hashes = {p["source_sha256"] for p in manifest["parts"]}
    assert hashes == {file_hash(path) for path in office.rglob("primary/*.xlsx")}


def test_the_dataset_says_what_the_folders_say(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = exported(office, capsys)
    plain = rolled(office, capsys, "2022H1")
    found = rolled(office, capsys, "2022H1", "--facts", folder)
    assert found["figures"] == plain["figures"]
    assert values(found, "visits_households")[A] == 1
    assert values(found, "visits_households")[B] == 2
    lacking = [{(m["unit"], m["ledger"]) for m in r["missing"]} for r in (found, plain)]
    assert (C, None) in lacking[0] and lacking[0] == lacking[1]


def test_a_file_of_a_stranger_ends_nothing(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = exported(office, capsys)
    before = rolled(office, capsys, "2022H1", "--facts", folder)
    stray = folder / "visit.visits" / "unit=999" / "x.parquet"
    stray.parent.mkdir()
    stray.write_bytes(next(folder.rglob("*.parquet")).read_bytes())
    found = rolled(office, capsys, "2022H1", "--facts", folder)
    assert found["figures"] == before["figures"] and found["exit"] == 1
    assert "999" in found["said"]
