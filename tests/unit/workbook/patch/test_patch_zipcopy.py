"""Copying packages: verbatim members, zip64 records, streamed stretches."""

import io
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from ledgersync.workbook.patch import PatchRefused
from ledgersync.workbook.patch.package.zipcopy import ZipSource, ZipTarget


def package(path: Path, count: int = 3, force_zip64: bool = False) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(count):
            with made.open(f"部件{number}.xml", "w", force_zip64=force_zip64) as member:
                member.write(f"<x>{number}</x>".encode() * 50)
    return path


@pytest.mark.parametrize("zip64_from", [0xFFFFFFFF, 60])
@pytest.mark.parametrize("force_zip64", [False, True])
def test_copies_and_new_members_are_read_by_others(
    tmp_path: Path, zip64_from: int, force_zip64: bool
) -> None:
    """A low limit makes the writer use zip64 records as it would beyond 4 GB."""
    source_path = package(tmp_path / "a.zip", force_zip64=force_zip64)
    out = io.BytesIO()
    with closing(ZipSource(source_path)) as source:
        target = ZipTarget(out, zip64_from)
        for member in source.members[:2]:
            target.copy(source, member)
        target.write([b"<y>", memoryview(b"neu</y>")], "部件2.xml", source.members[2])
        target.write([b"plus"], "plus.xml")
        target.finish("说明".encode())
    with zipfile.ZipFile(out) as made:
        assert made.testzip() is None
        assert made.comment == "说明".encode()
        assert made.namelist() == ["部件0.xml", "部件1.xml", "部件2.xml", "plus.xml"]
        assert made.read("部件1.xml") == b"<x>1</x>" * 50
        assert made.read("部件2.xml") == b"<y>neu</y>"
    assert (b"PK\x06\x06" in out.getvalue()) == (zip64_from == 60)


@pytest.mark.slow
def test_more_members_than_sixteen_bits_count(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as made:
        for number in range(66_000):
            made.writestr(str(number), b"")
    out = io.BytesIO()
    with closing(ZipSource(path)) as source:
        target = ZipTarget(out)
        for member in source.members:
            target.copy(source, member)
        target.finish(b"")
    with zipfile.ZipFile(out) as made:
        assert len(made.namelist()) == 66_000


def test_stretches_stream_while_everything_is_checked(tmp_path: Path) -> None:
    data = bytes(range(256)) * 4000
    path = tmp_path / "big.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("big", data)
    spans = [(0, 3), (3, 3), (1000, 400_000), (len(data) - 5, len(data))]
    with closing(ZipSource(path)) as source:
        assert source.read_spans("big", spans) == [data[a:b] for a, b in spans]
    with path.open("r+b") as file:
        file.seek(60)
        byte = file.read(1)
        file.seek(60)
        file.write(bytes([byte[0] ^ 0xFF]))
    with closing(ZipSource(path)) as source, pytest.raises(PatchRefused) as refused:
        source.read("big")
    assert refused.value.reason == "package.damaged"


def test_overlapping_members_are_damage(tmp_path: Path) -> None:
    path = package(tmp_path / "a.zip", 2)
    data = bytearray(path.read_bytes())
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)
    path.write_bytes(data)
    with pytest.raises(PatchRefused) as refused:
        ZipSource(path)
    assert refused.value.reason in ("package.damaged", "package.not_zip")
