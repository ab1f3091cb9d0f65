"""The parts of workbooks: kept ones where they fit, read ones otherwise.

Only what was changed since is opened, several at once.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from datetime import date
from functools import cached_property
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.errors import UnreadableFile
from ledgersync.facts.key import meaning_of, part_key
from ledgersync.facts.part import Part, part_of
from ledgersync.facts.shelf import PartShelf
from ledgersync.files import file_hash
from ledgersync.schema import Catalog, LedgerSchema
from ledgersync.schema.mappings import MAPPINGS_NAME, load_mappings
from ledgersync.workbook.read import read_workbook
from ledgersync.workspace import Workspace
from ledgersync.workspace.place import archive_paths, primaries_of

_AT_ONCE = 4


@dataclass(frozen=True, eq=False)
class Wanted:
    """A workbook that is wanted for one ledger, read with the headers that its unit confirmed."""

    path: Path
    ledger: LedgerSchema
    mappings: Mapping[str, str]
    file: str = ""  # as its rows name it, where they have no ids


@dataclass
class PartReader:
    """Gives parts; without a shelf every workbook is read."""

    catalog: Catalog
    today: date
    root: Path
    shelf: PartShelf | None = None
    places: set[str] = field(default_factory=set)
    found: dict[tuple[Path, str], Part | UnreadableFile] = field(default_factory=dict)

    @classmethod
    def of(cls, workspace: Workspace, today: date) -> "PartReader":
        """With the parts that a workspace keeps, of its own workbooks and of those below it."""
        shelf = PartShelf(workspace.parts)
        return cls(workspace.catalog, today, workspace.root, shelf)

    def primaries(self, folder: Path, ledger: LedgerSchema) -> list[Wanted]:
        """A ledger's workbooks in a unit's folder, the one that counts first."""
        return [self.wanted(folder, path, ledger) for path in primaries_of(folder, ledger)]

    def wanted(self, folder: Path, path: Path, ledger: LedgerSchema) -> Wanted:
        """A workbook in a unit's folder; rows of archives without ids are named by their file."""
        place = path.relative_to(folder)
        file = "" if place.parts[0] == "primary" else place.as_posix()
        return Wanted(path, ledger, self._mappings(folder), file)

    def archives(self, folder: Path, ledger: LedgerSchema) -> list[Wanted]:
        """The workbooks of a ledger's closed years."""
        return [self.wanted(folder, path, ledger) for path in archive_paths(folder, ledger)]

    def _mappings(self, folder: Path) -> dict[str, str]:
        return {**self.catalog.mappings, **load_mappings(folder / MAPPINGS_NAME)}

    def ahead(self, wanted: Iterable[Wanted]) -> None:
        """Finds or reads all of these."""
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as threads:
            for one, part in zip(asked := list(wanted), threads.map(self._got, asked), strict=True):
                self.found[one.path, one.ledger.id] = part

    def part(self, wanted: Wanted) -> Part:
        """The part of a workbook. Raises UnreadableFile."""
        place = (wanted.path, wanted.ledger.id)
        if place not in self.found:
            self.found[place] = self._got(wanted)
        part = self.found[place]
        if isinstance(part, UnreadableFile):
            raise part
        return part

    def place(self, path: Path) -> str:
        """What a workbook is kept under; from now on it is one that is here."""
        known = path.is_relative_to(self.root)
        place = path.relative_to(self.root).as_posix() if known else path.as_posix()
        self.places.add(place)
        return place

    def forget_others(self) -> None:
        """What is kept of workbooks that are no more is dropped."""
        if self.shelf:
            self.shelf.keep_only(self.places)

    def _got(self, wanted: Wanted) -> Part | UnreadableFile:
        place = self.place(wanted.path)
        kept = self._kept(place, wanted)
        if kept is not None:
            return kept
        try:
            part = self._read(wanted)
        except UnreadableFile as refusal:
            return refusal
        if self.shelf:
            self.shelf.put(place, self._key(part.sha256, wanted), part)
        return part

    def _kept(self, place: str, wanted: Wanted) -> Part | None:
        if self.shelf is None:
            return None
        try:
            sha256 = file_hash(wanted.path)
        except OSError:  # the reader says why
            return None
        return self.shelf.get(place, self._key(sha256, wanted), self.today)

    def _read(self, wanted: Wanted) -> Part:
        found = read_workbook(wanted.path, self.catalog, today=self.today, mappings=wanted.mappings)
        return part_of(wanted.ledger, found, self.today, wanted.file)

    def _key(self, sha256: str, wanted: Wanted) -> str:
        return part_key(sha256, wanted.ledger.id, self._meaning, wanted.mappings)

    @cached_property
    def _meaning(self) -> str:
        return meaning_of(self.catalog)
