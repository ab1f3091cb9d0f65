"""Record ids: what stands in the hidden column `_LS_ID`.

A letter and nineteen characters of Crockford's base 32 (no I, L, O, U): about 95 random bits,
never mistaken for a number, a date or a formula by a spreadsheet or a CSV file.
"""

import hashlib
import os
from collections.abc import Iterator

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 19
_BITS = 5 * _LENGTH
_BYTES, _MOST = (_BITS + 7) // 8, (1 << _BITS) - 1


def new_record_id() -> str:
    """A record id that nobody has given before."""
    return _written(int.from_bytes(os.urandom(_BYTES), "big") & _MOST)


def record_ids(seed: str | None = None) -> Iterator[str]:
    """Endless record ids; with a `seed` always the same ones, for files that are generated."""
    if seed is None:
        while True:
            yield new_record_id()
    for count in range(1 << 62):
        digest = hashlib.sha256(f"{seed}/{count}".encode()).digest()
        yield _written(int.from_bytes(digest, "big") & _MOST)


def _written(number: int) -> str:
    characters = [_ALPHABET[number >> shift & 31] for shift in range(_BITS - 5, -1, -5)]
    return "R" + "".join(characters)
