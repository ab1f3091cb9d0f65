"""Spellings that the unit has put right: the same one is understood the next time."""

from collections.abc import Mapping


def respelled(words: Mapping[str, str], text: str, *, is_place: bool) -> str:
    """The spelling to keep; of an address that begins with a known one, only its beginning."""
    if text in words:
        return words[text]
    if is_place:
        for start in sorted(words, key=len, reverse=True):
            if text.startswith(start) and _ends(text[len(start) :]):
                return words[start] + text[len(start) :]
    return text


def place_of(text: str) -> str:
    """The road or the estate that an address begins with: all before its first number."""
    for at, char in enumerate(text):
        if char.isdigit() or char in "一二三四五六七八九十":
            return text[:at] if at > 1 and not text[:at].endswith("第") else ""
    return ""


def _ends(rest: str) -> bool:
    return bool(rest) and (rest[0].isdigit() or rest[0] in "一二三四五六七八九十")
