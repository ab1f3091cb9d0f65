"""Numbers that can be read out: reserved with the empty rows of a copy, the same everywhere."""

import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.community import Sheet
from tests.desk import Desk

BOOK = "走访台账.xlsx"


@pytest.fixture
def unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    desk = Desk.new(tmp_path / "幸福社区", "幸福社区", "360702001007")
    toml = desk.root / "ledgersync.toml"
    toml.write_text(toml.read_text("utf-8") + "\n[rules]\nreserved_rows = 3\n", "utf-8")
    desk.run("issue", "--staff", "王芳", "visit")
    desk.run("issue", "--staff", "李强", "visit")
    return desk


def offered(unit: Desk, staff: str) -> list[str]:
    """The numbers that the empty rows of a copy show once they are typed into."""
    book = load_workbook(unit.root / f"issued/{staff}/{BOOK}")
    sheet, lists = Sheet(book["走访记录"]), book["_ledgersync_lists"]
    at = re.compile(r"INDEX\(_ledgersync_lists!\$([A-Z]+)\$1:.*MATCH\(.*lists!\$([A-Z]+)\$1:")
    found = at.search(book.defined_names["LS_visits_no_visit_no"].value)
    assert found
    numbers, ids = [[c.value for c in lists[letter]] for letter in found.groups()]
    waiting = dict(zip(ids, numbers, strict=True))
    rows = [sheet.ws[r] for r in range(4, sheet.ws.max_row + 1)]
    empty = [r for r in rows if str(r[sheet.columns["走访编号"] - 1].value).startswith("=")]
    return [str(waiting[r[sheet.columns["_LS_ID"] - 1].value]) for r in empty]


def typed(unit: Desk, staff: str, *homes: str) -> None:
    def edit(book: Any) -> None:
        for home in homes:
            Sheet(book["走访记录"]).add(走访日期="2022-06-01", 户址=home, 受访人="赵甲")

    unit.send(staff, BOOK, edit)
    unit.run("merge", accepted=(0, 1))


def numbers(unit: Desk) -> dict[str, str]:
    return dict(unit.rows(f"primary/{BOOK}", "走访记录", "户址", "走访编号"))


def test_a_copys_numbers_are_those_of_the_primary(unit: Desk) -> None:
    assert offered(unit, "王芳") == ["ZF-001007-1", "ZF-001007-2", "ZF-001007-3"]
    assert offered(unit, "李强") == ["ZF-001007-4", "ZF-001007-5", "ZF-001007-6"]
    typed(unit, "李强", "幸福路2号")
    typed(unit, "王芳", "幸福路1号")
    assert numbers(unit) == {"幸福路2号": "ZF-001007-4", "幸福路1号": "ZF-001007-1"}
    shown = dict(unit.rows(f"issued/王芳/{BOOK}", "走访记录", "户址", "走访编号"))
    assert shown == numbers(unit)
    unit.assert_consistent()


def test_a_refresh_keeps_what_was_not_used(unit: Desk) -> None:
    typed(unit, "王芳", "幸福路1号")
    assert offered(unit, "王芳") == ["ZF-001007-2", "ZF-001007-3", "ZF-001007-7"]
    assert offered(unit, "李强") == ["ZF-001007-4", "ZF-001007-5", "ZF-001007-6"]
    unit.run("issue", "--staff", "王芳", "visit")
    assert len(set(offered(unit, "王芳")) & set(offered(unit, "李强"))) == 0


def test_rows_below_the_reserved_ones_get_theirs_at_the_merge(unit: Desk) -> None:
    homes = [f"幸福路{n}号" for n in range(1, 6)]

    def edit(book: Any) -> None:
        sheet = Sheet(book["走访记录"])
        for home in homes:
            sheet.add(走访日期="2022-06-01", 户址=home, 受访人="赵甲")

    unit.send("王芳", BOOK, edit)
    unit.run("merge", accepted=(0, 1))
    found = numbers(unit)
    assert [found[h] for h in homes[:3]] == [f"ZF-001007-{n}" for n in (1, 2, 3)]
    assert [found[h] for h in homes[3:]] == ["ZF-001007-7", "ZF-001007-8"]
    assert dict(unit.rows(f"issued/王芳/{BOOK}", "走访记录", "户址", "走访编号")) == found
    unit.assert_consistent()


def test_a_number_typed_by_hand_stays_and_the_reserved_one_makes_way(unit: Desk) -> None:
    def edit(book: Any) -> None:
        sheet = Sheet(book["走访记录"])
        sheet.add(走访日期="2022-06-01", 户址="幸福路9号", 受访人="赵甲", 走访编号="ZF-001007-1")

    unit.send("李强", BOOK, edit)
    unit.run("merge", accepted=(0, 1))
    typed(unit, "王芳", "幸福路1号")
    found = numbers(unit)
    assert found["幸福路9号"] == "ZF-001007-1"
    assert found["幸福路1号"] not in {"ZF-001007-1", "", *(f"ZF-001007-{n}" for n in (4, 5, 6))}
    unit.assert_consistent()


def test_a_copy_has_twice_the_rows_that_its_person_once_needed(unit: Desk) -> None:
    assert len(offered(unit, "王芳")) == 3
    typed(unit, "王芳", *(f"幸福路{n}号" for n in range(1, 6)))
    assert len(offered(unit, "王芳")) == 10
    assert len(offered(unit, "李强")) == 3
    typed(unit, "王芳", "幸福路6号")
    assert len(offered(unit, "王芳")) == 10, "the greatest need of a year counts"
    unit.assert_consistent()


def test_rows_outside_the_prepared_ones_get_grid_and_visitor_too(unit: Desk) -> None:
    toml = unit.root / "ledgersync.toml"
    person = '\n[[staff]]\nname = "王芳"\n[staff.scope]\ngrid = ["第1网格"]\n'
    toml.write_text(toml.read_text("utf-8") + person, "utf-8")
    unit.run("issue", "--staff", "王芳", "visit")

    def edit(book: Any) -> None:
        sheet = Sheet(book["走访记录"])
        sheet.ws.insert_rows(5)
        sheet.fill(4, {"走访日期": "2022-06-01", "户址": "1-1", "走访人": "", "所属网格": ""})
        sheet.fill(5, {"走访日期": "2022-06-01", "户址": "1-2"})
        sheet.add(reserved=False, 走访日期="2022-06-02", 户址="1-3", 走访人="李强")

    unit.send("王芳", BOOK, edit)
    assert "有 2 行填在预留行之外，〔走访人〕〔所属网格〕空着的" in unit.told("merge")
    columns = ("户址", "走访人", "所属网格")
    known = [["1-1", "", ""], ["1-2", "王芳", "第1网格"], ["1-3", "李强", "第1网格"]]
    assert unit.rows(f"primary/{BOOK}", "走访记录", *columns) == known
    assert unit.rows(f"issued/王芳/{BOOK}", "走访记录", *columns)[-2:] == known[1:]
    unit.assert_consistent()


def test_such_a_row_is_still_its_persons_to_change(unit: Desk) -> None:
    """What was filled in is nobody else's entry: no conflict when the same file says more."""

    def edit(book: Any) -> None:
        Sheet(book["走访记录"]).add(reserved=False, 走访日期="2022-06-01", 户址="1-1")

    source = unit.send("王芳", BOOK, edit)
    unit.run("merge")
    again = source.relative_to(unit.root).as_posix()

    def more(book: Any) -> None:
        Sheet(book["走访记录"]).set("1-1", "受访人", "赵甲").set("1-1", "走访人", "李强")

    unit.send("王芳", BOOK, more, again)
    unit.run("merge")
    shown = unit.rows(f"primary/{BOOK}", "走访记录", "户址", "受访人", "走访人")
    assert shown == [["1-1", "赵甲", "李强"]]

    def less(book: Any) -> None:
        Sheet(book["走访记录"]).remove("1-1")

    unit.send("王芳", BOOK, less, again)
    assert unit.run("merge", accepted=(0, 1))["submissions"][0]["changes"]["conflicts"] == 0
    unit.assert_consistent()


def _values_only(book: Any) -> None:
    """As a program of tables writes it: what the cells hold, and no formula."""
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    cell.value = None


@pytest.mark.parametrize("keeps_formulas", [True, False])
def test_a_program_that_calculates_no_formulas_loses_no_proposal(
    unit: Desk, keeps_formulas: bool
) -> None:
    toml = unit.root / "ledgersync.toml"
    person = '\n[[staff]]\nname = "王芳"\n[staff.scope]\ngrid = ["第1网格"]\n'
    toml.write_text(toml.read_text("utf-8") + person, "utf-8")
    unit.run("issue", "--staff", "王芳")

    def register(book: Any) -> None:
        Sheet(book["重点人员"]).add(姓名="钱乙", 住址="幸福路9号", 人员类别="独居老人")

    unit.send("王芳", "重点人员台账.xlsx", register)
    unit.run("merge", accepted=(0, 1))
    unit.run("issue", "--staff", "王芳", "visit")

    def edit(book: Any) -> None:
        sheet = Sheet(book["走访记录"])
        sheet.add(走访日期="2022-06-01", 户址="1-1", 走访人="李强")
        sheet.add(走访日期="2022-06-02", 走访对象="钱乙")
        if not keeps_formulas:
            _values_only(book)

    unit.send("王芳", BOOK, edit)
    told = unit.told("merge")
    assert (
        "有 2 行是用不计算公式的软件存的，〔走访人〕〔户址〕〔所属网格〕空着的已照表里的公式补上"
        in told
    )
    columns = ("户址", "走访人", "所属网格")
    known = [["1-1", "李强", "第1网格"], ["幸福路9号", "王芳", "第1网格"]]
    assert unit.rows(f"primary/{BOOK}", "走访记录", *columns) == known
    unit.send("王芳", BOOK, lambda _: None)
    assert unit.rows(f"primary/{BOOK}", "走访记录", *columns) == known
    unit.assert_consistent()
