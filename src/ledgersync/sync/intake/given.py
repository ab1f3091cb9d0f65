"""The states that a person was given, and which of them a file without a stamp was made from."""

from collections.abc import Mapping

from ledgersync.dataclass import dataclass
from ledgersync.merge import ContentBase, Distance, Given, Past, base_by_content
from ledgersync.model import Rows
from ledgersync.schema import LedgerSchema
from ledgersync.sync.model.submission import SubmittedTable
from ledgersync.sync.session import Session

_MOST = 40  # states as near as each other of which more than the distance is looked at


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file came from: the revision, its base per table, how many cells were told apart."""

    revision: int
    tables: dict[str, ContentBase]
    distance: int

    @property
    def kept(self) -> int:
        return sum(base.kept for base in self.tables.values())


class GivenStates:
    """All that a person was given of one ledger, against one file."""

    def __init__(
        self,
        session: Session,
        ledger: LedgerSchema,
        staff: str,
        tables: Mapping[str, SubmittedTable],
    ) -> None:
        self._session, self._ledger, self._staff = session, ledger, staff
        self._states = dict(session.journal.copies.given(staff, ledger.id))
        self._tables = tables
        oldest = min(self._states, default=0)
        self._pasts = {t.id: self._past(t.id, oldest) for t in ledger.tables} if oldest else {}
        self._theirs: dict[str, Rows] = {
            name: self._pasts[name].matched(whole.table, whole.records)
            for name, whole in tables.items()
            if self._pasts
        }

    def _past(self, table: str, oldest: int) -> Past:
        state = self._session.journal.state
        return Past(state.rows(self._ledger.id, table), state.steps(self._ledger.id, table, oldest))

    def origin(self) -> Origin | None:
        """What the file was made from; None when the person was never given anything."""
        if not self._states:
            return None
        revisions = tuple(sorted(self._states))
        apart = self._distances(revisions)
        least = min(d.cells for d in apart.values())
        nearest = [r for r in revisions if apart[r].cells == least]
        nearest = nearest if len(nearest) <= _MOST else [nearest[0], *nearest[1 - _MOST :]]
        uneven = {r: apart[r].absent + self._missing(r) for r in nearest}
        alike = tuple(r for r in nearest if uneven[r] == min(uneven.values()))
        bases = {name: self._base(name, revisions, alike) for name in self._theirs}
        given = Given(revisions, alike, ())
        return Origin(given.chosen, bases, least)

    def _distances(self, revisions: tuple[int, ...]) -> dict[int, Distance]:
        total = dict.fromkeys(revisions, Distance())
        for name, theirs in self._theirs.items():
            found = self._pasts[name].distances(theirs, self._at(name), revisions)
            total = {r: total[r] + found[r] for r in revisions}
        return total

    def _at(self, table: str) -> list[int]:
        whole = self._tables[table]
        return [
            whole.table.position[name] for name in whole.table.field_ids if name in whole.present
        ]

    def _records(self, revision: int, table: str) -> list[str]:
        shown = self._session.journal.copies.records_of(self._states[revision])
        return shown.get(table, [])

    def _missing(self, revision: int) -> int:
        """Records that the state showed and the file does not."""
        shown = self._session.journal.copies.records_of(self._states[revision])
        return sum(len(set(shown.get(t, ())) - rows.keys()) for t, rows in self._theirs.items())

    def _base(self, table: str, revisions: tuple[int, ...], alike: tuple[int, ...]) -> ContentBase:
        chosen = Given(revisions, alike, ()).chosen
        given = Given(revisions, alike, tuple(self._records(chosen, table)))
        past, theirs = self._pasts[table], self._theirs[table]
        return base_by_content(past, theirs, given, self._staff, self._at(table))
