"""Attacked packages: whatever is done to one, it is refused, or it is what was signed."""

import hashlib
import json
import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.unit.upward.parcels import COMMUNITY, PARTS, STREET, archive, keys_of, manifest

from ledgersync.upward.package.archive import MANIFEST, read_archive, write_archive
from ledgersync.upward.package.envelope import OPEN, SEALED, unwrapped, wrapped
from ledgersync.upward.package.refusal import Refusal

SENDER, OFFICE, OTHER = keys_of(COMMUNITY), keys_of(STREET), keys_of("360702002")
ARCHIVE = archive()
PACKAGES = {
    "sealed": wrapped(ARCHIVE, SENDER, OFFICE.public),
    "signed": wrapped(ARCHIVE, SENDER, None),
    "plain": wrapped(ARCHIVE, None, OFFICE.public),
}


def reason_of(package: bytes, own: object = OFFICE) -> str:
    with pytest.raises(Refusal) as refused:
        read_archive(unwrapped(package, own).archive)  # type: ignore[arg-type]
    assert "下一步" in refused.value.text("zh")
    return refused.value.reason


def resummed(package: bytes) -> bytes:
    """With a checksum that fits again, as somebody who means harm would send it."""
    magic = next(m for m in (SEALED, OPEN) if package.startswith(m))
    body = package[len(magic) + 32 :]
    return magic + hashlib.sha256(magic + body).digest() + body


@pytest.mark.parametrize("kind", PACKAGES)
def test_a_package_is_what_was_packed(kind: str) -> None:
    found = unwrapped(PACKAGES[kind], OFFICE)
    assert found.archive == ARCHIVE
    assert (found.signer is None, found.sealed) == (kind == "plain", kind == "sealed")
    assert read_archive(found.archive).parts == PARTS
    assert (b"manifest" in PACKAGES[kind]) == (kind != "sealed")


@given(kind=st.sampled_from(sorted(PACKAGES)), data=st.data())
def test_flipped_bits_are_found(kind: str, data: st.DataObject) -> None:
    package = bytearray(PACKAGES[kind])
    at = data.draw(st.integers(0, len(package) - 1))
    package[at] ^= 1 << data.draw(st.integers(0, 7))
    assert reason_of(bytes(package)) == ("unreadable" if at < len(OPEN) - 1 else "tampered")


@given(kind=st.sampled_from(["sealed", "signed"]), data=st.data())
def test_flipped_bits_with_a_new_checksum_are_found(kind: str, data: st.DataObject) -> None:
    package = bytearray(PACKAGES[kind])
    at = data.draw(st.integers(len(SEALED) + 32, len(package) - 1))
    package[at] ^= 1 << data.draw(st.integers(0, 7))
    assert reason_of(resummed(bytes(package))) in ("tampered", "wrong_recipient")


@given(kind=st.sampled_from(sorted(PACKAGES)), data=st.data())
def test_cut_and_lengthened_packages_are_found(kind: str, data: st.DataObject) -> None:
    package = PACKAGES[kind]
    cut = package[: data.draw(st.integers(0, len(package) - 1))]
    assert reason_of(cut) in ("unreadable", "tampered")
    longer = package + data.draw(st.binary(min_size=1, max_size=40))
    assert reason_of(longer) == "tampered"
    if kind != "plain":
        assert reason_of(resummed(longer)) == "tampered"


@given(st.binary(max_size=200))
def test_any_bytes_are_no_package(content: bytes) -> None:
    assume(not content.startswith((SEALED, OPEN)))
    assert reason_of(content) == "unreadable"
    for magic in (SEALED, OPEN):
        assert reason_of(magic + content) == "tampered"
        assert reason_of(resummed(magic + bytes(32) + content)) in ("tampered", "wrong_recipient")


def test_a_package_for_somebody_else_stays_closed() -> None:
    assert reason_of(PACKAGES["sealed"], OTHER) == "wrong_recipient"
    assert reason_of(PACKAGES["sealed"], None) == "wrong_recipient"


def test_a_signature_does_not_fit_another_archive() -> None:
    plain = PACKAGES["signed"]
    head = plain[len(OPEN) + 32 :][:96]
    swapped = OPEN + bytes(32) + head + archive(version=2)
    assert reason_of(resummed(swapped)) == "tampered"


def zipped(entries: list[tuple[str, bytes]]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
    return buffer.getvalue()


TEXT = json.dumps(manifest().as_json()).encode()
ENTRIES = [(MANIFEST, TEXT), *PARTS.items()]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([*ENTRIES, ("figures.json", b"{}")], "tampered"),  # a name twice
        ([*ENTRIES, (MANIFEST, TEXT)], "unreadable"),
        ([*ENTRIES, ("../../etc/cron.d/x", b"x")], "tampered"),  # a path that climbs
        ([*ENTRIES, ("keys/more.parquet", b"x")], "tampered"),  # a part that nobody named
        (ENTRIES[:-1], "tampered"),
        (ENTRIES[1:], "unreadable"),
        ([(MANIFEST, TEXT), ("figures.json", b"{}"), ENTRIES[2]], "tampered"),  # another content
        ([(MANIFEST, b"[" * 100_000), *PARTS.items()], "unreadable"),
        ([(MANIFEST, TEXT.replace(b"/v1", b"/v2")), *PARTS.items()], "unreadable"),
        (
            [(MANIFEST, TEXT.replace(b'"version": 1', b'"version": 0')), *PARTS.items()],
            "unreadable",
        ),
        ([(MANIFEST, TEXT.replace(b"2022-06", b"2022-06/../x")), *PARTS.items()], "unreadable"),
        ([(MANIFEST, TEXT.replace(b"2022-07-01T", b"2022-99-99T")), *PARTS.items()], "unreadable"),
        ([(MANIFEST, TEXT.replace(b"T08:00:00", b"T-8:00:99")), *PARTS.items()], "unreadable"),
        ([(MANIFEST, TEXT.replace(rb"\u5e78", rb"\ud800")), *PARTS.items()], "unreadable"),
        ([(MANIFEST, TEXT.replace(rb"\u5e78", rb"\n")), *PARTS.items()], "unreadable"),
        ([(MANIFEST, b" " * 50_000_000), *PARTS.items()], "tampered"),  # a bomb
        ([], "unreadable"),
    ],
)
def test_tricks_with_the_archive_of_a_believed_unit(
    entries: list[tuple[str, bytes]], reason: str
) -> None:
    assert reason_of(wrapped(zipped(entries), SENDER, OFFICE.public)) == reason


def test_a_part_that_inflates_to_more_than_it_says() -> None:
    bomb = zipped([*ENTRIES[:2], ("checks.json", b"0" * 30_000_000)])
    assert reason_of(wrapped(bomb, SENDER, None)) == "tampered"
    sound = zipped(ENTRIES)  # now only the directory lies about the size
    at = sound.rindex(b"PK\x01\x02")
    forged = sound[: at + 24] + struct.pack("<I", 4_000_000_000) + sound[at + 28 :]
    assert reason_of(wrapped(forged, SENDER, None)) == "tampered"


def test_names_that_climb_are_no_parts() -> None:
    for name in ("../figures.json", "/figures.json", "keys/../x.parquet", "rows/a/b.parquet"):
        with pytest.raises(ValueError, match="parts"):
            manifest({name: b""})


@given(st.data())
def test_broken_archives_of_a_believed_unit(data: st.DataObject) -> None:
    """Signed, so that only the reader of the archive stands between."""
    content = bytearray(write_archive(manifest(), PARTS))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read_archive(bytes(content))
    except Refusal as refusal:
        assert refusal.reason in ("tampered", "unreadable")
    else:
        assert found.parts == PARTS


def test_deflate_errors_are_refusals() -> None:
    content = bytearray(write_archive(manifest(), PARTS))
    at = content.index(b"manifest.json") + len(b"manifest.json")
    content[at : at + 20] = b"\xff" * 20
    with pytest.raises(zlib.error):
        zlib.decompress(bytes(content[at : at + 20]), -15)
    assert reason_of(wrapped(bytes(content), SENDER, None)) == "tampered"
