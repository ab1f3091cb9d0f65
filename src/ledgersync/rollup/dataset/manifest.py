"""`manifest.json`: which parts the dataset has, of whom, and made from what."""

import json
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any, ClassVar

from ledgersync.dataclass import dataclass
from ledgersync.declared import Declared
from ledgersync.errors import UnreadableFile
from ledgersync.files import atomic_write
from ledgersync.messages import Message, message
from ledgersync.rollup.dataset.layout import FORMAT, MANIFEST, SCHEMA_VERSION

_FAULTS = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


class DatasetFault(UnreadableFile):
    """The dataset as a whole cannot be read; the message says which file and why."""


class Part(Declared):
    """One file of the dataset: one table (or its history) of one unit."""

    passes_over: ClassVar[bool] = True

    ledger: str
    table: str
    unit: str  # 12 digits
    path: str  # below the manifest's folder, with forward slashes
    rows: int
    bytes: int
    sha256: str
    source: str = ""  # the workbook that the rows stand in
    source_sha256: str = ""
    history: bool = False


class ExportedUnit(Declared):
    """A unit as its exporter knew it, and with which key it was exported."""

    passes_over: ClassVar[bool] = True

    code: str
    name: str
    level: str
    parent: str | None = None
    households: int | None = None
    residents: int | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    succeeded_by: tuple[str, ...] = ()
    key: str | None = None  # the id of the key behind its hashes; none where nothing is hashed
    exported: str = ""  # ISO time
    period: str | None = None
    missing: tuple[dict[str, str | None], ...] = ()  # ledger, the reason in Chinese and English


@dataclass(frozen=True)
class Manifest:
    """All units and parts of a dataset."""

    program: str
    units: tuple[ExportedUnit, ...] = ()
    parts: tuple[Part, ...] = ()
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    submissions: tuple[Mapping[str, Any], ...] = ()

    def replaced_by(self, new: "Manifest") -> "Manifest":
        """This one with the units of `new` (and all their parts) in place of its own."""
        codes = {unit.code for unit in new.units}
        units = [*(u for u in self.units if u.code not in codes), *new.units]
        parts = [*(p for p in self.parts if p.unit not in codes), *new.parts]
        submissions = [*(s for s in self.submissions if s["unit"] not in codes), *new.submissions]
        return replace(
            new,
            units=tuple(sorted(units, key=lambda u: u.code)),
            parts=tuple(sorted(parts, key=lambda p: p.path)),
            submissions=tuple(submissions),
        )

    def write(self, folder: Path, *, private: bool = False) -> Path:
        path = folder / MANIFEST
        document = {
            "format": FORMAT,
            "schema_version": SCHEMA_VERSION,
            "program": self.program,
            "units": [unit.as_json() for unit in self.units],
            "parts": [part.as_json() for part in self.parts],
            "columns": self.columns,
            "submissions": self.submissions,
        }
        text = json.dumps(document, ensure_ascii=False, indent=1)
        atomic_write(path, text + "\n", private=private)
        return path

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Raises DatasetFault where there is none, or one of another schema version."""
        path = folder / MANIFEST
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            version = document.pop("schema_version")
            if version != SCHEMA_VERSION or document.pop("format") != FORMAT:
                raise _other_version(path, version)
            return cls(
                document["program"],
                tuple(map(ExportedUnit.validated, document["units"])),
                tuple(map(Part.validated, document["parts"])),
                document["columns"],
                tuple(document["submissions"]),
            )
        except (OSError, *_FAULTS) as error:
            raise _unreadable(path) from error


def _other_version(path: Path, version: object) -> DatasetFault:
    return DatasetFault(
        message(
            "{path} 的格式版本是 {found}，本程序只认 {known}。",
            path=path,
            found=str(version),
            known=SCHEMA_VERSION,
        ),
        message("请用同一版本的程序重新导出：ledgersync facts export。"),
    )


def _unreadable(path: Path) -> DatasetFault:
    reason = message("没有数据集，或清单读不懂：{path}。", path=path)
    return DatasetFault(reason, export_first())


def export_first() -> Message:
    return message("请先导出：ledgersync facts export -o 文件夹。")
