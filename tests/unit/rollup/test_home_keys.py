"""Which ways of writing an address mean the same home."""

import pytest

from ledgersync.facts.homes import home_key


@pytest.mark.parametrize(
    "written",
    ["3号楼2单元501室", "3栋 2单元501", "3-2-501", "３幢２单元５０１户", "3座2单元501室 "],
)
def test_one_home_however_it_is_written(written: str) -> None:
    assert home_key(written) == "3-2-501"


def test_other_homes_stay_apart() -> None:
    keys = {
        home_key(a) for a in ("解放路5号1栋101", "解放路5号11栋01", "解放路51号1栋01", "解放路5号")
    }
    assert len(keys) == 4


def test_nothing_is_no_home() -> None:
    assert home_key(" - ") == ""
