"""The parts that a workspace keeps under its state: one per workbook, private, checked when read.

    parts/<place>.json                     what was read where, from which bytes, with which key
    parts/<place>-<table>-<hash>.parquet   the rows of a table

`place` is a hash over the workbook's path. The rows are written first, then what names them.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ledgersync.facts.part import Part
from ledgersync.files import atomic_write

FORMAT = "ledgersync.part/1"
FOLDER = "parts"
_SAID = tuple(f.name for f in fields(Part) if f.name not in ("tables", "made_on"))


@dataclass(frozen=True)
class PartShelf:
    """The parts in one folder."""

    folder: Path

    def get(self, place: str, key: str, day: date) -> Part | None:
        """The part of a workbook; None where there is none that is whole, of this key and day."""
        said = self._said(place)
        if said is None or said.get("key") != key:
            return None
        try:
            tables = {name: self._table(entry) for name, entry in said["tables"].items()}
            told = {name: said["part"][name] for name in _SAID}
            made_on = date.fromisoformat(said["part"]["made_on"])
        except (KeyError, TypeError, ValueError, AttributeError, OSError, pa.ArrowException):
            return None
        good = {name: table for name, table in tables.items() if table is not None}
        part = Part(**told, made_on=made_on, tables=good)
        return part if len(good) == len(tables) and part.counts_on(day) else None

    def put(self, place: str, key: str, part: Part) -> None:
        """Keeps a part in the place of the workbook's last one; nothing where nothing can be."""
        if not self._may_write():
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            written = {name: self._write(place, name, rows) for name, rows in part.tables.items()}
            told = {name: getattr(part, name) for name in _SAID}
            said = {
                "format": FORMAT,
                "key": key,
                "place": place,
                "part": {**told, "made_on": part.made_on.isoformat()},
                "tables": written,
            }
            atomic_write(self._name(place), _sealed(said), private=True)
            self._sweep(place, {entry["file"] for entry in written.values()})

    def has(self, place: str, key: str) -> bool:
        """Whether a part of this key is named; `get` says whether it is whole."""
        said = self._said(place)
        return said is not None and said["key"] == key

    def last(self, place: str, day: date) -> Part | None:
        """The part that was kept last for a workbook, whatever it was made from."""
        said = self._said(place)
        return self.get(place, said["key"], day) if said else None

    def drop(self, place: str) -> None:
        """Forgets a workbook: what it held is nowhere in here any more."""
        with suppress(OSError):
            self._name(place).unlink(missing_ok=True)
            self._sweep(place, set())

    def keep_only(self, places: Iterable[str]) -> None:
        """Forgets all other workbooks: their units are gone, or their rows were purged."""
        kept = {_hashed(place) for place in places}
        if not self._may_write():
            return
        with suppress(OSError):
            for path in list(self.folder.iterdir()) if self.folder.is_dir() else []:
                if path.name.partition("-")[0].partition(".")[0] not in kept:
                    path.unlink(missing_ok=True)

    def _may_write(self) -> bool:
        """Not on a read-only medium, in a backup, or for another account."""
        there = self.folder if self.folder.exists() else self.folder.parent
        return os.access(there if there.exists() else there.parent, os.W_OK)

    def _name(self, place: str) -> Path:
        return self.folder / f"{_hashed(place)}.json"

    def _said(self, place: str) -> dict[str, Any] | None:
        """What stands there of this workbook, if nobody has changed it."""
        try:
            said: dict[str, Any] = json.loads(self._name(place).read_text(encoding="utf-8"))
            seal = said.pop("seal")
        except (OSError, ValueError, KeyError, AttributeError):
            return None
        whole = seal == _seal(said) and said.get("format") == FORMAT
        return said if whole and said.get("place") == place else None

    def _table(self, entry: Mapping[str, Any]) -> pa.Table | None:
        content = (self.folder / entry["file"]).read_bytes()
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            return None
        rows = pq.read_table(BytesIO(content))
        return rows if rows.num_rows == entry["rows"] else None

    def _write(self, place: str, table: str, rows: pa.Table) -> dict[str, Any]:
        buffer = BytesIO()
        pq.write_table(rows, buffer, compression="zstd")
        content = buffer.getvalue()
        digest = hashlib.sha256(content).hexdigest()
        name = f"{_hashed(place)}-{table}-{digest[:16]}.parquet"
        atomic_write(self.folder / name, content, private=True)
        return {"file": name, "sha256": digest, "rows": rows.num_rows}

    def _sweep(self, place: str, kept: set[str]) -> None:
        for path in self._rows_of(place):
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def _rows_of(self, place: str) -> Iterator[Path]:
        return self.folder.glob(f"{_hashed(place)}-*.parquet")


def _hashed(place: str) -> str:
    return hashlib.sha256(place.encode()).hexdigest()[:20]


def _seal(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _sealed(said: Mapping[str, Any]) -> str:
    return json.dumps({**said, "seal": _seal(said)}, ensure_ascii=False)
