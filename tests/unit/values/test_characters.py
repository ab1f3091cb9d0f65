"""Ranges of characters written out are what the regular expression finds."""

import re

from ledgersync.characters import BLANK, INVISIBLE, each_of


def test_each_of_is_what_a_character_class_finds() -> None:
    every = "".join(map(chr, range(0x10000)))
    assert sorted(each_of(BLANK)) == re.findall(r"\s", every)
    assert sorted(each_of(INVISIBLE)) == re.findall(f"[{INVISIBLE}]", every)
