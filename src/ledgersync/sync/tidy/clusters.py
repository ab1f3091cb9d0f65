"""Spellings that are likely one: OpenRefine's key collision and nearest neighbour, for Chinese.

Pure. Two spellings collide when nothing but width, blanks, marks and the kind of numerals differs,
or when they sound alike; they are neighbours when few characters differ. Other numbers are never
one thing: the first grid is not the second.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import combinations

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz

NEAR = 80.0  # of 100: likeness of neighbours
_MOST = 1500  # spellings that are compared each with each
_MARKS = re.compile(r"[\s\W_]+")
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_DIGITS = re.compile(r"\d+")
_FEW = 3  # characters: of so short ones only sound tells


def clusters(counts: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Groups of two and more spellings, the most frequent first; `counts` is how often each is."""
    words = sorted(counts, key=lambda w: (-counts[w], w))
    parent = {word: word for word in words}
    _collide(words, parent)
    if len(words) <= _MOST:
        _neighbours(words, parent)
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(_root(parent, word), []).append(word)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _root(parent: dict[str, str], word: str) -> str:
    while parent[word] != word:
        parent[word] = parent[parent[word]]
        word = parent[word]
    return word


def _join(parent: dict[str, str], one: str, other: str) -> None:
    parent[_root(parent, other)] = _root(parent, one)


def _collide(words: Sequence[str], parent: dict[str, str]) -> None:
    first: dict[str, str] = {}
    for word in words:
        plain = plain_key(word)
        for key in (plain, "~" + sound_key(plain)):
            _join(parent, first.setdefault(key, word), word)


def plain_key(word: str) -> str:
    """Without width, blanks and marks; numerals as digits: `第 一网格` → `第1网格`."""
    text = unicodedata.normalize("NFKC", word).casefold()
    return _MARKS.sub("", text).translate(_NUMERALS)


def sound_key(word: str) -> str:
    """As it sounds."""
    return " ".join(lazy_pinyin(word))


def _neighbours(words: Sequence[str], parent: dict[str, str]) -> None:
    keys = {word: plain_key(word) for word in words}
    for one, other in combinations(words, 2):
        a, b = keys[one], keys[other]
        if min(len(a), len(b)) <= _FEW or _DIGITS.findall(a) != _DIGITS.findall(b):
            continue
        if fuzz.ratio(a, b) >= NEAR:
            _join(parent, one, other)
