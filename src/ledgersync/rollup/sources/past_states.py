"""What a unit's journal says of earlier days, kept beside its parts until the journal goes on."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ledgersync.dataclass import dataclass
from ledgersync.facts.history import Fields, history_of, until_yesterday
from ledgersync.facts.key import history_key, meaning_of
from ledgersync.facts.part import Part
from ledgersync.facts.reader import PartReader
from ledgersync.journal import Journal
from ledgersync.journal.database.reading import readable
from ledgersync.schema import Catalog, TableKey
from ledgersync.workspace import Workspace
from ledgersync.workspace.config import CONFIG_NAME


@dataclass(frozen=True)
class PastStates:
    """Asks the journals for the days that a period looks at."""

    parts: PartReader
    days: frozenset[date]

    def of(self, folder: Path, wanted: Fields) -> dict[TableKey, pa.Table]:
        """Spans by table, from the first of the days up to yesterday."""
        if not (folder / CONFIG_NAME).exists() or not self.days or not wanted:
            return {}
        workspace = Workspace.open(folder)
        if not workspace.journal_file.exists():
            return {}
        alike = {
            key: fields
            for key, fields in wanted.items()
            if _same_fields(workspace.catalog, self.parts.catalog, key)
        }
        with (
            readable(workspace.journal_file) as file,
            Journal.open(file, workspace.catalog) as journal,
        ):
            found = self._history(folder, workspace.catalog, journal, alike)
        return {key: self._clipped(found[_name(key)]) for key in alike}

    def _history(
        self, folder: Path, catalog: Catalog, journal: Journal, wanted: Fields
    ) -> Mapping[str, pa.Table]:
        """All spans of these tables, as they were kept, else from the journal."""
        last = journal.log.revision(journal.log.last)
        head = f"{journal.workspace_id} {last.id} {last.digest}" if last else ""
        place = self.parts.place(folder / "journal")
        key, shelf = history_key(head, meaning_of(catalog), wanted), self.parts.shelf
        kept = shelf.get(place, key, self.parts.today) if shelf else None
        if kept is not None:
            return kept.tables
        found = {_name(k): history_of(journal, k, fields) for k, fields in wanted.items()}
        if shelf:
            shelf.put(place, key, Part("", "journal", head, found, {}, self.parts.today))
        return found

    def _clipped(self, spans: pa.Table) -> pa.Table:
        first = pa.scalar(min(self.days), pa.date32())
        over = until_yesterday(spans, self.parts.today)
        over = over.filter(pc.greater_equal(over.column("_until"), first))
        begins = pc.max_element_wise(over.column("_from"), first)
        return over.set_column(over.schema.get_field_index("_from"), "_from", begins)


def _name(key: TableKey) -> str:
    return ".".join(key)


def _same_fields(one: Catalog, other: Catalog, key: TableKey) -> bool:
    if key[0] not in one.ledgers or key[1] not in one.ledgers[key[0]].by_id:
        return False
    return one.table(*key).field_ids == other.table(*key).field_ids
