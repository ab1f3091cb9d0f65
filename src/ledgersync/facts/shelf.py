"""The parts that a workspace keeps under its state: one per workbook, private, checked when read.

    parts/<place>.json                     what was read where, from which bytes, with which key
    parts/<place>-<table>-<hash>.parquet   the rows of a table

`place` is a hash over the workbook's path. The rows are written first, then what names them.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledgersync.dataclass import dataclass
from ledgersync.files import atomic_write

if TYPE_CHECKING:  # whether there is a part is asked without what reads it
    import pyarrow as pa

    from ledgersync.facts.part import Part

FORMAT = "ledgersync.part/2"
_OF_PART = (
    "ledger",
    "file",
    "sha256",
    "same_day",
    "unit",
    "workspace",
    "office",
    "revision",
    "blocks",
)


@dataclass(frozen=True)
class PartShelf:
    """The parts in one folder."""

    folder: Path

    def get(self, place: str, key: str, day: date) -> Part | None:
        """The part of a workbook; None where there is none that is whole, of this key and day."""
        record = self._record(place)
        if record is None or record.get("key") != key:
            return None
        import pyarrow as pa

        from ledgersync.facts.part import Part

        try:
            tables = {name: self._table(entry) for name, entry in record["tables"].items()}
            told = {name: record["part"][name] for name in _OF_PART}
            told["blocks"] = {
                table: [(sheet, count, columns) for sheet, count, columns in blocks]
                for table, blocks in told["blocks"].items()
            }
            made_on = date.fromisoformat(record["part"]["made_on"])
        except (KeyError, TypeError, ValueError, AttributeError, OSError, pa.ArrowException):
            return None
        good = {name: table for name, table in tables.items() if table is not None}
        part = Part(**told, made_on=made_on, tables=good)
        return part if len(good) == len(tables) and part.counts_on(day) else None

    def put(self, place: str, key: str, part: Part) -> None:
        """Keeps a part in the place of the workbook's last one; nothing where nothing can be."""
        if not self.is_writable():
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            written = {name: self._write(place, name, rows) for name, rows in part.tables.items()}
            told = {name: getattr(part, name) for name in _OF_PART}
            record = {
                "format": FORMAT,
                "key": key,
                "place": place,
                "part": {**told, "made_on": part.made_on.isoformat()},
                "tables": written,
            }
            atomic_write(self._name(place), _sealed(record), private=True)
            self._sweep(place, {entry["file"] for entry in written.values()})

    def has(self, place: str, key: str) -> bool:
        """Whether a part of this key is named; `get` says whether it is whole."""
        record = self._record(place)
        return record is not None and record["key"] == key

    def last(self, place: str, day: date) -> Part | None:
        """The part that was kept last for a workbook, whatever it was made from."""
        record = self._record(place)
        return self.get(place, record["key"], day) if record else None

    def drop(self, place: str) -> None:
        """Forgets a workbook: what it held is nowhere in here any more."""
        with suppress(OSError):
            self._name(place).unlink(missing_ok=True)
            self._sweep(place, set())

    def keep_only(self, places: Iterable[str]) -> None:
        """Forgets all other workbooks: their units are gone, or their rows were purged."""
        kept = {_hashed(place) for place in places}
        if not self.is_writable():
            return
        with suppress(OSError):
            for path in list(self.folder.iterdir()) if self.folder.is_dir() else []:
                if path.name.partition("-")[0].partition(".")[0] not in kept:
                    path.unlink(missing_ok=True)

    def is_writable(self) -> bool:
        """Not on a read-only medium, in a backup, or for another account."""
        there = self.folder if self.folder.exists() else self.folder.parent
        return os.access(there if there.exists() else there.parent, os.W_OK)

    def _name(self, place: str) -> Path:
        return self.folder / f"{_hashed(place)}.json"

    def _record(self, place: str) -> dict[str, Any] | None:
        """What stands there of this workbook, if nobody has changed it."""
        try:
            record: dict[str, Any] = json.loads(self._name(place).read_text(encoding="utf-8"))
            seal = record.pop("seal")
        except (OSError, ValueError, KeyError, AttributeError):
            return None
        whole = seal == _seal(record) and record.get("format") == FORMAT
        return record if whole and record.get("place") == place else None

    def _table(self, entry: Mapping[str, Any]) -> pa.Table | None:
        content = (self.folder / entry["file"]).read_bytes()
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            return None
        import pyarrow.parquet as pq

        rows = pq.ParquetFile(BytesIO(content)).read()  # `read_table` imports pandas
        return rows if rows.num_rows == entry["rows"] else None

    def _write(self, place: str, table: str, rows: pa.Table) -> dict[str, Any]:
        import pyarrow.parquet as pq

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


def _seal(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _sealed(record: Mapping[str, Any]) -> str:
    return json.dumps({**record, "seal": _seal(record)}, ensure_ascii=False)
