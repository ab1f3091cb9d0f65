"""The demo goes all the way, and nothing it prints or reports names a person in the clear."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

# Digests and record ids hold runs of digits too; a number of a person stands alone.
ID_OR_PHONE = re.compile(r"(?<![\w.])(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\w)", re.ASCII)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ledgersync", "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object], str]:
    root = tmp_path_factory.mktemp("示例")
    done = run(root, "demo", "区", "--json")
    assert done.returncode == 0, done.stderr
    return root / "区", json.loads(done.stdout), done.stdout + done.stderr


def communities(root: Path) -> list[Path]:
    return sorted(p.parent for p in root.glob("units/*/units/*/ledgersync.toml"))


def test_the_demo_shows_every_kind_of_outcome(
    demo: tuple[Path, dict[str, object], str],
) -> None:
    root, document, _ = demo
    changes = document["changes"]
    assert isinstance(changes, dict)
    assert all(changes[name] > 0 for name in ("applied", "added", "conflicts", "held"))
    assert len(communities(root)) == 5
    for community in communities(root):
        assert (community / "conflicts" / "冲突清单.xlsx").exists()
        assert list((community / "returned").glob("*/退回原因.txt"))


def test_every_number_of_the_summary_is_there_and_the_missing_unit_is_named(
    demo: tuple[Path, dict[str, object], str],
) -> None:
    root, document, _ = demo
    reports = document["reports"]
    assert isinstance(reports, list)
    assert len(reports) >= 1
    done = run(root, "rollup", "--period", "last-half-year", "--json", "-o", str(root / "再算"))
    figures = json.loads(done.stdout)
    assert [m["unit"] for m in figures["missing"]] == ["360797002003"]
    district = {f["indicator"]: f["value"] for f in figures["figures"] if f["level"] == "district"}
    assert district["visits_made"] > 0
    traced = json.loads(
        run(root, "trace", "visits_made", "--period", "last-half-year", "--json").stdout
    )
    assert len(traced["rows"]) == district["visits_made"]


def test_nobody_is_named_in_the_clear_outside_the_ledgers(
    demo: tuple[Path, dict[str, object], str],
) -> None:
    root, document, said = demo
    texts = {"demo": said}
    community = communities(root)[0]
    for command in (["status"], ["conflicts"], ["check"], ["merge"], ["verify"], ["staff", "list"]):
        done = run(community, *command, "--json")
        texts[" ".join(command)] = done.stdout + done.stderr
    record = json.loads(run(community, "conflicts", "--json").stdout)["conflicts"][0]["record"]
    texts["history"] = run(community, "history", record, "--json").stdout
    for path in root.rglob("*.txt"):
        texts[path.name] = path.read_text("utf-8-sig")
    for path in root.rglob("*.log"):
        texts[path.name] = path.read_text("utf-8")
    reports = document["reports"]
    assert isinstance(reports, list)
    for report in reports:
        with zipfile.ZipFile(report) as package:
            for name in package.namelist():
                if name.endswith(".xml") and ("sheet" in name or "sharedStrings" in name):
                    texts[f"{Path(report).name}/{name}"] = package.read(name).decode()
    found = {name: ID_OR_PHONE.findall(text)[:3] for name, text in texts.items()}
    assert {name: hits for name, hits in found.items() if hits} == {}
