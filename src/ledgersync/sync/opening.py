"""Opening a workspace for a use case: lock, journal, what must be brought up to date first."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from ledgersync.errors import WorkspaceFault
from ledgersync.files import atomic_write
from ledgersync.journal import Journal
from ledgersync.journal.database.reading import is_writable, readable
from ledgersync.messages import message
from ledgersync.schema import Catalog
from ledgersync.sync.lock import Owner, workspace_lock
from ledgersync.sync.session import SPELLED_BY, WORDED_BY, Session
from ledgersync.workspace import Workspace, clock
from ledgersync.workspace.left_over import remove_left_over
from ledgersync.workspace.place import IDENTITY


@contextmanager
def open_session(
    workspace: Workspace, what: str, *, write: bool = True, wait: float = 5.0
) -> Iterator[Session]:
    """A session under the workspace's lock (`wait` seconds at most).

    A reading one needs no lock, and works where nothing can be written.
    """
    with ExitStack() as stack:
        gone: Owner | None = None
        if write:
            gone = stack.enter_context(workspace_lock(workspace.home, what, wait))
            remove_left_over(workspace.written_folders())
        file = workspace.journal_file
        file = file if write else stack.enter_context(readable(file))
        journal = Journal.open(file, workspace.catalog)
        stack.callback(journal.close)
        check_identity(workspace, journal.workspace_id)
        if gone:
            note = f"{gone.user}@{gone.host}"
            journal.log.event(clock.now(), what, "lock.takeover", owner=note, pid=gone.pid)
        told = None
        if write and workspace.word_file.exists():
            from ledgersync.sync.words.word_list import take_saved_words  # there rarely is one

            told = take_saved_words(workspace, journal)
        if told is not None:
            journal.close()
            workspace = Workspace.open(workspace.root)
            journal = Journal.open(file, workspace.catalog)
            stack.callback(journal.close)
        session = Session.over(workspace, journal)
        session.messages += told or []
        if write:
            bring_up_to_date(session)
        yield session


def bring_up_to_date(session: Session) -> None:
    """What the unit's headers, lists and words of today make of what is there."""
    workspace, journal = session.workspace, session.journal
    if not is_settled(journal, workspace.catalog):
        from ledgersync.sync.migration.settle import settle_schemas  # files rarely change

        settle_schemas(session)
    if journal.extras.fields():
        from ledgersync.sync.migration.promotion import take_over  # few ledgers have such

        take_over(session)
    if journal.meta(SPELLED_BY) != workspace.catalog.lists:
        from ledgersync.sync.migration.respelling import respell  # lists rarely change

        respell(session)
    if (journal.meta(WORDED_BY) or "") != workspace.catalog.words:
        from ledgersync.sync.words.learn import learn_words  # words rarely change

        learn_words(session)


def is_up_to_date(session: Session) -> bool:
    """Whether the state says what today's headers, lists and words make of what people wrote."""
    journal, catalog = session.journal, session.workspace.catalog
    learned = (journal.meta(SPELLED_BY), journal.meta(WORDED_BY) or "")
    return is_settled(journal, catalog) and learned == (catalog.lists, catalog.words)


def is_settled(journal: Journal, catalog: Catalog) -> bool:
    """Every ledger that has a file is kept as that file says."""
    if not catalog.texts:
        return True
    ruling = {name: accepted.text for name, accepted in journal.schemas.accepted().items()}
    return ruling == dict(catalog.texts)


def check_identity(workspace: Workspace, journal_id: str) -> None:
    """The journal belongs to this workspace; it may lie elsewhere (`[paths] state`).

    Raises WorkspaceFault for another one's: two machines with a journal each would part ways.
    """
    mark = workspace.home / IDENTITY
    if not mark.exists():
        if is_writable(workspace.journal_file):
            atomic_write(mark, (journal_id + "\n").encode())
    elif mark.read_text(encoding="utf-8").strip() != journal_id:
        raise WorkspaceFault(
            message("日志 {path} 不是这个工作区的。", path=workspace.journal_file),
            message("请在存有原日志的电脑上运行，或把原日志移到 [paths] state 所指的文件夹。"),
        )
