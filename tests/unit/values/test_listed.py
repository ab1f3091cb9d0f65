"""One thing of a unit's short list, however it is spelled. The next spelling is one more line."""

from datetime import date

import pytest

from ledgersync.schema import load_catalog
from ledgersync.schema.lists import with_lists
from ledgersync.values import CellParser
from ledgersync.values.listed import Listing
from ledgersync.workspace.config import Config

GRID = "第{n}网格"
_ONE = """
1网格 第一网格 网格1 第01网格 第１网格 一网格 第1网格 01网格 网格一 1号网格 第1号网格 ①网格
(1)网格 第（1）网格 第1网格。 1 一 01 第一 1格 网格第1 网格01 壹网格 第1网格、
"""
ONE = _ONE.split()
OTHERS = {
    "十二网格": "第12网格",
    "第二十网格": "第20网格",
    "二十一网格": "第21网格",
    "一百零三网格": "第103网格",
    "网格10": "第10网格",
    "第 3 网格": "第3网格",
    "第\u200b4网格": "第4网格",
}
FREE = ["第1-2网格", "东片第1网格", "阳光网格", "未分", "1组", "第1网格A", "2022", "0", "一二网格"]


@pytest.mark.parametrize("text", ONE)
def test_one_grid_in_all_its_spellings(text: str) -> None:
    assert Listing(GRID).spelled(text) == "第1网格"


@pytest.mark.parametrize(("text", "grid"), OTHERS.items())
def test_other_numbers(text: str, grid: str) -> None:
    assert Listing(GRID).spelled(text) == grid
    assert Listing(GRID).spelled(grid) == grid


@pytest.mark.parametrize("text", FREE)
def test_what_is_no_grid_stays_as_it_is_typed(text: str) -> None:
    assert Listing(GRID).spelled(text) == text


@pytest.mark.parametrize("own", ["1网格", "网格一", "第一网格", "幸福1号网格"])
@pytest.mark.parametrize("text", ["第1网格", "一网格", "1", "幸福社区第1网格", "幸福1网格"])
def test_the_unit_spells_it_in_its_own_way(own: str, text: str) -> None:
    listing = Listing(GRID, (own, "阳光网格"), ("幸福社区", "幸福"))
    assert listing.spelled(text) == own
    assert listing.spelled("阳光") == "阳光网格"
    assert listing.spelled("第2网格") == "第2网格"


SIBLINGS = [
    (("第三组",), ["3组", "三组", "第3组", "3", "第三村民小组", "三小组"], "第三组"),
    (("3栋",), ["3号楼", "三幢", "3座", "楼3", "第3栋", "3栋"], "3栋"),
    (("阳光小区",), ["阳光", "阳光小区 "], "阳光小区"),
    (("第2片区",), ["二片", "2片区", "片区2"], "第2片区"),
]


@pytest.mark.parametrize(("known", "texts", "value"), SIBLINGS)
def test_other_lists_of_a_unit(known: tuple[str, ...], texts: list[str], value: str) -> None:
    assert {Listing(known=known).spelled(text) for text in texts} == {value}


def test_every_ledger_reads_its_grid_so_and_the_scopes_decide() -> None:
    plain, own = load_catalog(), with_lists(load_catalog(), {"grid": ("网格一",)}, ("幸福社区",))
    for catalog, expected in ((plain, "第1网格"), (own, "网格一")):
        fields = [t.by_id["grid"] for _, t in catalog.tables() if "grid" in t.by_id]
        assert len(fields) == 4
        for field in fields:
            parsed = CellParser(field, date(2022, 6, 30))("1网格")
            assert parsed.value == expected
            assert not parsed.notes
            assert CellParser(field, date(2022, 6, 30))(1.0).value == expected


def test_lists_of_a_configuration() -> None:
    staff = [{"name": "甲", "scope": {"grid": ["1网格", "2网格"]}}, {"name": "乙"}]
    unit = {"code": "360702001001", "name": "幸福社区", "level": "community"}
    config = Config.validated({"unit": unit, "staff": staff})
    assert config.lists() == {"grid": ("1网格", "2网格")}
