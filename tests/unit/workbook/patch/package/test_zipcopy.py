"""Packages byte by byte: what their directory promises, what is copied, what is written."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from ledgersync.workbook.patch import PatchRefused
from ledgersync.workbook.patch.package import zipcopy
from ledgersync.workbook.patch.package.zipcopy import ZipSource, ZipTarget

Extra = dict[str, bytes]


@pytest.fixture
def at(tmp_path: Path) -> Path:
    return tmp_path / "a.zip"


def zipped(at: Path, names: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A package whose members have comments, extra fields and times of their own."""
    with zipfile.ZipFile(at, "w", method) as package:
        for n, (name, data) in enumerate(names.items()):
            info = zipfile.ZipInfo(name, (2024, 2, 1 + n, 3, 4, 6))
            info.comment, info.extra = b"n%d" % n, struct.pack("<2H", 0x7777, 2) + b"ab"
            info.external_attr, info.internal_attr = 0o644 << 16, n
            info.compress_type = method
            package.writestr(info, data)
        package.comment = b"end"
    return at


@pytest.fixture
def source(at: Path) -> Iterator[ZipSource]:
    names = {"a.xml": b"aaaa" * 99, "目录\\B.xml".replace("\\", "/"): b"b", "c": b""}
    with closing(ZipSource(zipped(at, names))) as opened:
        yield opened


def refused(at: Path) -> str:
    """The reason; the file is not left open."""
    with pytest.raises(PatchRefused) as caught:
        ZipSource(at).close()
    assert str(at.resolve()) not in {file.path for file in psutil.Process().open_files()}
    return caught.value.reason


def test_what_the_directory_tells_of_a_member(source: ZipSource, at: Path) -> None:
    raw = at.read_bytes()
    first, second, third = source.members
    assert [m.name for m in source.members] == ["a.xml", "目录/B.xml", "c"]
    assert (first.raw_name, second.raw_name) == (b"a.xml", "目录/B.xml".encode())
    assert (first.size, first.crc, first.method) == (396, zlib.crc32(b"aaaa" * 99), 8)
    assert (third.size, third.crc, second.flags) == (0, 0, 0x800)
    assert raw[first.start : first.start + 4] == b"PK\x03\x04" and first.start == 0
    assert first.end == second.start and second.end == third.start
    assert raw[third.end : third.end + 4] == b"PK\x01\x02"
    assert b"".join(m.central for m in source.members) == raw[third.end : raw.index(b"PK\x05\x06")]
    assert source.comment == b"end"
    assert b"".join(source.raw(second)) == raw[second.start : second.end]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a.xml", "a.xml"),
        ("A.XML", "a.xml"),
        ("/a.xml", "a.xml"),
        ("目录\\b.xml", "目录/B.xml"),
        ("b.xml", None),
    ],
)
def test_a_member_by_a_name_in_another_spelling(
    source: ZipSource, name: str, found: str | None
) -> None:
    assert source.find(name) == found


def test_closing_leaves_the_file(at: Path) -> None:
    opened = ZipSource(zipped(at, {"a": b"1"}))
    opened.close()
    assert opened.file.closed


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_members_read_back(
    at: Path, method: int, fast: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the faster library, where it is installed, and without it."""
    monkeypatch.setattr(zipcopy, "_fast", fast and zipcopy._fast)
    names = {"a": b"", "b": b"1", "c": bytes(range(256)) * 300}
    with closing(ZipSource(zipped(at, names, method))) as source:
        assert {name: source.read(name) for name in names} == names
        if method == zipfile.ZIP_DEFLATED:
            assert source.read_spans("c", [(1, 3)]) == [b"\x01\x02"]
        out = rewritten(source, {"b": b"2" * 70_000, "d": b"4"})
    with zipfile.ZipFile(out) as made:
        assert made.testzip() is None
        assert (made.read("b"), made.read("c")) == (b"2" * 70_000, names["c"])


def test_members_beyond_the_limit_are_refused(
    source: ZipSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipcopy, "MAX_PART", 396)
    assert len(source.read("a.xml")) == 396
    monkeypatch.setattr(zipcopy, "MAX_PART", 395)
    with pytest.raises(PatchRefused) as caught:
        source.read("a.xml")
    assert (caught.value.reason, "a.xml" in caught.value.message.zh) == ("package.too_large", True)


def changed(at: Path, place: int, new: bytes) -> None:
    data = bytearray(at.read_bytes())
    data[place : place + len(new)] = new
    at.write_bytes(data)


CRC, SIZE = 16, 24  # places in an entry of the directory


@pytest.mark.parametrize("how", ["read", "spans"])
@pytest.mark.parametrize(("place", "new"), [(CRC, b"\0\0\0\0"), (SIZE, b"\x8d\x01\0\0")])
def test_a_member_that_is_not_what_was_promised_is_damaged(
    at: Path, place: int, new: bytes, how: str
) -> None:
    """Another checksum, or one byte more than there is."""
    zipped(at, {"a.xml": b"aaaa" * 99})
    changed(at, at.read_bytes().index(b"PK\x01\x02") + place, new)
    with closing(ZipSource(at)) as source, pytest.raises(PatchRefused) as caught:
        source.read("a.xml") if how == "read" else source.read_spans("a.xml", [])
    assert (caught.value.reason, "a.xml" in caught.value.message.zh) == ("package.damaged", True)


@pytest.mark.parametrize("new", [b"PK\x03\x05", b"XX\x03\x04"])
def test_a_member_without_its_header_is_damaged(at: Path, new: bytes) -> None:
    zipped(at, {"0": b"0", "a.xml": b"a"})
    changed(at, at.read_bytes().rindex(b"PK\x03\x04"), new)
    with closing(ZipSource(at)) as source:
        assert source.read("0") == b"0"
        with pytest.raises(PatchRefused):
            source.read("a.xml")


def test_a_file_that_shrinks_while_it_is_read_is_damaged(source: ZipSource, at: Path) -> None:
    with at.open("r+b") as file:
        file.truncate(source.members[1].start + 10)
    for act in (lambda: list(source.raw(source.members[1])), lambda: source.read("目录/B.xml")):
        with pytest.raises(PatchRefused) as caught:
            act()
        assert caught.value.reason == "package.damaged"


@pytest.mark.parametrize(
    "spans",
    [
        [],
        [(0, 1)],
        [(0, 0), (0, 5), (5, 5), (5, 9)],
        [(32_767, 32_769), (32_769, 70_000), (99_990, 100_000)],
        [(0, 100_000)],
        [(10, 40_000), (40_000, 80_000)],
        [(0, 66_000), (66_000, 66_000), (66_001, 66_002)],
    ],
)
def test_stretches_of_a_member(at: Path, spans: list[tuple[int, int]]) -> None:
    data = random.Random(1).randbytes(100_000)
    with closing(ZipSource(zipped(at, {"a": data}))) as source:
        assert source.read_spans("a", spans) == [data[a:b] for a, b in spans]


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["/a"], "package.unsafe_name"),
        (["../a"], "package.unsafe_name"),
        (["x/../a"], "package.unsafe_name"),
        (["x\\..\\a"], "package.unsafe_name"),
        (["\\a"], "package.unsafe_name"),
        (["a", "A"], "package.duplicate_names"),
        (["x/a", "b", "X\\A"], "package.duplicate_names"),
        (["..a", "a..", "x/...", "a", "b"], None),
    ],
)
def test_names_of_members(at: Path, names: list[str], reason: str | None) -> None:
    zipped(at, dict.fromkeys(names, b"1"))
    if reason:
        assert refused(at) == reason
        return
    with closing(ZipSource(at)) as source:
        assert [m.name for m in source.members] == names


def test_a_name_with_a_zero_byte_is_unsafe(at: Path) -> None:
    zipped(at, {"a_b": b"1"})
    data = at.read_bytes().replace(b"a_b", b"a\0b")
    at.write_bytes(data)
    assert refused(at) == "package.unsafe_name"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "package.not_zip"),
        (b"PK\x03\x04 and no more", "package.damaged"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "package.not_zip"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "package.encrypted"),
        (b"\xd0\xcf\x11\xe0" + "encryptedPackage".encode("utf-16-le"), "package.not_zip"),
        ("EncryptedPackage".encode("utf-16-le"), "package.not_zip"),
    ],
)
def test_files_that_are_no_package(at: Path, data: bytes, reason: str) -> None:
    at.write_bytes(data)
    assert refused(at) == reason


def test_a_member_with_a_password_is_encrypted(at: Path) -> None:
    zipped(at, {"a": b"1"})
    changed(at, at.read_bytes().index(b"PK\x01\x02") + 8, b"\x01\x00")
    assert refused(at) == "package.encrypted"


@pytest.mark.parametrize(("packed", "fine"), [(3, True), (4, False)])
def test_a_member_ends_before_the_next_one(at: Path, packed: int, fine: bool) -> None:
    """Stored without extra fields, it fills its stretch to the last byte."""
    with zipfile.ZipFile(at, "w") as package:
        package.writestr("a", b"abc")
        package.writestr("b", b"def")
    changed(at, at.read_bytes().index(b"PK\x01\x02") + 20, struct.pack("<L", packed))
    if fine:
        with closing(ZipSource(at)) as source:
            assert source.members[0].packed_size == 3
    else:
        assert refused(at) == "package.damaged"


def rewritten(source: ZipSource, changes: Extra, comment: bytes = b"") -> io.BytesIO:
    out = io.BytesIO()
    target = ZipTarget(out)
    for member in source.members:
        if member.name in changes:
            target.write([changes[member.name]], member.name, member)
        else:
            target.copy(source, member)
    for name in changes.keys() - source.by_name.keys():
        target.write([changes[name]], name)
    target.finish(comment)
    return out


def test_a_copied_member_keeps_all_that_is_said_of_it(source: ZipSource, at: Path) -> None:
    out = rewritten(source, {"a.xml": b"", "neu/图.xml": b"<n/>"}, b"bye")
    with zipfile.ZipFile(at) as old, zipfile.ZipFile(out) as new:
        assert new.testzip() is None and new.comment == b"bye"
        before, after = old.getinfo("目录/B.xml"), new.getinfo("目录/B.xml")
        assert (after.date_time, after.comment, after.extra, after.external_attr) == (
            before.date_time,
            before.comment,
            before.extra,
            before.external_attr,
        )
        again = new.getinfo("a.xml")
        assert again.date_time == old.getinfo("a.xml").date_time
        assert (again.external_attr, again.internal_attr) == (0o644 << 16, 0)
        assert (again.extra, again.comment, again.file_size, again.CRC) == (b"", b"", 0, 0)
        made = new.getinfo("neu/图.xml")
        assert (made.date_time, made.file_size, made.flag_bits) == ((1980, 1, 1, 0, 0, 0), 4, 0x800)
        assert (made.external_attr, made.internal_attr, made.compress_type) == (0, 0, 8)
        assert (made.create_version, made.extract_version, made.create_system) == (20, 20, 0)
        assert (made.extra, made.comment, made.volume) == (b"", b"", 0)
        assert new.read("neu/图.xml") == b"<n/>"


def test_local_headers_say_what_the_directory_says(source: ZipSource) -> None:
    out = rewritten(source, {"a.xml": b"x" * 500, "n": b"y"}).getvalue()
    for name, size in (("a.xml", 500), ("n", 1)):
        with zipfile.ZipFile(io.BytesIO(out)) as made:
            info = made.getinfo(name)
        fields = struct.unpack_from("<4s5H3L2H", out, info.header_offset)
        assert fields[0] == b"PK\x03\x04"
        assert fields[1:4] == (20, info.flag_bits, 8)
        assert fields[6:] == (info.CRC, info.compress_size, size, len(name), 0)
        day = (info.date_time[0] - 1980) << 9 | info.date_time[1] << 5 | info.date_time[2]
        assert fields[5] == day


def test_a_member_named_in_an_old_code_page_keeps_its_bytes(at: Path) -> None:
    """Its name is not UTF-8, and is not said to be."""
    zipped(at, {"x.xml": b"1"})
    changed(at, at.read_bytes().rindex(b"x.xml"), b"\x81.xml")
    with closing(ZipSource(at)) as source:
        member = source.members[0]
        assert (member.raw_name, member.flags) == (b"\x81.xml", 0)
        out = rewritten(source, {member.name: b"2"}).getvalue()
    with zipfile.ZipFile(io.BytesIO(out)) as made:
        assert (made.infolist()[0].flag_bits, made.namelist()) == (0, [member.name])


def test_the_records_at_the_end_say_where_the_directory_is() -> None:
    for zip64_from, is_large in ((1000, False), (100, True), (101, False)):
        out = io.BytesIO(b"x" * 54)
        out.seek(54)
        target = ZipTarget(out, zip64_from)
        target.write([b"y"], "abcdefghijklm")
        start = out.tell()
        target.finish(b"!")
        tail = out.getvalue()[-23:]
        found = struct.unpack("<4s4H2LH", tail[:22])
        assert (found[0], found[1:3], found[7], tail[22:]) == (b"PK\x05\x06", (0, 0), 1, b"!")
        assert start == 100
        plain = (1, 1, 46 + 13, start)
        assert found[3:7] == ((0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1) if is_large else plain)
        with zipfile.ZipFile(out) as made:
            assert made.read("abcdefghijklm") == b"y"


@pytest.mark.parametrize(("count", "is_large"), [(65_534, False), (65_535, True)])
def test_more_members_than_the_last_record_can_count(count: int, is_large: bool) -> None:
    out = io.BytesIO()
    target = ZipTarget(out)
    target.write([b"y"], "a")
    target._entries *= count
    target.finish(b"")
    assert (b"PK\x06\x06" in out.getvalue()) is is_large


def test_a_part_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipcopy, "LIMIT_32", 10)
    target = ZipTarget(io.BytesIO())
    target.write([b"", b"x" * 9], "a")
    with pytest.raises(PatchRefused) as caught:
        target.write([b"xxxxx", b"xxxxx"], "b")
    assert caught.value.reason == "package.too_large"
