"""An older file never speaks for what came since, in whatever format it comes without its stamp."""

import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.community import PEOPLE, Book, Community, counted, write_csv

from ledgersync.sync.results import SubmissionResult

Way = Callable[[Book, Path], Path]


def rebuilt(book: Book, folder: Path) -> Path:
    """Copied into a new workbook: no stamp, the hidden ids went along."""
    return book.unstamp().save(folder / "名册.xlsx")


def retyped(book: Book, folder: Path) -> Path:
    """Copied without its hidden column."""
    return book.unstamp().without_ids().save(folder / "名册 新.xlsx")


def as_text(book: Book, folder: Path) -> Path:
    """Saved as .csv: one sheet, as it is seen."""
    sheet = book.people
    heads = [h for h in sheet.columns if h != "校验"]
    lines = [" | ".join(heads), *(" | ".join(line) for line in sheet.texts(heads))]
    return write_csv(folder / "名册.csv", "\n".join(lines))


def converted(suffix: str) -> Way:
    def convert(book: Book, folder: Path) -> Path:
        """Saved in another format by LibreOffice: stamp sheet and ids are kept."""
        source = book.save(book.community.root.parent / "zwischen" / "名册.xlsx")
        folder.mkdir(parents=True, exist_ok=True)
        profile = f"-env:UserInstallation=file://{book.community.root.parent}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", suffix, "--outdir"]
        subprocess.run([*command, str(folder), str(source)], check=True, capture_output=True)
        return folder / f"名册.{suffix}"

    return convert


office = [
    pytest.mark.office,
    pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here"),
]
WAYS = {
    "rebuilt": pytest.param(rebuilt, id="rebuilt"),
    "retyped": pytest.param(retyped, id="retyped"),
    "csv": pytest.param(as_text, id="csv"),
    "ods": pytest.param(converted("ods"), id="ods", marks=office),
    "xls": pytest.param(converted("xls"), id="xls", marks=office),
}
ways = pytest.mark.parametrize("way", WAYS.values())


def opened_before(town: Community) -> Book:
    """王芳 opens her copy; then a colleague's two edits and a new person are merged."""
    hers = town.issue("王芳")
    theirs = town.issue("李强")
    theirs.people.set("A1", "备注", "同事改").set("A2", "人口", 4)
    theirs.people.add(编号="A7", 姓名="吴刚", 电话="13800000007")
    assert counted(town.hand_in(theirs)) == {"applied": 2, "added": 1}
    return hers


def sent(town: Community, book: Book, way: Way) -> SubmissionResult:
    path = way(book, town.root / "inbox" / "王芳")
    file = path.relative_to(town.root).as_posix()
    return next(s for s in town.merge().submissions if s.file == file)


def colleagues_work_stands(town: Community) -> None:
    assert town.cell("A1", "备注") == "同事改"
    assert town.cell("A2", "人口") == "4"
    assert [row[0] for row in town.shown("编号")] == [f"A{n}" for n in range(1, 8)]
    town.assert_consistent()


@ways
def test_an_untouched_older_file_changes_nothing(town: Community, way: Way) -> None:
    result = sent(town, opened_before(town), way)
    assert (counted(result), result.status) == ({}, "unchanged")
    colleagues_work_stands(town)


@ways
def test_what_was_typed_into_an_older_file_is_all_that_it_brings(town: Community, way: Way) -> None:
    hers = opened_before(town)
    hers.people.set("A3", "备注", "王芳改").set("A1", "状态", "注销")
    result = sent(town, hers, way)
    assert counted(result) == {"applied": 2}
    assert (town.cell("A3", "备注"), town.cell("A1", "状态")) == ("王芳改", "注销")
    colleagues_work_stands(town)


@ways
def test_the_same_cell_is_a_conflict(town: Community, way: Way) -> None:
    hers = opened_before(town)
    hers.people.set("A1", "备注", "王芳也改")
    assert counted(sent(town, hers, way)) == {"conflicts": 1}
    colleagues_work_stands(town)


@pytest.mark.parametrize("way", [WAYS["rebuilt"], WAYS["retyped"], WAYS["csv"]])
def test_a_row_that_is_missing_is_held_until_somebody_decides(town: Community, way: Way) -> None:
    hers = opened_before(town)
    hers.people.remove("A4")
    result = sent(town, hers, way)
    assert (counted(result), result.status) == ({"held": 1}, "held")
    colleagues_work_stands(town)
    assert counted(sent(town, hers, way)) == {}, "told once, not every week"


@ways
def test_the_newest_state_may_be_edited_in_any_format(town: Community, way: Way) -> None:
    opened_before(town)
    newest = Book(town, "王芳", town.root / "issued" / "王芳" / "名册.xlsx")
    newest.people.set("A7", "备注", "看过了").set("A2", "备注", "改")
    assert counted(sent(town, newest, way)) == {"applied": 2}
    assert town.cell("A7", "备注") == "看过了"
    colleagues_work_stands(town)


@pytest.mark.parametrize("way", [WAYS["rebuilt"], WAYS["retyped"], WAYS["csv"]])
def test_going_back_to_an_older_value_waits_for_a_decision(town: Community, way: Way) -> None:
    """Nobody can tell a colleague's change that was taken back from one that was not there yet."""
    opened_before(town)
    newest = Book(town, "王芳", town.root / "issued" / "王芳" / "名册.xlsx")
    newest.people.set("A1", "备注", "一")
    assert counted(sent(town, newest, way)) == {"conflicts": 1}
    colleagues_work_stands(town)


@pytest.mark.parametrize("way", [WAYS["rebuilt"], WAYS["csv"]])
def test_a_record_that_a_colleague_removed_does_not_come_back(town: Community, way: Way) -> None:
    hers = town.issue("王芳")
    theirs = town.issue("李强")
    theirs.people.remove("A5")
    assert counted(town.hand_in(theirs)) == {"removed": 1}
    hers.people.set("A3", "备注", "王芳改")
    assert counted(sent(town, hers, way)) == {"applied": 1}
    assert "A5" not in [row[0] for row in town.shown("编号")]
    hers.people.set("A5", "备注", "也改")
    assert counted(sent(town, hers, way)) == {"conflicts": 1}
    town.assert_consistent()


def test_every_older_state_is_known(town: Community) -> None:
    """Five states were given to her; the file of any of them is compared with that one."""
    states = [town.issue("王芳")]
    for n in range(4):
        theirs = town.issue("李强")
        theirs.people.set(f"A{n + 1}", "备注", f"第{n}次").set("A6", "人口", n + 5)
        town.hand_in(theirs, f"{n}.xlsx")
        states.append(Book(town, "王芳", town.root / "issued" / "王芳" / "名册.xlsx"))
    for n, state in enumerate(states):
        state.people.set(f"A{n + 1}", "登记日期", f"2022-02-0{n + 1}")
        result = sent(town, state, rebuilt)
        assert counted(result) == {"applied": 1}, n
        assert [town.cell(f"A{i}", "备注") for i in range(1, 5)] == [f"第{i}次" for i in range(4)]
        assert town.cell("A6", "人口") == "8"
    town.assert_consistent()


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))]
)
def test_no_colleagues_change_is_ever_reverted_by_who_was_not_shown_it(
    town: Community, seed: int
) -> None:
    """Random rounds: whoever sends a file without stamp brings what was typed, and nothing else."""
    dice = random.Random(seed)
    heads, staff = ("姓名", "备注", "人口"), ("王芳", "李强", "赵敏")
    kept: dict[str, list[Path]] = {name: [] for name in staff}
    authors: dict[tuple[str, str], str] = {}
    for name in staff:
        town.issue(name)
    for turn in range(14):
        who = dice.choice(staff)
        issued = town.root / "issued" / who / "名册.xlsx"
        old = town.root.parent / f"alt{turn}.xlsx"
        shutil.copyfile(issued, old)
        kept[who].append(old)
        book = Book(town, who, dice.choice(kept[who]))
        shown = {r[0]: r for r in book.people.texts(["编号", *heads])}
        typed: dict[tuple[str, str], str] = {}
        for _ in range(dice.randint(0, 3)):
            key, head = dice.choice(sorted(shown)), dice.choice(heads)
            value = str(dice.randint(5, 25)) if head == "人口" else f"{who}{turn}"
            book.people.set(key, head, int(value) if head == "人口" else value)
            typed[key, head] = value
        before = {r[0]: r for r in town.shown(" ".join(["编号", *heads]))}
        way = dice.choice([rebuilt, retyped, as_text, lambda b, f: b.save(f / "名册.xlsx")])
        path = way(book, town.root / "inbox" / who)
        town.merge(path, staff=who)
        after = {r[0]: r for r in town.shown(" ".join(["编号", *heads]))}
        assert before.keys() == after.keys()
        for key, row in after.items():
            for at, head in enumerate(heads, 1):
                was, now = before[key][at], row[at]
                story = (seed, turn, key, head, path.name, who)
                own = authors.get((key, head)) == who  # one's own change may be taken back
                assert own or now in (was, typed.get((key, head), was)), story
                if now != was:
                    authors[key, head] = who
        town.assert_consistent()


def test_ids_and_stamp_survive_in_a_sheet_that_only_looks_empty(town: Community) -> None:
    book = town.issue("王芳")
    path = book.save(town.root.parent / "pruef.xlsx")
    sheet = load_workbook(path)["_ledgersync"]
    assert {sheet.cell(r, 1).value for r in range(2, 11)} >= {"unit", "unit_name", "digest"}
    assert PEOPLE.count("\n") == 8
