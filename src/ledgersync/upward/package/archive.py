"""The archive inside: a zip of known parts, each with its hash in the manifest.

It is read only after its signature held; and still as something that means harm, because a unit
that is believed may have been taken over: no part is written anywhere by its name, none grows
beyond its declared size, none stands there twice.
"""

import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import field
from io import BytesIO
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.upward.package.manifest import LARGEST_PART, Manifest, Part
from ledgersync.upward.package.refusal import damaged, unreadable

MANIFEST = "manifest.json"
_LARGEST_MANIFEST = 4 * 1024 * 1024
_LEVEL = 3
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FAULTS = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, OSError),
    *(ValueError, LookupError, OverflowError, RuntimeError, NotImplementedError, MemoryError),
)


@dataclass(frozen=True)
class Archive:
    """The manifest and the parts, all of which have the hash that the manifest names."""

    manifest: Manifest
    parts: Mapping[str, bytes] = field(repr=False)
    sha256: str

    def document(self, name: str) -> dict[str, Any]:
        """A JSON part; raises Refusal where it is none."""
        try:
            found = json.loads(self.parts[name])
            json.dumps(found, ensure_ascii=False).encode()  # halves of characters cannot be kept
        except (LookupError, ValueError, RecursionError) as error:
            raise unreadable() from error
        if not isinstance(found, dict):
            raise unreadable()
        return found


def part_of(content: bytes) -> Part:
    return Part(sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def write_archive(manifest: Manifest, parts: Mapping[str, bytes]) -> bytes:
    """The zip; the same content gives the same bytes."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", compresslevel=_LEVEL) as archive:
        for name, content in {MANIFEST: _text(manifest), **parts}.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            packed = name.endswith(".parquet")  # hashes do not shrink any further
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()


def _text(manifest: Manifest) -> bytes:
    return json.dumps(manifest.as_json(), ensure_ascii=False, indent=1).encode()


def read_archive(content: bytes) -> Archive:
    """Manifest and parts of an archive; raises Refusal for whatever is not as it should be."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _read(archive, hashlib.sha256(content).hexdigest())
    except (*_FAULTS, RecursionError) as error:
        raise damaged() from error


def _read(archive: zipfile.ZipFile, sha256: str) -> Archive:
    names = [entry.filename for entry in archive.infolist()]
    if names.count(MANIFEST) != 1:
        raise unreadable()
    manifest = _manifest(_part(archive, MANIFEST, _LARGEST_MANIFEST))
    if sorted(names) != sorted((MANIFEST, *manifest.parts)):  # more, fewer, or one twice
        raise damaged()
    if sum(part.size for part in manifest.parts.values()) > LARGEST_PART:
        raise damaged()
    parts = {name: _part(archive, name, part.size) for name, part in manifest.parts.items()}
    if any(part_of(content) != manifest.parts[name] for name, content in parts.items()):
        raise damaged()
    return Archive(manifest, parts, sha256)


def _manifest(content: bytes) -> Manifest:
    try:
        return Manifest.validated(json.loads(content))
    except (ValueError, RecursionError) as error:  # no JSON, or not what a manifest declares
        raise unreadable() from error


def _part(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A part that inflates to at most so many bytes."""
    entry = archive.getinfo(name)
    if entry.file_size > most or entry.orig_filename != name:
        raise damaged()
    with archive.open(entry) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise damaged()
    return content
