"""A row copied whole, hidden id and all, and then edited: a new record, wherever it stands."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.merging import Desk, Ledger

from ledgersync.merge import Submitted, keep_keys_unique, number_added
from ledgersync.merge.keys import KeyReader
from ledgersync.model import Row, Rows, Value
from ledgersync.schema import load_catalog

CATALOG = load_catalog()
VISITS = Ledger(CATALOG.table("visit", "visits"))
ACTIVITIES = Ledger(CATALOG.table("volunteer", "activities"))
PEOPLE = Ledger(CATALOG.table("care", "people"), {"category": ("独居老人",)})
CALLS = """
编号 | 走访编号  | 走访日期   | 走访人 | 户址   | 备注
v1   | ZF-001-1  | 2022-06-01 | 李明   | 一号楼 | 甲
v2   | ZF-001-2  | 2022-06-02 | 李明   | 二号楼 | 乙
v3   | ZF-001-3  | 2022-06-03 | 李明   | 三号楼 | 丙
v4   | ZF-001-4  | 2022-06-04 | 李明   | 四号楼 | 丁
"""
EVENTS = """
编号 | 活动编号 | 活动名称 | 活动日期   | 活动地点 | 备注
v1   | HD-001-1 | 义诊     | 2022-06-01 | 广场     | 甲
v2   | HD-001-2 | 清扫     | 2022-06-02 | 一号楼   | 乙
v3   | HD-001-3 | 讲座     | 2022-06-03 | 活动室   | 丙
v4   | HD-001-4 | 慰问     | 2022-06-04 | 二号楼   | 丁
"""
HOMES = """
编号 | 姓名 | 身份证号           | 住址      | 备注
v1   | 王芳 | 110101199003070134 | 幸福路1号 | 甲
v2   | 李强 | 110101195001010017 | 幸福路2号 | 乙
v3   | 赵敏 | 110101196001010011 | 幸福路3号 | 丙
v4   | 钱进 | 110101197001010016 | 幸福路4号 | 丁
"""
NEW_ID = "110101195505050012"
NUMBERED = {"visits": (VISITS, CALLS, "household"), "activities": (ACTIVITIES, EVENTS, "place")}


@dataclass
class Office:
    """A desk whose table gives numbers, and a copy in somebody's hands."""

    ledger: Ledger
    desk: Desk

    @classmethod
    def of(cls, ledger: Ledger, text: str) -> "Office":
        desk = Desk(ledger.table, ledger.rows(text))
        desk.issue("甲")
        return cls(ledger, desk)

    def submit(self, rows: list[Submitted]) -> dict[str, int]:
        before = self.desk.ours
        result = self.desk.submit("甲", rows)
        number_added(self.ledger.table, result, unit_tail="001")
        keep_keys_unique(self.ledger.table, before, result)
        self.desk.ours = result.merged
        return {name: n for name, n in result.counts.as_dict().items() if n}

    def cells(self, name: str) -> dict[str, Value]:
        at = self.ledger.table.position[name]
        return {record: row[at] for record, row in self.desk.ours.items()}

    def one_number_each(self) -> bool:
        [at] = KeyReader(self.ledger.table).generated
        numbers = [row[at] for row in self.desk.ours.values()]
        return len(set(numbers)) == len(numbers) and all(numbers)


def changed(ledger: Ledger, row: Row, **cells: Value) -> Row:
    return tuple(cells.get(n, v) for n, v in zip(ledger.table.field_ids, row, strict=True))


def laid_out(rows: list[tuple[str, Row]]) -> list[Submitted]:
    return [Submitted(i, record, row) for i, (record, row) in enumerate(rows)]


def with_copy(
    rows: Rows, record: str, original: Row, copy: Row, above: bool, shuffle: int | None
) -> list[tuple[str, Row]]:
    """The sheet with the copied row right above or below its original, sorted anyhow."""
    lines = [(r, original if r == record else row) for r, row in rows.items()]
    at = next(i for i, (r, _) in enumerate(lines) if r == record)
    lines.insert(at if above else at + 1, (record, copy))
    if shuffle is not None:
        random.Random(shuffle).shuffle(lines)
    return lines


POSITIONS = st.tuples(st.booleans(), st.one_of(st.none(), st.integers(0, 50)))


@pytest.mark.parametrize("name", NUMBERED)
@given(record=st.sampled_from(["v1", "v2", "v4"]), place=POSITIONS)
def test_the_unchanged_row_is_the_record(
    name: str, record: str, place: tuple[bool, int | None]
) -> None:
    """Of two rows with one number: whose content is the base's, above or below."""
    ledger, text, field = NUMBERED[name]
    office = Office.of(ledger, text)
    rows = dict(office.desk.ours)
    copy = changed(ledger, rows[record], **{field: "新址", "remark": "新"})
    sheet = laid_out(with_copy(rows, record, rows[record], copy, *place))
    assert office.submit(sheet) == {"added": 1}
    assert office.desk.ours[record] == rows[record]
    assert sorted(map(str, office.cells("remark").values())) == sorted(
        ["甲", "乙", "丙", "丁", "新"]
    )
    assert office.one_number_each()
    assert office.submit(sheet) == {}, "the same again"
    assert office.desk.ours.keys() - rows.keys() == set(list(office.desk.ours)[4:])


@pytest.mark.parametrize("name", NUMBERED)
@given(record=st.sampled_from(["v1", "v3"]), place=POSITIONS)
def test_of_two_edited_rows_the_upper_is_the_record(
    name: str, record: str, place: tuple[bool, int | None]
) -> None:
    ledger, text, _ = NUMBERED[name]
    office = Office.of(ledger, text)
    rows = dict(office.desk.ours)
    one, other = (changed(ledger, rows[record], remark=remark) for remark in ("上", "下"))
    lines = with_copy(rows, record, one, other, *place)
    first, second = (row for r, row in lines if r == record)
    sheet = laid_out(lines)
    assert office.submit(sheet) == {"applied": 1, "added": 1}
    at = ledger.table.position["remark"]
    assert office.cells("remark")[record] == first[at]
    [new] = office.desk.ours.keys() - rows.keys()
    assert office.cells("remark")[new] == second[at]
    assert office.one_number_each()
    assert office.submit(sheet) == {}
    again = [
        s._replace(row=changed(ledger, s.row, remark="再改")) for s in sheet if s.row == second
    ]
    later = [next((a for a in again if a.position == s.position), s) for s in sheet]
    assert office.submit(later) == {"applied": 1}, "each row goes on being its own record"
    assert office.cells("remark")[new] == "再改"


@given(record=st.sampled_from(["v1", "v2", "v4"]), place=POSITIONS, which=st.booleans())
def test_a_row_with_another_number_is_the_new_one(
    record: str, place: tuple[bool, int | None], which: bool
) -> None:
    """Cleared or typed anew: the business key tells, whatever else was edited."""
    office = Office.of(VISITS, CALLS)
    rows = dict(office.desk.ours)
    original = changed(VISITS, rows[record], remark="改")
    copy = changed(VISITS, rows[record], visit_no=None if which else "ZF-9", household="新址")
    sheet = laid_out(with_copy(rows, record, original, copy, *place))
    assert office.submit(sheet) == {"applied": 1, "added": 1}
    assert office.cells("remark")[record] == "改"
    assert office.cells("household")[record] == rows[record][VISITS.table.position["household"]]
    assert office.one_number_each()
    assert office.submit(sheet) == {}


@given(record=st.sampled_from(["v1", "v2", "v4"]), place=POSITIONS, edited=st.booleans())
def test_a_typed_key_tells_which_row_is_the_record(
    record: str, place: tuple[bool, int | None], edited: bool
) -> None:
    office = Office.of(PEOPLE, HOMES)
    rows = dict(office.desk.ours)
    original = changed(PEOPLE, rows[record], remark="改") if edited else rows[record]
    copy = changed(PEOPLE, rows[record], id_number=NEW_ID, name="吴霞", remark="新")
    sheet = laid_out(with_copy(rows, record, original, copy, *place))
    expected = {"applied": 1, "added": 1} if edited else {"added": 1}
    assert office.submit(sheet) == expected
    assert office.cells("name")[record] == rows[record][PEOPLE.table.position["name"]]
    assert "吴霞" in office.cells("name").values()
    assert office.submit(sheet) == {}


@given(place=POSITIONS)
def test_two_rows_with_one_typed_key_are_a_real_doubt(place: tuple[bool, int | None]) -> None:
    """Nobody can tell a changed household from a new one with a forgotten number: both go back."""
    office = Office.of(PEOPLE, HOMES)
    rows = dict(office.desk.ours)
    copy = changed(PEOPLE, rows["v2"], address="新路1号")
    sheet = laid_out(with_copy(rows, "v2", rows["v2"], copy, *place))
    assert office.submit(sheet) == {"returned": 2}
    assert office.desk.ours == rows
    assert office.submit(sheet) == {}


@pytest.mark.parametrize("name", NUMBERED)
def test_a_copy_that_nobody_edited_yet_is_the_same_row(name: str) -> None:
    ledger, text, field = NUMBERED[name]
    office = Office.of(ledger, text)
    rows = dict(office.desk.ours)
    lines = with_copy(rows, "v2", rows["v2"], rows["v2"], False, None)
    assert office.submit(laid_out(lines)) == {}
    assert office.desk.ours == rows
    lines[2] = ("v2", changed(ledger, rows["v2"], **{field: "新址"}))
    assert office.submit(laid_out(lines)) == {"added": 1}


def test_several_copies_of_one_row_are_several_records() -> None:
    """One row copied down five times for five visits, then all of it sorted."""
    office = Office.of(VISITS, CALLS)
    rows, days = dict(office.desk.ours), count(10)
    lines = list(rows.items())
    lines += [("v2", changed(VISITS, rows["v2"], remark=f"第{n}次")) for n in _first(days, 5)]
    assert office.submit(laid_out(lines)) == {"added": 5}
    assert office.one_number_each()
    random.Random(3).shuffle(lines)
    assert office.submit(laid_out(lines)) == {}
    lines = [
        (r, changed(VISITS, row, visitor="王芳")) if "第" in str(row) else (r, row)
        for r, row in lines
    ]
    assert office.submit(laid_out(lines)) == {"applied": 5}
    assert len(office.desk.ours) == 9
    assert office.submit(laid_out([line for line in lines if "第12次" not in str(line[1])]))
    assert len(office.desk.ours) == 8


def test_a_new_row_copied_before_it_was_ever_sent() -> None:
    office = Office.of(VISITS, CALLS)
    rows = dict(office.desk.ours)
    typed = changed(VISITS, rows["v1"], visit_no="ZF-new", remark="一")
    lines = [*rows.items(), ("s1", typed), ("s1", changed(VISITS, typed, remark="二"))]
    assert office.submit(laid_out(lines)) == {"added": 2}
    assert office.cells("remark")["s1"] == "一"
    assert office.one_number_each()
    assert office.submit(laid_out(lines)) == {}
    lines[-1] = ("s1", changed(VISITS, typed, remark="三"))
    assert office.submit(laid_out(lines)) == {"applied": 1}


def _first(numbers: Iterator[int], n: int) -> list[int]:
    return [next(numbers) for _ in range(n)]
