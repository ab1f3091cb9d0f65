"""Chinese written as numbers (`&#22478;`), as some libraries do, turned into plain UTF-8."""

import numpy as np

from ledgersync.workbook.read.formats.large.digits import whole_numbers
from ledgersync.workbook.read.formats.large.tags import PAD, words_of

_FRAME = np.uint64(0xFF0000000000FFFF)
_MARKS = np.uint64(int.from_bytes(b"&#\0\0\0\0\0;", "little"))
_FIGURES = 5
_SIXTEEN, _LOW, _MORE = np.uint64(16), np.uint64(63), np.uint64(0x80)


def without_numbers(xml: bytes) -> bytes:
    """The same XML with characters in place of their numbers, where these have five figures."""
    if b"&" not in xml or b"&#" not in xml:  # one sign is found sooner than two
        return xml
    content = np.frombuffer(xml, np.uint8)
    at = np.flatnonzero(content == ord("&"))
    words = words_of(xml + PAD)[at]
    code, good = whole_numbers(words >> _SIXTEEN, np.full(len(at), _FIGURES))
    good &= ((words & _FRAME) == _MARKS) & (code >= 10_000) & (code < 0xFFFE)
    good &= (code < 0xD800) | (code > 0xDFFF)
    at, code = at[good], code[good]
    out, keep = content.copy(), np.ones(len(content), np.bool_)
    out[at] = code >> np.uint64(12) | np.uint64(0xE0)
    out[at + 1] = code >> np.uint64(6) & _LOW | _MORE
    out[at + 2] = code & _LOW | _MORE
    for behind in range(3, 8):
        keep[at + behind] = False
    return out[keep].tobytes()
