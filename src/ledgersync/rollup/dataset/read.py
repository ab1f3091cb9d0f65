"""A dataset as an engine takes it: only parts that are whole, and where the manifest says they are.

What is damaged, foreign or doubled is named with its unit, and that unit's ledger is missing: it is
neither counted in part nor taken for nothing.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ledgersync.dataclass import dataclass
from ledgersync.files import file_hash
from ledgersync.messages import Message, message
from ledgersync.rollup.dataset.layout import (
    FOLDER,
    MANIFEST,
    SCHEMA_VERSION,
    table_folder,
    unit_folder,
)
from ledgersync.rollup.dataset.manifest import Manifest, Part
from ledgersync.schema import TableKey


@dataclass(frozen=True, slots=True)
class BadPart:
    """A part that is not used, and why; `unit` is a padded code."""

    unit: str
    ledger: str
    reason: Message


@dataclass(frozen=True)
class Dataset:
    """The good parts of a dataset, and what is wrong with the others."""

    folder: Path
    manifest: Manifest
    parts: tuple[Part, ...]
    bad: tuple[BadPart, ...]

    @classmethod
    def open(cls, folder: Path, *, hashes: bool = True) -> "Dataset":
        """Reads the manifest and the footer of every part, with `hashes` all of their bytes.

        Raises DatasetFault where there is no manifest, or one of another schema version.
        """
        inner = folder / FOLDER
        root = inner if (inner / MANIFEST).exists() else folder
        manifest = Manifest.read(root)
        bad = [*_doubled(manifest), *_unlisted(root, manifest)]
        for part in manifest.parts:
            reason = _fault(root, part, hashes=hashes)
            if reason:
                bad.append(BadPart(part.unit, part.ledger, reason))
        spoiled = {(b.unit, b.ledger) for b in bad}
        good = tuple(p for p in manifest.parts if (p.unit, p.ledger) not in spoiled)
        return cls(root, manifest, good, tuple(bad))

    def of(self, key: TableKey, *, history: bool = False) -> list[Part]:
        """The parts of a table, one per unit."""
        return [p for p in self.parts if (p.ledger, p.table, p.history) == (*key, history)]

    def path(self, part: Part) -> Path:
        return self.folder / part.path

    @property
    def keys(self) -> frozenset[str]:
        """The ids of the keys behind the hashes; several mean that persons do not match."""
        return frozenset(unit.key for unit in self.manifest.units if unit.key)

    @property
    def units(self) -> frozenset[str]:
        return frozenset(part.unit for part in self.parts)


def _doubled(manifest: Manifest) -> Iterator[BadPart]:
    """Two parts of one table for one code, or the code twice."""
    seen: set[tuple[str, str, str, bool]] = set()
    for part in manifest.parts:
        place = (part.unit, part.ledger, part.table, part.history)
        if place in seen:
            yield BadPart(part.unit, part.ledger, message("同一单位同一张表有两份数据"))
        seen.add(place)
    codes: set[str] = set()
    for unit in manifest.units:
        if unit.code in codes:
            for ledger in {p.ledger for p in manifest.parts if p.unit == unit.code}:
                yield BadPart(unit.code, ledger, message("两个单位用同一代码"))
        codes.add(unit.code)


def _unlisted(folder: Path, manifest: Manifest) -> Iterator[BadPart]:
    """Files that the manifest does not know; whoever reads whole folders would count them."""
    known = {part.path for part in manifest.parts}
    for path in sorted(folder.glob("*/unit=*/*.parquet")):
        place = path.relative_to(folder).as_posix()
        if place not in known:
            code = path.parent.name.partition("=")[2]
            ledger = path.parent.parent.name.partition(".")[0]
            yield BadPart(code, ledger, message("清单里没有这个文件：{path}", path=place))


def _fault(folder: Path, part: Part, *, hashes: bool) -> Message | None:
    place = table_folder((part.ledger, part.table), history=part.history)
    path = folder / part.path
    if Path(part.path).parent.as_posix() != f"{place}/{unit_folder(part.unit)}":
        return message("文件里写的单位与文件夹不同：{path}", path=part.path)
    if not path.is_file():
        return message("文件不在了：{path}", path=part.path)
    if path.stat().st_size != part.bytes or (hashes and file_hash(path) != part.sha256):
        return message("文件损坏或被改过：{path}", path=part.path)
    try:
        footer = pq.read_metadata(path)
    except (OSError, pa.ArrowInvalid):
        return message("文件损坏或被改过：{path}", path=part.path)
    labels = {k.decode(): v.decode() for k, v in (footer.metadata or {}).items()}
    if labels.get("ledgersync.schema_version") != str(SCHEMA_VERSION):
        return message("文件的格式版本不同：{path}", path=part.path)
    if not _is_of(footer, part, labels):
        return message("文件里写的单位与文件夹不同：{path}", path=part.path)
    return None


def _is_of(footer: pq.FileMetaData, part: Part, labels: dict[str, str]) -> bool:
    """Its own words and the smallest and largest `_unit` of every group of rows."""
    if labels.get("ledgersync.unit") != part.unit or footer.num_rows != part.rows:
        return False
    if labels.get("ledgersync.table") != table_folder((part.ledger, part.table)):
        return False
    at = footer.schema.to_arrow_schema().get_field_index("_unit")
    groups = (footer.row_group(n).column(at) for n in range(footer.num_row_groups))
    stats = [g.statistics for g in groups if g.num_values]
    return all(s is not None and s.min == s.max == part.unit for s in stats)
