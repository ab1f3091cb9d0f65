"""Every unit counts once, whatever lies beside its folder or in it."""

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.district import (
    DISTRICT,
    EAST,
    NAMES,
    WEST,
    A,
    B,
    C,
    community,
    configure,
    district,
    entry,
    kinds,
    primaries,
    rolled,
    run,
    values,
    visits,
    write,
)

from ledgersync.sync.create import create_workspace
from ledgersync.workspace.config import new_unit

Capture = pytest.CaptureFixture[str]
DAYS = {
    A: ("2022-01-10", "2022-02-10", "2022-03-10", "2022-04-10", "2022-05-10", "2022-06-10"),
    B: ("2022-01-20", "2022-02-20", "2022-03-20"),
    C: ("2022-01-30", "2022-06-30"),
}
COUNTS = {DISTRICT: 11, EAST: 9, WEST: 2, A: 6, B: 3, C: 2}


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A district whose three communities have sent their primaries."""
    root = district(tmp_path / "区")
    for code, street in ((A, "解放路"), (B, "和平路"), (C, "建国路")):
        primaries(root / "units" / code, visits(*DAYS[code], street=street))
    return root


def made(found: dict) -> dict[str, object]:
    return values(found, "visits_made")


def test_plain_folders_count_as_they_are(folder: Path, capsys: Capture) -> None:
    found = rolled(folder, capsys)
    assert made(found) == COUNTS
    assert found["remarks"] == []


@pytest.mark.parametrize("name", [f"{A}-副本", f"{A} (2)", f"复件 {A}", f"{A}.bak", f"a{A}"])
def test_a_copy_of_a_whole_workspace_beside_the_true_one(
    folder: Path, capsys: Capture, name: str
) -> None:
    community(folder / "units" / A, A)
    copy = folder / "units" / name
    shutil.copytree(folder / "units" / A, copy)
    primaries(copy, {})  # emptied since
    found = rolled(folder, capsys)
    assert made(found) == COUNTS
    assert kinds(found) == {(A, "duplicate_folder")}
    assert name in found["said"]
    assert found["exit"] == 1


def test_a_copy_without_configuration_is_named(folder: Path, capsys: Capture) -> None:
    shutil.copytree(folder / "units" / A, folder / "units" / f"{A}-副本")
    found = rolled(folder, capsys)
    assert made(found) == COUNTS
    assert kinds(found) == {(None, "unknown_folder")}
    assert f"{A}-副本" in found["said"]


def test_folders_that_hold_no_workbooks_are_nobodys_business(folder: Path, capsys: Capture) -> None:
    for name in ("资料", ".stfolder", "inbox"):
        (folder / "units" / name).mkdir()
    assert rolled(folder, capsys)["remarks"] == []


def test_a_folder_may_be_called_by_the_units_name(folder: Path, capsys: Capture) -> None:
    (folder / "units" / A).rename(folder / "units" / "幸福社区")
    found = rolled(folder, capsys)
    assert made(found) == COUNTS
    assert found["exit"] == 0


def test_of_two_folders_that_differ_and_neither_bears_the_code_none_counts(
    folder: Path, capsys: Capture
) -> None:
    community(folder / "units" / A, A)
    (folder / "units" / A).rename(folder / "units" / "幸福一")
    shutil.copytree(folder / "units" / "幸福一", folder / "units" / "幸福二")
    primaries(folder / "units" / "幸福二", visits("2022-01-01"))
    found = rolled(folder, capsys)
    assert made(found) == {DISTRICT: 5, EAST: 3, WEST: 2, B: 3, C: 2}
    assert (A, "ambiguous") in kinds(found, "missing")
    assert "幸福一" in found["said"]
    assert "幸福二" in found["said"]


def test_a_unit_that_the_district_and_its_street_both_hold(folder: Path, capsys: Capture) -> None:
    street = configure(folder / "units" / EAST, entry(EAST), entry(A))
    shutil.copytree(folder / "units" / A, street / "units" / A)
    found = rolled(folder, capsys)
    assert made(found) == COUNTS, "the two are the same"
    assert kinds(found) == {(A, "duplicate_folder")}
    primaries(street / "units" / A, visits("2022-01-01"))
    found = rolled(folder, capsys)
    assert made(found) == {DISTRICT: 5, EAST: 3, WEST: 2, B: 3, C: 2}
    assert (A, "ambiguous") in kinds(found, "missing")


def test_a_copied_street_does_not_bring_its_communities_again(
    folder: Path, capsys: Capture
) -> None:
    street = configure(folder / "units" / EAST, entry(EAST), entry(A), entry(B))
    for code in (A, B):
        (folder / "units" / code).rename(_made(street / "units") / code)
    shutil.copytree(street, folder / "units" / "东门街道-备份")
    primaries(folder / "units" / "东门街道-备份" / "units" / A, {})
    found = rolled(folder, capsys)
    assert made(found) == COUNTS
    assert kinds(found) == {(EAST, "duplicate_folder")}


def test_a_workspace_in_a_folder_of_another_code(folder: Path, capsys: Capture) -> None:
    community(folder / "units" / A, A)
    shutil.rmtree(folder / "units" / B)
    (folder / "units" / A).rename(folder / "units" / B)
    found = rolled(folder, capsys)
    assert made(found) == {DISTRICT: 8, EAST: 6, WEST: 2, A: 6, C: 2}
    assert kinds(found) == {(A, "misnamed_folder")}
    assert (B, "absent") in kinds(found, "missing")


def test_two_entries_of_one_code(folder: Path, capsys: Capture) -> None:
    codes = (DISTRICT, EAST, WEST, A, B, C)
    configure(folder, *map(entry, codes), entry(A, name="新光社区"))
    found = rolled(folder, capsys)
    assert made(found) == COUNTS
    assert kinds(found) == {(A, "duplicate_unit")}
    assert "新光社区" in found["said"]


def test_a_unit_that_nobody_lists(folder: Path, capsys: Capture) -> None:
    primaries(folder / "units" / "360702001009", visits("2022-01-01", street="人民路"))
    found = rolled(folder, capsys)
    assert made(found) == COUNTS
    assert kinds(found) == {(None, "unlisted_unit")}
    assert "360702001009" in found["said"]


def test_a_workspace_of_another_district(folder: Path, capsys: Capture) -> None:
    other = community(folder / "units" / "360703001001", "360703001001")
    primaries(other, visits("2022-01-01", street="人民路"))
    found = rolled(folder, capsys)
    assert made(found) == COUNTS
    assert kinds(found) == {(None, "unlisted_unit")}


def test_the_same_workbook_in_two_folders_is_nobodys(folder: Path, capsys: Capture) -> None:
    name = "primary/走访台账.xlsx"
    shutil.copy(folder / "units" / A / name, folder / "units" / C / name)
    found = rolled(folder, capsys)
    assert made(found) == {DISTRICT: 3, EAST: 3, B: 3}
    foreign = {(A, "foreign"), (C, "foreign")}
    assert foreign <= kinds(found, "missing")
    assert values(found, "visits_households")[DISTRICT] == 3


def test_it_is_still_the_same_when_another_program_saved_it(folder: Path, capsys: Capture) -> None:
    book = load_workbook(folder / "units" / A / "primary/走访台账.xlsx")
    book["走访记录"].append(["2022-06-20", "解放路99号", "无人在家"])
    book.save(folder / "units" / C / "primary/走访台账.xlsx")
    found = rolled(folder, capsys)
    assert made(found) == {DISTRICT: 3, EAST: 3, B: 3}


@pytest.mark.parametrize("office", ["幸福社区", "幸福 社区", A])
def test_the_office_that_a_workbook_names_has_it(
    folder: Path, capsys: Capture, office: str
) -> None:
    primaries(folder / "units" / A, visits(*DAYS[A]), office="幸福社区")
    primaries(folder / "units" / C, visits("2022-02-02", street="建国路"), office=office)
    found = rolled(folder, capsys)
    assert made(found) == {DISTRICT: 9, EAST: 9, A: 6, B: 3}
    missing = [m for m in found["missing"] if m["kind"] == "foreign"]
    assert {(m["unit"], m["ledger"]) for m in missing} >= {(C, "visit")}
    assert "幸福社区" in found["said"]


@pytest.mark.parametrize("office", ["东门街道", "章贡区", "光明社区（盖章）", "某某社区", "＿＿＿"])
def test_offices_around_the_unit_and_unknown_ones_say_nothing(
    folder: Path, capsys: Capture, office: str
) -> None:
    primaries(folder / "units" / B, visits(*DAYS[B], street="和平路"), office=office)
    found = rolled(folder, capsys)
    assert made(found) == COUNTS
    assert found["exit"] == 0


def test_two_formats_of_one_ledger(folder: Path, capsys: Capture) -> None:
    text = "走访日期,户址,走访结果\n2022-01-01,某路1号,见到本人\n"
    (folder / "units" / A / "primary" / "走访台账.csv").write_text(text, encoding="utf-8")
    found = rolled(folder, capsys)
    assert made(found) == COUNTS
    assert kinds(found) == {(A, "duplicate_workbook")}


def test_workbooks_that_lie_beside_primary_are_pointed_at(folder: Path, capsys: Capture) -> None:
    unit = folder / "units" / C
    for path in (unit / "primary").iterdir():
        path.rename(unit / path.name)
    (unit / "primary").rmdir()
    found = rolled(folder, capsys)
    assert (C, "absent") in kinds(found, "missing")
    assert "不在 primary 里" in found["said"]


def test_the_street_and_the_district_disagree_about_a_parent(folder: Path, capsys: Capture) -> None:
    street = configure(folder / "units" / EAST, entry(EAST), entry(A), entry(B))
    for code in (A, B):
        (folder / "units" / code).rename(_made(street / "units") / code)
    codes = (DISTRICT, EAST, WEST, B, C)
    configure(folder, *map(entry, codes), entry(A, parent=WEST))
    found = rolled(folder, capsys)
    assert made(found) == {DISTRICT: 11, EAST: 3, WEST: 8, A: 6, B: 3, C: 2}
    assert kinds(found) == {(A, "parents_differ")}
    moved = [
        entry(A, valid_to="2022-03-31"),
        entry(A, parent=WEST, valid_from="2022-04-01"),
    ]
    configure(folder, *map(entry, codes), *moved)
    configure(street, entry(EAST), entry(A, valid_to="2022-03-31"), entry(B))
    found = rolled(folder, capsys)
    assert made(found) == {DISTRICT: 11, EAST: 6, WEST: 5, A: 6, B: 3, C: 2}
    assert found["remarks"] == []
    own = rolled(street, capsys)
    assert made(own)[EAST] == 6, "the street's own report says the same"


def test_rows_that_no_unit_owns_are_told(folder: Path, capsys: Capture) -> None:
    codes = (DISTRICT, EAST, WEST, B, C)
    configure(folder, *map(entry, codes), entry(A, valid_to="2022-04-30"))
    found = rolled(folder, capsys)
    assert made(found) == {DISTRICT: 9, EAST: 7, WEST: 2, A: 4, B: 3, C: 2}
    assert kinds(found) == {(A, "unowned_rows"), (A, "ended_unit")}
    assert "2 行" in found["said"]
    assert found["exit"] == 1


def test_a_date_that_is_none_is_told(folder: Path, capsys: Capture) -> None:
    configure(folder, entry(DISTRICT), entry(A, valid_to="2022-04-31"))
    assert run("-C", folder, "rollup", "--period", "2022H1") == 4
    assert "应为日期" in capsys.readouterr().err


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def stamped(folder: Path, code: str, days: tuple[str, ...], street: str) -> Path:
    """A community's real workspace, whose primaries carry its stamp."""
    unit = new_unit(NAMES[code], code, "community")
    workspace = create_workspace(folder / "units" / code, unit)
    path = workspace.root / "primary" / "走访台账.xlsx"
    book = load_workbook(path)
    sheet = book["走访记录"]
    header = next(r for r in range(1, 13) if "走访日期" in {c.value for c in sheet[r]})
    columns = {c.value: c.column for c in sheet[header] if c.value}
    for n, day in enumerate(days, 1):
        sheet.cell(header + n, columns["走访日期"], day)
        sheet.cell(header + n, columns["户址"], f"{street}{n}号")
    book.save(path)
    return workspace.root


@pytest.fixture
def stamps(tmp_path: Path) -> Path:
    root = district(tmp_path / "区")
    for code, street in ((A, "解放路"), (B, "和平路"), (C, "建国路")):
        stamped(root, code, DAYS[code], street)
    return root


def test_a_stamped_workbook_in_another_units_folder_is_the_first_units(
    stamps: Path, capsys: Capture
) -> None:
    assert made(rolled(stamps, capsys)) == COUNTS
    name = "primary/走访台账.xlsx"
    shutil.copy(stamps / "units" / A / name, stamps / "units" / C / name)
    found = rolled(stamps, capsys)
    assert made(found) == {DISTRICT: 9, EAST: 9, A: 6, B: 3}
    assert (C, "foreign") in kinds(found, "missing")
    assert "看文件里的印记" in found["said"]
    assert "幸福社区" in found["said"]


def test_not_even_where_the_first_units_own_is_gone(stamps: Path, capsys: Capture) -> None:
    shutil.move(stamps / "units" / A / "primary", stamps / "units" / C / "old")
    shutil.rmtree(stamps / "units" / C / "primary")
    (stamps / "units" / C / "old").rename(stamps / "units" / C / "primary")
    found = rolled(stamps, capsys)
    assert made(found) == {DISTRICT: 3, EAST: 3, B: 3}
    assert {(A, "absent"), (C, "foreign")} <= kinds(found, "missing")


def test_a_wrong_office_in_a_caption_does_not_outweigh_the_stamp(
    stamps: Path, capsys: Capture
) -> None:
    path = stamps / "units" / C / "primary/走访台账.xlsx"
    book = load_workbook(path)
    cell = next(
        c for r in book["走访记录"].iter_rows(max_row=5) for c in r if "填报单位" in str(c.value)
    )
    cell.value = "填报单位：幸福社区"
    book.save(path)
    found = rolled(stamps, capsys)
    assert made(found) == COUNTS
    assert kinds(found) == {(C, "another_office")}


def test_headers_that_the_unit_confirmed_are_known_above(folder: Path, capsys: Capture) -> None:
    unit = folder / "units" / C
    rows = "哪天去的 | 户址 | 走访结果\n2022-01-30 | 建国路1号 | 见到本人"
    write(unit / "primary" / "走访台账.xlsx", {"走访记录": rows, "问题诉求": "登记日期 | 问题描述"})
    mapping = '["visit.visits"]\n"哪天去的" = "date"\n'
    (unit / "mappings.toml").write_text(mapping, encoding="utf-8")
    assert made(rolled(folder, capsys))[C] == 1
