"""Copies a zip package member by member: untouched ones byte for byte, compressed bytes verbatim.

The central directory is copied entry by entry too; only offsets change. Deflate comes from
isal where it is installed, else from zlib. Packages beyond 4 GB are written with zip64 records.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import IO, Protocol, cast

from ledgersync.dataclass import dataclass
from ledgersync.workbook.patch.refusals import refuse

try:
    from isal import isal_zlib
    from isal.igzip_lib import IsalError

    _fast: bool = True
    _ERRORS: tuple[type[Exception], ...] = (zlib.error, cast("type[Exception]", IsalError))
except ImportError:  # pragma: no cover - the optional extra `fast` is absent
    _fast = False
    _ERRORS = (zlib.error,)

Buffer = bytes | memoryview
LIMIT_32 = 0xFFFFFFFF
MAX_PART = 2 << 30
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_CHUNK = 1 << 20
_STREAM = 1 << 15
_DEFLATED = 8
_ZIP64_VERSION = 45
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_OLE_HEAD = b"\xd0\xcf\x11\xe0"


class _Compressor(Protocol):
    def compress(self, data: Buffer, /) -> bytes: ...
    def flush(self) -> bytes: ...


def _compressor() -> _Compressor:
    if _fast:
        return isal_zlib.compressobj(1, isal_zlib.DEFLATED, -15)
    return zlib.compressobj(4, zlib.DEFLATED, -15)  # a tenth larger than 6, in half the time


def _crc(data: Buffer, value: int) -> int:
    return isal_zlib.crc32(data, value) if _fast else zlib.crc32(data, value)


@dataclass(frozen=True)
class Member:
    """One entry of the central directory, with where its bytes lie in the file."""

    name: str
    raw_name: bytes
    central: bytes
    start: int
    end: int
    method: int
    flags: int
    size: int
    packed_size: int
    crc: int


class ZipSource:
    """A package opened for reading; `members` are in the order of the central directory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: IO[bytes] = path.open("rb")
        try:
            self.members, self.comment = _directory(self.file)
        except BaseException:
            self.file.close()
            raise
        self.by_name = {member.name: member for member in self.members}
        self._folded = {_folded(member.name): member.name for member in self.members}

    def close(self) -> None:
        self.file.close()

    def find(self, name: str) -> str | None:
        """The member's own spelling of a part name (case and slashes do not matter)."""
        if name in self.by_name:
            return name
        return self._folded.get(_folded(name))

    def read(self, name: str) -> bytes:
        """The member's content, checked for length and checksum."""
        member = self.by_name[name]
        if member.size > MAX_PART:
            raise refuse("package.too_large", name)
        packed = self._packed(member)
        data = _inflate(packed, member) if member.method == _DEFLATED else packed
        if len(data) != member.size or _crc(data, 0) != member.crc:
            raise refuse("package.damaged", name)
        return data

    def read_spans(self, name: str, spans: Sequence[tuple[int, int]]) -> list[bytes]:
        """Stretches of a deflated member's content (in order), while all of it is checked.

        The content streams through; only the stretches are kept.
        """
        member = self.by_name[name]
        collected: list[list[Buffer]] = [[] for _ in spans]
        position = crc = first = 0
        for chunk in self._stream(member):
            crc, end = _crc(chunk, crc), position + len(chunk)
            while first < len(spans) and spans[first][1] <= position:
                first += 1
            for index in range(first, len(spans)):
                start, stop = spans[index]
                if start >= end:
                    break
                collected[index].append(chunk[max(start - position, 0) : stop - position])
            position = end
        if position != member.size or crc != member.crc:
            raise refuse("package.damaged", name)
        return [b"".join(pieces) for pieces in collected]

    def _stream(self, member: Member) -> Iterator[bytes]:
        packed = self._packed(member)
        inflater = isal_zlib.decompressobj(-15) if _fast else zlib.decompressobj(-15)
        for start in range(0, len(packed), _STREAM):
            yield inflater.decompress(packed[start : start + _STREAM])
        yield inflater.flush()

    def raw(self, member: Member) -> Iterator[bytes]:
        """The member's stretch of the file as it stands: header, data, descriptor."""
        self.file.seek(member.start)
        left = member.end - member.start
        while left:
            block = self.file.read(min(left, _CHUNK))
            if not block:
                raise refuse("package.damaged", member.name)
            left -= len(block)
            yield block

    def _packed(self, member: Member) -> bytes:
        self.file.seek(member.start)
        head = self.file.read(_LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
            raise refuse("package.damaged", member.name)
        fields = _LOCAL.unpack(head)
        self.file.seek(fields[9] + fields[10], 1)
        return self.file.read(member.packed_size)


def _inflate(packed: bytes, member: Member) -> bytes:
    """Inflates no more than the directory promises."""
    wanted = member.size
    inflater = isal_zlib.decompressobj(-15) if _fast else zlib.decompressobj(-15)
    try:
        data: bytes = inflater.decompress(packed, wanted) if wanted else b""
    except _ERRORS as error:
        raise refuse("package.damaged", member.name) from error
    return data


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _directory(file: IO[bytes]) -> tuple[list[Member], bytes]:
    """Reads and checks the central directory."""
    head = file.read(4)
    if head == _OLE_HEAD:
        raise refuse("package.encrypted" if _is_encrypted(file) else "package.not_zip")
    try:
        with zipfile.ZipFile(file) as archive:
            infos, start, comment = archive.infolist(), archive.start_dir, archive.comment
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError) as error:
        damaged = head == b"PK\x03\x04"
        raise refuse("package.damaged" if damaged else "package.not_zip") from error
    file.seek(start)
    centrals = list(_central_entries(file.read(), len(infos)))
    _check_names(infos)
    return _members(infos, centrals, start), comment


def _is_encrypted(file: IO[bytes]) -> bool:
    """Whether an OLE file is an encrypted package (its stream names are UTF-16)."""
    return "EncryptedPackage".encode("utf-16-le") in file.read(1 << 24)


def _central_entries(data: bytes, count: int) -> Iterator[bytes]:
    position = 0
    for _ in range(count):
        fields = _CENTRAL.unpack_from(data, position)
        end = position + _CENTRAL.size + fields[10] + fields[11] + fields[12]
        yield data[position:end]
        position = end


def _check_names(infos: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for info in infos:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or "\0" in info.orig_filename:
            raise refuse("package.unsafe_name")
        if name.casefold() in seen:
            raise refuse("package.duplicate_names", info.filename)
        seen.add(name.casefold())
        if info.flag_bits & _ENCRYPTED:
            raise refuse("package.encrypted")


def _members(infos: list[zipfile.ZipInfo], centrals: list[bytes], end: int) -> list[Member]:
    """Gives each member its stretch up to the next member's start."""
    starts = [*sorted(info.header_offset for info in infos), end]
    following = dict(pairwise(starts))
    if len(following) < len(infos):
        raise refuse("package.damaged")
    members = []
    for info, central in zip(infos, centrals, strict=True):
        stop = following[info.header_offset]
        length = _CENTRAL.unpack_from(central)[10]
        needed = _LOCAL.size + length + info.compress_size
        if info.header_offset < 0 or info.header_offset + needed > stop:
            raise refuse("package.damaged", info.filename)
        members.append(
            Member(
                info.filename,
                central[_CENTRAL.size : _CENTRAL.size + length],
                central,
                info.header_offset,
                stop,
                info.compress_type,
                info.flag_bits,
                info.file_size,
                info.compress_size,
                info.CRC,
            )
        )
    return members


class ZipTarget:
    """A package being written: copied and new members, then the directory."""

    def __init__(self, file: IO[bytes], zip64_from: int = LIMIT_32) -> None:
        self._file = file
        self._zip64_from = zip64_from
        self._entries: list[bytes] = []

    def copy(self, source: ZipSource, member: Member) -> None:
        """Copies a member verbatim."""
        offset = self._file.tell()
        for block in source.raw(member):
            self._file.write(block)
        self._entries.append(_moved_entry(member.central, offset, self._zip64_from))

    def write(self, pieces: Iterable[Buffer], name: str, like: Member | None = None) -> None:
        """Deflates a member from pieces; `like` gives its name bytes, time and attributes."""
        raw_name = like.raw_name if like else name.encode()
        flags = (like.flags & _UTF8_NAME) if like else _UTF8_NAME
        stamp = _CENTRAL.unpack_from(like.central)[5:7] if like else (0, 0x21)
        offset = self._file.tell()
        self._file.write(bytes(_LOCAL.size) + raw_name)
        crc, size, packed = self._deflate(pieces)
        end = self._file.tell()
        self._file.seek(offset)
        self._file.write(_local_header(raw_name, flags, stamp, crc, packed, size))
        self._file.seek(end)
        attributes = _CENTRAL.unpack_from(like.central)[14:16] if like else (0, 0)
        entry = _central_entry(raw_name, flags, stamp, crc, packed, size, attributes)
        self._entries.append(_moved_entry(entry, offset, self._zip64_from))

    def _deflate(self, pieces: Iterable[Buffer]) -> tuple[int, int, int]:
        compressor = _compressor()
        crc = size = packed = 0
        for piece in pieces:
            crc = _crc(piece, crc)
            size += len(piece)
            block = compressor.compress(piece)
            packed += len(block)
            self._file.write(block)
        block = compressor.flush()
        self._file.write(block)
        packed += len(block)
        if max(size, packed) >= LIMIT_32:
            raise refuse("package.too_large")
        return crc, size, packed

    def finish(self, comment: bytes) -> None:
        """Writes the directory and its end records."""
        start = self._file.tell()
        for entry in self._entries:
            self._file.write(entry)
        size = self._file.tell() - start
        count = len(self._entries)
        shown = [count, size, start]
        if max(start, size) >= self._zip64_from or count >= 0xFFFF:
            self._file.write(_zip64_end(count, size, start))
            shown = [0xFFFF, LIMIT_32, LIMIT_32]
        end = (b"PK\x05\x06", 0, 0, shown[0], *shown, len(comment))
        self._file.write(struct.pack("<4s4H2LH", *end) + comment)


def _local_header(
    name: bytes, flags: int, stamp: tuple[int, ...], crc: int, packed: int, size: int
) -> bytes:
    head = (b"PK\x03\x04", 20, flags, _DEFLATED, *stamp, crc, packed, size, len(name), 0)
    return _LOCAL.pack(*head) + name


def _central_entry(
    name: bytes,
    flags: int,
    stamp: tuple[int, ...],
    crc: int,
    packed: int,
    size: int,
    attributes: tuple[int, ...],
) -> bytes:
    head = (b"PK\x01\x02", 20, 20, flags, _DEFLATED, *stamp, crc, packed, size, len(name))
    return _CENTRAL.pack(*head, 0, 0, 0, *attributes, 0) + name


def _moved_entry(entry: bytes, offset: int, zip64_from: int) -> bytes:
    """A directory entry with a new offset, in a zip64 field where 32 bits do not hold it."""
    fields = list(_CENTRAL.unpack_from(entry))
    name_end = _CENTRAL.size + fields[10]
    extra, rest = entry[name_end : name_end + fields[11]], entry[name_end + fields[11] :]
    big, others = _split_zip64(extra, fields)
    fields[16] = offset
    if offset >= zip64_from:
        big += struct.pack("<Q", offset)
        fields[16] = LIMIT_32
    if big:
        fields[2] = max(fields[2], _ZIP64_VERSION)
        others = struct.pack("<2H", 1, len(big)) + big + others
    fields[11] = len(others)
    return _CENTRAL.pack(*fields) + entry[_CENTRAL.size : name_end] + others + rest


def _split_zip64(extra: bytes, fields: list[int]) -> tuple[bytes, bytes]:
    """The 64-bit sizes of an entry (without its offset), and its other extra fields."""
    sizes, others, position = b"", b"", 0
    while position + 4 <= len(extra):
        tag, length = struct.unpack_from("<2H", extra, position)
        block = extra[position : position + 4 + length]
        position += 4 + length
        if tag != 1:
            others += block
        else:
            wanted = 8 * sum(fields[i] == LIMIT_32 for i in (8, 9))
            sizes = block[4 : 4 + wanted]
    return sizes, others + extra[position:]


def _zip64_end(count: int, size: int, start: int) -> bytes:
    record = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, _ZIP64_VERSION, 0, 0, count, count, size, start
    )
    return record + struct.pack("<4sLQL", b"PK\x06\x07", 0, start + size, 1)
