"""The demo goes all the way, and nothing it prints or reports names a person in the clear."""

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.raw_ledgers import Community, day, period_days
from tests.recount import District

# Digests and record ids hold runs of digits too; a number of a person stands alone.
ID_OR_PHONE = re.compile(r"(?<![\w.])(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\w)", re.ASCII)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ledgersync", "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


# The command, which tells at its end how many workbooks were read.
COUNTED = """
import sys
from ledgersync.cli import main
from ledgersync.workbook.read.pool import ReaderPool

read, opened = ReaderPool.read, []
ReaderPool.read = lambda *given, **named: opened.append(1) or read(*given, **named)
try:
    main(sys.argv[1:])
finally:
    print("workbooks read:", len(opened), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object], str]:
    root = tmp_path_factory.mktemp("示例")
    done = subprocess.run(
        [sys.executable, "-c", COUNTED, "-C", str(root), "demo", "区", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return root / "区", json.loads(done.stdout), done.stdout + done.stderr


def test_no_workbook_is_read_for_nothing(demo: tuple[Path, dict[str, object], str]) -> None:
    """Each file that came once, a primary once for `verify` and once for the district's figures."""
    root, document, told = demo
    (read,) = re.findall(r"workbooks read: (\d+)", told)
    communities_read, ledgers = len(communities(root)), 4
    adopted = 3 * communities_read  # looked at, taken in, and told to the figures
    offices = 2 * ledgers  # of streets; the district's own are known
    figures = verified = communities_read * ledgers
    files = document["files"]
    assert isinstance(files, int)
    assert int(read) <= files + adopted + verified + figures + offices


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


@pytest.fixture(scope="module")
def reported(demo: tuple[Path, dict[str, object], str]) -> dict[str, Any]:
    asked = ("report", "--period", "last-half-year", "--format", "xlsx,docx,html", "--json")
    done = run(demo[0], *asked)
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["faults"] == [], done.stderr
    return found


def raw(root: Path) -> District:
    """The communities as the configurations list them, with their raw workbooks."""
    units: dict[str, dict[str, Any]] = {}
    for path in root.rglob("ledgersync.toml"):
        said = tomllib.loads(path.read_text(encoding="utf-8"))["unit"]
        for unit in said if isinstance(said, list) else [said]:
            units.setdefault(unit["code"], {}).update(unit)
    return District(
        [
            Community(
                code, root / "units" / code[:9] / "units" / code, u["households"], u["residents"]
            )
            for code, u in units.items()
            if u["level"] == "community"
        ]
    )


def test_every_number_of_every_file_is_counted_anew_from_the_raw_workbooks(
    demo: tuple[Path, dict[str, object], str], reported: dict[str, Any]
) -> None:
    """Which rows have errors is what the checks say, and not counted here; all else is."""
    district, wrong, uncounted = raw(demo[0]), [], 0
    for number in reported["numbers"]:
        if number["indicator"] == "data_error_rate" and number["role"] != "denominator":
            uncounted += 1
            continue
        expected = district.expected(number)
        if expected is None or float(number["value"]) != pytest.approx(float(expected)):
            wrong.append((number, expected))
    assert wrong == []
    assert len(reported["numbers"]) > 10_000 > 200 > uncounted
    assert {Path(n["file"]).suffix for n in reported["numbers"]} == {".xlsx", ".docx", ".html"}


@pytest.mark.parametrize("suffix", [".xlsx", ".docx", ".html"])
def test_a_reader_who_doubts_a_number_finds_its_rows(
    suffix: str, demo: tuple[Path, dict[str, object], str], reported: dict[str, Any]
) -> None:
    """One command; each row is opened in its workbook and is what the number counts."""
    root, half = demo[0], reported["period"]
    number = next(
        n
        for n in reported["numbers"]
        if n["file"].endswith(suffix)
        and (n["indicator"], n["role"], n["period"]) == ("issues_collected", "value", half)
    )
    asked = run(root, "trace", "--number", f"{number['file']}#{number['anchor']}", "--json")
    found = json.loads(asked.stdout)
    assert found["number"]["text"] == number["text"]
    assert sum(row["contribution"] for row in found["rows"]) == number["value"] > 0
    first, last = period_days(half)
    books: dict[Path, Any] = {}
    for row in found["rows"]:
        path = next(root.glob(f"units/*/units/{row['unit']}/primary/{Path(row['file']).name}"))
        if path not in books:
            books[path] = load_workbook(path, data_only=True)[row["sheet"]]
        cells = [day(cell.value) for cell in books[path][row["row"]]]
        assert any(first <= found <= last for found in cells if found), row
