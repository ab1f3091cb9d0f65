"""An adoption taken back: whole, with what the program itself made of it since.

Headers that became known meanwhile may have changed its records; that goes, too. Where people have
changed them, theirs is to be taken back first. The ledger begins again then, with an empty primary.
"""

import json
from collections.abc import Mapping

from ledgersync.errors import UsageFault
from ledgersync.files import open_elsewhere
from ledgersync.journal.cases import WITHDRAWN
from ledgersync.merge import Counts, Operation
from ledgersync.messages import literal, message
from ledgersync.schema import LedgerSchema
from ledgersync.schema.mappings import MAPPINGS_NAME, load_mappings, save_mappings
from ledgersync.sync.create import new_primary
from ledgersync.sync.revision.entry import Entry
from ledgersync.sync.session import PROGRAM, Session

_HEADERS = "adopted-headers:"  # in the journal's meta, by revision


def note_headers(session: Session, revision: int, before: Mapping[str, str]) -> None:
    """Remembers which headers were learned with an adoption; `before` is what was known then."""
    now = load_mappings(session.workspace.root / MAPPINGS_NAME)
    learned = {n: [before.get(n), field] for n, field in now.items() if before.get(n) != field}
    if learned:
        with session.journal.transaction():
            session.journal.set_meta(
                f"{_HEADERS}{revision}", json.dumps(learned, ensure_ascii=False)
            )


def forget_headers(session: Session, revision: int) -> None:
    """Headers that an adoption learned are what they were, where nobody changed them since."""
    key = f"{_HEADERS}{revision}"
    noted = session.journal.meta(key)
    if noted is None:
        return
    path = session.workspace.root / MAPPINGS_NAME
    known = load_mappings(path)
    for name, (before, learned) in json.loads(noted).items():
        if known.get(name) == learned:
            known.pop(name)
            known |= {name: before} if before is not None else {}
    save_mappings(path, known)
    with session.journal.transaction():
        session.journal.drop_meta(key)


def take_back_adoption(made: Entry, ledger: LedgerSchema, adopted: int) -> Counts:
    """Every record goes. Raises UsageFault where people have worked with them since."""
    session = made.session
    if later := _by_people(session, ledger, adopted):
        raise _in_use(ledger, adopted, later)
    counts = Counts()
    for table in ledger.tables:
        rows = session.journal.state.rows(ledger.id, table.id)
        last_first = reversed(list(rows.items()))  # so that an undo of this brings them in order
        gone = [Operation("remove", record, None, row, None) for record, row in last_first]
        made.change(ledger, table, gone)
        counts += Counts(removed=len(gone))
    for case in session.journal.conflicts.open():
        if case.ledger == ledger.id:
            session.journal.conflicts.close(case.id, WITHDRAWN, made.revision)
    for held in session.journal.held.hand_of(ledger.id):
        session.journal.held.close(held.id, "replaced", None)
    notices = session.journal.notices.open(ledger=ledger.id)
    session.journal.notices.close((n.id for n in notices), "settled")
    return counts


def _by_people(session: Session, ledger: LedgerSchema, adopted: int) -> list[int]:
    """Revisions that changed the ledger since and still count."""
    log = session.journal.log
    changed = log.tally(ledger.id, adopted + 1)
    over = log.undone()
    return [
        r.id
        for r in log.revisions(adopted + 1)
        if r.id in changed and r.author != PROGRAM and r.id not in over and r.undoes is None
    ]


def _in_use(ledger: LedgerSchema, adopted: int, later: list[int]) -> UsageFault:
    return UsageFault(
        message(
            "第 {revision} 次修订把{workbook}收为主台账，以后又有人改过（修订 {later}）。",
            revision=adopted,
            workbook=literal(ledger.workbook, ledger.id),
            later=[str(number) for number in later],
        ),
        message("什么都没有改。先把那些修订逐个撤销（从最后一次起），再撤销收为主台账。"),
    )


def begin_again(session: Session, ledger: LedgerSchema) -> None:
    """An empty primary in the place of the adopted one, whose original is kept.

    Where somebody has it open it stays, and is emptied when it is closed.
    """
    path = session.workspace.primary(ledger)
    if open_elsewhere(path) is not None:
        return
    path.unlink(missing_ok=True)
    new_primary(session, ledger)
    session.views.pop(ledger.id, None)
