"""Which spellings are likely one thing, and which never are."""

import pytest

from ledgersync.sync.tidy.clusters import clusters, plain_key


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("第 一网格", "第1网格", True),
        ("１号楼", "1号楼", True),
        ("幸福路（东）", "幸福路东", True),
        ("张家庄", "章家庄", True),  # they sound alike
        ("第1网格", "第2网格", False),  # other numbers are other things
        ("幸福路社区居委会", "幸福路社区居委员会", True),  # few characters differ
        ("幸福路社区", "光明街社区", False),
        ("东街", "西街", False),  # so short that only sound tells
        ("Abc", "aBC", True),
    ],
)
def test_two_spellings(one: str, other: str, alike: bool) -> None:
    assert clusters({one: 2, other: 1}) == ([(one, other)] if alike else [])


def test_the_most_frequent_comes_first_and_one_alone_is_no_group() -> None:
    counts = {"第1网格": 1, "第一网格": 7, "第 1 网格": 3, "东片": 5}
    assert clusters(counts) == [("第一网格", "第 1 网格", "第1网格")]
    assert clusters({}) == []


def test_what_is_compared() -> None:
    assert plain_key(" 第〇一 网格。") == "第01网格"
