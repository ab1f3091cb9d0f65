"""`verify --deep`: what must hold of the whole state, whatever happened before.

Keys are unique, every operation fits the one before it, counts add up, conflicts show what is
there, copies and stamps are known, what is remembered of a primary is what stands in it. Nothing
is written; each question yields what it finds, so that one fault does not hide another.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

from ledgersync.errors import LedgerSyncError
from ledgersync.files import file_hash
from ledgersync.journal import Copy, LoggedOperation
from ledgersync.journal.state import carry_out, fits
from ledgersync.merge import KeyReader, Owners
from ledgersync.messages import listed, literal, message
from ledgersync.model import Rows, Stamp, TableData
from ledgersync.privacy import mask
from ledgersync.schema import LedgerSchema, TableSchema
from ledgersync.sync.history.troubles import Trouble
from ledgersync.sync.primary.difference import free_rows, lines_below
from ledgersync.sync.primary.hand_base import HandBases
from ledgersync.sync.primary.places import remembered_view
from ledgersync.sync.primary.view import PrimaryView, view_primary
from ledgersync.sync.revision.renewal import renew_conflicts
from ledgersync.sync.session import PROGRAM, Session
from ledgersync.sync.stamps import stamped_revision
from ledgersync.values import shown
from ledgersync.workbook.stamp import read_stamp

_IN_PLACE = ("adopt", "hand")  # what people typed twice into a primary is theirs: `check` tells it
_COUNTED = {"add": "added", "edit": "applied", "remove": "removed"}


def broken_invariants(session: Session) -> Iterator[Trouble]:
    """All that does not hold; the questions of `verify` itself are not asked again."""
    asked: tuple[Callable[[Session], Iterator[Trouble]], ...] = (
        _database,
        _operations,
        _keys,
        _counts,
        _conflicts,
        _copies,
        _stamps,
        _places,
    )
    for ask in asked:
        yield from ask(session)


def _database(session: Session) -> Iterator[Trouble]:
    """SQLite's own view of the journal's pages and references."""
    execute = session.journal.connection.execute
    answers = [str(row[0]) for row in execute("PRAGMA integrity_check")]
    answers += [str(row[0]) for row in execute("PRAGMA foreign_key_check")]
    for text in answers:
        if text != "ok":
            yield Trouble("journal.damaged", text, message("日志数据库有损坏"))


def _operations(session: Session) -> Iterator[Trouble]:
    """Each operation finds what it says was there before."""
    for ledger, table in session.catalog.tables():
        rows: Rows = {}
        logged = session.journal.log.operations(ledger=ledger.id)
        for operation in (o for o in logged if o.table == table.id):
            if not fits(table, rows, operation):
                yield _unfit(ledger, table, operation)
                break
            carry_out(table, rows, operation)


def _unfit(ledger: LedgerSchema, table: TableSchema, operation: LoggedOperation) -> Trouble:
    where = f"{ledger.id}.{table.id} {operation.revision}"
    text = message(
        "修订 {revision} 里记的原值，不是“{sheet}”当时的值",
        revision=operation.revision,
        sheet=table.sheet,
    )
    return Trouble("operation.unfit", where, text)


def _keys(session: Session) -> Iterator[Trouble]:
    """No two records are about the same, but for what people typed twice in place."""
    for ledger, table in session.catalog.tables():
        rows = session.journal.state.rows(ledger.id, table.id)
        owners, reader = Owners(KeyReader(table), rows), KeyReader(table)
        for record in rows:
            for other in owners.others(record):
                if record < other and not _typed_in_place(session, reader, (record, other)):
                    yield _same(ledger, reader, rows, record)


def _typed_in_place(session: Session, reader: KeyReader, records: tuple[str, str]) -> bool:
    """The later of the operations that made them alike was somebody's in the primary itself."""
    at = {*reader.key_at, *reader.fallback_at}
    names = {None, *(reader.table.field_ids[i] for i in at)}
    log = session.journal.log
    named = [o.revision for r in records for o in log.of_record(r) if o.field in names]
    last = log.revision(max(named, default=0))
    return last is not None and (last.kind in _IN_PLACE or last.author == PROGRAM)


def _same(ledger: LedgerSchema, reader: KeyReader, rows: Rows, record: str) -> Trouble:
    row, table = rows[record], reader.table
    at = reader.key_at if reader.key(row) is not None else reader.fallback_at
    texts = [mask(table.fields[i].privacy, shown(row[i])) for i in at]
    text = message(
        "{workbook}“{sheet}”有两条记录的{headers}同为 {values}",
        workbook=literal(ledger.workbook, ledger.id),
        sheet=table.sheet,
        headers=listed((message("〔{header}〕", header=table.fields[i].header) for i in at), ""),
        values=" ".join(texts),
    )
    return Trouble("key.twice", f"{ledger.id}.{table.id} {record}", text)


def _counts(session: Session) -> Iterator[Trouble]:
    """What a submission is said to have changed is what its revision did."""
    for submission in session.journal.submissions.all():
        if submission.revision is None or submission.ledger is None:
            continue
        done = session.journal.log.operations(revision=submission.revision)
        kinds = Counter(_COUNTED[o.kind] for o in done)
        counts = {name: submission.changes.get(name, 0) for name in _COUNTED.values()}
        if any(kinds[name] != number for name, number in counts.items()):
            text = message(
                "第 {number} 次提交记的改动数与修订 {revision} 不符",
                number=submission.id,
                revision=submission.revision,
            )
            yield Trouble("submission.counts", str(submission.id), text)


class _TakenBack(Exception):
    """Ends a question that was asked by trying."""


def _conflicts(session: Session) -> Iterator[Trouble]:
    """Open conflicts show what is there, each once; those that were renewed lead somewhere."""
    before = {case.id for case in session.journal.conflicts.open()}
    after = set[int]()
    with suppress(_TakenBack), session.journal.transaction():
        for ledger, table in session.catalog.tables():
            renew_conflicts(session, ledger.id, table.id, None)
        after = {case.id for case in session.journal.conflicts.open()}
        raise _TakenBack
    for number in sorted(before - after):
        text = message("冲突 {number} 显示的不是主台账现在的值", number=number)
        yield Trouble("conflict.stale", str(number), text)
    for number in session.journal.conflicts.lost():
        text = message("冲突 {number} 没有裁定也不再列出", number=number)
        yield Trouble("conflict.lost", str(number), text)


def _copies(session: Session) -> Iterator[Trouble]:
    """The base of every copy can be made again."""
    for copy in session.journal.copies.all():
        ledger = session.catalog.ledgers.get(copy.ledger)
        for table in ledger.tables if ledger else ():
            if _lacks(session, copy, table):
                text = message(
                    "{staff} 的副本“{sheet}”当初发的行，日志里找不全",
                    staff=copy.staff,
                    sheet=table.sheet,
                )
                yield Trouble("copy.base", f"{copy.id} {table.id}", text)


def _lacks(session: Session, copy: Copy, table: TableSchema) -> bool:
    try:
        session.journal.copies.last_submission(copy, table)
    except KeyError:
        return True
    then = session.journal.state.rows_at(copy.ledger, table.id, copy.revision)
    return any(record not in then for record in copy.records.get(table.id, ()))


def _stamps(session: Session) -> Iterator[Trouble]:
    """Files that the program wrote carry stamps that the journal knows."""
    for copy in session.journal.copies.current():
        path = session.workspace.root / (copy.file or "")
        if path.is_file() and file_hash(path) == copy.sha256:
            stamp = read_stamp(path)
            if stamp is None or (stamp.copy_id, stamp.revision) != (copy.id, copy.revision):
                yield _strange(path.name)
    for ledger in session.catalog:
        known, path = session.journal.writes.primary(ledger.id), session.workspace.primary(ledger)
        if known and path.is_file() and file_hash(path) == known.sha256:
            stamp = read_stamp(path)
            if stamped_revision(session, ledger, stamp) != known.stamped or _is_ahead(
                session, stamp
            ):
                yield _strange(path.name)


def _is_ahead(session: Session, stamp: Stamp | None) -> bool:
    return stamp is not None and stamp.revision > session.journal.log.last


def _strange(name: str) -> Trouble:
    return Trouble("stamp.unknown", name, message("{name} 的印记与日志记的不符", name=name))


def _places(session: Session) -> Iterator[Trouble]:
    """Where everything is remembered to stand in a primary is where it stands."""
    for ledger in session.catalog:
        path = session.workspace.primary(ledger)
        known = remembered_view(session, ledger, file_hash(path)) if path.is_file() else None
        if known is None:
            continue
        try:
            read = view_primary(session, ledger, HandBases(session, ledger.id).rows)
        except LedgerSyncError:
            continue  # told by `verify` itself
        if _stand(known) != _stand(read):
            text = message("{name} 里记录所在的行与记住的不同", name=path.name)
            yield Trouble("primary.places", ledger.id, text)


def _stand(view: PrimaryView) -> dict[str, tuple[object, list[object]]]:
    """Of every table that has rows: its records with their places, and the lists they stand in."""
    return {
        name: (
            {record: (table.place(record), row) for record, row in table.rows.items()},
            [_list(part) for part in table.whole.parts],
        )
        for name, table in view.tables.items()
        if table.rows or any(part.rows for part in table.whole.parts)
    }


def _list(part: TableData) -> object:
    shape = (part.sheet, part.header_rows, part.columns, part.id_column, part.rows, part.ticked)
    return (*shape, lines_below(part), free_rows(part))
