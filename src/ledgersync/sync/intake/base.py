"""What a submission is compared with: what its copy was issued from, or what it said last."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ledgersync.journal import Copy, LastSubmission, own_copy
from ledgersync.merge import (
    Submitted,
    base_of_own_word,
    base_of_sibling,
    distance,
    overlap,
    settled,
)
from ledgersync.model import Row, Rows, Stamp
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.intake.given import GivenStates
from ledgersync.sync.intake.remembered import is_earlier
from ledgersync.sync.model.basis import BaseKind, Basis
from ledgersync.sync.model.submission import SubmittedTable
from ledgersync.sync.session import Session
from ledgersync.sync.stamps import origin_of, stamped_revision

ENOUGH = 0.8  # of a base's keys must reappear before an unstamped file counts as that copy


def choose_basis(
    session: Session,
    ledger: LedgerSchema,
    staff: str,
    file: str,
    stamp: Stamp | None,
    tables: Mapping[str, SubmittedTable],
    saved: str | None = None,
) -> Basis:
    """The stamped copy; else what the file said last, or what of all that its sender was given it
    was made from, whichever is nearer; else nothing.
    """
    submitted = {name: whole.records for name, whole in tables.items()}
    stamped = _stamped(session, ledger, stamp)
    if stamped:
        brought = stamp.revision if stamp else 0
        basis = _basis_of(session, ledger, "stamped", stamped, brought, submitted)
        return _beside_others(session, ledger, basis, file, saved, tables)
    own = _own(session, staff, ledger, file)
    if of_primary := _of_primary(session, ledger, own, stamp):
        return of_primary
    found = [
        b for b in _without_stamp(session, ledger, own, tables) if _alike(ledger, b, submitted)
    ]
    return found[0] if found else Basis("none", own, None, {t.id: {} for t in ledger.tables}, {})


def _own(session: Session, staff: str, ledger: LedgerSchema, file: str) -> Copy:
    """The stand-in for a file without a stamp: that of before, where its sender was renamed."""
    at, now = session.journal.log.last, session.now()
    own = own_copy(staff, ledger.id, file, at, now)
    for former in session.workspace.config.staff_member(staff).formerly:
        before = own_copy(former, ledger.id, file.replace(f"/{staff}/", f"/{former}/"), at, now)
        if not session.journal.copies.get(own.id) and session.journal.copies.get(before.id):
            return before
    return own


def _of_primary(
    session: Session, ledger: LedgerSchema, own: Copy, stamp: Stamp | None
) -> Basis | None:
    """A copy of the primary (a sync tool's, a backup): what the primary showed by its stamp."""
    revision = stamped_revision(session, ledger, stamp)
    if revision is None or session.journal.copies.get(own.id):
        return None
    rows = {t.id: session.shown_at(ledger.id, t.id, revision) for t in ledger.tables}
    return Basis("content", own, revision, rows, {})


def _without_stamp(
    session: Session, ledger: LedgerSchema, own: Copy, tables: Mapping[str, SubmittedTable]
) -> list[Basis]:
    """What the file may be compared with, the nearest first."""
    found: list[tuple[int, Basis]] = []
    if session.journal.copies.get(own.id):
        previous = _basis_of(session, ledger, "previous", own)
        apart = sum(distance(w.table, previous.tables[n], w.records) for n, w in tables.items())
        found.append((apart, previous))
    origin = GivenStates(session, ledger, own.staff, tables).origin()
    if origin:
        rows = {t.id: Rows() for t in ledger.tables}
        rows |= {name: base.rows for name, base in origin.tables.items()}
        guarded = {name: base.guarded for name, base in origin.tables.items()}
        basis = Basis("content", own, origin.revision, rows, {}, guarded, origin.kept)
        found.append((origin.distance, basis))
    return [basis for _, basis in sorted(found, key=lambda pair: pair[0])]


def _stamped(session: Session, ledger: LedgerSchema, stamp: Stamp | None) -> Copy | None:
    """The copy that a stamp names, when it is of a state that this journal knows."""
    if stamp is None or stamp.ledger != ledger.id or origin_of(session, stamp) != "own":
        return None
    copy = session.journal.copies.get(stamp.copy_id)
    if copy is None or copy.ledger != ledger.id:
        return None
    session.journal.copies.place(copy.id)
    return copy


def _beside_others(
    session: Session,
    ledger: LedgerSchema,
    basis: Basis,
    file: str,
    saved: str | None,
    tables: Mapping[str, SubmittedTable],
) -> Basis:
    """The basis of a file whose copy spoke last from another one.

    What this very file said last; of one saved before what was ingested, what it was given out as;
    else, while the other one still lies where it was, of that what it has seen.
    """
    last = session.journal.submissions.last_of_copy(basis.copy.id)
    if last is None or last.file == file or not basis.last_submissions:
        return replace(basis, last_file=last.file if last else None)
    basis = replace(basis, last_file=last.file)
    earlier = is_earlier(session, basis.copy.id, saved)
    if own := _own_word(session, ledger, basis, file, {} if earlier else tables):
        return own
    if earlier:
        return _as_given(session, ledger, basis)
    if session.workspace.locate(last.file).is_file():
        submitted = {name: whole.records for name, whole in tables.items()}
        return _apart(session, ledger, basis, submitted)
    return basis


def _own_word(
    session: Session,
    ledger: LedgerSchema,
    basis: Basis,
    file: str,
    tables: Mapping[str, SubmittedTable],
) -> Basis | None:
    """What this file said last, though another file of the same copy has spoken since.

    What its `tables` say else now is its sender's later word on what the other one said.
    """
    copies, last_submissions = session.journal.copies, dict[str, LastSubmission]()
    for table in ledger.tables:
        last = copies.last_of_file(basis.copy, file, table)
        if last and last.revision >= (basis.revision or 0):
            last_submissions[table.id] = last
    if not last_submissions:
        return None
    before = {name: settled(last.rows, last.unsettled) for name, last in last_submissions.items()}
    for name in tables.keys() & before.keys():
        whole = tables[name]
        theirs = {s.record_id: s.row for s in whole.records if s.record_id}
        at = {whole.table.position[f] for f in whole.present}
        before[name] = base_of_own_word(before[name], basis.tables[name], theirs, at)
    return replace(basis, tables={**basis.tables, **before}, last_submissions=last_submissions)


def _as_given(session: Session, ledger: LedgerSchema, basis: Basis) -> Basis:
    """An older file of the copy: what was ingested later stands, what it says besides is news."""
    tables = {
        table.id: issued_rows(
            session, ledger, table.id, basis.copy.records.get(table.id, []), basis.revision or 0
        )
        for table in ledger.tables
    }
    return replace(basis, tables=tables, last_submissions={}, late=True)


def _apart(
    session: Session,
    ledger: LedgerSchema,
    basis: Basis,
    submitted: Mapping[str, Sequence[Submitted]],
) -> Basis:
    """The basis of a file beside another of the same copy: of what that said, what it has seen."""
    tables = dict(basis.tables)
    for table in ledger.tables:
        if table.id in basis.last_submissions:
            known = basis.copy.records.get(table.id, [])
            given = issued_rows(session, ledger, table.id, known, basis.revision or 0)
            theirs = {s.record_id: s.row for s in submitted.get(table.id, ()) if s.record_id}
            tables[table.id] = base_of_sibling(table, given, basis.tables[table.id], theirs)
    return replace(basis, tables=tables, last_submissions={})


def _basis_of(
    session: Session,
    ledger: LedgerSchema,
    kind: BaseKind,
    copy: Copy,
    brought: int = 0,
    submitted: Mapping[str, Sequence[Submitted]] | None = None,
) -> Basis:
    """A copy's base: what it said last, or what it was issued or brought up to date with later.

    `brought` is the revision in the stamp, newer than the copy's where 更新 took colleagues'
    entries into it; then the file's own rows tell which records it shows besides.
    """
    tables: dict[str, Rows] = {}
    revision = max(copy.revision, min(brought, session.journal.log.last))
    last_submissions: dict[str, LastSubmission] = {}
    for table in ledger.tables:
        last = session.journal.copies.last_submission(copy, table)
        if last and last.revision >= revision:
            last_submissions[table.id] = last
            tables[table.id] = settled(last.rows, last.unsettled)
        else:
            wanted = list(copy.records.get(table.id, []))
            if revision > copy.revision:
                wanted += last.rows if last else ()
                brings = (submitted or {}).get(table.id, ())
                wanted += [s.record_id for s in brings if s.record_id]
            rows = issued_rows(session, ledger, table.id, wanted, revision)
            if revision > copy.revision and table.extras:
                rows = _with_extras_of(table, rows, _before(session, ledger, copy, table, last))
            tables[table.id] = rows
    return Basis(kind, copy, revision, tables, last_submissions)


def _before(
    session: Session,
    ledger: LedgerSchema,
    copy: Copy,
    table: TableSchema,
    last: LastSubmission | None,
) -> Rows:
    """What the copy held before 更新 brought it up to date."""
    if last:
        return settled(last.rows, last.unsettled)
    return issued_rows(session, ledger, table.id, copy.records.get(table.id, []), copy.revision)


def _with_extras_of(table: TableSchema, rows: Rows, before: Rows) -> Rows:
    """The rows with added columns as they were before: 更新 leaves those columns alone."""
    width = len(table.fields) - len(table.extras)
    nothing: Row = (None,) * len(table.fields)
    return {r: row[:width] + before.get(r, nothing)[width:] for r, row in rows.items()}


def issued_rows(
    session: Session, ledger: LedgerSchema, table: str, wanted: Sequence[str], revision: int
) -> Rows:
    """The records a copy shows, as they were at a revision."""
    return session.journal.state.some_at(ledger.id, table, revision, wanted) if wanted else {}


def _alike(
    ledger: LedgerSchema, basis: Basis, submitted: Mapping[str, Sequence[Submitted]]
) -> bool:
    """At least 80 % of the base's keys appear, over the tables that the file has."""
    sizes = [(t, len(basis.tables[t.id])) for t in ledger.tables if submitted.get(t.id)]
    total = sum(size for _, size in sizes)
    if not total:
        return False
    found = sum(
        overlap(table, basis.tables[table.id], submitted[table.id]) * size for table, size in sizes
    )
    return found / total >= ENOUGH
