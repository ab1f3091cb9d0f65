"""Numbers that can be read out: reserved with the empty rows of a copy, the same everywhere."""

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
    sheet = Sheet(load_workbook(unit.root / f"issued/{staff}/{BOOK}")["走访记录"])
    cells = [sheet.ws.cell(r, sheet.columns["走访编号"]).value for r in range(4, 12)]
    return [str(c).split('"')[1] for c in cells if str(c).startswith("=IF(")]


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
    unit.sound()


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
    visitors = {v for [v] in unit.rows(f"primary/{BOOK}", "走访记录", "走访人")}
    assert visitors == {"王芳"} or visitors == {""}
    unit.sound()


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
    unit.sound()
