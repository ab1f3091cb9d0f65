"""Keys and packages for tests, made without a workspace."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ledgersync.upward.keys.own import OwnKeys, make_keys
from ledgersync.upward.package.archive import part_of, write_archive
from ledgersync.upward.package.manifest import Manifest
from ledgersync.workspace import Unit

COMMUNITY, STREET = "360702001001", "360702001"
PARTS = {"figures.json": b'{"windows": {}}', "checks.json": b"{}"}


@cache
def keys_of(code: str) -> OwnKeys:
    level = {9: "street", 12: "community"}[len(code)]
    unit = Unit.validated({"code": code, "name": f"单位{code[-3:]}", "level": level})
    with TemporaryDirectory() as folder:
        return make_keys(Path(folder), unit, "2022-07-01T08:00:00+08:00")


def manifest(parts: Mapping[str, bytes] = PARTS, **more: Any) -> Manifest:
    said = {
        "unit": COMMUNITY,
        "name": "幸福社区",
        "recipient": STREET,
        "period": "2022-06",
        "version": 1,
        "made": "2022-07-01T08:00:00+08:00",
        "parts": {name: part_of(content) for name, content in parts.items()},
        **more,
    }
    return Manifest.validated(said)


def archive(parts: Mapping[str, bytes] = PARTS, **more: Any) -> bytes:
    return write_archive(manifest(parts, **more), parts)
