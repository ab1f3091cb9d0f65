"""When a row says what one that went back was to say."""

import pytest
from tests.merging import Ledger

from ledgersync.merge import KeyReader, retyped
from ledgersync.schema import load_catalog

CATALOG = load_catalog()
PEOPLE = Ledger(CATALOG.table("care", "people"))
VISITS = Ledger(CATALOG.table("visit", "visits"))


@pytest.mark.parametrize(
    ("old", "new", "anybody", "sender"),
    [
        # neither key nor fallback: the content tells
        ("李强 | 幸福路2号 |", "李强 | 幸福路2号 | 110101195001010017", True, True),
        ("李强 | 幸福路2号 | 1101", "李强 | 幸福路2号 | 110101195001010017", True, True),
        ("李强 | 幸福路2号 |", "李强 | 幸福路3号 | 110101195001010017", False, False),
        ("李强 | |", "李强 | 幸福路3号 | 110101195001010017", True, True),
        (" | |", "李强 | 幸福路3号 | 110101195001010017", False, False),
        # the key tells, whatever else the rows say
        ("李强 | 幸福路2号 | 110101195001010017", "李 | 新路 | 110101195001010017", True, True),
        (
            "李强 | 幸福路2号 | 110101195001010017",
            "李强 | 幸福路2号 | 110101199003070134",
            False,
            False,
        ),
    ],
)
def test_people(old: str, new: str, anybody: bool, sender: bool) -> None:
    rows = PEOPLE.rows(f"x | 姓名 | 住址 | 身份证号\na | {old}\nb | {new}")
    reader = KeyReader(PEOPLE.table)
    assert retyped(reader, rows["a"], rows["b"], more=False) is anybody
    assert retyped(reader, rows["a"], rows["b"], more=True) is sender


def test_the_sender_may_say_more_and_a_generated_number_tells_nothing() -> None:
    rows = VISITS.rows(
        "x | 走访编号 | 走访日期 | 走访人 | 户址\n"
        "a | ZF-1 | | 王芳 |\n"
        "b | ZF-1 | 2022-06-01 | 李强 | 一号楼\n"
        "c | ZF-2 | 2022-06-01 | 王芳 | 一号楼\n"
        "d | ZF-3 | 2022-06-01 | 王芳 |\n"
    )
    reader = KeyReader(VISITS.table)
    assert not retyped(reader, rows["a"], rows["b"], more=True)
    assert retyped(reader, rows["a"], rows["c"], more=True)
    assert retyped(reader, rows["a"], rows["d"], more=False)
