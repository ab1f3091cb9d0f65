"""What a person's copy shows: the records in their scope, empty rows, what it suggests."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property

from ledgersync.dataclass import dataclass
from ledgersync.facts.key import meaning_of
from ledgersync.journal import Copy
from ledgersync.model import Rows
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.columns.extras import shown_ledger
from ledgersync.sync.copies.proposals import proposals_for
from ledgersync.sync.revision.numbers import reserve_numbers
from ledgersync.sync.session import Session
from ledgersync.sync.staff.scope import in_scope, nobodys_own
from ledgersync.workbook.build import Proposals, builder_version, new_record_id
from ledgersync.workbook.build.layout import size_class
from ledgersync.workspace import Staff

MOST_ROWS = 2000  # prepared in one table of a copy, however much somebody once pasted
_FRAME = "frame:"  # in the journal's meta: what a person's copy of a ledger was built with


@dataclass(frozen=True)
class CopyContent:
    """What a person's copy shows: the records in their scope, and ids for the empty rows."""

    ledger: LedgerSchema  # with those of the columns that people added that hold something here
    person: Staff
    unit: str
    visible: Mapping[str, Rows]
    spare: dict[str, list[str]]
    numbers: Mapping[str, Mapping[str, str]]  # of the empty rows, by table
    proposals: Mapping[str, Proposals]
    meaning: str

    @cached_property
    def frame(self) -> str:
        """A hash over all of the workbook but its records, empty rows' ids, its day and stamp."""
        parts = [
            builder_version(),
            self.meaning,
            [[t.id, t.field_ids, *self._size(t.id)] for t in self.ledger.tables],
            [self.unit, self.person.name],
            repr(self.proposals),
        ]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

    def _size(self, table: str) -> list[int]:
        spare = len(self.spare[table])
        rows = size_class(len(self.visible[table]) + spare)
        return [*rows, spare, len(self.numbers[table])]


def content_for(
    session: Session, staff: str, ledger: LedgerSchema, reserved: Mapping[str, Sequence[str]]
) -> CopyContent:
    """What is to be shown now; the ids that an earlier copy `reserved` are used first."""
    person = session.workspace.config.staff_member(staff)
    own = nobodys_own(session, ledger, person)
    visible = in_scope(ledger, session.catalog, session.shown(ledger), person, own)
    ledger, visible = shown_ledger(ledger, visible)
    spare = {
        t.id: _reserve(session, staff, ledger, t, reserved.get(t.id, ())) for t in ledger.tables
    }
    numbers = {t.id: reserve_numbers(session, ledger, t, spare[t.id]) for t in ledger.tables}
    proposals = proposals_for(session, ledger, person)
    unit, meaning = session.workspace.unit.name, meaning_of(session.catalog)
    return CopyContent(ledger, person, unit, visible, spare, numbers, proposals, meaning)


def note_frame(session: Session, copy: Copy, content: CopyContent) -> None:
    """Remembers what the newest copy of a person was built with."""
    key = f"{_FRAME}{copy.ledger}:{copy.staff}"
    session.journal.set_meta(key, f"{copy.id} {content.frame}")


def has_frame(session: Session, copy: Copy, content: CopyContent) -> bool:
    """Whether a copy differs from what is to be shown by what can be patched alone."""
    known = session.journal.meta(f"{_FRAME}{copy.ledger}:{copy.staff}")
    return known == f"{copy.id} {content.frame}"


def _reserve(
    session: Session, staff: str, ledger: LedgerSchema, table: TableSchema, known: Sequence[str]
) -> list[str]:
    """Record ids for empty rows: those of the copy before that are no records, then new ones.

    Where rows wait with numbers, what is left moves up, so that numbers rise. Elsewhere each stays
    in its row, and a used one gives its place to a new one: a refreshed copy differs little.
    """
    wanted, used = rows_wanted(session, staff, ledger, table), session.state(ledger)[table.id]
    if any(f.generated for f in table.fields):
        kept = [record for record in known if record not in used]
    else:
        kept = [new_record_id() if record in used else record for record in known]
    kept = kept[:wanted]
    return kept + [new_record_id() for _ in range(wanted - len(kept))]


def rows_wanted(session: Session, staff: str, ledger: LedgerSchema, table: TableSchema) -> int:
    """So many empty rows: twice what this person ever added at once in the last year, at least
    what the configuration says; none where it says none.
    """
    least = session.workspace.config.rules.reserved_rows
    names = session.workspace.config.staff_member(staff).names
    since = session.now() - timedelta(days=365)
    most = session.journal.submissions.most_added(ledger.id, table.id, names, since)
    return max(least, min(2 * most, MOST_ROWS)) if least else 0
