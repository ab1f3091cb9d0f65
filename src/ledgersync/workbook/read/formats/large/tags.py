"""The tags of a piece of a sheet's XML, and that they stand as spreadsheet programs write them.

Everything works on all tags of a piece at once: where they begin and end, which they are, which
may follow which. What a sheet may hold besides (prefixes, comments, cells without their place, a
`>` within a text) raises Unusual, and the whole file is read as small ones are.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]
Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]

PAD = bytes(32)  # behind every piece, so that eight bytes can be looked at from anywhere in it
ROW, ROW_END, CELL, CELL_END, FORMULA, FORMULA_END = 1, 2, 3, 4, 5, 6
VALUE, VALUE_END, INLINE, INLINE_END, TEXT, TEXT_END = 7, 8, 9, 10, 11, 12
_CLOSED = 16  # added to what is closed where it is opened: `<c r="A1"/>`
EMPTY_ROW, EMPTY_CELL, EMPTY_FORMULA = ROW + _CLOSED, CELL + _CLOSED, FORMULA + _CLOSED
EMPTY_VALUE, EMPTY_TEXT = VALUE + _CLOSED, TEXT + _CLOSED
_NAMES = {
    ROW: (b"ro",), CELL: (b"c ",), FORMULA: (b"f>", b"f ", b"f/"), VALUE: (b"v>", b"v/"),
    INLINE: (b"is",), TEXT: (b"t>", b"t ", b"t/"), ROW_END: (b"/r",), CELL_END: (b"/c",),
    FORMULA_END: (b"/f",), VALUE_END: (b"/v",), INLINE_END: (b"/i",), TEXT_END: (b"/t",),
}  # fmt: skip
_LENGTHS = {
    ROW_END: 6, INLINE: 4, INLINE_END: 5, CELL_END: 4, FORMULA_END: 4, VALUE_END: 4, TEXT_END: 4,
    EMPTY_VALUE: 4,
}  # fmt: skip
_AFTER_CELL = (CELL, EMPTY_CELL, ROW_END)
_AFTER_FORMULA = (VALUE, EMPTY_VALUE, CELL_END)
_AFTER_ROW = (ROW, EMPTY_ROW)
_FOLLOWS = {
    ROW: _AFTER_CELL,
    ROW_END: _AFTER_ROW,
    EMPTY_ROW: _AFTER_ROW,
    CELL: (FORMULA, EMPTY_FORMULA, VALUE, EMPTY_VALUE, INLINE, CELL_END),
    CELL_END: _AFTER_CELL,
    EMPTY_CELL: _AFTER_CELL,
    FORMULA: (FORMULA_END,),
    FORMULA_END: _AFTER_FORMULA,
    EMPTY_FORMULA: _AFTER_FORMULA,
    VALUE: (VALUE_END,),
    VALUE_END: (CELL_END,),
    EMPTY_VALUE: (CELL_END,),
    INLINE: (TEXT, EMPTY_TEXT),
    TEXT: (TEXT_END,),
    TEXT_END: (INLINE_END,),
    EMPTY_TEXT: (INLINE_END,),
    INLINE_END: (CELL_END,),
}


class Unusual(Exception):
    """The file is not written as programs usually write: it is read as small ones are."""


class Tags(NamedTuple):
    """The tags of a piece, and what ends it: where each begins, and which it is.

    A tag that is followed by no text ends where the next begins.
    """

    start: Places
    kind: NDArray[np.uint8]


def _kinds() -> NDArray[np.uint8]:
    """By the two bytes behind `<`, the first one higher."""
    found = np.zeros(1 << 16, np.uint8)
    for kind, names in _NAMES.items():
        for first, second in names:
            found[first << 8 | second] = kind
    return found


def _pairs() -> Flags:
    found = np.zeros((32, 32), np.bool_)
    for kind, following in _FOLLOWS.items():
        found[kind, following] = True
    return found.ravel()


def _lengths() -> NDArray[np.uint8]:
    """How long the tags are that have no attributes; 0: they may have some, or text follows."""
    found = np.zeros(32, np.uint8)
    for kind, length in _LENGTHS.items():
        found[kind] = length
    return found


_KINDS, _PAIRS, _LENGTH = _kinds(), _pairs(), _lengths()
_HOLDS_TEXT = np.isin(np.arange(32), (FORMULA, VALUE, TEXT))


def words_of(xml: bytes) -> Words:
    """The eight bytes from each place on as one number, the first one lowest."""
    return np.ndarray((len(xml) - 7,), "<u8", xml, strides=(1,))


def tags_of(xml: bytes, length: int) -> Tags:
    """The tags of whole rows, the first `length` bytes of `xml`."""
    content = np.frombuffer(xml, np.uint8, length)
    start = np.flatnonzero(content == ord("<"))
    if not len(start) or start[0]:
        raise Unusual
    first = content.take(start + 1, mode="clip").astype(np.uint16)
    kind = _KINDS.take(first << 8 | content.take(start + 2, mode="clip"))
    stop = np.append(start[1:], length)
    joins = content.take(stop - 1) == ord(">")
    kind += (joins & (content.take(stop - 2) == ord("/")) & (kind & 1 == 1)) * np.uint8(_CLOSED)
    wanted = _LENGTH.take(kind)
    right = (joins | _HOLDS_TEXT.take(kind)) & ((wanted == 0) | (wanted == stop - start))
    if not (right.all() and _follow_rightly(kind)):
        raise Unusual
    return Tags(start, kind)


def _follow_rightly(kind: NDArray[np.uint8]) -> bool:
    pairs = kind[:-1].astype(np.uint16) << 5 | kind[1:]
    if kind[0] not in _AFTER_ROW or kind[-1] not in (ROW_END, EMPTY_ROW):
        return False
    return bool(_PAIRS.take(pairs).all() and (kind > 0).all())
