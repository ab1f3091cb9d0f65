"""Numbers as they stand in XML, many at once, eight digits to a machine word.

A word holds eight bytes of text, the first one lowest. What is not understood for certain is left
to whoever reads single texts: it is no error.
"""

import numpy as np
from numpy.typing import NDArray

from ledgersync.workbook.read.formats.large.tags import Flags, Places, Words

_NOUGHTS = np.uint64(0x3030303030303030)
_SIXES = np.uint64(0x0606060606060606)
_HIGH = np.uint64(0xF0F0F0F0F0F0F0F0)
_POINTS = np.uint64(0x2E2E2E2E2E2E2E2E)
_ONES = np.uint64(0x0101010101010101)
_TOPS = np.uint64(0x8080808080808080)
_HALVES = np.uint64(0x000000FF000000FF)
_TENS = 10.0 ** np.arange(9)
MOST = 8  # characters of a number that fit into a word


def _u(number: int) -> np.uint64:
    return np.uint64(number)


def whole_numbers(words: Words, lengths: Places) -> tuple[Words, Flags]:
    """The numbers of so many digits that each word begins with, and which of them are some."""
    texts = _aligned(words, lengths)
    values = texts ^ _NOUGHTS
    good: Flags = ((values + _SIXES | values) & _HIGH) == 0
    good &= (lengths > 0) & (lengths <= MOST)
    return _value(values), good


def decimals(words: Words, lengths: Places) -> tuple[NDArray[np.float64], Flags]:
    """Numbers with or without a point, and which are some; as exact as Python's own.

    At most eight figures divided by a power of ten: both are exact, so that the quotient is the
    nearest float.
    """
    texts = _aligned(words, lengths)
    found = texts ^ _POINTS
    points = (found - _ONES) & ~found & _TOPS
    has_point = points != 0
    first = points & (~points + _u(1))
    below = np.where(has_point, (first >> _u(7)) - _u(1), _u(0))  # all that stands before it
    after = texts & ~(below << _u(8) | _u(0xFF))
    joint = np.where(has_point, after | (texts & below) << _u(8) | _u(0x30), texts)
    values = joint ^ _NOUGHTS
    good = ((values + _SIXES | values) & _HIGH) == 0
    ahead = (((below & _ONES) * _ONES) >> _u(56)).astype(np.int64)
    places = np.where(has_point, MOST - 1 - ahead, 0)
    good &= (lengths > 0) & (lengths <= MOST)
    good &= ~has_point | ((places > 0) & (ahead + lengths > MOST))
    return _value(values).astype(np.float64) / _TENS[places], good


def _aligned(words: Words, lengths: Places) -> Words:
    """The digits moved to the end of their word, noughts before them."""
    bits = (np.minimum(lengths, MOST) << 3).astype(np.uint64)
    found: Words = words << (_u(64) - bits) | _NOUGHTS >> bits  # shifted by 64 it is nothing
    return found


def _value(values: Words) -> Words:
    """Eight figures, a byte each, as one number: two, four, then all of them together."""
    pairs = values * _u(10) + (values >> _u(8))
    low = (pairs & _HALVES) * _u(0x000F424000000064)
    high = ((pairs >> _u(16)) & _HALVES) * _u(0x0000271000000001)
    return (low + high) >> _u(32)
