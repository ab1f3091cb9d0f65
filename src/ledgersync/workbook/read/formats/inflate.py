"""The members of a zip package as they really inflate, in pieces."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from types import ModuleType
from typing import cast

_engine: ModuleType
try:  # three times as fast; the optional extra `fast`
    from isal import isal_zlib
    from isal.igzip_lib import IsalError

    _engine = isal_zlib
    _ERRORS: tuple[type[Exception], ...] = (zlib.error, cast("type[Exception]", IsalError))
except ImportError:  # pragma: no cover - the extra is absent
    _engine = zlib
    _ERRORS = (zlib.error,)

PIECE = 1 << 22
_FEED = 1 << 18
_LOCAL = struct.Struct("<4s22xHH")


class Broken(Exception):
    """A member's bytes are not what its entry says."""


class DecompressionBomb(Broken):
    """A member inflates to more than its entry declares."""


def pieces(content: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's content in pieces of at most 4 MB; raises Broken."""
    data = _packed(content, member)
    if member.compress_type == zipfile.ZIP_STORED:
        for at in range(0, len(data), PIECE):
            yield bytes(data[at : at + PIECE])
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        yield from _deflated(data)
    else:
        raise Broken(f"compression method {member.compress_type}")


def checked_pieces(content: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """As `pieces`, held against the entry; raises DecompressionBomb for a member that is longer."""
    size = check = 0
    for piece in pieces(content, member):
        size += len(piece)
        if size > member.file_size:
            raise DecompressionBomb
        check = _engine.crc32(piece, check)
        if piece:
            yield piece
    if size != member.file_size or check != member.CRC:
        raise Broken("another content")


def whole(content: bytes, member: zipfile.ZipInfo) -> bytes:
    return b"".join(pieces(content, member))


def _packed(content: bytes, member: zipfile.ZipInfo) -> memoryview:
    start = member.header_offset
    header = content[start : start + _LOCAL.size]
    if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
        raise Broken("no local header")
    _, name, extra = _LOCAL.unpack(header)
    at = start + _LOCAL.size + name + extra
    data = memoryview(content)[at : at + member.compress_size]
    if len(data) < member.compress_size:
        raise Broken("cut off")
    return data


def _deflated(data: memoryview) -> Iterator[bytes]:
    engine = _engine.decompressobj(-15)
    try:
        for at in range(0, len(data), _FEED):
            rest: bytes | memoryview = data[at : at + _FEED]
            while rest and not engine.eof:
                yield engine.decompress(rest, PIECE)
                rest = engine.unconsumed_tail
    except _ERRORS as error:
        raise Broken("not deflated") from error
    while not engine.eof:
        last = engine.decompress(b"", PIECE)
        if not last:
            raise Broken("cut off")
        yield last
