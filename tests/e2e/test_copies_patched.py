"""A refreshed copy that was patched is the copy that would have been built: cell for cell."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from openpyxl import load_workbook
from tests.community import Book, Community, begun

from ledgersync.model import TableData
from ledgersync.sync.copies import issue
from ledgersync.sync.copies.content import content_for
from ledgersync.sync.stamps import stamp_now
from ledgersync.workbook.read.reading import read_here

SCOPES = """
[[staff]]
name = "王芳"
scope = { grid = ["第1网格"] }
[[staff]]
name = "李强"
[[staff]]
name = "赵敏"
scope = { grid = ["第2网格"] }
"""
STAFF = ("王芳", "李强", "赵敏")
_REACH = re.compile(r"(_ledgersync_keys!\$[A-Z]+\$4:\$[A-Z]+\$)\d+")  # far beyond the table


@pytest.fixture
def town(tmp_path: Path) -> Community:
    town = begun(tmp_path, SCOPES)
    for staff in STAFF:
        town.issue(staff)
    return town


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """For whom copies are built from now on; they are built all the same."""
    staff: list[str] = []
    build: Callable[..., bytes] = issue._built

    def counted(*given: object) -> bytes:
        staff.append(given[-1].staff)  # type: ignore[attr-defined]
        return build(*given)

    monkeypatch.setattr(issue, "_built", counted)
    yield staff


def copy_of(town: Community, staff: str) -> Book:
    return Book(town, staff, town.root / "issued" / staff / "名册.xlsx")


def agree(town: Community, tmp_path: Path, staff: str) -> None:
    """The copy that lies there says what a built one says, and is checked in the same way."""
    patched, anew = town.root / "issued" / staff / "名册.xlsx", tmp_path / "anew.xlsx"
    with town.session() as session:
        ledger = session.catalog.ledger("roster")
        copy = next(c for c in session.journal.copies.current() if c.staff == staff)
        content = content_for(session, staff, ledger, copy.reserved)
        anew.write_bytes(issue._built(session, content, stamp_now(session, ledger, "x", staff)))
        one, other = (
            read_here(path, session.workspace.catalog, today=session.today)
            for path in (patched, anew)
        )
        assert one.stamp is not None and one.stamp.revision == copy.revision
    assert list(map(said, one.tables)) == list(map(said, other.tables))
    for mine, theirs in zip(frame(patched), frame(anew), strict=True):
        assert mine == theirs


def said(table: TableData) -> object:
    """The records by id, and the empty rows in their order."""
    rows = zip(*table.values.values(), strict=True)
    return dict(zip(table.record_ids, rows, strict=True)), [r for _, r in table.reserved]


def frame(path: Path) -> list[object]:
    """What surrounds the records: caption, reach of tables, checks, rules and names."""
    book = load_workbook(path)
    names = {n: _REACH.sub(r"\1", d.attr_text) for n, d in book.defined_names.items()}
    lists = [[cell.value for cell in row] for row in book["_ledgersync_lists"].iter_rows()]
    found: list[object] = [names, lists]
    for ws in book.worksheets[:3]:
        area = next(iter(ws.tables.values())).ref
        checks = {str(row[-2].value) for row in ws[area][1:]}
        rules = sorted(str(v.sqref) + str(v.formula1) for v in ws.data_validations.dataValidation)
        colours = sorted(
            f"{area.sqref} {rule.formula}"
            for area, rules in ws.conditional_formatting._cf_rules.items()
            for rule in rules
        )
        found += [ws.title, area, ws["A2"].value, checks, rules, colours]
    return found


def test_one_changed_cell_builds_no_copy(town: Community, tmp_path: Path, built: list[str]) -> None:
    book = copy_of(town, "李强")
    book.people.set("A1", "备注", "改过")
    town.hand_in(book)
    assert built == []
    for staff in STAFF:
        agree(town, tmp_path, staff)
    assert copy_of(town, "王芳").people.texts(["备注"])[0] == ["改过"]
    town.assert_consistent()


def test_new_moved_and_removed_rows(town: Community, tmp_path: Path, built: list[str]) -> None:
    """Also whose empty rows were used gets a copy patched: with new ids and numbers there."""
    book = copy_of(town, "李强")
    book.people.set("A2", "网格", "第2网格").remove("A4")
    book.people.add(编号="B1", 姓名="吴刚", 电话="13800000011", 状态="在册", 网格="第1网格")
    book.people.add(编号="B2", 姓名="郑洁", 电话="13800000012", 状态="在册", 网格="第2网格")
    town.hand_in(book)
    assert built == []
    for staff in STAFF:
        agree(town, tmp_path, staff)
    town.assert_consistent()


def test_what_the_copy_is_built_from_has_changed(town: Community, built: list[str]) -> None:
    toml = town.root / "ledgersync.toml"
    toml.write_text(toml.read_text("utf-8").replace("reserved_rows = 6", "reserved_rows = 9"))
    book = copy_of(town, "李强")
    book.people.set("A1", "备注", "改过")
    town.hand_in(book)
    assert sorted(built) == sorted(STAFF)


def test_a_patched_copy_comes_back_and_is_patched_again(
    town: Community, tmp_path: Path, built: list[str]
) -> None:
    first = copy_of(town, "王芳")  # in whose hands a copy is that will be replaced twice
    for n in range(2):
        book = copy_of(town, "李强")
        book.people.set("A1", "备注", f"第{n}次").set("A3", "备注", f"又{n}")
        town.hand_in(book, f"{n}.xlsx")
    first.people.set("A2", "备注", "旧副本里改的")
    assert town.hand_in(first).status == "merged"
    assert built == []
    assert [r[0] for r in town.shown("备注")][:3] == ["第1次", "旧副本里改的", "又1"]
    for staff in STAFF:
        agree(town, tmp_path, staff)
    town.assert_consistent()


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 12))]
)
def test_random_histories(town: Community, tmp_path: Path, seed: int) -> None:
    rng = Random(seed)
    for turn in range(2 if seed == 1 else 8):
        author = rng.choice(STAFF)
        book = copy_of(town, author)
        keys = [r[0] for r in book.people.texts(["编号"])]
        for key in rng.sample(keys, min(len(keys), rng.randint(0, 2))):
            book.people.set(key, "网格", rng.choice(("第1网格", "第2网格")))
            book.people.set(key, "备注", rng.choice(("短", "很长的一段话，" * 9, None)))
        if len(keys) > 2 and rng.random() < 0.4:
            book.people.remove(rng.choice(keys))
        if rng.random() < 0.5:
            grid = rng.choice(("第1网格", "第2网格"))
            name, phone = rng.choice("甲乙丙丁") + "某", f"1390000{seed:02d}{turn:02d}"
            book.people.add(编号=f"C{turn}", 姓名=name, 电话=phone, 状态="在册", 网格=grid)
        town.hand_in(book, f"{turn}.xlsx")
        for staff in STAFF:
            agree(town, tmp_path, staff)
    town.assert_consistent()
