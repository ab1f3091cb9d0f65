"""What is kept of workbooks: nothing is read twice, and nothing is used that does not fit.

Every test compares with a roll-up that keeps nothing, and counts the workbooks that are opened.
"""

import json
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from tests.district import A, B, community, district, entry, primaries, rolled, values, visits

from ledgersync.facts import reader

UNITS = {A: "units/360702001001", B: "units/360702001002"}
VISITS = "走访台账.xlsx"


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The workbooks that were opened, by folder and name."""
    found: list[str] = []
    read = reader.read_workbook

    def counting(path: Path, *given: Any, **named: Any) -> Any:
        found.append(f"{path.parent.parent.name}/{path.name}")
        return read(path, *given, **named)

    monkeypatch.setattr(reader, "read_workbook", counting)
    yield found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A district of two communities with four ledgers each."""
    root = district(tmp_path / "区", A, B)
    primaries(root / UNITS[A], visits("2022-01-05", "2022-03-01", "2022-06-30"))
    primaries(root / UNITS[B], visits("2022-02-01", "2022-02-02", street="胜利路"))
    return root


Roll = Callable[..., dict[str, Any]]


@pytest.fixture
def roll(capsys: pytest.CaptureFixture[str]) -> Roll:
    def roll(root: Path, period: str = "2022H1") -> dict[str, Any]:
        return rolled(root, capsys, period)

    return roll


def fresh(root: Path, roll: Roll, period: str = "2022H1") -> dict[str, Any]:
    """The same without anything kept."""
    kept, aside = root / ".ledgersync" / "parts", root / ".ledgersync" / "aside"
    kept.rename(aside)
    found = roll(root, period)
    shutil.rmtree(kept)
    aside.rename(kept)
    return found


def parts(root: Path) -> list[Path]:
    return sorted((root / ".ledgersync" / "parts").iterdir())


def test_a_second_roll_up_opens_no_workbook(folder: Path, roll: Roll, opened: list[str]) -> None:
    first = roll(folder)
    assert len(opened) == len(set(opened)) == 8
    opened.clear()
    for period in ("2022H1", "2022-03", "2022Q2"):
        assert roll(folder, period) == fresh(folder, roll, period)
        assert len(opened) == 8, "the one that keeps nothing reads all, the other none"
        opened.clear()
    assert roll(folder) == first
    assert not opened


def test_only_what_was_changed_by_hand_is_read_again(
    folder: Path, roll: Roll, opened: list[str]
) -> None:
    roll(folder)
    book = load_workbook(folder / UNITS[B] / "primary" / VISITS)
    book["走访记录"].append(["2022-05-05", "胜利路9号", "见到本人"])
    book.save(folder / UNITS[B] / "primary" / VISITS)
    opened.clear()
    now = roll(folder)
    assert opened == [f"{B}/{VISITS}"]
    assert now == fresh(folder, roll)
    assert now["figures"] != []
    opened.clear()
    roll(folder)
    assert not opened


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _bent(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _other_rows(path: Path) -> None:
    """A whole Parquet file of the same columns, with a row less."""
    rows = pq.read_table(path)
    pq.write_table(rows.slice(0, max(rows.num_rows - 1, 0)), path)


def _lies(path: Path) -> None:
    """The file that names the parts says another workspace, and seals nothing."""
    said = json.loads(path.read_text("utf-8"))
    said["part"]["office"] = "别的社区"
    path.write_text(json.dumps(said), encoding="utf-8")


@pytest.mark.parametrize(
    ("suffix", "harm"),
    [
        (".parquet", _cut),
        (".parquet", _bent),
        (".parquet", _empty),
        (".parquet", _other_rows),
        (".parquet", Path.unlink),
        (".json", _cut),
        (".json", _bent),
        (".json", _empty),
        (".json", _lies),
        (".json", Path.unlink),
    ],
)
def test_a_damaged_part_is_never_used_and_made_again(
    folder: Path,
    roll: Roll,
    opened: list[str],
    suffix: str,
    harm: Callable[[Path], None],
) -> None:
    right = roll(folder)
    opened.clear()
    for path in parts(folder):
        if path.suffix == suffix:
            harm(path)
    assert roll(folder) == right
    assert len(opened) == 8
    opened.clear()
    assert roll(folder) == right
    assert not opened


def test_a_part_in_another_ones_place_is_never_used(
    folder: Path, roll: Roll, opened: list[str]
) -> None:
    """Another unit's, copied over with all its files, is foreign: its place and hash say so."""
    right = roll(folder)
    names = [p for p in parts(folder) if p.suffix == ".json"]
    of = {json.loads(p.read_text("utf-8"))["place"]: p for p in names}
    mine, theirs = (of[f"{UNITS[u]}/primary/{VISITS}"] for u in (A, B))
    for path in parts(folder):
        if path.name.startswith(theirs.stem):
            shutil.copy(path, path.with_name(path.name.replace(theirs.stem, mine.stem)))
    opened.clear()
    assert roll(folder) == right
    assert opened == [f"{A}/{VISITS}"]


def test_the_parts_of_another_workspace_are_never_used(
    folder: Path, roll: Roll, opened: list[str], tmp_path: Path
) -> None:
    """Two districts of the same codes: parts that are copied over are of other workbooks."""
    other = district(tmp_path / "另一区", A, B)
    primaries(other / UNITS[A], visits("2022-04-04", street="和平路"))
    primaries(other / UNITS[B], visits())
    right = roll(folder)
    roll(other)
    shutil.rmtree(folder / ".ledgersync" / "parts")
    shutil.copytree(other / ".ledgersync" / "parts", folder / ".ledgersync" / "parts")
    opened.clear()
    assert roll(folder)["figures"] == right["figures"]
    assert f"{A}/{VISITS}" in opened


def test_other_words_and_headers_read_anew(folder: Path, roll: Roll, opened: list[str]) -> None:
    """A part stands for its ledgers and headers, too: with other ones it means something else."""
    roll(folder)
    (folder / UNITS[A] / "mappings.toml").write_text("", encoding="utf-8")
    for name, text in (
        ("mappings.toml", '[mappings]\n"visit.visits/备注一" = "remark"\n'),
        ("ledgersync.toml", None),
    ):
        opened.clear()
        if text is None:
            staff = '\n[[staff]]\nname = "王芳"\nscope = { grid = ["1网格"] }\n'
            with (folder / name).open("a", encoding="utf-8") as stream:
                stream.write(staff)
        else:
            (folder / UNITS[A] / name).write_text(text, encoding="utf-8")
        assert roll(folder) == fresh(folder, roll)
        assert len(opened) > 8


def test_parts_are_private_and_lie_where_the_state_is(
    folder: Path, roll: Roll, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "状态"
    toml = folder / "ledgersync.toml"
    toml.write_text(f'{toml.read_text("utf-8")}\n[paths]\nstate = "{elsewhere}"\n', "utf-8")
    roll(folder)
    assert not (folder / ".ledgersync" / "parts").exists()
    kept = list((elsewhere / "parts").iterdir())
    assert kept
    assert {stat.S_IMODE(p.stat().st_mode) for p in kept} == {0o600}
    assert stat.S_IMODE((elsewhere / "parts").stat().st_mode) == 0o700


def test_where_nothing_can_be_written_all_is_read(
    folder: Path, roll: Roll, opened: list[str]
) -> None:
    right = roll(folder)
    shutil.rmtree(folder / ".ledgersync" / "parts")
    (folder / ".ledgersync" / "parts").write_text("a file stands in the way")
    opened.clear()
    assert roll(folder) == right
    assert len(opened) == 8


def said(root: Path) -> str:
    """Everything that the parts hold, as text."""
    tables = [pq.read_table(p).to_pylist() for p in parts(root) if p.suffix == ".parquet"]
    return repr(tables)


def test_what_is_purged_or_gone_is_in_no_part(folder: Path, roll: Roll) -> None:
    """A removed row, a removed ledger, a unit that is no more: nothing of them is kept."""
    roll(folder)
    assert "解放路1号" in said(folder) and "胜利路1号" in said(folder)
    primaries(folder / UNITS[A], visits("2022-01-05", street="建国路"))
    shutil.rmtree(folder / UNITS[B])
    roll(folder)
    assert "解放路" not in said(folder) and "胜利路" not in said(folder)
    assert "建国路1号" in said(folder)


def test_a_day_that_comes_ends_an_error(
    folder: Path, roll: Roll, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time is no key: a visit dated tomorrow is an error today, from the same part none after."""
    headers = "走访日期 | 户址 | 走访结果 | 下次走访日期"
    rows = ["2022-07-08 | 解放路1号 | 见到本人 | 2022-12-01", "2022-07-01 | 解放路2号 | 见到本人 |"]
    primaries(folder / UNITS[A], {"走访记录": "\n".join([headers, *rows])})
    roll(folder, "2022-07")
    opened.clear()
    rates = []
    for day in ("2022-07-05", "2022-07-07", "2022-07-08", "2022-09-01"):
        monkeypatch.setenv("LEDGERSYNC_TODAY", day)
        now = roll(folder, "2022-07")
        assert not opened
        assert now == fresh(folder, roll, "2022-07")
        opened.clear()
        rates.append(values(now, "data_error_rate")[A])
    assert rates == [0.5, 0.5, 0, 0]


def test_a_cell_that_will_be_read_otherwise_counts_for_a_day(
    folder: Path, roll: Roll, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The id of somebody who is born tomorrow is none today; the part does not outlive the day."""
    text = "姓名 | 身份证号 | 人员类别\n王小宝 | 110101202207060012 | 困境儿童"
    primaries(folder / UNITS[A], {"重点人员": text})
    roll(folder)
    opened.clear()
    roll(folder)
    assert not opened
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-06")
    now = roll(folder)
    assert opened == [f"{A}/重点人员台账.xlsx"]
    assert now == fresh(folder, roll)
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")  # a part of a later day knows too much
    assert roll(folder) == fresh(folder, roll)


def test_a_communitys_own_roll_up_keeps_parts_too(
    tmp_path: Path, roll: Roll, opened: list[str]
) -> None:
    root = community(tmp_path / "社区", A)
    primaries(root, visits("2022-01-05"))
    first = roll(root)
    opened.clear()
    assert roll(root) == first
    assert not opened


def test_a_unit_that_is_listed_anew_needs_no_reading_of_the_others(
    folder: Path, roll: Roll, opened: list[str]
) -> None:
    roll(folder)
    with (folder / "ledgersync.toml").open("a", encoding="utf-8") as stream:
        stream.write("\n" + entry("360702002001"))
    primaries(folder / "units" / "360702002001", visits("2022-05-01"))
    opened.clear()
    roll(folder)
    assert len(opened) == 4
