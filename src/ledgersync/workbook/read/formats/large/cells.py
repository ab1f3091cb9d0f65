"""The cells of a piece of a sheet's XML: where they stand, of which style and type, what they hold.

Shared texts and plain numbers are understood here. All other values are kept as they are written
(`Cells.others`), once each, for calamine to read: days, truths, texts within their cell, numbers
of many digits or with exponents.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledgersync.workbook.read.formats.facts import Cell, is_proposal
from ledgersync.workbook.read.formats.large.digits import MOST, decimals, whole_numbers
from ledgersync.workbook.read.formats.large.tags import (
    CELL,
    CELL_END,
    EMPTY_CELL,
    EMPTY_FORMULA,
    EMPTY_VALUE,
    FORMULA,
    INLINE,
    ROW,
    ROW_END,
    TEXT,
    VALUE,
    Flags,
    Places,
    Tags,
    Unusual,
    Words,
    tags_of,
    words_of,
)
from ledgersync.workbook.read.formats.scan import text_of

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
SHARED, NUMBER, OTHER = 1, 2, 3  # what a cell holds
NO_STYLE = -1
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_BARE, _SHARED, _PLAIN, _TRUTH, _ERROR, _TEXT, _INLINE = range(7)  # a cell's type
_TYPES = (b' t="s"', b' t="n"', b' t="b"', b' t="e"', b' t="str"', b' t="inlineStr"')


def _word(text: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(text[:8], "little"))


_SIX = _word(b"\xff" * 6)
_FOUR = _word(b"\xff" * 4)
_QUOTE = np.uint64(ord('"'))
_BYTE = np.uint64(0xFF)


class Cells(NamedTuple):
    """The cells of some rows that hold something, in order; rows and columns count from 1.

    `value` is a position among the shared texts, a number, or a position in `others`.
    """

    row: NDArray[np.int32]
    column: NDArray[np.int16]
    style: NDArray[np.int16]
    held: NDArray[np.uint8]
    value: NDArray[np.float64]

    def at(self, which: Places | Flags) -> "Cells":
        """Some of the cells."""
        return Cells(
            self.row[which], self.column[which], self.style[which], self.held[which],
            self.value[which],
        )  # fmt: skip

    @classmethod
    def joined(cls, pieces: Sequence["Cells"]) -> "Cells":
        """The cells of several pieces, none of none."""
        none = cls(*(np.zeros(0, kind) for kind in (np.int32, np.int16, np.int16, np.uint8, float)))
        return cls(*map(np.concatenate, zip(none, *pieces, strict=True)))


class Gathered(NamedTuple):
    """What the cells of all sheets hold that is not understood here, each once, with its place.

    Texts within their cells follow the shared ones, of which there are `shared`.
    """

    shared: int
    inline: dict[bytes, int]
    others: dict[bytes, int]


class Found(NamedTuple):
    """What a piece adds: cells, formulas and errors by row and column; its last cell's place."""

    cells: Cells
    formulas: tuple[NDArray[np.int32], NDArray[np.int16]]
    errors: dict[Cell, str]
    last: int


class _Heads(NamedTuple):
    """The first tags of all cells of a piece: their position among the tags, and what they say."""

    tag: Places
    row: NDArray[np.int32]
    column: NDArray[np.int16]
    style: NDArray[np.int16]
    type: NDArray[np.uint8]
    after: Places  # where what follows the cell's place begins

    def at(self, which: Places) -> "_Heads":
        return _Heads(
            self.tag[which], self.row[which], self.column[which], self.style[which],
            self.type[which], self.after[which],
        )  # fmt: skip


def cells_of(xml: bytes, length: int, gathered: Gathered, last: int) -> Found:
    """The cells of whole rows, the first `length` bytes of `xml`, which follow the place `last`.

    New values join what is gathered.
    """
    words, tags = words_of(xml), tags_of(xml, length)
    heads = _heads(words, np.frombuffer(xml, np.uint8), tags)
    places = np.append(np.int64(last), heads.row.astype(np.int64) << 16 | heads.column)
    if (np.diff(places) <= 0).any():
        raise Unusual
    return _Piece(xml, words, tags, heads, gathered).found(int(places[-1]))


def _heads(words: Words, content: NDArray[np.uint8], tags: Tags) -> _Heads:
    at = np.flatnonzero((tags.kind & 15) == CELL)
    start = tags.start[at]
    first = words[start]
    if ((first & _SIX) != _word(b'<c r="')).any():
        raise Unusual
    column, letters = _columns(first, content[start + 8])
    row, after = _rows(words, tags, at, start + 6 + letters)
    end = tags.start[at + 1] - 1 - (tags.kind[at] == EMPTY_CELL)
    style, typed = _styles(words, after, end)
    return _Heads(at, row, column, style, _types(words, typed, end), after)


def _columns(first: Words, third: NDArray[np.uint8]) -> tuple[NDArray[np.int16], Places]:
    """Columns, and how many letters they have; a letter is what is no figure."""
    a = ((first >> np.uint64(48)) & _BYTE).astype(np.int16) - 64
    b = (first >> np.uint64(56)).astype(np.int16) - 64
    c = third.astype(np.int16) - 64
    two = b > 0
    three = two & (c > 0)
    column = np.where(two, a * 26 + b, a)
    column = np.where(three, column * 26 + c, column)
    letters = 1 + two.astype(np.int64) + three
    wrong = (a < 1) | (a > 26) | (two & (b > 26)) | (three & (c > 26)) | (column > LAST_COLUMN)
    if wrong.any():
        raise Unusual
    return column, letters


def _rows(
    words: Words, tags: Tags, cells: Places, digits: Places
) -> tuple[NDArray[np.int32], Places]:
    """The row of each cell, and the place behind its reference: all say the number of their row."""
    at = np.flatnonzero((tags.kind & 15) == ROW)
    ends = tags.start[tags.kind == ROW_END]
    start = tags.start[at]
    if (words[start] != _word(b'<row r="')).any() or (
        (words[ends] & _SIX) != _word(b"</row>")
    ).any():
        raise Unusual
    figures = words[start + 8]
    length = (figures.view(np.uint8).reshape(-1, 8) == ord('"')).argmax(axis=1)
    number, good = whole_numbers(figures, length)
    if not good.all() or (number > LAST_ROW).any() or (number < 1).any():
        raise Unusual
    mask = ~np.uint64(0) >> (np.uint64(56) - (length << 3).astype(np.uint64))
    bounds = np.searchsorted(cells, np.append(at, len(tags.kind)))
    index = np.repeat(np.arange(len(at)), np.diff(bounds))
    if (((words[digits] ^ figures[index]) & mask[index]) != 0).any():
        raise Unusual
    return number.astype(np.int32)[index], digits + length[index] + 1


def _styles(words: Words, after: Places, end: Places) -> tuple[NDArray[np.int16], Places]:
    """The number in ` s="…"` behind the reference, and where what follows it begins."""
    found = words[after]
    styled = ((found & _FOUR) == _word(b' s="')) & (after < end)
    digits = found >> np.uint64(32)
    length = np.zeros(len(found), np.int64)
    for n in (3, 2, 1):
        length[((digits >> np.uint64(8 * n)) & _BYTE) == _QUOTE] = n
    number, good = whole_numbers(digits, length)
    if not good[styled].all():
        raise Unusual
    style = np.where(styled, number.astype(np.int16), np.int16(NO_STYLE))
    return style, after + np.where(styled, length + 5, 0)


def _types(words: Words, start: Places, end: Places) -> NDArray[np.uint8]:
    """What ` t="…"` says, which stands last if it stands at all."""
    found = np.zeros(len(start), np.uint8)
    at = np.flatnonzero(end != start)
    length, first = (end - start)[at], words[start[at]]
    known = np.zeros(len(at), np.uint8)
    for kind, text in enumerate(_TYPES, 1):
        mask = _word(b"\xff" * len(text))
        known[(length == len(text)) & ((first & mask) == _word(text))] = kind
    if not known.all():
        raise Unusual
    found[at] = known
    return found


class _Piece:
    """What the cells of a piece hold."""

    def __init__(
        self, xml: bytes, words: Words, tags: Tags, heads: _Heads, gathered: Gathered
    ) -> None:
        self._xml, self._words, self._tags, self._gathered = xml, words, tags, gathered
        self._heads = heads.at(np.flatnonzero(tags.kind[heads.tag] == CELL))
        tag, kind = self._heads.tag, tags.kind
        first = kind[tag + 1]
        self._formula = (first == FORMULA) | (first == EMPTY_FORMULA)
        self._tag = tag + np.where(first == FORMULA, 3, 1) + (first == EMPTY_FORMULA)
        self._kind = kind[self._tag]
        self._start = tags.start[self._tag] + len(b"<v>")
        self._length = np.where(self._kind == VALUE, tags.start[self._tag + 1] - self._start, 0)
        self._held = np.zeros(len(tag), np.uint8)
        self._value = np.zeros(len(tag), np.float64)

    def found(self, last: int) -> Found:
        heads, type_ = self._heads, self._heads.type
        filled = self._length > 0
        self._take_shared(np.flatnonzero(filled & (type_ == _SHARED)))
        self._take_numbers(np.flatnonzero(filled & ((type_ == _BARE) | (type_ == _PLAIN))))
        self._take_inline(np.flatnonzero(self._are_inline()))
        self._take_others(np.flatnonzero(self._are_others(filled)))
        keep = np.flatnonzero(self._held)
        at = np.flatnonzero(self._formula)
        cells = Cells(heads.row, heads.column, heads.style, self._held, self._value).at(keep)
        return Found(cells, (heads.row[at], heads.column[at]), self._errors(), last)

    def _are_others(self, filled: Flags) -> Flags:
        type_, kind = self._heads.type, self._kind
        if (filled & (type_ == _INLINE)).any():
            raise Unusual  # a value beside the text
        told = filled & ((type_ == _TRUTH) | (type_ == _ERROR) | (type_ == _TEXT))
        blank = ~filled & ((kind == VALUE) | (kind == EMPTY_VALUE)) & (type_ == _TEXT)
        found: Flags = told | blank | (kind == INLINE) & ~self._are_inline()
        return found

    def _are_inline(self) -> Flags:
        """The text is within the cell, and there is one."""
        inside = (self._kind == INLINE) & (self._heads.type == _INLINE)
        found: Flags = inside & (self._tags.kind[self._tag + 1] == TEXT)
        return found

    def _take_inline(self, at: Places) -> None:
        xml, inline, shared = self._xml, self._gathered.inline, self._gathered.shared
        start, tag = self._tags.start, self._tag[at]
        spans = zip(start[tag + 1].tolist(), start[tag + 2].tolist(), strict=True)
        keys = [xml[a:b] for a, b in spans]
        self._held[at] = SHARED
        self._value[at] = [inline.setdefault(key, shared + len(inline)) for key in keys]

    def _take_shared(self, at: Places) -> None:
        values, good = whole_numbers(self._words[self._start[at]], self._length[at])
        if not good.all() or (values >= self._gathered.shared).any():
            raise Unusual
        self._held[at], self._value[at] = SHARED, values

    def _take_numbers(self, at: Places) -> None:
        words, length = self._words[self._start[at]], self._length[at]
        minus = (words & _BYTE) == ord("-")
        words = np.where(minus, words >> np.uint64(8), words)
        length = length - minus
        values, good = decimals(words, length)
        good &= ~minus | (length < MOST)  # of eight bytes, one was the sign
        self._held[at] = NUMBER
        self._value[at] = np.where(minus, -values, values)
        self._take_long_numbers(at[~good])

    def _take_long_numbers(self, at: Places) -> None:
        """Numbers one by one; what is none is a text to calamine."""
        texts = self._texts(at)
        odd = [i for i, text in enumerate(texts) if not _NUMBER.fullmatch(text)]
        if odd:
            self._take_others(at[odd])
            at = np.delete(at, odd)
            texts = [text for text in texts if _NUMBER.fullmatch(text)]
        self._value[at] = list(map(float, texts))

    def _texts(self, at: Places) -> list[bytes]:
        start = self._start[at]
        ends = (start + self._length[at]).tolist()
        return [self._xml[a:b] for a, b in zip(start.tolist(), ends, strict=True)]

    def _take_others(self, at: Places) -> None:
        """Values as they are written, without their formulas."""
        if not len(at):
            return
        xml, others, heads, tags = self._xml, self._gathered.others, self._heads, self._tags
        close = tags.start[tags.kind == CELL_END] + len(b"</c>")
        parts = (heads.after, tags.start[heads.tag + 1], tags.start[self._tag], close)
        spans = zip(*(part[at].tolist() for part in parts), strict=True)
        keys = [xml[after:head] + xml[value:end] for after, head, value, end in spans]
        self._held[at] = OTHER
        self._value[at] = [others.setdefault(key, len(others)) for key in keys]

    def _errors(self) -> dict[Cell, str]:
        """Cells that show an error, and those whose formula was never calculated but for ours."""
        heads = self._heads
        wrong = heads.type == _ERROR
        never = self._formula & (self._length == 0) & ~wrong & (heads.type != _TEXT)
        shown, open_ = np.flatnonzero(wrong), np.flatnonzero(never)
        raw = [*self._error_texts(shown), *self._formula_texts(open_)]
        told = {text: text_of(text) for text in set(raw)}
        ours = {text for text in told if is_proposal(told[text])}
        at = np.concatenate((shown, open_))
        cells = zip(heads.row[at].tolist(), heads.column[at].tolist(), raw, strict=True)
        return {(r, c): told[text] for r, c, text in cells if text not in ours}

    def _error_texts(self, at: Places) -> list[bytes]:
        is_told = (self._kind[at] == VALUE).tolist()
        texts = zip(self._texts(at), is_told, strict=True)
        return [text if told else b"#N/A" for text, told in texts]

    def _formula_texts(self, at: Places) -> list[bytes]:
        tags, tag = self._tags, self._heads.tag[at] + 1
        spans = zip(tags.start[tag].tolist(), tags.start[tag + 1].tolist(), strict=True)
        return [b"=" + self._xml[a:b].partition(b">")[2] for a, b in spans]
