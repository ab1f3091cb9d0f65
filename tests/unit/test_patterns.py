"""Patterns that are compiled when they are first used."""

import re

from pytest import MonkeyPatch

from ledgersync.patterns import pattern_of


def test_a_pattern_is_compiled_once_and_when_it_is_used(monkeypatch: MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_ = re.compile

    def counted(text: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(text)
        return compile_(text, flags)

    monkeypatch.setattr(re, "compile", counted)
    day = pattern_of(r"(\d)日", re.ASCII)
    assert compiled == []
    assert [bool(day.fullmatch(text)) for text in ("3日", "٣日", "日")] == [True, False, False]
    assert day.sub(r"\1", "3日4日") == "34" and day.pattern == r"(\d)日"
    assert compiled == [r"(\d)日"]


def test_a_method_that_no_pattern_has() -> None:
    try:
        pattern_of("a").replace  # type: ignore[attr-defined]  # noqa: B018
    except AttributeError:
        return
    raise AssertionError
