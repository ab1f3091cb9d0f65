"""Directory entries of a package whose sizes or places 32 bits do not hold."""

import struct
import zipfile
from io import BytesIO

import pytest

from ledgersync.workbook.patch.package.zipcopy import LIMIT_32, _moved_entry, _zip64_end

CENTRAL = struct.Struct("<4s6H3L5H2L")
OTHER = struct.pack("<2H", 0x5455, 5) + b"\x01time"
COMMENT, NAME = b"note", b"a.xml"


def entry(packed: int, size: int, extra: bytes) -> bytes:
    head = (b"PK\x01\x02", 20, 20, 0x800, 8, 0, 0, 7, packed, size, len(NAME), len(extra))
    return CENTRAL.pack(*head, len(COMMENT), 0, 0, 0, 11) + NAME + extra + COMMENT


def zip64(*numbers: int) -> bytes:
    return struct.pack("<2H", 1, 8 * len(numbers)) + b"".join(struct.pack("<Q", n) for n in numbers)


BIG = LIMIT_32


@pytest.mark.parametrize(
    ("packed", "size", "extra", "offset", "kept", "version"),
    [
        (5, 6, b"", 99, b"", 20),
        (5, 6, OTHER, 99, OTHER, 20),
        (5, 6, OTHER, 100, zip64(100) + OTHER, 45),
        (BIG, 6, zip64(2**33), 99, zip64(2**33), 45),
        (BIG, BIG, OTHER + zip64(2**34, 2**33), 99, zip64(2**34, 2**33) + OTHER, 45),
        (BIG, BIG, zip64(2**34, 2**33, 12), 100, zip64(2**34, 2**33, 100), 45),
        (5, 6, zip64(12) + OTHER, 99, OTHER, 20),  # its old place is said no more
        (5, 6, OTHER + b"\x00\x00", 99, OTHER + b"\x00\x00", 20),
        (5, 6, OTHER + zip64(), 99, OTHER, 20),
    ],
)
def test_a_moved_entry(
    packed: int, size: int, extra: bytes, offset: int, kept: bytes, version: int
) -> None:
    moved = _moved_entry(entry(packed, size, extra), offset, zip64_from=100)
    fields = CENTRAL.unpack_from(moved)
    assert fields[2] == version and fields[8:10] == (packed, size)
    assert fields[16] == (BIG if offset >= 100 else offset)
    assert (fields[10], fields[11]) == (len(NAME), len(kept))
    assert moved[CENTRAL.size :] == NAME + kept + COMMENT


def test_the_end_of_a_large_package_is_read_by_others() -> None:
    found = _zip64_end(3, 50, 2**33)
    record, locator = struct.unpack("<4sQ2H2L4Q", found[:56]), struct.unpack("<4sLQL", found[56:])
    assert record == (b"PK\x06\x06", 44, 45, 45, 0, 0, 3, 3, 50, 2**33)
    assert locator == (b"PK\x06\x07", 0, 2**33 + 50, 1)
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w") as made:
        made.writestr("a", b"x")
    data = whole.getvalue()
    start = data.index(b"PK\x01\x02")
    size = data.index(b"PK\x05\x06") - start
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, BIG, BIG, 0)
    large = data[: start + size] + _zip64_end(1, size, start) + end
    assert zipfile.ZipFile(BytesIO(large)).read("a") == b"x"
