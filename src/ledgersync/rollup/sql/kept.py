"""Checked SQL in a workspace's state, so that definitions that have not changed need no parser.

    statements.json   what was compiled, from which sources, sealed by a hash

What is damaged, or was made from other definitions or by another program, is not used. The seal
is against damage, not against people; so the embedded engine alone takes what was kept, which runs
locked: no file, no network, no other database.
"""

import hashlib
import json
import os
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from ledgersync.errors import PatchRefused
from ledgersync.files import atomic_write, source_hash
from ledgersync.schema import Catalog

FILE = "statements.json"
FORMAT = "ledgersync.statements/1"
Kept = dict[str, list[Any]]
_COMPILERS = ("rollup/sql", "rollup/definitions.py", "rollup/columns.py", "rollup/common.toml")
_COLUMNS = ("declared", "facts/columns.py", "schema")


def source_key(catalog: Catalog) -> str:
    """A hash over all that SQL is compiled from: every ledger, the program, its parser."""
    parts = [_compiler_version(), *(ledger.as_json() for ledger in catalog)]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


@cache
def _compiler_version() -> str:
    return metadata.version("sqlglot") + source_hash(*_COMPILERS, *_COLUMNS)


def kept_for(folder: Path, key: str) -> Kept | None:
    """What was kept for these sources; None where there is nothing, or nothing whole."""
    try:
        document: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        seal, kept = document["seal"], document["kept"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    good = (
        document.get("format") == FORMAT and document.get("key") == key and seal == _seal(key, kept)
    )
    return kept if good else None


def keep(folder: Path, key: str, kept: Kept) -> None:
    """For the next process; where nothing can be written, nothing is kept."""
    document = {"format": FORMAT, "key": key, "kept": kept, "seal": _seal(key, kept)}
    with suppress(OSError, PatchRefused):
        if os.access(folder, os.W_OK):
            atomic_write(folder / FILE, json.dumps(document, ensure_ascii=False), private=True)


def _seal(key: str, kept: Kept) -> str:
    text = json.dumps([key, kept], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
